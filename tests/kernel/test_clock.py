"""Times: aware, in UTC, printed one way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.clock import day, instant, stamp
from bongsu.kernel.errors import UsageError

MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)  # noqa: DTZ001  bounds, zones are added


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T06:00:00Z",
        "2026-11-24T06:00:00+00:00",
        "2026-11-24T15:00:00+09:00",
        "2026-11-24 01:00-05:00",
        "2026-11-24T06Z",
        "  2026-11-24T06:00Z\n",
        "2026-11-24T06:00:00.000Z",
    ],
)
def test_a_moment_is_read_from_any_zone(text: str) -> None:
    moment = instant(text)
    assert moment == MORNING
    assert moment.utcoffset() == timedelta(0)


def test_a_date_alone_is_its_first_second_in_utc() -> None:
    assert instant("2026-11-24") == datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-11-24T06:00:00", "2026-11-24 06:00", "2026-11-24T06", "2026-11-24T06:00:00.5"])
def test_a_time_without_its_zone_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="needs its zone") as refused:
        instant(text)
    assert refused.value.remedy is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-13-01",
        "2026-02-29",
        "2026-11-24T25:00Z",
        "2026-11-24T06:60Z",
        "24.11.2026",
        "2026-11",
        "２０２６-１１-２４",
        "2026W48T06",
        "2026-W48",
        "2026-W48-2",
        "20261124",
        "2026-11-24x06:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_moment_is_refused_in_words(text: str) -> None:
    """`2026W48T06` is a time without zone that is as short as a date; the last two lie outside of any year in UTC."""
    with pytest.raises(UsageError, match="not a date or time") as refused:
        instant(text)
    assert repr(text) in str(refused.value)
    assert refused.value.exit_code == 2


@given(moments)
def test_a_printed_moment_reads_back_to_the_second(moment: datetime) -> None:
    assert instant(stamp(moment)) == moment.replace(microsecond=0)


@given(moments, offsets)
def test_a_moment_is_printed_alike_in_every_zone(moment: datetime, zone: timezone) -> None:
    assert stamp(moment.astimezone(zone)) == stamp(moment)


@given(st.lists(moments))
def test_printed_moments_sort_by_time(many: list[datetime]) -> None:
    assert sorted(map(stamp, many)) == [stamp(moment) for moment in sorted(many)]


def test_a_moment_is_printed_with_z_in_whole_seconds_and_four_digits_of_year() -> None:
    assert stamp(MORNING.replace(microsecond=999_999)) == "2026-11-24T06:00:00Z"
    assert stamp(datetime(987, 6, 5, tzinfo=UTC)) == "0987-06-05T00:00:00Z"


def test_the_two_hours_that_summer_time_gives_one_name_are_two_moments() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    assert [stamp(twice), stamp(twice.replace(fold=1))] == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]


class Silent(tzinfo):
    """A zone that does not say what it is: the time is as good as without one."""

    def utcoffset(self, _: datetime | None) -> None:
        return None


@pytest.mark.parametrize("zone", [None, Silent()])
def test_a_time_without_its_zone_is_not_printed(zone: tzinfo | None) -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        stamp(MORNING.replace(tzinfo=zone))


@given(st.dates())
def test_a_day_reads_back(on: date) -> None:
    assert day(on.isoformat()) == on
    assert day(f" {on.isoformat()}\n") == on


@pytest.mark.parametrize(
    "text",
    ["", "2026-11-24T06:00:00Z", "20261124", "2026-W48-2", "2026-02-30", "24-11-2026", "2026-1-24", "２０２６-11-24"],
)
def test_what_is_no_day_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match="not a day") as refused:
        day(text)
    assert refused.value.remedy == "write it as 2026-11-24"
