"""The sources of positions, each a card (x.toml) and a reader (x.py); found by looking into this folder, sorted."""
