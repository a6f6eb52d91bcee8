"""Where an entity is met in the work: indicators about it and cases that name it, as far as a reader may read them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from bongsu.cases.handling import Reader
from bongsu.lists.entities import Entity
from bongsu.web.record.models import CaseRow, IndicatorRow, IndicatorState, SearchText
from bongsu.web.record.states import counting

MOST_SHOWN: Final = 50
_LEAST_NAME: Final = 6  # letters; a shorter name stands in too many texts that do not mean it


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Indicators and cases.

    Args:
        indicators: strongest first, at most `MOST_SHOWN`.
        indicator_count: how many there are that the reader may read.
        cases: those into which such an indicator was taken, and those that name it; newest first.
    """

    indicators: Sequence[IndicatorRow]
    indicator_count: int
    cases: Sequence[CaseRow]


def mentions_of(subjects: Collection[str], names: Collection[str], reader: Reader) -> Mentions:
    """What a reader may read about some subjects.

    Args:
        subjects: the ids under which indicators name it.
        names: the ids and names by which a case may name it.
        reader: who asks; nothing else is read, counted or hinted at.
    """
    found = IndicatorRow.objects.readable_by(reader).filter(subject_id__in=subjects)
    cases = CaseRow.objects.readable_by(reader)
    taken_in = counting(reader).filter(indicator__in=found.values("id"), state=IndicatorState.ACCEPTED).values("case")
    named = Q()
    for name in sorted(names):
        named |= Q(words__icontains=name) | Q(title__icontains=name)
    texts = (
        SearchText.objects.readable_by(reader).filter(kind="case").filter(named) if named else SearchText.objects.none()
    )
    return Mentions(
        indicators=found[:MOST_SHOWN],
        indicator_count=found.count(),
        cases=cases.filter(Q(id__in=taken_in) | Q(id__in=texts.values("key")))[:MOST_SHOWN],
    )


def subjects_of(entity: Entity) -> frozenset[str]:
    """The ids under which indicators name an entity: its own, its listings', and a ship's numbers."""
    numbers = {
        f"{kind}:{int(number):0{width}d}"
        for each in entity.listings
        for kind, width in (("imo", 7), ("mmsi", 9))
        for number in each.numbers(kind)
        if number.isdecimal()
    }
    return frozenset({entity.id, *(each.listing for each in entity.listings), *numbers})


def names_of(entity: Entity) -> frozenset[str]:
    """By what a case may name it: ids of its listings, and its main names where they are long enough to mean it."""
    mains = {each.name for each in entity.listings if len(each.name) >= _LEAST_NAME}
    return frozenset({entity.id, *(each.listing for each in entity.listings), *mains})
