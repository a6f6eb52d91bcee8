"""How exhibits are handled, by where they came from, and indicators, by the exhibits that they cite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from bongsu.cases.handling import Handling, Reader, Tlp, may_read, strictest
from bongsu.web.record.collected import handling_of_source
from bongsu.web.record.holdings import collected_handling, held
from bongsu.web.record.models import (
    ExhibitRow,
    HandlingRow,
    IndicatorExhibit,
    IndicatorRow,
    SearchText,
    Submission,
)

_BATCH: Final = 1000


def handlings_of(digests: Iterable[str], member: str) -> dict[str, Handling]:
    """How exhibits are handled where the watch rests on them, by digest.

    Args:
        digests: of exhibits; what was not taken in yet is the member's own, unless its bytes are the sandbox's.
        member: the member that runs this installation.
    """
    wanted = sorted(set(digests))
    found: dict[str, Handling] = {}
    for first in range(0, len(wanted), _BATCH):
        rows = ExhibitRow.objects.filter(digest__in=wanted[first : first + _BATCH])
        found.update(_by_digest(rows.values_list("digest", "handling_id")))
        for row in _given(rows):
            found[row.digest] = collected_handling(row) or found[row.digest]
    return {digest: found.get(digest) or _handling_of_untold(digest, member) for digest in wanted}


def readable_exhibits(digests: Iterable[str], reader: Reader) -> frozenset[str]:
    """Those exhibits, taken in or not yet, that a person may read today.

    Of bytes that another member gave first and a source too, the source's are its member's own.
    """
    today, wanted = timezone.now().date(), frozenset(digests)
    handlings = handlings_of(wanted, settings.SITE.member)
    may = {handling: may_read(reader, handling, today) for handling in set(handlings.values())}
    found = {digest for digest, handling in handlings.items() if may[handling]}
    for row in _given(ExhibitRow.objects.filter(digest__in=wanted)):
        own = reader.member == settings.SITE.member and row.digest in found
        if own or may_read(reader, held(row).handling, today):
            found.add(row.digest)
        else:
            found.discard(row.digest)
    return frozenset(found)


def _given(rows: QuerySet[ExhibitRow]) -> QuerySet[ExhibitRow]:
    """Those of some exhibits that persons gave, of which several members may have said something."""
    given = Submission.objects.filter(exhibit__in=rows.values("digest")).values("exhibit")
    return ExhibitRow.objects.select_related("handling").filter(digest__in=given)


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
