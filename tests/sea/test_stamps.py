"""Time stamps as recorders write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.stamps import behind, epoch, in_front, microseconds

AT = datetime(2026, 9, 21, 14, 13, 20, 250_000, tzinfo=UTC)
# Hypothesis wants its bounds without a zone.
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, st.integers(-14 * 4, 14 * 4))
def test_a_moment_is_read_in_any_zone(moment: datetime, quarters: int) -> None:
    written = moment.astimezone(timezone(timedelta(minutes=15 * quarters))).isoformat()
    assert microseconds(written) == (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@given(st.text(max_size=40))
def test_no_text_ends_the_reading(text: str) -> None:
    found = microseconds(text)
    assert found is None or found >= 0 or "-" in text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1790000000", 1_790_000_000_000_000),
        ("1790000000.25", 1_790_000_000_250_000),
        ("1790000000250", 1_790_000_000_250_000),
        ("1790000000250000", 1_790_000_000_250_000),
        ("2026-09-21T14:13:20.25Z", 1_790_000_000_250_000),
        ("2026-09-21 14:13:20.250000999 +0000", 1_790_000_000_250_000),
        ("2026-09-21 14:13:20.25", 1_790_000_000_250_000),
        ("99999999999999999", 99_999_999_999_999_999),
        ("2026-13-21T14:13:20Z", None),
        ("2026-09-21T25:13:20Z", None),
        ("2026-09-21", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("noon", None),
        ("-5", None),
        ("\u0661\u0667\u0669", None),
    ],
)
def test_a_time_is_one_of_few_forms(text: str, read: int | None) -> None:
    assert microseconds(text) == read


def test_what_is_no_time_is_broken_and_what_is_nothing_is_not() -> None:
    texts = pa.array([b"", b" , ", b"noon", None, b"1790000000.25 ", b"\xff"])
    found = in_front(texts)
    assert found.at.to_pylist() == [None, None, None, None, AT, None]
    assert found.broken.to_pylist() == [False, False, True, False, False, True]


def test_behind_a_sentence_stand_fields_of_which_the_last_may_be_the_time() -> None:
    texts = pa.array([b",r003669945", b",d-098,S1234,1790000000.25", b",1,2,3", b"*00", b",1790000000.25,r1"])
    found = behind(texts)
    assert found.at.to_pylist() == [None, AT, None, None, None]
    assert found.broken.to_pylist() == [False, False, True, True, True]


def test_a_tag_block_counts_seconds_or_thousandths() -> None:
    found = epoch(pa.array([b"1790000000", b"1790000000250", b"2026-09-21T14:13:20Z", b""]))
    assert found.at.to_pylist() == [AT.replace(microsecond=0), AT, None, None]
    assert found.broken.to_pylist() == [False, False, True, False]
