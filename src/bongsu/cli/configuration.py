"""Which configuration and which store a command works with: the options that say it, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from bongsu.cycle.config import DEFAULT_STORE, Config, default_config, read_config

CONFIG_FILE: Final = Path("bongsu.toml")

config_option = click.option(
    "--config",
    "config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Configuration file; by default bongsu.toml of this folder, else every list from its publisher.",
)
store_option = click.option(
    "--store",
    "store",
    help=f"Address of the store (a folder or s3://...); by default that of the configuration, else {DEFAULT_STORE}.",
)


def configuration(config: Path | None) -> Config:
    """The configuration a command works with."""
    if config is not None:
        return read_config(config)
    return read_config(CONFIG_FILE) if CONFIG_FILE.exists() else default_config()


def store_address(store: str | None, config: Path | None) -> str:
    """The address of the store a command reads."""
    return store or configuration(config).store


def told(config: Path | None) -> Config:
    """What a configuration file says; where there is none, a store and nothing watched: much quicker than all lists."""
    return configuration(config) if config is not None or CONFIG_FILE.exists() else Config()
