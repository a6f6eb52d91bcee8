"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from bongsu.cycle.config import DEFAULT_STORE, Config, default_config, read_config
from bongsu.kernel.clock import day
from bongsu.kernel.errors import UsageError

CONFIG_FILE: Final = Path("bongsu.toml")
Command = TypeVar("Command", bound=Callable[..., Any])  # Any: click passes each command its own options

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as one line of canonical JSON.")
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


def on_day(_context: click.Context, _parameter: click.Parameter, value: str | None) -> object:
    """A day from an option, or None."""
    if value is None:
        return None
    try:
        return day(value)
    except UsageError as error:
        raise click.BadParameter(f"{error.what} ({error.remedy})") from None


def now() -> datetime:
    """The wall clock, read in the command line and nowhere below it."""
    return datetime.now(UTC)
