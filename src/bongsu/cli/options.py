"""Options that several commands share, whatever they are about."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bongsu.kernel.clock import day
from bongsu.kernel.errors import UsageError

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as one line of canonical JSON.")


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
