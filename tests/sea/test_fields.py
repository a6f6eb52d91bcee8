"""Columns of text made numbers and codes: what could not be read is told from what was not there."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.fields import codes, floats, moments, texts, times, wholes


def column(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def test_numbers_are_read_one_by_one_in_effect() -> None:
    found = floats(column("9.5", None, "fast", "-0.25", "1e3"))
    assert found.values.to_pylist() == [9.5, None, None, -0.25, 1000.0]
    assert found.bad.to_pylist() == [False, False, True, False, False]


def test_a_whole_number_may_be_written_with_a_point() -> None:
    found = wholes(column("199000001", "199000001.0", "5.5", "nan", "", None, "99999999999999999999"))
    assert found.values.to_pylist() == [199_000_001, 199_000_001, None, None, None, None, None]
    assert found.bad.to_pylist() == [False, False, True, True, True, False, True]


def test_codes_are_numbers_or_words_that_the_card_knows() -> None:
    found = codes(column("5", "Moored", "Unknown value", "Adrift", None), {"Moored": "5", "Unknown value": "unknown"})
    assert found.values.to_pylist() == [5, 5, None, None, None]
    assert found.bad.to_pylist() == [False, False, False, True, False]


def test_texts_lose_blanks_and_words_that_mean_unknown() -> None:
    assert texts(column(" SBX1 ", "  ", "Unknown", None), {"Unknown": "unknown"}).to_pylist() == [
        "SBX1",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("form", "text", "meant"),
    [
        ("%d/%m/%Y %H:%M", "20/03/2021 00:22", datetime(2021, 3, 20, 0, 22, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S.%fZ", "2020-11-18T00:00:00.250Z", datetime(2020, 11, 18, 0, 0, 0, 250_000, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-01-02T09:00:00+0900", datetime(2026, 1, 2, tzinfo=UTC)),
        ("%d %b %y, %H.%M", "02 Jan 26, 06.30", datetime(2026, 1, 2, 6, 30, tzinfo=UTC)),
    ],
)
def test_times_are_read_in_the_form_that_the_card_names(form: str, text: str, meant: datetime) -> None:
    found = times(column(text, None), [form], ZoneInfo("UTC"))
    assert found.values.to_pylist() == [meant, None]
    assert found.bad.to_pylist() == [False, False]


@pytest.mark.parametrize(
    "text", ["31/02/2026 00:00:00", "02/13/2026 00:00:00", "02/01/2026 24:00:00", "00/01/2026 00:00:00"]
)
def test_a_time_that_is_none_is_never_moved_to_another_day(text: str) -> None:
    assert times(column(text), ["%d/%m/%Y %H:%M:%S"], ZoneInfo("UTC")).bad.to_pylist() == [True]


def test_counts_of_seconds_or_milliseconds_are_times() -> None:
    meant = datetime(2026, 1, 2, tzinfo=UTC)
    for per_second in (1, 1000):
        count = int(meant.timestamp()) * per_second
        found = moments(column(str(count), "soon", None, "1e300"), per_second)
        assert found.values.to_pylist() == [meant, None, None, None]
        assert found.bad.to_pylist() == [False, True, False, True]


@given(st.lists(st.one_of(st.none(), st.text(max_size=6), st.floats().map(str), st.integers().map(str)), max_size=20))
def test_a_bad_value_spoils_no_other(values: list[str | None]) -> None:
    values = [None if value is None else value.encode("utf-8", "replace").decode() for value in values]
    for read in (floats, wholes):
        together = read(pa.array(values, pa.string()))
        alone = [read(pa.array([value], pa.string())) for value in values]
        assert [str(value) for value in together.values] == [str(each.values[0]) for each in alone]
        assert together.bad.to_pylist() == [each.bad[0].as_py() for each in alone]
