"""The regime and the questions asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.kernel.errors import UsageError
from bongsu.law.headings import load_headings
from bongsu.law.keys import as_written, near, parts_of
from bongsu.law.model import Cap, Condition, Exemption, Goods, Measure, PublicText, Resolution, WindDown, topic_named

NATIONAL_LENGTHS: Final = frozenset({8, 10})
HS_LENGTHS: Final = range(2, 13)  # a national tariff line adds up to six digits to the six of the HS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A measure as it stands on a day.

    Args:
        measure: the measure, which binds on that day.
        wind_downs: grace for existing contracts that still ran on that day.
        caps: the limits in force on that day.
        conditions: what must hold before the measure lets anything through.
        exemptions: what can be exempt on that day; printed, never applied.
    """

    measure: Measure
    wind_downs: tuple[WindDown, ...]
    caps: tuple[Cap, ...]
    conditions: tuple[Condition, ...]
    exemptions: tuple[Exemption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A row of a measure's goods that the code asked meets.

    Args:
        goods: the row.
        matched_hs: those of the row's prefixes that met, in its order; at least one.
        covers: `all` of what was asked; all under `these codes`, a part of what was asked; or a `part`, for the
            row says "part of these codes" or leaves some out.
    """

    goods: Goods
    matched_hs: tuple[str, ...]
    covers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing(Standing):
    """A measure that bears on goods on a day, and how; wind-downs, conditions and exemptions of other goods left out.

    Args:
        matches: every row of its goods that the code asked meets, in the order of the card; at least one.
    """

    matches: tuple[Match, ...]

    @property
    def whole(self) -> bool:
        """Whether all of what was asked is covered by one of the rows; else a part of it may be."""
        return any(match.covers == "all" for match in self.matches)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCode:
    """A code that may have been meant, and the keys of the measures that would bear on it."""

    hs: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the regime says of goods that move to or from the DPRK on a day.

    Args:
        hs: the HS code asked, digits only.
        direction: `to` or `from` the DPRK.
        on: the day.
        bearings: every measure that bears, exempt or not.
        without_codes: the others on goods of that direction that name items or kinds and no HS codes.
        whatever_the_goods: the measures that bear on every consignment of that direction.
        committee_exemptions: the paragraphs by which the Committee may exempt any activity, case by case.
        with_leading_zero: where nothing bears on a national code of 8 or 10 digits, and something would with a leading
            zero before it: that code. None else.
    """

    hs: str
    direction: str
    on: date
    bearings: tuple[Bearing, ...]
    without_codes: tuple[Measure, ...]
    whatever_the_goods: tuple[Standing, ...]
    committee_exemptions: tuple[Measure, ...]
    with_leading_zero: OtherCode | None


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
        """The measure of a key, in whatever way it is written: `1718/8a3`, `S/RES/1718 (2006), para. 8 (a) (iii)`.

        Raises:
            UsageError: no such measure; the remedy names near ones.
        """
        written = as_written(key)
        if written is not None and written.agrees_with(self.resolution(written.number)):
            found = next((measure for measure in self.measures() if measure.key == written.key), None)
            if found is not None:
                return found
        remedy = near(key, [measure.key for measure in self.measures()])
        raise UsageError(f"no resolution or measure is called {key!r}", remedy=remedy)

    def within(self, key: str) -> tuple[Measure, ...]:
        """The measures of a paragraph, or of a point of it, that holds several and is none itself: those of `1718/8` or
        `1718/8 (a)`. Empty where the key is a measure's own, a resolution's, or no one's.
        """
        written = as_written(key)
        keys = [measure.key for measure in self.measures()]
        if written is None or written.key in {*keys, written.number}:
            return ()
        if not written.agrees_with(self.resolution(written.number)):
            return ()
        return tuple(measure for measure in self.measures() if measure.key in parts_of(written.key, keys))

    def resolution(self, name: str) -> Resolution | None:
        """The resolution of a number or symbol (`2397`, `UNSCR 2397`, `S/2024/255`); None where there is none."""
        written = as_written(name)
        if written is None:
            return next((found for found in self.resolutions if found.document.casefold() == name.casefold()), None)
        if written.key != written.number:
            return None
        found = next((found for found in self.resolutions if found.name == written.number), None)
        return found if written.agrees_with(found) else None

    def of_measure(self, key: str) -> Resolution:
        """The resolution a measure stands in."""
        number = key.partition("/")[0]
        return next(resolution for resolution in self.resolutions if resolution.name == number)

    def text(self, measure: Measure, text_id: str) -> PublicText:
        """The public text a value of this measure was checked against."""
        return next(text for text in self.of_measure(measure.key).texts if text.id == text_id)

    def in_force(self, on: date | None = None, *, topic: str | None = None) -> tuple[Measure, ...]:
        """The measures that bind on a day (None: all that ever did), of one topic (None: of all).

        Raises:
            UsageError: no topic is called so: that there are no measures of it would be no answer.
        """
        asked = None if topic is None else topic_named(topic)
        return tuple(
            measure
            for measure in self.measures()
            if (on is None or measure.in_force(on)) and (asked is None or asked in measure.topics)
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
            _bearing(measure, self.goods_of(measure), code, on)
            for measure in self.measures()
            if measure.direction in {direction, "both"} and measure.in_force(on)
        )
        return tuple(bearing for bearing in bearings if bearing is not None)

    def answer(self, hs: str, *, direction: str, on: date) -> Answer:
        """All that is to be said of goods moving to or from the DPRK on a day: see `check_goods` for the arguments.

        Raises:
            UsageError: not an HS code, or not a direction.
        """
        bearings = self.check_goods(hs, direction=direction, on=on)
        every = self.whatever_the_goods(direction=direction, on=on)
        said = {standing.measure.key for standing in (*bearings, *every)}
        uncoded = self.without_codes(direction=direction, on=on)
        code = hs_digits(hs)
        return Answer(
            hs=code,
            direction=direction,
            on=on,
            bearings=bearings,
            without_codes=tuple(measure for measure in uncoded if measure.key not in said),
            whatever_the_goods=every,
            committee_exemptions=self.committee_exemptions(on),
            with_leading_zero=None if bearings else self._with_leading_zero(code, direction, on),
        )

    def _with_leading_zero(self, code: str, direction: str, on: date) -> OtherCode | None:
        restored = load_headings().with_leading_zero(code) if len(code) in NATIONAL_LENGTHS else None
        if restored is None:
            return None
        keys = tuple(bearing.measure.key for bearing in self.check_goods(restored, direction=direction, on=on))
        return OtherCode(hs=restored, keys=keys) if keys else None

    def standing(self, on: date, *, topic: str) -> tuple[Standing, ...]:
        """The measures of one topic that bind on a day, each as it stands on that day. Raises as `in_force` does."""
        return tuple(_standing(measure, on) for measure in self.in_force(on, topic=topic))

    def goods_of(self, measure: Measure) -> tuple[Goods, ...]:
        """The goods a measure is about: its own, or those of the measure it goes with."""
        return measure.goods if measure.goods_of is None else self.measure(measure.goods_of).goods

    def without_codes(self, *, direction: str, on: date) -> tuple[Measure, ...]:
        """The measures on goods in that direction that name items or kinds and no HS codes: judge them by the item."""
        return tuple(
            measure
            for measure in self.measures()
            if measure.direction in {direction, "both"}
            and measure.in_force(on)
            and any(not goods.hs for goods in measure.goods)
        )

    def whatever_the_goods(self, *, direction: str, on: date) -> tuple[Standing, ...]:
        """The measures that bear on every consignment in that direction on a day, each as it stands on that day."""
        return tuple(
            _standing(measure, on)
            for measure in self.in_force(on)
            if measure.whatever_the_goods and measure.direction in {direction, "both"}
        )

    def committee_exemptions(self, on: date) -> tuple[Measure, ...]:
        """The paragraphs by which the Committee may exempt any activity on a day, case by case."""
        return tuple(
            measure
            for measure in self.in_force(on, topic="humanitarian")
            if measure.kind == "exemption" and "committee" in measure.topics
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


def hs_digits(text: str) -> str:
    """An HS code as digits only.

    Raises:
        UsageError: something else than 2, 4, 6, 8, 10 or 12 digits with dots or blanks between. An odd number of them
            is most often a code whose leading zero a spreadsheet took away: 0303 (fish) would be read as chapter 30.
            A chapter or heading that no edition of the Harmonized System has.
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
    if len(code) >= 4 and not load_headings().exist(code):
        raise UsageError(
            f"no edition of the Harmonized System from 2002 to 2022 has a heading {code[:4]}", remedy=_meant(code)
        )
    return code


def _meant(code: str) -> str:
    """What to do about a heading that does not exist."""
    restored = load_headings().with_leading_zero(code)
    there = load_headings().of_chapter(code[:2])
    look = f"look the code up; chapter {code[:2]} has the headings {there[0]} to {there[-1]}"
    return look if restored is None else f"if a spreadsheet took its leading zero away, ask {restored}; else {look}"


def _bearing(measure: Measure, rows: tuple[Goods, ...], code: str, on: date) -> Bearing | None:
    matches = tuple(match for goods in rows if (match := _match(goods, code)) is not None)
    if not matches:
        return None
    stands = _standing(measure, on, code)
    return Bearing(
        measure=measure,
        wind_downs=stands.wind_downs,
        caps=stands.caps,
        conditions=stands.conditions,
        exemptions=stands.exemptions,
        matches=matches,
    )


def _match(goods: Goods, code: str) -> Match | None:
    matched = tuple(prefix for prefix in goods.hs if _concerns((prefix,), code))
    if not matched or any(code.startswith(prefix) for prefix in goods.except_hs):
        return None
    if goods.part_only or any(prefix.startswith(code) for prefix in goods.except_hs):
        covers = "part"
    else:
        covers = "all" if any(code.startswith(prefix) for prefix in matched) else "these codes"
    return Match(goods=goods, matched_hs=matched, covers=covers)


def _standing(measure: Measure, on: date, code: str = "") -> Standing:
    """The measure on a day, for goods of one HS code; without a code, for all its goods."""
    return Standing(
        measure=measure,
        wind_downs=tuple(row for row in measure.wind_downs if on <= row.until and _concerns(row.hs, code)),
        caps=tuple(cap for cap in measure.caps if cap.in_force(on)),
        conditions=tuple(row for row in measure.conditions if _concerns(row.hs, code)),
        exemptions=tuple(row for row in measure.exemptions if row.in_force(on) and _concerns(row.hs, code)),
    )


def _concerns(prefixes: tuple[str, ...], code: str) -> bool:
    """Whether a row for goods of these prefixes (none: for all) is for the code asked, or for a part of it."""
    return not prefixes or any(code.startswith(prefix) or prefix.startswith(code) for prefix in prefixes)


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
