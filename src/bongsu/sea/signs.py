"""Signs: what a detector of the sea desk found, before the rows it cites are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Place, Reason
from bongsu.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Seen:
    """One report of a ship that a sign rests on: all positions of that ship at that second."""

    mmsi: int
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Who, when, where, why and what else could explain it.

    Args:
        mmsi: the ship it is about.
        title: one sentence.
        measures: keys of the measures that may bear; of these only those count that were in force (`bearing`).
        from_s, to_s: the time it covers, seconds since 1970; `to_s` None where it goes on.
        reasons: at least one; the score is made of their weights (`score`).
        alternatives: what else could explain it, of the card and of this case.
        facts: what the detector saw, numbers rounded to what they are worth; `kind` names the rule of the detector.
        seen: the reports it rests on, at least one unless `citations` has some; the first and last are drawn.
        citations: what it rests on beside positions, such as a row of a list.
        place: where.
        quantity: how much.
    """

    mmsi: int
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
    def score(self) -> float:
        """One less the product of what each reason leaves open: reasons add up, and none makes it certain alone.

        The noisy-or of Pearl, Probabilistic Reasoning in Intelligent Systems (1988), section 4.3.2; the weights are the
        founders' judgement (ADR 0005), so the score ranks and is no probability.
        """
        return 1.0 - prod(1.0 - reason.weight for reason in self.reasons)


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
