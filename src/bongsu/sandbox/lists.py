"""Two vintages of an invented designation list, with a known truth of what changed, and an invented customer file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.kernel.canonical import digest
from bongsu.lists.cards import Source, source

SANDBOX_LIST: Final = "sandbox"
SANDBOX_CUSTOMERS: Final = "customers.csv"
VINTAGES: Final = (date(2026, 1, 15), date(2026, 2, 15))


@cache
def sandbox_source() -> Source:
    """The source of the invented list: the UN's reader, with a card that says what it is."""
    real = source("un_sc")
    card = replace(
        real.card,
        id=SANDBOX_LIST,
        title="SANDBOX list (invented, for trying Bongsu out)",
        authority="SANDBOX",
        authority_name="SANDBOX Committee (invented)",
        homepage="about:blank",
        licence="Apache-2.0; written by the Bongsu founders, invented throughout",
        least_entries=1,
        least_dprk_share_of_previous=0.5,
    )
    return Source(card=card, reader=real.reader)


def sandbox_copies() -> tuple[tuple[str, bytes], ...]:
    """The two vintages as (file name, XML bytes), the earlier first."""
    folder = files("bongsu.sandbox") / "data"
    names = (f"sandbox_{day.isoformat()}.xml" for day in VINTAGES)
    return tuple((name, (folder / name).read_bytes()) for name in names)


def sandbox_customers() -> bytes:
    """An invented customer file: some of its rows name one of the invented list, in another spelling or by number."""
    return (files("bongsu.sandbox") / "data" / SANDBOX_CUSTOMERS).read_bytes()


@cache
def sandbox_exhibits() -> frozenset[str]:
    """The SHA-256 of each vintage: whoever opens one of these files is told that it is invented."""
    return frozenset(digest(content) for _, content in sandbox_copies())
