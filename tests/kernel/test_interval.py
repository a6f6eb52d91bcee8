"""A value known only to lie between two ends: what two intervals share, and what holds both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.interval import Interval

FIRST, MIDDLE, LAST = date(2017, 9, 11), date(2017, 12, 22), date(2024, 4, 30)
ends = st.none() | st.dates(date(2016, 1, 1), date(2018, 1, 1))
days = st.dates(date(2015, 1, 1), date(2019, 1, 1))


@st.composite
def intervals(draw: st.DrawFn) -> Interval[date]:
    low, high = draw(ends), draw(ends)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Interval(low, high)


@given(intervals(), intervals(), days)
def test_the_meet_holds_exactly_what_both_hold(one: Interval[date], other: Interval[date], on: date) -> None:
    met = one.meet(other)
    assert (met is not None and on in met) == (on in one and on in other)


@given(intervals(), intervals(), days)
def test_the_hull_holds_all_that_either_holds(one: Interval[date], other: Interval[date], on: date) -> None:
    if on in one or on in other:
        assert on in one.hull(other)


@given(intervals(), intervals(), intervals())
def test_meet_and_hull_are_a_lattice(a: Interval[date], b: Interval[date], c: Interval[date]) -> None:
    assert a.meet(b) == b.meet(a)
    assert a.hull(b) == b.hull(a)
    assert a.hull(b).hull(c) == a.hull(b.hull(c))
    assert a.meet(a) == a == a.hull(a)
    assert a.meet(a.hull(b)) == a
    ab, bc = a.meet(b), b.meet(c)
    assert (None if ab is None else ab.meet(c)) == (None if bc is None else a.meet(bc))
    if ab is not None:
        assert a.hull(ab) == a


@given(intervals(), intervals())
def test_the_hull_is_the_smallest(one: Interval[date], other: Interval[date]) -> None:
    hull = one.hull(other)
    assert hull.low in {one.low, other.low}
    assert hull.high in {one.high, other.high}


def test_both_ends_belong_to_it() -> None:
    interval = Interval(FIRST, LAST)
    assert FIRST in interval
    assert LAST in interval
    assert FIRST - timedelta(days=1) not in interval
    assert LAST + timedelta(days=1) not in interval


def test_an_end_that_is_none_is_open() -> None:
    assert date.max in Interval(FIRST, None)
    assert date.min not in Interval(FIRST, None)
    assert date.min in Interval(None, LAST)
    assert date.min in Interval[date](None, None)
    assert Interval(FIRST, None).hull(Interval(None, LAST)) == Interval(None, None)
    assert Interval(FIRST, None).meet(Interval(None, LAST)) == Interval(FIRST, LAST)


def test_intervals_that_touch_share_their_end_and_those_that_do_not_share_nothing() -> None:
    assert Interval(FIRST, MIDDLE).meet(Interval(MIDDLE, LAST)) == Interval(MIDDLE, MIDDLE)
    assert Interval(FIRST, FIRST).meet(Interval(MIDDLE, LAST)) is None


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (LAST, FIRST),
        (Decimal("0.2"), Decimal("0.1")),
        (datetime.max.replace(tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_interval_does_not_run_backwards(low: date, high: date) -> None:
    with pytest.raises(ValueError, match="from low to high"):
        Interval(low, high)


@pytest.mark.parametrize("ends", [(datetime(2026, 1, 1), None), (None, datetime(2026, 1, 1))])  # noqa: DTZ001  naive is what is refused
def test_a_time_without_its_zone_is_refused(ends: tuple[datetime | None, datetime | None]) -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        Interval(*ends)


@pytest.mark.parametrize("end", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_end_that_is_no_finite_number_is_refused(end: str) -> None:
    """Unknown is None; NaN would lie neither inside nor outside."""
    for low, high in ((Decimal(end), None), (None, Decimal(end)), (Decimal(end), Decimal(end))):
        with pytest.raises(ValueError, match="finite"):
            Interval(low, high)


def test_times_are_compared_across_zones() -> None:
    pyongyang = timezone(timedelta(hours=9))
    interval = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC))
    assert datetime(2026, 1, 1, 9, tzinfo=pyongyang) in interval
    assert datetime(2026, 1, 1, 8, 59, 59, tzinfo=pyongyang) not in interval
