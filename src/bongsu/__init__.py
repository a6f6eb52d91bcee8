"""Bongsu: an open, veto-proof mechanism that monitors the UN sanctions on the DPRK."""

__version__ = "0.1.0"
