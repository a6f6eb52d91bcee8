"""How exhibits are handled, by where they came from, and indicators, by the exhibits that they cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from bongsu.cases.handling import Handling, Reader, Tlp, may_read, strictest
from bongsu.kernel.canonical import digest as digest_of_bytes
from bongsu.lists.cards import source_names
from bongsu.sandbox import SANDBOX_CUSTOMERS, SANDBOX_LIST, sandbox_customers, sandbox_exhibits
from bongsu.sandbox.ships import sandbox_log, sandbox_register
from bongsu.web.record.models import ExhibitRow, HandlingRow, IndicatorExhibit, IndicatorRow, SearchText

_BATCH: Final = 1000
_SANDBOX_BEGINS: Final = "sandbox/"


def handlings_of(digests: Iterable[str], member: str) -> dict[str, Handling]:
    """How exhibits are handled, by digest.

    Args:
        digests: of exhibits; what was not taken in yet is the member's own, unless its bytes are the sandbox's.
        member: the member that runs this installation.
    """
    wanted = sorted(set(digests))
    found: dict[str, Handling] = {}
    for first in range(0, len(wanted), _BATCH):
        rows = ExhibitRow.objects.filter(digest__in=wanted[first : first + _BATCH])
        found.update(_by_digest(rows.values_list("digest", "handling_id")))
    return {digest: found.get(digest) or _handling_of_untold(digest, member) for digest in wanted}


def readable_exhibits(digests: Iterable[str], reader: Reader) -> frozenset[str]:
    """Those exhibits, taken in or not yet, that a person may read today."""
    today = timezone.now().date()
    handlings = handlings_of(digests, settings.SITE.member)
    may = {handling: may_read(reader, handling, today) for handling in set(handlings.values())}
    return frozenset(digest for digest, handling in handlings.items() if may[handling])


def _by_digest(found: Iterable[tuple[str, int]]) -> dict[str, Handling]:
    pairs = list(found)
    handlings = HandlingRow.objects.in_bulk({handling for _, handling in pairs})
    read = {key: row.handling for key, row in handlings.items()}
    return {digest: read[handling] for digest, handling in pairs}


def _handling_of_untold(digest: str, member: str) -> Handling:
    return handling_of_source({}, digest, member)


def inherited(cited: Iterable[frozenset[str]], member: str) -> dict[frozenset[str], Handling]:
    """How what cites some exhibits is handled: TLP:GREEN, or as strictly as they are; by the digests of these.

    Args:
        cited: the digests that each thing cites.
        member: the member that runs this installation.
    """
    several = set(cited)
    told = handlings_of(frozenset[str]().union(*several), member)
    least = Handling(tlp=Tlp.GREEN, originators=frozenset({member}))
    return {each: strictest([least, *{told[digest] for digest in each}]) for each in several}


def follow(exhibits: Iterable[str] | None, member: str) -> None:
    """Handle the indicators that cite some exhibits as these are handled now, and so what the search finds of them.

    In the transaction that changed the exhibits, so that nobody reads an indicator who may not read what it cites.

    Args:
        exhibits: digests; None: all.
        member: the member that runs this installation.
    """
    citing = IndicatorExhibit.objects.all()
    if exhibits is not None:
        citing = citing.filter(indicator__in=citing.filter(exhibit__in=list(exhibits)).values("indicator"))
    cited: dict[str, set[str]] = {}
    for indicator, exhibit in citing.values_list("indicator", "exhibit"):
        cited.setdefault(indicator, set()).add(exhibit)
    of_each = {indicator: frozenset(digests) for indicator, digests in cited.items()}
    handlings = inherited(of_each.values(), member)
    by_handling: dict[Handling, list[str]] = {}
    for indicator, digests in of_each.items():
        by_handling.setdefault(handlings[digests], []).append(indicator)
    for handling, indicators in by_handling.items():
        _handle(indicators, HandlingRow.of(handling))


def _handle(indicators: list[str], handling: HandlingRow) -> None:
    for first in range(0, len(indicators), _BATCH):
        some = indicators[first : first + _BATCH]
        IndicatorRow.objects.filter(id__in=some).exclude(handling=handling).update(handling=handling)
        texts = SearchText.objects.filter(kind="indicator", key__in=some)
        texts.exclude(handling=handling).update(handling=handling)


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
