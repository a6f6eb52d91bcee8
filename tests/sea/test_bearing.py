"""What bears on a sign: the measures in force while it happened, each with the fact that ties it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bongsu.cycle.standing import standing
from bongsu.kernel.indicator import Reason
from bongsu.law import load_regime
from bongsu.sea.bearing import bearing
from bongsu.sea.ships import Ship
from bongsu.sea.signs import Seen, Sign

KEYS = tuple(measure.key for measure in load_regime().measures())
CLOCK_S = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp())


def sign(first: date, last: date | None, *keys: str) -> Sign:
    from_s, to_s = (None if day is None else second(day) for day in (first, last))
    return Sign(
        ships=(Ship(mmsi=199_000_001),),
        title="SANDBOX HERON did something",
        measures=keys,
        from_s=from_s or 0,
        to_s=to_s,
        reasons=(Reason(text="Invented.", weight=0.5),),
        alternatives=("Invented.",),
        facts={"kind": "invented"},
        seen=(Seen(mmsi=199_000_001, at_s=from_s or 0),),
    )


def second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def borne(found: Sign) -> tuple[tuple[str, ...], list[str]]:
    keys, reasons = bearing(found, {key: f"because of {key}" for key in KEYS}, standing, clock_s=CLOCK_S)
    return keys, [reason.text for reason in reasons]


def test_a_call_of_2005_has_no_measure_and_one_of_2016_none_that_came_later() -> None:
    assert borne(sign(date(2005, 5, 1), date(2005, 5, 2), "2270/18", "2397/5")) == ((), [])
    keys, texts = borne(sign(date(2016, 5, 1), date(2016, 5, 2), "2270/18", "2397/5"))
    assert keys == ("2270/18",)
    assert texts == ["2270/18 may bear: because of 2270/18."]


def test_of_what_went_on_when_a_measure_began_it_is_said_since_when_it_bound() -> None:
    _, texts = borne(sign(date(2017, 12, 1), date(2018, 1, 2), "2375/14", "2397/5"))
    assert texts == [
        "2375/14 (in force until 2017-12-31) may bear: because of 2375/14.",
        "2397/5 (in force from 2018-01-01) may bear: because of 2397/5.",
    ]


def test_what_goes_on_goes_on_until_the_clock() -> None:
    assert borne(sign(date(2015, 1, 1), None, "2375/11"))[0] == ("2375/11",)


def test_reasons_weigh_nothing_and_measures_of_one_fact_share_one() -> None:
    _, reasons = bearing(
        sign(date(2020, 1, 1), date(2020, 1, 1), "2397/4", "2397/5"),
        {"2397/4": "she is a tanker", "2397/5": "she is a tanker"},
        standing,
        clock_s=CLOCK_S,
    )
    assert [(reason.text, reason.weight) for reason in reasons] == [
        ("2397/4 and 2397/5 may bear: she is a tanker.", 0.0)
    ]


@given(st.dates(date(2000, 1, 1), date(2026, 1, 1)), st.integers(0, 3000), st.sets(st.sampled_from(KEYS)))
def test_what_bears_was_in_force_on_a_day_of_the_sign_and_each_has_its_reason(
    first: date, days: int, keys: set[str]
) -> None:
    last = first + timedelta(days=days)
    regime = load_regime()
    bears, texts = borne(sign(first, last, *sorted(keys)))
    for key in keys:
        measure = regime.measure(key)
        overlaps = measure.binds_from <= last and (measure.binds_until is None or first <= measure.binds_until)
        assert (key in bears) is overlaps
        assert any(text.startswith(key) and key in text for text in texts) is overlaps
