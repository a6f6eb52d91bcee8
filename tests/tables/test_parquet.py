"""Records as Parquet: they come back as they went in, and the same records give the same bytes."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
from dataclasses import dataclass, make_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Literal, Optional

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.tables import from_parquet, schema_of, to_parquet


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """An invented observation with a field of each kind, and each kind unknown."""

    name: str
    count: int
    speed_kn: float
    fishing: bool
    day: date
    seen_at: datetime
    name_or_none: str | None
    count_or_none: int | None
    speed_or_none: float | None
    fishing_or_none: bool | None
    day_or_none: date | None
    seen_or_none: datetime | None


SIGHT = Sight(
    name="SANDBOX VESSEL ONE 한",
    count=-3,
    speed_kn=7.5,
    fishing=False,
    day=date(2026, 11, 24),
    seen_at=datetime(2026, 11, 24, 6, 0, 0, 123456, tzinfo=UTC),
    name_or_none=None,
    count_or_none=None,
    speed_or_none=None,
    fishing_or_none=None,
    day_or_none=None,
    seen_or_none=None,
)
OPTIONAL = [name for name in Sight.__slots__ if name.endswith("_or_none")]
REQUIRED = [name for name in Sight.__slots__ if not name.endswith("_or_none")]

texts = st.text(st.characters(exclude_categories=["Cs"]))
integers = st.integers(-(2**63), 2**63 - 1)
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)  # noqa: DTZ001  bounds
floats = st.floats(allow_nan=False)
sights = st.builds(
    Sight,
    name=texts,
    count=integers,
    speed_kn=floats,
    fishing=st.booleans(),
    day=st.dates(),
    seen_at=moments,
    name_or_none=st.none() | texts,
    count_or_none=st.none() | integers,
    speed_or_none=st.none() | floats,
    fishing_or_none=st.none() | st.booleans(),
    day_or_none=st.none() | st.dates(),
    seen_or_none=st.none() | moments,
)


@given(st.lists(sights, max_size=5))
def test_records_come_back_in_their_order_as_they_went_in(records: list[Sight]) -> None:
    assert from_parquet(to_parquet(records, Sight), Sight) == records


@given(st.lists(sights, max_size=5))
def test_equal_records_give_equal_bytes(records: list[Sight]) -> None:
    utc = [replace(record, seen_at=record.seen_at.astimezone(UTC)) for record in records]
    assert to_parquet(iter(records), Sight) == to_parquet(utc, Sight)


def test_another_process_with_other_hashes_writes_the_same_bytes() -> None:
    program = (
        "import hashlib, sys\n"
        "from bongsu.lists.register import Sighting\n"
        "from bongsu.tables import to_parquet\n"
        "from datetime import date\n"
        "rows = [Sighting(id=str(i), listing='SANDBOX', entity='e', schema='Person', prop='name', value='v' * i,\n"
        "        cleaned=None, rejected=None, first_seen=date(2026, 1, 1), last_seen=date(2026, 2, 1), copies=i)\n"
        "        for i in range(2000)]\n"
        "print(hashlib.sha256(to_parquet(rows, Sighting)).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Pyongyang"))
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


def test_unknown_comes_back_as_none_and_zero_and_the_empty_text_as_themselves() -> None:
    known = replace(SIGHT, name_or_none="", count_or_none=0, speed_or_none=0.0, fishing_or_none=False)
    assert from_parquet(to_parquet([SIGHT, known], Sight), Sight) == [SIGHT, known]
    table = pq.read_table(io.BytesIO(to_parquet([SIGHT, known], Sight)))
    assert {name: table.column(name).null_count for name in table.column_names} == {
        **dict.fromkeys(REQUIRED, 0),
        "name_or_none": 1,
        "count_or_none": 1,
        "speed_or_none": 1,
        "fishing_or_none": 1,
        "day_or_none": 2,
        "seen_or_none": 2,
    }


def test_no_records_are_a_file_with_the_columns_and_no_row() -> None:
    content = to_parquet([], Sight)
    assert from_parquet(content, Sight) == []
    assert pq.read_schema(io.BytesIO(content)).equals(schema_of(Sight))


def test_times_come_back_aware_in_utc_to_the_microsecond() -> None:
    (back,) = from_parquet(to_parquet([SIGHT], Sight), Sight)
    assert back.seen_at.utcoffset() == timedelta(0)
    assert back.seen_at.microsecond == 123456


def test_a_number_that_is_none_of_ieee_754_s_comes_back_as_that() -> None:
    (back,) = from_parquet(to_parquet([replace(SIGHT, speed_kn=math.nan, speed_or_none=-0.0)], Sight), Sight)
    assert math.isnan(back.speed_kn)
    assert repr(back.speed_or_none) == "-0.0"


@pytest.mark.parametrize("name", REQUIRED)
def test_none_in_a_field_that_must_be_known_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} holds NoneType"):
        to_parquet([SIGHT, replace(SIGHT, **{name: None})], Sight)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", 1),
        ("name", b"SANDBOX"),
        ("count", 1.0),
        ("count", 1.5),
        ("count", True),
        ("count", "1"),
        ("count", Decimal(1)),
        ("speed_kn", "7.5"),
        ("speed_kn", True),
        ("speed_kn", Decimal("7.5")),
        ("fishing", 1),
        ("fishing", "true"),
        ("day", "2026-11-24"),
        ("day", 5),
        ("day", datetime(2026, 11, 24, 23, tzinfo=UTC)),
        ("seen_at", date(2026, 11, 24)),
        ("seen_at", 5),
    ],
)
def test_a_value_of_another_kind_is_refused_and_never_bent_to_fit(name: str, value: Any) -> None:
    """Arrow would write 1 for 1.5, 1.0 for True, and 1970-01-06 for 5."""
    for field in (name, next(each for each in OPTIONAL if each.startswith(name.partition("_")[0]))):
        with pytest.raises(TypeError, match=f"{field} holds {type(value).__name__}"):
            to_parquet([SIGHT, replace(SIGHT, **{field: value})], Sight)


def test_a_time_without_its_zone_is_refused() -> None:
    naive = datetime(2026, 11, 24, 6)  # noqa: DTZ001  what is refused
    for field in ("seen_at", "seen_or_none"):
        with pytest.raises(ValueError, match="without its zone"):
            to_parquet([SIGHT, replace(SIGHT, **{field: naive})], Sight)


def test_a_number_beyond_64_bits_and_a_lone_surrogate_are_refused() -> None:
    with pytest.raises(ValueError, match="beyond 64 bits"):
        to_parquet([replace(SIGHT, count=2**63)], Sight)
    with pytest.raises(ValueError, match="surrogates"):
        to_parquet([replace(SIGHT, name="\ud800")], Sight)


def test_a_whole_number_may_stand_for_a_float() -> None:
    (back,) = from_parquet(to_parquet([replace(SIGHT, speed_kn=7)], Sight), Sight)
    assert (back.speed_kn, type(back.speed_kn)) == (7.0, float)


def test_the_schema_has_the_fields_in_order_and_says_which_may_be_null() -> None:
    assert schema_of(Sight).names == list(Sight.__slots__)
    assert {field.name for field in schema_of(Sight) if field.nullable} == set(OPTIONAL)
    assert schema_of(Sight).field("seen_at").type == pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize(
    "kind",
    [
        Decimal,
        bytes,
        list[str],
        tuple[str, ...],
        dict[str, str],
        object,
        None,
        Any,
        int | str,
        int | str | None,
        Decimal | None,
        Literal["coal"],
        type(SIGHT),
        timedelta,
    ],
)
def test_a_field_of_a_type_without_a_column_is_refused(kind: Any) -> None:
    with pytest.raises(TypeError, match="no Arrow type for weight"):
        schema_of(make_dataclass("Invented", [("name", str), ("weight", kind)]))


def test_both_ways_of_writing_that_a_field_may_be_unknown_mean_the_same() -> None:
    old_way = make_dataclass("Invented", [("name", Optional[str])])  # noqa: UP045  the older spelling is what is asked
    assert schema_of(old_way) == schema_of(make_dataclass("Invented", [("name", str | None)]))


def test_what_is_no_dataclass_has_no_schema() -> None:
    with pytest.raises(TypeError):
        schema_of(str)


Other = make_dataclass("Other", [("name", str), ("count", int)])


@pytest.mark.parametrize(
    "fields",
    [
        [("name", str)],
        [("count", int), ("name", str)],
        [("name", str), ("number", int)],
        [("name", str), ("count", int), ("extra", str)],
        [("name", str), ("count", str)],
        [("name", str), ("count", float)],
        [("name", str | None), ("count", int)],
    ],
)
def test_a_file_of_other_columns_is_refused(fields: list[tuple[str, Any]]) -> None:
    written = make_dataclass("Written", fields)
    with pytest.raises(ValueError, match="name string not null, count int64 not null are meant"):
        from_parquet(to_parquet([], written), Other)


@pytest.mark.parametrize("cut", [0, 3, 100, -1, -8])
def test_a_file_that_is_cut_is_refused(cut: int) -> None:
    with pytest.raises(ValueError, match="Parquet"):
        from_parquet(to_parquet([SIGHT], Sight)[:cut], Sight)
