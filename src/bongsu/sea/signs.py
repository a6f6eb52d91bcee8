"""Signs: what a detector of the sea desk found, before the rows it cites are looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place, Reason
from bongsu.kernel.quantity import Quantity
from bongsu.sea.ships import Ship, rules


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seen:
    """One report of a ship that a sign rests on: all positions of that ship at that second."""

    mmsi: int
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Who, when, where, why and what else could explain it.

    Args:
        ships: those it names, as they were known through its time; the one it is about first.
        title: one sentence.
        measures: keys of the measures that may bear; of these only those count that were in force (`bearing`). None
            where nothing ties its ships to the DPRK (`ties`).
        from_s, to_s: the time it covers, seconds since 1970; `to_s` None where it goes on.
        reasons: at least one; the score is made of their weights (`score`).
        alternatives: what else could explain it, of the card and of this case.
        facts: what the detector saw, numbers rounded to what they are worth; `kind` names the rule of the detector.
        seen: the reports it rests on, at least one unless `citations` has some; the first and last are drawn.
        citations: what it rests on beside positions, such as a row of a list.
        place: where.
        quantity: how much.
    """

    ships: tuple[Ship, ...]
    title: str
    measures: tuple[str, ...]
    from_s: int
    to_s: int | None
    reasons: tuple[Reason, ...]
    alternatives: tuple[str, ...]
    facts: Mapping[str, JsonValue]
    seen: tuple[Seen, ...]
    citations: tuple[Citation, ...] = ()
    place: Place | None = None
    quantity: Quantity | None = None

    @property
    def mmsi(self) -> int:
        """The ship it is about."""
        return self.ships[0].mmsi

    @property
    def hearsay(self) -> tuple[Reason, ...]:
        """What it says of its ships by reports that are not of its time: which values, and how long before or after.
        It weighs nothing.
        """
        return tuple(Reason(text=text, weight=0.0) for ship in self.ships for text in _hearsay(ship, self))

    @property
    def doubts(self) -> tuple[str, ...]:
        """What else could explain it where more than one hull may have sent one of its MMSI."""
        return tuple(
            f"Reports of more than one ship may be mixed here: about that time MMSI {ship.mmsi} sent the IMO numbers "
            f"{' and '.join(f'{number:07d}' for number in ship.numbers)}."
            for ship in self.ships
            if ship.numbers
        )

    @property
    def score(self) -> float:
        """One less the product of what each reason leaves open: reasons add up, and none makes it certain alone.

        The noisy-or of Pearl, Probabilistic Reasoning in Intelligent Systems (1988), section 4.3.2; the weights are the
        founders' judgement (ADR 0005), so the score ranks and is no probability.
        """
        return 1.0 - prod(1.0 - reason.weight for reason in self.reasons)


def _hearsay(ship: Ship, sign: Sign) -> Iterator[str]:
    """A sentence for each static report that lies farther from a sign than the card of ships allows without a word."""
    said: dict[str, list[str]] = defaultdict(list)
    for word, report in ship.reports.items():
        before_s = sign.from_s - int(report.last_at.timestamp())
        after_s = int(report.first_at.timestamp()) - (sign.from_s if sign.to_s is None else sign.to_s)
        if max(before_s, after_s) > rules().near_s:
            told_off = f"{span_told(before_s)} before" if before_s > 0 else f"{span_told(after_s)} after"
            said[told_off].append(word)
    for off, words in said.items():
        named = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
        verb = "were" if len(words) > 1 else "was"
        yield f"Of MMSI {ship.mmsi} the {named} {verb} sent {off} that time, not in it."


def time_of(second: int) -> datetime:
    """Seconds since 1970 as a time."""
    return datetime.fromtimestamp(second, tz=UTC)


def told(second: int) -> str:
    """Seconds since 1970 as a reader meets them: `2026-03-01 04:50 UTC`."""
    return f"{time_of(second):%Y-%m-%d %H:%M} UTC"


def span_told(seconds: int) -> str:
    """A duration as a reader meets it: minutes below two hours, hours below two days, then days."""
    hours = seconds / 3600
    if hours < 2:
        return f"{seconds // 60} minutes"
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"
