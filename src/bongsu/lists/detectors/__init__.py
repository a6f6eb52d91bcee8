"""The list desk's detectors, each a pure function (x.py) with its card (x.toml); found by looking into this folder."""
