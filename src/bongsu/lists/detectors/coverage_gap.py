"""The detector of coverage gaps: an authority does not list what the Council designated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.lists.coverage import Gap
from bongsu.lists.detectors.card import Example, read_examples

OBSERVES: Final = "gaps"
MOST_CITED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says: the weight, the measures, alternative explanations."""

    name: str
    title: str
    weight: float
    measures: tuple[str, ...]
    alternatives: tuple[str, ...]
    examples: tuple[Example, ...]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown, or examples without one found and one not found.
    """
    return Parameters(
        name=card.text("name"),
        title=card.text("title"),
        weight=card.number("weight", least=0, most=1),
        measures=card.texts("measures", at_least=1),
        alternatives=card.texts("alternatives", at_least=1),
        examples=read_examples(card),
    )


def detect(gaps: Iterable[Gap], parameters: Parameters) -> list[Indicator]:
    """An authority's list does not carry some of those whom the Security Council designated.

    It joins the lists by identifiers and by people's rulings, and names what the Council lists under a DPRK programme,
    the other list does not, and nothing that waits for review could be. It does not say that the authority fails its
    duty: many States give effect to the Council's list by reference, without printing it again. A name that was not
    recognised, another list of the same authority or an old copy can look the same.

    Args:
        gaps: what each authority lacks, by authority.
        parameters: the card.

    Returns:
        One indicator per authority that lacks any, in their order.
    """
    return [_indicator(gap, parameters) for gap in gaps]


def _indicator(gap: Gap, parameters: Parameters) -> Indicator:
    count = len(gap.lacked)
    waiting = f"; {gap.may_carry} more wait for review" if gap.may_carry else ""
    since = max(gap.of_date, gap.authority_date)
    return Indicator(
        detector=parameters.name,
        title=f"{gap.authority} is not seen to list {count} of the {gap.designated} DPRK designations of {gap.of}",
        measures=parameters.measures,
        subject=Subject(id=f"authority:{gap.authority}", schema="PublicBody", name=gap.authority),
        when=Interval(datetime.combine(since, time(0), UTC), None),
        score=parameters.weight,
        reasons=(
            Reason(
                text=f"Of {gap.designated} entities that {gap.of} lists under a DPRK programme (copy of {gap.of_date}) "
                f"{gap.authority} (copy of {gap.authority_date}) lists {gap.carried} by what is joined{waiting}.",
                weight=parameters.weight,
            ),
        ),
        alternatives=parameters.alternatives,
        citations=tuple(each.citation for each in gap.lacked[:MOST_CITED] if each.citation is not None),
        facts={
            "gap": "lacked",
            "of": gap.of,
            "authority": gap.authority,
            "designated": gap.designated,
            "carried": gap.carried,
            "may_carry": gap.may_carry,
            "lacked": [{"entity": row.entity, "reference": row.reference, "name": row.name} for row in gap.lacked],
        },
        sandbox=gap.sandbox,
    )
