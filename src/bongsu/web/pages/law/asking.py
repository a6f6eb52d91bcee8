"""Is this allowed? What the measures say of goods or of a topic on a day, in the words of `bongsu law check`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.law import Answer, Measure
from bongsu.law.model import Goods
from bongsu.law.regime import Regime, Standing

MOST_WORDS: Final = 12
MOST_ROWS: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicAnswer:
    """What binds of a topic on a day."""

    topic: str
    on: date
    standing: tuple[Standing, ...]
    committee_exemptions: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsNamed:
    """A row of goods whose words hold those that were asked, to choose a code from."""

    measure: Measure
    goods: Goods


def is_code(asked: str) -> bool:
    """Whether what was asked is meant as an HS code: digits, dots and blanks alone."""
    bare = asked.replace(".", "").replace(" ", "")
    return bare.isascii() and bare.isdigit()


def goods_answer(regime: Regime, code: str, direction: str, on: date) -> Answer:
    """What the regime says of goods of a code.

    Raises:
        UsageError: no HS code, or no direction.
    """
    return regime.answer(code, direction=direction, on=on)


def topic_answer(regime: Regime, topic: str, on: date) -> TopicAnswer:
    """What binds of a topic on a day."""
    return TopicAnswer(
        topic=topic,
        on=on,
        standing=regime.standing(on, topic=topic),
        committee_exemptions=regime.committee_exemptions(on),
    )


def goods_named(regime: Regime, words: str, direction: str, on: date) -> tuple[GoodsNamed, ...]:
    """The goods of measures that bind on a day in a direction and whose text holds every word that was asked.

    Args:
        regime: what is asked.
        words: in English, as the cards are; case does not matter.
        direction: `to` or `from` the DPRK.
        on: the day.

    Returns:
        In the order of the measures, at most `MOST_ROWS`; empty where no text holds them, which says nothing of the
        goods.
    """
    wanted = words.casefold().split()[:MOST_WORDS]
    found = (
        GoodsNamed(measure=measure, goods=goods)
        for measure in regime.in_force(on)
        if measure.direction in {direction, "both"}
        for goods in regime.goods_of(measure)
        if wanted and all(word in f"{goods.what} {measure.title}".casefold() for word in wanted)
    )
    return tuple(each for each, _ in zip(found, range(MOST_ROWS), strict=False))
