"""What every card of the sea's detectors holds: measures, parameters with their sources, and examples as tracks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bongsu.kernel.cards import Card

OUTCOMES: Final = ("found", "not found", "nearly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part of an example's track: in a straight line to a place, or staying.

    Args:
        hours: how long.
        to: latitude and longitude reached; None: she stays.
        silent: whether no report is heard in it.
        speed_kn: the speed reported; None: that of the leg.
        moored: whether the status says moored.
        draught_m: the draught reported from its beginning on.
    """

    hours: float
    to: tuple[float, float] | None
    silent: bool
    speed_kn: float | None
    moored: bool
    draught_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleShip:
    """An invented ship of an example and her track."""

    mmsi: int
    name: str | None
    imo: int | None
    call_sign: str | None
    ship_type: int | None
    length_m: float | None
    beam_m: float | None
    at: datetime
    place: tuple[float, float]
    every_min: float
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Some tracks, and what comes of them.

    Args:
        outcome: `found`, `not found` or `nearly` (one step short of being found).
        kind: which rule of the detector finds it; None where nothing is found or the detector has one rule only.
        subject: whom it must be about, such as `mmsi:199000001`; None where the example does not say.
        designated: IMO numbers that the example's register designates.
    """

    title: str
    outcome: str
    kind: str | None
    subject: str | None
    designated: tuple[int, ...]
    ships: tuple[ExampleShip, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every card holds.

    Args:
        name: such as `sea.dark_gap`.
        title: what it finds, in a few words.
        measures: keys of the measures that may bear on every sign of the detector.
        because: the fact that ties a measure, by its key, of every measure the card names.
        alternatives: what else could explain every sign of the detector.
        examples: at least one of each outcome.
    """

    name: str
    title: str
    measures: tuple[str, ...]
    because: Mapping[str, str]
    alternatives: tuple[str, ...]
    examples: tuple[Example, ...]


def read_common(card: Card) -> Common:
    """What every card holds, from a card.

    Raises:
        CardError: a key missing, or no example of one of the outcomes, or no fact that ties a measure.
    """
    examples = card.tables("example", _example, at_least=len(OUTCOMES))
    lacking = [outcome for outcome in OUTCOMES if outcome not in {example.outcome for example in examples}]
    if lacking:
        raise card.error(f"needs at least one example whose outcome is {lacking[0]!r}", "example")
    measures = card.texts("measures", at_least=1)
    because = card.table("because", lambda table: {key: table.text(key) for key in table.keys_left()})
    untied = [key for key in measures if key not in because]
    if untied:
        raise card.error(f"says of no fact that ties {untied[0]}", "because")
    return Common(
        name=card.text("name"),
        title=card.text("title"),
        measures=measures,
        because=because,
        alternatives=card.texts("alternatives", at_least=1),
        examples=examples,
    )


def parameter(card: Card, key: str, unit: str, *, least: float = 0.0, most: float = 1e9) -> float:
    """A number of a card's table, which is written `key = { value = 12, unit = "hour", source = "..." }`.

    Raises:
        CardError: no such table, another unit, a number outside the limits, or no source.
    """

    def read(table: Card) -> float:
        table.text("unit", one_of=(unit,))
        table.text("source")
        return table.number("value", least=least, most=most)

    return card.table(key, read)


def texts_by(card: Card, key: str, names: Iterable[str], *, at_least: int = 1) -> Mapping[str, tuple[str, ...]]:
    """A table of texts by name, such as the measures of each kind of sign.

    Raises:
        CardError: a name lacks, or one too many.
    """
    return card.table(key, lambda table: {name: table.texts(name, at_least=at_least) for name in names})


def weights(card: Card, *names: str) -> Mapping[str, float]:
    """The table `weights`: how much each reason counts, 0 to 1, by the founders' judgement (ADR 0005).

    Raises:
        CardError: a name lacks, or one too many.
    """
    return card.table("weights", lambda table: {name: table.number(name, least=0, most=1) for name in names})


def _example(card: Card) -> Example:
    return Example(
        title=card.text("title"),
        outcome=card.text("outcome", one_of=OUTCOMES),
        kind=card.text_or_none("kind"),
        subject=card.text_or_none("subject"),
        designated=card.integers("designated"),
        ships=card.tables("ship", _ship, at_least=1),
    )


def _ship(card: Card) -> ExampleShip:
    return ExampleShip(
        mmsi=card.integer("mmsi", least=0),
        name=card.text_or_none("name"),
        imo=card.integer_or_none("imo", least=0),
        call_sign=card.text_or_none("call_sign"),
        ship_type=card.integer_or_none("ship_type", least=0),
        length_m=card.number_or_none("length_m", least=0, most=600),
        beam_m=card.number_or_none("beam_m", least=0, most=100),
        at=card.time("at"),
        place=_place(card, "place"),
        every_min=card.number_or_none("every_min", least=0.1, most=600) or 5.0,
        legs=card.tables("leg", _leg, at_least=1),
    )


def _leg(card: Card) -> Leg:
    return Leg(
        hours=card.number("hours", least=0, most=10_000),
        to=_place(card, "to") if "to" in card else None,
        silent=card.flag("silent", default=False),
        speed_kn=card.number_or_none("speed_kn", least=0, most=102.2),
        moored=card.flag("moored", default=False),
        draught_m=card.number_or_none("draught_m", least=0, most=25.5),
    )


def _place(card: Card, key: str) -> tuple[float, float]:
    numbers = card.numbers(key, least=-180, most=180)
    if len(numbers) != 2:
        raise card.error("is a place: latitude and longitude", key)
    return numbers[0], numbers[1]
