"""The regime and the questions asked of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.kernel.errors import UsageError
from bongsu.law.model import Cap, Goods, Measure, PublicText, Resolution, WindDown

HS_LENGTHS: Final = range(2, 13)  # a national tariff line adds up to six digits to the six of the HS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """A measure that bears on goods on a day, and how.

    Args:
        measure: the measure.
        goods: the row of goods that matched.
        matched_hs: the measure's own prefix that matched.
        whole: True: all of what was asked is covered; False: only a part may be (the row says "part of these
            codes", or the code asked is wider than the measure's).
        wind_downs: grace for existing contracts that still ran on that day.
        caps: the limits in force on that day.
    """

    measure: Measure
    goods: Goods
    matched_hs: str
    whole: bool
    wind_downs: tuple[WindDown, ...]
    caps: tuple[Cap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One dated event of the regime."""

    on: date
    what: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """How many values were compared with a public text."""

    verified: int
    unverified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """Every resolution, in the order of adoption."""

    resolutions: tuple[Resolution, ...]

    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the order of adoption and paragraph."""
        return tuple(measure for resolution in self.resolutions for measure in resolution.measures)

    def measure(self, key: str) -> Measure:
        """The measure of a key.

        Raises:
            UsageError: no such key; the remedy names near ones.
        """
        found = next((measure for measure in self.measures() if measure.key == key), None)
        if found is not None:
            return found
        near = _near(key, [measure.key for measure in self.measures()])
        remedy = f"near it: {', '.join(near)}" if near else "all keys: bongsu law list"
        raise UsageError(f"no measure has the key {key!r}", remedy=remedy)

    def resolution(self, name: str) -> Resolution | None:
        """The resolution of a number (`2397`) or a draft's symbol; None where there is none."""
        return next(
            (resolution for resolution in self.resolutions if name in {resolution.name, resolution.document}), None
        )

    def of_measure(self, key: str) -> Resolution:
        """The resolution a measure stands in."""
        number = key.partition("/")[0]
        return next(resolution for resolution in self.resolutions if resolution.name == number)

    def text(self, measure: Measure, text_id: str) -> PublicText:
        """The public text a value of this measure was checked against."""
        return next(text for text in self.of_measure(measure.key).texts if text.id == text_id)

    def in_force(self, on: date | None = None, *, topic: str | None = None) -> tuple[Measure, ...]:
        """The measures that bind on a day (None: all that ever did), of one topic (None: of all)."""
        return tuple(
            measure
            for measure in self.measures()
            if (on is None or measure.in_force(on)) and (topic is None or topic in measure.topics)
        )

    def check_goods(self, hs: str, *, direction: str, on: date) -> tuple[Bearing, ...]:
        """Every measure that bears on goods moving to or from the DPRK on a day, exempt or not.

        Args:
            hs: an HS code of 2 to 12 digits; dots and blanks are ignored. Matching is by prefix on the code as
                given, whatever its edition: the resolutions name chapters and headings.
            direction: `to` or `from` the DPRK.
            on: the day the goods move.

        Returns:
            Bearings in the order of adoption and paragraph, each measure once; empty where none bears.

        Raises:
            UsageError: not an HS code, or not a direction.
        """
        code = hs_digits(hs)
        if direction not in {"to", "from"}:
            raise UsageError(f"goods move to or from the DPRK, not {direction!r}")
        bearings = (
            _bearing(measure, code, on)
            for measure in self.measures()
            if measure.direction in {direction, "both"} and measure.in_force(on)
        )
        return tuple(bearing for bearing in bearings if bearing is not None)

    def without_codes(self, *, direction: str, on: date) -> tuple[Measure, ...]:
        """The measures on goods in that direction that name items or kinds and no HS codes: judge them by the item."""
        return tuple(
            measure
            for measure in self.measures()
            if measure.direction in {direction, "both"}
            and measure.in_force(on)
            and any(not goods.hs for goods in measure.goods)
        )

    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Every dated event: adoptions, failed drafts, first and last days of measures, caps, wind-downs, mandates."""
        entries = {entry for resolution in self.resolutions for entry in _events(resolution)}
        return tuple(sorted(entries, key=lambda entry: (entry.on, entry.reference, entry.what)))

    def verification(self) -> Verification:
        """How many values were compared with a public text and how many could not be."""
        checks = [check for resolution in self.resolutions for check in resolution.checks()]
        verified = sum(check.is_verified for check in checks)
        return Verification(verified=verified, unverified=len(checks) - verified)


def _near(key: str, keys: list[str]) -> list[str]:
    """The keys of the same paragraph, else of the same resolution."""
    number, _, paragraph = key.partition("/")
    leading = re.match(r"\d*", paragraph)
    stem = f"{number}/{leading[0]}" if leading and leading[0] else f"{number}/"
    same = [other for other in keys if re.fullmatch(re.escape(stem) + r"(?!\d).*", other)]
    return same or [other for other in keys if other.startswith(f"{number}/")]


def hs_digits(text: str) -> str:
    """An HS code as digits only.

    Raises:
        UsageError: something else than 2, 4, 6, 8, 10 or 12 digits with dots or blanks between. An odd number of them
            is most often a code whose leading zero a spreadsheet took away: 0303 (fish) would be read as chapter 30.
    """
    code = text.replace(".", "").replace(" ", "")
    if not (code.isascii() and code.isdigit()) or len(code) not in HS_LENGTHS:
        raise UsageError(
            f"not an HS code: {text!r}", remedy="write 2, 4, 6 or more digits, such as 27, 2710 or 2710.19"
        )
    if len(code) % 2:
        raise UsageError(
            f"an HS code has an even number of digits: {text!r}",
            remedy="restore the leading zero, or give the first six digits of a national code",
        )
    if not 1 <= int(code[:2]) <= 97 or code[:2] == "77":  # chapter 77 is reserved in the Harmonized System
        raise UsageError(f"the Harmonized System has no chapter {code[:2]}", remedy="chapters run from 01 to 97")
    return code


def _bearing(measure: Measure, code: str, on: date) -> Bearing | None:
    best: Bearing | None = None
    for goods in measure.goods:
        if any(code.startswith(prefix) for prefix in goods.except_hs):
            continue
        for prefix in goods.hs:
            if not (code.startswith(prefix) or prefix.startswith(code)):
                continue
            whole = code.startswith(prefix) and not goods.part_only
            if best is None or (whole, len(prefix)) > (best.whole, len(best.matched_hs)):
                best = Bearing(
                    measure=measure,
                    goods=goods,
                    matched_hs=prefix,
                    whole=whole and not any(prefix_out.startswith(code) for prefix_out in goods.except_hs),
                    wind_downs=tuple(
                        grace for grace in measure.wind_downs if on <= grace.until and _given_for(grace, code)
                    ),
                    caps=tuple(cap for cap in measure.caps if cap.in_force(on)),
                )
    return best


def _given_for(grace: WindDown, code: str) -> bool:
    return not grace.hs or any(code.startswith(prefix) or prefix.startswith(code) for prefix in grace.hs)


def _events(resolution: Resolution) -> Iterable[TimelineEntry]:
    verb = "not adopted" if resolution.kind == "draft" else "adopted"
    trigger = f" after {resolution.trigger}" if resolution.trigger else ""
    yield TimelineEntry(
        on=resolution.adopted,
        what=f"{resolution.document} {verb} ({resolution.vote}){trigger}",
        reference=resolution.document,
    )
    if resolution.mandate is not None:
        yield TimelineEntry(
            on=resolution.mandate.until,
            what=f"Panel of Experts: last day of the mandate under {resolution.document}",
            reference=resolution.mandate.reference,
        )
    for measure in resolution.measures:
        if resolution.mandate is None or measure.binds_until != resolution.mandate.until:  # said already
            yield from _measure_events(measure)


def _measure_events(measure: Measure) -> Iterable[TimelineEntry]:
    if measure.goods or measure.caps:
        yield TimelineEntry(on=measure.binds_from, what=f"{measure.title}: binds", reference=measure.key)
    if measure.binds_until is not None:
        yield TimelineEntry(on=measure.binds_until, what=f"{measure.title}: last day", reference=measure.key)
    for cap in measure.caps:
        if measure.binds_until is not None and cap.binds_from > measure.binds_until:
            continue  # overtaken before it began
        yield TimelineEntry(on=cap.binds_from, what=f"Cap begins: {cap}", reference=measure.key)
    for grace in measure.wind_downs:
        yield TimelineEntry(on=grace.until, what=f"{measure.title}: wind-down ends", reference=measure.key)
    for change in measure.changes:
        yield TimelineEntry(
            on=change.on, what=f"{measure.key} {change.effect} by {change.by}", reference=change.reference
        )
