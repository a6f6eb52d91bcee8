"""Which measures signs at sea name: those that a fact ties to the ships, in force then, of ships listed by then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from ships import DAY, identity
from waters import at, numbered, sea_of, stretch

from bongsu.cycle.standing import standing
from bongsu.kernel.indicator import Indicator
from bongsu.sea import desk
from bongsu.sea.model import DesignatedShip
from bongsu.sea.outlook import petroleum
from bongsu.tables.engine import Engine

KP, OTHER, THIRD = 445_999_901, 199_000_002, 199_000_003
YELLOW_SEA, NORTH_SEA, OFF_DALIAN, OFF_NINGBO = (35.5, 123.5), (56.5, 5.0), (38.72, 122.0), (29.6, 122.7)
KOREA_BAY, EAST_CHINA_SEA = (38.5, 123.9), (29.8, 125.4)
NAMPO, BUSAN, AT_SEA = (38.715, 125.36), (35.10, 129.04), (38.40, 124.40)
LISTED, OWN = 123_004, 123_016


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def found(
    engine: Engine, rows: list[dict[str, Any]], said: list[dict[str, Any]], detector: str, *listed: DesignatedShip
) -> list[Indicator]:
    sea = sea_of(engine, numbered(rows), said, designated=listed)
    return list(desk.detect(sea, standing=standing, only=[detector]))


def listed(**changes: Any) -> DesignatedShip:
    made: dict[str, Any] = {
        "listing": "sandbox_un:1", "authority": "SANDBOX", "binding": "un", "name": "SANDBOX LISTED", "imo": LISTED,
        "mmsi": None, "listed_on": "2020-01-01", "exhibit": "f" * 64, "locator": "row=7", "sandbox": True,
    }  # fmt: skip
    return DesignatedShip(**{**made, **changes})


def years(rows: list[dict[str, Any]], day: datetime) -> list[dict[str, Any]]:
    """The same as if it began on another day."""
    return [
        {**row, **{key: row[key] + (day - DAY) for key in ("at", "first_at", "last_at") if key in row}} for row in rows
    ]


def says(mmsi: int, number: int, **changes: Any) -> dict[str, Any]:
    made = {"imo": None, "name": f"SANDBOX {number}", "first_at": at(0), "last_at": at(40 * 3600), **changes}
    return identity(900 + number, mmsi=mmsi, **made)


def beside(
    one: int, other: int, place: tuple[float, float], hours: tuple[float, float] = (0, 5)
) -> list[dict[str, Any]]:
    return [*stretch(one, hours, place), *stretch(other, hours, (place[0] + 0.001, place[1]))]


def call(mmsi: int, place: tuple[float, float], begins: float = 0.0, **changes: Any) -> list[dict[str, Any]]:
    """In from the sea, a day at a place, and out again."""
    return [
        *stretch(mmsi, (begins, begins + 8), AT_SEA, place, speed=8.0, **changes),
        *stretch(mmsi, (begins + 8, begins + 32), place, speed=0.0, status=5, **changes),
        *stretch(mmsi, (begins + 32, begins + 40), place, AT_SEA, speed=8.0, **changes),
    ]


# Two ships beside each other


@pytest.mark.parametrize(
    ("one", "place", "measures"),
    [
        (THIRD, NORTH_SEA, None),
        (THIRD, YELLOW_SEA, None),
        (THIRD, EAST_CHINA_SEA, {"2397/9-grounds"}),
        (THIRD, KOREA_BAY, {"2397/9-grounds", "2397/5"}),
        (KP, YELLOW_SEA, {"2397/9-grounds", "2375/11", "2397/5"}),
        (KP, NORTH_SEA, {"2397/9-grounds", "2375/11", "2397/5"}),
    ],
)
def test_a_meeting_names_only_what_its_ties_reach(
    engine: Engine, one: int, place: tuple[float, float], measures: set[str] | None
) -> None:
    said = [says(one, 1, ship_type=80), says(OTHER, 2, ship_type=80)]
    signs = found(engine, beside(one, OTHER, place), said, "encounter")
    assert [set(each.measures) for each in signs] == ([] if measures is None else [measures])


def test_a_meeting_that_only_known_waters_tie_weighs_little_and_says_so(engine: Engine) -> None:
    said = [says(THIRD, 1, ship_type=70), says(OTHER, 2, ship_type=70)]
    (sign,) = found(engine, beside(THIRD, OTHER, EAST_CHINA_SEA), said, "encounter")
    assert sign.score < 0.25
    assert "Nothing that is known here ties either ship to the DPRK." in [reason.text for reason in sign.reasons]


def test_a_ship_of_the_dprk_beside_a_tug_is_a_sign_that_weighs_less_and_names_the_tugs_work(engine: Engine) -> None:
    tug, tanker = (
        found(
            engine,
            beside(KP, OTHER, YELLOW_SEA),
            [says(KP, 1, ship_type=80), says(OTHER, 2, ship_type=kind)],
            "encounter",
        )[0]
        for kind in (52, 80)
    )
    assert tug.score < tanker.score
    assert "1874/17" in tug.measures
    assert "1874/17" not in tanker.measures
    assert any("The work of one of them" in each for each in tug.alternatives)
    assert not any("The work of one of them" in each for each in tanker.alternatives)


def test_a_call_at_a_port_of_the_dprk_ties_a_meeting_of_the_fortnight_and_no_later_one(engine: Engine) -> None:
    said = [says(THIRD, 1, ship_type=80, last_at=at(90 * 86_400)), says(OTHER, 2, ship_type=80)]
    rows = call(THIRD, NAMPO)
    (sign,) = found(engine, [*rows, *beside(THIRD, OTHER, YELLOW_SEA, (100, 105))], said, "encounter")
    assert sign.facts["ties"] == ["dprk_call"]
    assert "2397/5" in sign.measures
    assert found(engine, [*rows, *beside(THIRD, OTHER, YELLOW_SEA, (400, 405))], said, "encounter") == []


def test_a_listing_ties_a_meeting_from_its_day(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=LISTED, ship_type=70), says(OTHER, 2, ship_type=70)]
    rows = beside(THIRD, OTHER, YELLOW_SEA)
    (sign,) = found(engine, rows, said, "encounter", listed(listed_on="2026-01-02"))
    assert sign.facts["ties"] == ["listed"]
    assert found(engine, rows, said, "encounter", listed(listed_on="2026-01-03")) == []
    assert found(engine, rows, said, "encounter", listed(listed_on=None)) == []


# A ship that lies in waters to be watched


@pytest.mark.parametrize(
    ("mmsi", "kind", "place", "measures"),
    [
        (THIRD, 80, OFF_NINGBO, {"2397/9-grounds"}),
        (THIRD, 70, OFF_NINGBO, {"2397/9-grounds"}),
        (THIRD, 70, OFF_DALIAN, None),
        (KP, 70, OFF_DALIAN, {"2397/9-grounds", "2375/11", "2371/8"}),
        (KP, 80, OFF_DALIAN, {"2397/9-grounds", "2375/11"}),
    ],
)
def test_lying_off_names_coal_only_of_dry_cargo_that_is_tied(
    engine: Engine, mmsi: int, kind: int, place: tuple[float, float], measures: set[str] | None
) -> None:
    signs = found(engine, stretch(mmsi, (0, 12), place), [says(mmsi, 1, ship_type=kind)], "loitering")
    assert [set(each.measures) for each in signs] == ([] if measures is None else [measures])


def test_waters_that_our_own_list_alone_names_are_said_to_be_that(engine: Engine) -> None:
    (sign,) = found(engine, stretch(KP, (0, 12), OFF_DALIAN), [says(KP, 1, ship_type=70)], "loitering")
    assert any("Our own list alone names these waters" in reason.text for reason in sign.reasons)


# A silence

OTHERS = (199_000_011, 199_000_012, 199_000_013)


def silence(mmsi: int, place: tuple[float, float]) -> list[dict[str, Any]]:
    """Six hours at a place, fourteen of silence, six hours there again; three others are heard throughout."""
    around = [(place[0] + 0.05 * number, place[1]) for number in range(1, 4)]
    others = [row for other, beside in zip(OTHERS, around, strict=True) for row in stretch(other, (0, 27), beside)]
    return [*stretch(mmsi, (0, 6), place), *stretch(mmsi, (20, 26), place), *others]


def kinds(signs: list[Indicator]) -> list[list[str]]:
    return [list(each.facts["ties"]) for each in signs]  # type: ignore[arg-type]  # JSON


MID_YELLOW_SEA = (36.2, 122.6)


@pytest.mark.parametrize(
    ("mmsi", "place", "ties", "measures"),
    [
        (THIRD, NORTH_SEA, None, None),
        (THIRD, MID_YELLOW_SEA, None, None),
        (THIRD, EAST_CHINA_SEA, ["transfer_area"], {"2397/9-grounds"}),
        (THIRD, (37.5, 123.5), ["near_dprk"], {"2397/9-grounds", "2375/7"}),
        (THIRD, (38.3, 124.4), ["dprk_waters", "transfer_area", "near_dprk"], {"2397/9-grounds", "2375/7"}),
        (KP, NORTH_SEA, ["dprk_flag"], {"2397/9-grounds", "2397/13"}),
    ],
)
def test_a_silence_is_a_sign_only_where_something_ties_it(
    engine: Engine,
    mmsi: int,
    place: tuple[float, float],
    ties: list[str] | None,
    measures: set[str] | None,
) -> None:
    signs = found(engine, silence(mmsi, place), [says(mmsi, 1)], "dark_gap")
    assert kinds(signs) == ([] if ties is None else [ties])
    assert [set(each.measures) for each in signs] == ([] if measures is None else [measures])


def test_a_port_near_by_is_the_weakest_tie_and_the_sign_says_that_nothing_ties_her(engine: Engine) -> None:
    (near,) = found(engine, silence(THIRD, (37.5, 123.5)), [says(THIRD, 1)], "dark_gap")
    (flown,) = found(engine, silence(KP, (37.5, 123.5)), [says(KP, 1)], "dark_gap")
    assert near.score < 0.2
    assert flown.score > 0.5
    texts = [reason.text for reason in near.reasons]
    assert any(text.startswith("An end of it lies ") and text.endswith(", a port of the DPRK.") for text in texts)
    assert "Nothing that is known here ties her to the DPRK." in texts
    assert not any("Nothing that is known here" in reason.text for reason in flown.reasons)


def test_a_silence_weeks_after_a_call_is_not_tied_by_it(engine: Engine) -> None:
    said = [says(THIRD, 1, last_at=at(90 * 86_400))]
    later = [{**row, "at": row["at"] + timedelta(days=10)} for row in silence(THIRD, NORTH_SEA)]
    (sign,) = found(engine, [*call(THIRD, NAMPO), *later], said, "dark_gap")
    assert kinds([sign]) == [["dprk_call"]]
    much_later = [{**row, "at": row["at"] + timedelta(days=20)} for row in silence(THIRD, NORTH_SEA)]
    assert found(engine, [*call(THIRD, NAMPO), *much_later], said, "dark_gap") == []


def test_a_listing_ties_a_silence_from_its_day(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=LISTED)]
    (sign,) = found(engine, silence(THIRD, NORTH_SEA), said, "dark_gap", listed(listed_on="2026-01-02"))
    assert kinds([sign]) == [["listed"]]
    assert found(engine, silence(THIRD, NORTH_SEA), said, "dark_gap", listed(listed_on="2026-03-02")) == []


# What a transponder says

SOUND, ANOTHER, WRONG = 12_340, 23_454, 12_347


@pytest.mark.parametrize(
    ("rows", "ties"),
    [
        (stretch(THIRD, (0, 6), NORTH_SEA), None),
        (stretch(THIRD, (0, 6), KOREA_BAY), ["dprk_waters"]),
        (stretch(THIRD, (0, 6), EAST_CHINA_SEA), None),
        (call(THIRD, NAMPO), ["dprk_call", "dprk_waters"]),
    ],
)
def test_a_number_that_cannot_be_is_a_sign_only_of_a_ship_that_something_ties(
    engine: Engine, rows: list[dict[str, Any]], ties: list[str] | None
) -> None:
    signs = found(engine, rows, [says(THIRD, 1, imo=WRONG)], "identity")
    assert kinds(signs) == ([] if ties is None else [ties])
    assert [each.measures for each in signs] == ([] if ties is None else [("2397/9-grounds",)])


def test_waters_in_which_she_was_weeks_after_what_she_said_tie_nothing(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=WRONG, first_at=at(0), last_at=at(3600))]
    later = [{**row, "at": row["at"] + timedelta(days=30)} for row in stretch(THIRD, (0, 6), KOREA_BAY)]
    assert found(engine, [*stretch(THIRD, (0, 6), NORTH_SEA), *later], said, "identity") == []


def test_a_call_of_either_transponder_ties_a_number_that_both_send(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=SOUND), says(OTHER, 1, imo=SOUND)]
    (sign,) = found(engine, [*call(OTHER, NAMPO), *stretch(THIRD, (0, 40), NORTH_SEA)], said, "identity")
    assert (sign.facts["kind"], sign.facts["ties"]) == ("imo_shared", ["dprk_call", "dprk_waters"])


def test_a_listed_number_that_is_one_of_two_ties_the_sign_that_one_transponder_sent_both(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=SOUND, last_at=at(3600)), says(THIRD, 1, imo=ANOTHER, first_at=at(7200))]
    signs = found(engine, stretch(THIRD, (0, 6), NORTH_SEA), said, "identity", listed(imo=SOUND, name="SANDBOX 1"))
    assert [(each.facts["kind"], each.facts["ties"]) for each in signs] == [("mmsi_shared", ["listed"])]


def test_a_name_ties_only_where_no_sound_number_says_that_she_is_another(engine: Engine) -> None:
    rows, ship = stretch(THIRD, (0, 6), NORTH_SEA), listed(name="SANDBOX 1")
    (sign,) = found(engine, rows, [says(THIRD, 1, imo=WRONG)], "identity", ship)
    assert sign.facts["ties"] == ["same_name"]
    assert any("many ships share a name" in reason.text for reason in sign.reasons)
    renamed = [says(THIRD, 1, imo=SOUND, last_at=at(3600)), says(THIRD, 20_000, imo=SOUND, first_at=at(7200))]
    assert found(engine, rows, renamed, "identity", ship) == []


def test_a_flag_that_a_reason_names_already_is_not_weighed_twice(engine: Engine) -> None:
    (sign,) = found(engine, stretch(KP, (0, 3), NORTH_SEA), [says(KP, 1)], "identity")
    assert (sign.facts["kind"], sign.facts["ties"]) == ("dprk_mmsi", ["dprk_flag"])
    assert sign.score == pytest.approx(desk.parameters_of("identity").weights["dprk_mmsi"])


# Places that cannot be


def leaps(mmsi: int, place: tuple[float, float]) -> list[dict[str, Any]]:
    """An hour at a place, one at another 160 km south, and one at the first again."""
    south = (place[0] - 1.4, place[1])
    return [*stretch(mmsi, (0, 1), place), *stretch(mmsi, (1, 2), south), *stretch(mmsi, (2, 3), place)]


@pytest.mark.parametrize(
    ("mmsi", "place", "ties", "measures"),
    [
        (THIRD, NORTH_SEA, None, None),
        (THIRD, MID_YELLOW_SEA, None, None),
        (THIRD, EAST_CHINA_SEA, ["transfer_area"], {"2397/9-grounds"}),
        (THIRD, KOREA_BAY, ["dprk_waters", "transfer_area"], {"2397/9-grounds"}),
        (KP, NORTH_SEA, ["dprk_flag"], {"2397/9-grounds", "2397/13"}),
    ],
)
def test_a_false_place_is_a_sign_only_where_something_ties_it(
    engine: Engine,
    mmsi: int,
    place: tuple[float, float],
    ties: list[str] | None,
    measures: set[str] | None,
) -> None:
    signs = found(engine, leaps(mmsi, place), [says(mmsi, 1)], "spoofing")
    assert kinds(signs) == ([] if ties is None else [ties])
    assert [set(each.measures) for each in signs] == ([] if measures is None else [measures])


@pytest.mark.parametrize("kp", [0, 1, None])
def test_a_copied_way_is_tied_by_either_ship(engine: Engine, kp: int | None) -> None:
    ships = [KP if number == kp else mmsi for number, mmsi in enumerate((THIRD, OTHER))]
    turns = [(56.0, 3.0), (56.17, 3.05), (56.32, 2.99), (56.44, 3.1), (56.6, 3.12), (56.7, 2.99), (56.87, 3.05)]
    rows = [
        row
        for east, mmsi in zip((0.0, 2.0), ships, strict=True)
        for hour, (begin, end) in enumerate(pairwise(turns))
        for row in stretch(
            mmsi, (hour, hour + 1), (begin[0], begin[1] + east), (end[0], end[1] + east), speed=10.0, every_min=5
        )
    ]
    signs = [each for each in found(engine, rows, [], "spoofing") if each.facts["kind"] == "copied_track"]
    assert kinds(signs) == ([] if kp is None else [["dprk_flag"]])


# A ship of the DPRK that merely sails


def test_a_ship_of_the_dprk_under_her_own_number_bears_on_inspection_alone(engine: Engine) -> None:
    (sign,) = found(engine, stretch(KP, (0, 3), YELLOW_SEA), [says(KP, 1)], "identity")
    assert (sign.facts["kind"], sign.measures) == ("dprk_mmsi", ("2270/18",))


# Designated ships


def test_a_number_mistyped_for_minutes_says_nothing_of_the_years_after(engine: Engine) -> None:
    later = [{**row, "at": row["at"] + timedelta(days=90)} for row in call(THIRD, BUSAN)]
    said = [
        says(THIRD, 1, imo=LISTED, first_at=at(0), last_at=at(720)),
        says(THIRD, 2, imo=OWN, first_at=at(3600), last_at=at(100 * 86_400)),
    ]
    (sign,) = found(engine, [*stretch(THIRD, (0, 10), (34.0, 129.5)), *later], said, "designated_vessel", listed())
    assert sign.when.low == at(0)
    assert sign.when.high == at(50 * 60)
    assert sign.facts["calls"] == []
    assert "2371/6" not in sign.measures
    assert sign.score < 0.4
    assert any(
        f"sent for 12 minutes only, and under the same MMSI at other times {OWN:07d}" in r.text for r in sign.reasons
    )


def test_what_was_sent_before_the_listing_makes_no_sign_and_what_goes_on_begins_with_its_day(engine: Engine) -> None:
    said = [says(THIRD, 1, imo=LISTED)]
    rows = stretch(THIRD, (0, 40), YELLOW_SEA, speed=5.0)
    assert found(engine, rows, said, "designated_vessel", listed(listed_on="2026-02-01")) == []
    (sign,) = found(engine, rows, said, "designated_vessel", listed(listed_on="2026-01-03"))
    assert sign.when.low == DAY + timedelta(days=1)
    assert any("before she was listed" in reason.text for reason in sign.reasons)


@pytest.mark.parametrize(
    ("place", "measures"),
    [
        (NAMPO, {"2397/9-grounds", "2321/12", "2397/15"}),
        (BUSAN, {"2397/9-grounds", "2321/12", "2397/15", "2397/9", "2371/6"}),
    ],
)
def test_the_port_states_duties_bear_at_ports_outside_the_dprk_alone(
    engine: Engine, place: tuple[float, float], measures: set[str]
) -> None:
    (sign,) = found(engine, call(THIRD, place), [says(THIRD, 1, imo=LISTED)], "designated_vessel", listed())
    assert set(sign.measures) == measures
    assert any("the port State's duties bear" in reason.text for reason in sign.reasons) is ("2371/6" in measures)


def test_a_list_that_prints_no_day_is_no_ground_for_what_binds_from_a_day(engine: Engine) -> None:
    rows, said = stretch(THIRD, (0, 10), YELLOW_SEA), [says(THIRD, 1, imo=LISTED)]
    (sign,) = found(engine, rows, said, "designated_vessel", listed(listed_on=None))
    assert sign.measures == ("2397/9-grounds",)
    assert any("prints no day of the listing" in reason.text for reason in sign.reasons)


def test_a_month_or_year_of_listing_binds_from_its_last_day() -> None:
    assert [str(listed(listed_on=each).listed_by) for each in ("2018", "2018-02", "2018-02-03", None)] == [
        "2018-12-31", "2018-02-28", "2018-02-03", "None",
    ]  # fmt: skip


def test_the_mmsi_of_a_listing_counts_where_the_number_is_not_sent(engine: Engine) -> None:
    ship = listed(mmsi=THIRD)
    rows = stretch(THIRD, (0, 10), YELLOW_SEA)
    (by_number,) = found(engine, rows, [says(THIRD, 1, imo=LISTED)], "designated_vessel", ship)
    (by_mmsi,) = found(engine, rows, [says(THIRD, 1)], "designated_vessel", ship)
    assert (by_number.facts["kind"], by_mmsi.facts["kind"]) == ("imo", "mmsi")


# Petroleum


def tanker(mmsi: int, number: int, **changes: Any) -> dict[str, Any]:
    return says(mmsi, number, ship_type=80, length_m=100.0, beam_m=16.0, draught_m=None, **changes)


@pytest.mark.parametrize(
    ("day", "measures", "limit"),
    [
        (datetime(2005, 5, 1, tzinfo=UTC), None, None),
        (datetime(2016, 5, 1, tzinfo=UTC), None, None),
        (datetime(2017, 9, 20, tzinfo=UTC), {"2375/15"}, None),
        (datetime(2017, 10, 5, tzinfo=UTC), {"2375/14", "2375/15"}, ("2375/14", "2017-10-01", "2017-12-31")),
        (datetime(2018, 5, 1, tzinfo=UTC), {"2397/5", "2397/4"}, ("2397/5", "2018-01-01", "2018-12-31")),
    ],
)
def test_a_tankers_call_names_the_limit_of_its_day(
    engine: Engine, day: datetime, measures: set[str] | None, limit: tuple[str, str, str] | None
) -> None:
    signs = found(engine, years(call(KP, NAMPO), day), years([tanker(KP, 1)], day), "petroleum_delivery")
    assert [set(each.measures) for each in signs] == ([] if measures is None else [measures])
    for sign in signs:
        told: Any = sign.facts["limit"]
        assert (None if told is None else (told["measure"], told["from"], told["until"])) == limit
    assert [year.measure for year in petroleum(signs)] == ([] if limit is None else [limit[0]])


def test_one_cargo_is_counted_once_until_she_was_abroad_or_away_for_days(engine: Engine) -> None:
    said = [tanker(KP, 1, last_at=at(300 * 3600))]
    anchored = [
        *stretch(KP, (0, 4), AT_SEA, (38.665, 125.10), speed=8.0),
        *stretch(KP, (4, 16), (38.665, 125.10), speed=0.1, status=1),
        *stretch(KP, (16, 18), (38.665, 125.10), (38.55, 124.85), speed=8.0),
        *stretch(KP, (18, 24), (38.55, 124.85), speed=0.1, status=1),
    ]
    (one,) = found(engine, [*anchored, *call(KP, NAMPO, 24.0)], said, "petroleum_delivery")
    stops: Any = one.facts["stops"]
    assert len(stops) == 2
    assert any("another cargo aboard at sea" in each for each in one.alternatives)
    assert len(found(engine, [*anchored, *call(KP, NAMPO, 24.0 + 80)], said, "petroleum_delivery")) == 2
    dandong_side = (38.93, 121.65)
    abroad = [*stretch(KP, (24, 40), (38.55, 124.85), dandong_side, speed=9.0), *stretch(KP, (40, 50), dandong_side)]
    assert len(found(engine, [*anchored, *abroad, *call(KP, NAMPO, 60.0)], said, "petroleum_delivery")) == 2


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 300), st.integers(60, 180), st.booleans())
def test_what_another_ship_brought_changes_neither_the_words_nor_the_id_of_a_delivery(
    hours: int, length_m: int, before: bool
) -> None:
    mine, said = call(KP, NAMPO, 400.0), [tanker(KP, 1, last_at=at(500 * 3600))]
    theirs = call(THIRD, NAMPO, float(hours if before else 450 + hours))
    of_other = {**tanker(THIRD, 2, last_at=at(900 * 3600)), "length_m": float(length_m)}
    with Engine() as engine:
        (alone,) = found(engine, mine, said, "petroleum_delivery")
        both = found(engine, [*mine, *theirs], [*said, of_other], "petroleum_delivery")
    assert alone.id in {each.id for each in both}
    assert petroleum(both)[0].deliveries == 2
