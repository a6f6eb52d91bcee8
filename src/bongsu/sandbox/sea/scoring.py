"""How well detectors do in an invented world: what they found of what was planted, and what they saw that was not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.sandbox.sea.truth import DETECTORS, Planted

# A gap begins with the last report before it, a call with the first within the harbour: both may be some reports off.
SLACK: Final = timedelta(hours=1)
DECIMALS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a detector found, as far as it can be held against the truth.

    Args:
        detector: of `truth.DETECTORS`.
        rule: which of its rules; None where it does not say.
        mmsis: the ships it names.
        first_at, last_at: the time it covers, UTC.
        label: how to find it again, such as the indicator's id.
    """

    detector: str
    rule: str | None
    mmsis: frozenset[int]
    first_at: datetime
    last_at: datetime
    label: str = ""

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "detector": self.detector,
            "rule": self.rule,
            "mmsis": sorted(self.mmsis),
            "from": stamp(self.first_at),
            "to": stamp(self.last_at),
            "label": self.label,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A sign of nothing that was planted.

    Args:
        looks_like: the innocent stories that its ships lived through at that time, sorted.
    """

    sign: Sign
    looks_like: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well one detector, or one rule of it, did.

    Args:
        planted: how much there was to find.
        found: how much of it was found.
        true_signs: how many signs were of something planted; several may be of one.
        false: the signs of nothing planted. A sign of what is truly so without having been planted counts for nothing.
        missed: what was planted and not found.
    """

    planted: int
    found: int
    true_signs: int
    false: tuple[Mistake, ...]
    missed: tuple[Planted, ...]

    @property
    def recall(self) -> float | None:
        """The share of what was planted that was found; None where nothing was planted."""
        return round(self.found / self.planted, DECIMALS) if self.planted else None

    @property
    def precision(self) -> float | None:
        """The share of signs that are of something planted; None where there are no signs to judge."""
        judged = self.true_signs + len(self.false)
        return round(self.true_signs / judged, DECIMALS) if judged else None

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, without what was missed and false."""
        return {"precision": self.precision, "recall": self.recall, "planted": self.planted, "found": self.found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Every detector's score, and that of each of their rules as `detector/rule`."""

    detectors: Mapping[str, Score]
    rules: Mapping[str, Score]

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "detectors": {name: each.record() for name, each in self.detectors.items()},
            "rules": {name: each.record() for name, each in self.rules.items()},
            "missed": [
                {"detector": name, **missed.record()} for name, each in self.detectors.items() for missed in each.missed
            ],
            "false": [
                {**wrong.sign.record(), "looks_like": list(wrong.looks_like)}
                for each in self.detectors.values()
                for wrong in each.false
            ],
        }


def score(truth: Sequence[Planted], signs: Iterable[Sign], detectors: Sequence[str] = DETECTORS) -> Scores:
    """Hold signs against the truth.

    A sign is of something planted where the detector is the same, neither contradicts the other's rule, the ships of
    one are among the ships of the other, and their times come within an hour of each other.

    Args:
        truth: what was planted, what is allowed, and what is innocent.
        signs: what the detectors found, in any order.
        detectors: which to score; signs of others are left out.
    """
    shown = list(signs)
    by_detector = {name: [sign for sign in shown if sign.detector == name] for name in detectors}
    things = {name: [each for each in truth if each.detector == name] for name in detectors}
    innocent = [each for each in truth if each.role == "innocent"]
    rules = sorted({(name, each.rule) for name in detectors for each in things[name] if each.rule is not None})
    return Scores(
        detectors={name: _score(things[name], by_detector[name], innocent) for name in detectors},
        rules={
            f"{name}/{rule}": _score(
                [each for each in things[name] if each.rule == rule or each.role == "allowed"],
                [sign for sign in by_detector[name] if sign.rule is not None and _told_by(sign.rule) == _told_by(rule)],
                innocent,
            )
            for name, rule in rules
        },
    )


def _score(things: Sequence[Planted], signs: Sequence[Sign], innocent: Sequence[Planted]) -> Score:
    planted = [each for each in things if each.role == "planted"]
    allowed = [each for each in things if each.role == "allowed"]
    found: set[int] = set()
    true_signs, false = 0, list[Mistake]()
    for sign in signs:
        met = [number for number, each in enumerate(planted) if _same(sign, each)]
        found.update(met)
        if met:
            true_signs += 1
        elif not any(_same(sign, each) for each in allowed):
            false.append(Mistake(sign=sign, looks_like=_looks_like(sign, innocent)))
    missed = tuple(each for number, each in enumerate(planted) if number not in found)
    return Score(planted=len(planted), found=len(found), true_signs=true_signs, false=tuple(false), missed=missed)


def _same(sign: Sign, thing: Planted) -> bool:
    ships = frozenset(thing.mmsis)
    return (
        (sign.rule is None or thing.rule is None or _told_by(sign.rule) == _told_by(thing.rule))
        and bool(ships)
        and (sign.mmsis <= ships or ships <= sign.mmsis)
        and _overlap(sign, thing)
    )


def _told_by(rule: str) -> str:
    """A jump is told by the speed that it needs."""
    return "impossible_speed" if rule == "jump" else rule


def _looks_like(sign: Sign, innocent: Sequence[Planted]) -> tuple[str, ...]:
    return tuple(
        sorted({each.story for each in innocent if sign.mmsis.intersection(each.mmsis) and _overlap(sign, each)})
    )


def _overlap(sign: Sign, thing: Planted) -> bool:
    return sign.first_at - SLACK <= thing.last_at and thing.first_at - SLACK <= sign.last_at
