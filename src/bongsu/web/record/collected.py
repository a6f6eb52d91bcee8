"""What a source says of the bytes it gave: how they are handled, and how they are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from bongsu.cases.handling import Handling, Tlp
from bongsu.kernel.canonical import digest as digest_of_bytes
from bongsu.lists.cards import source_names
from bongsu.sandbox import SANDBOX_CUSTOMERS, SANDBOX_LIST, sandbox_customers, sandbox_exhibits
from bongsu.sandbox.ships import sandbox_log, sandbox_register

_SANDBOX_BEGINS: Final = "sandbox/"


def handling_of_source(capture: Mapping[str, Any], digest: str, member: str) -> Handling:
    """How what a source gave is to be handled.

    Lists that authorities publish are for everybody; the sandbox's files, known by their bytes, for whoever tries it
    out; positions and files of customers were bought or given in confidence, and so was, for all we know, what has a
    name nobody knows.
    """
    source = str(capture.get("source", ""))
    if source in source_names() or source == SANDBOX_LIST:
        return Handling(tlp=Tlp.CLEAR, originators=frozenset({member}))
    if digest in _invented():
        return Handling(tlp=Tlp.GREEN, originators=frozenset({member}))
    return unknown_handling(member)


def unknown_handling(member: str) -> Handling:
    """How is handled what nobody said anything of: it is the member's own, and for nobody else."""
    return Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({member}))


def is_invented(capture: Mapping[str, Any], digest: str) -> bool:
    """Whether what a source gave says that it is invented."""
    source, url = str(capture.get("source", "")), str(capture.get("url", ""))
    named = source == SANDBOX_LIST or url.startswith(_SANDBOX_BEGINS)
    return named or digest in _invented() or (source == "customers" and url == SANDBOX_CUSTOMERS)


@cache
def _invented() -> frozenset[str]:
    shipped = (sandbox_customers(), sandbox_log(), sandbox_register())
    return sandbox_exhibits() | {digest_of_bytes(content) for content in shipped}


def title_of(capture: Mapping[str, Any]) -> str:
    """What a source gave, in a line."""
    file = str(capture.get("url", "")).partition("?")[0].rstrip("/").rpartition("/")[2]
    parts = (str(capture.get("source", "")), str(capture.get("part", "")), file)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def origin_of(capture: Mapping[str, Any]) -> str:
    """Where a source gave it."""
    return str(capture.get("final_url") or capture.get("url") or "")
