"""What a number names, and whose flag its digits are."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.mmsi import DEFAULT, NO_MMSI, SHIP, UNASSIGNED, digits, flags_of, imo_is_sound, kind_of, kinds_of

KINDS = {
    445_000_001: SHIP,
    273_000_001: SHIP,
    444_000_001: UNASSIGNED,
    111_232_511: "an aircraft of search and rescue",
    2_441_000: "a coast station",
    24_410_000: "a group of ships",
    970_010_119: "a search and rescue transmitter",
    972_000_001: "a man overboard device",
    974_000_001: "an emergency beacon",
    979_000_001: "an autonomous radio device",
    982_190_001: "a craft of a parent ship",
    992_111_840: "an aid to navigation",
    844_000_001: "a handheld radio",
    123_456_789: DEFAULT,
    0: DEFAULT,
    111_111_111: DEFAULT,
    999_999_999: DEFAULT,
    1_193_046: DEFAULT,
    150_000_000: "no kind of station",
    1_000_000_000: NO_MMSI,
    -1: NO_MMSI,
}


@pytest.mark.parametrize(("mmsi", "kind"), KINDS.items())
def test_a_number_names_a_kind_of_station(mmsi: int, kind: str) -> None:
    assert kind_of(mmsi) == kind


def test_the_digits_199_are_a_ship_s_in_a_sandbox_and_nowhere_else() -> None:
    assert kind_of(199_000_001, "sandbox") == SHIP
    assert kind_of(199_000_001) == "no kind of station"


def test_a_number_that_is_not_there_has_no_kind() -> None:
    assert kinds_of(pa.array([None, 445_000_001], pa.int64()), pa.array(["", ""])).to_pylist() == ["", SHIP]


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_every_number_has_a_kind(mmsi: int) -> None:
    assert kind_of(mmsi)


@pytest.mark.parametrize(
    ("mmsi", "flags"),
    [
        (445_000_001, ("KP",)),
        (412_000_001, ("CN",)),
        (413_000_001, ("CN",)),
        (440_000_001, ("KR",)),
        (273_000_001, ("RU",)),
        (477_000_001, ("HK",)),
        (352_000_001, ("PA",)),
        (306_000_001, ("BQ", "CW", "SX")),
        (444_000_001, ()),
        (2_731_000, ()),
    ],
)
def test_the_first_three_digits_are_a_flag_s(mmsi: int, flags: tuple[str, ...]) -> None:
    assert flags_of(mmsi) == flags


def test_the_table_is_whole() -> None:
    table = digits().flags
    assert len(table) == 292
    assert all(200 <= mid <= 799 for mid in table)


def test_an_imo_number_is_held_against_its_check_digit() -> None:
    assert imo_is_sound(9_074_729)  # the example of IMO resolution A.1117(30)
    assert not imo_is_sound(9_074_728)
    assert imo_is_sound(103)
    assert not any(map(imo_is_sound, (0, -9_074_729, 90_747_290)))
