"""The invented world of ships: the same for everyone, at sea where ships are, and full of what its truth says."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bongsu.kernel.errors import UsageError
from bongsu.sandbox.sea.chart import chart
from bongsu.sandbox.sea.hulls import check_digit, imo_number
from bongsu.sandbox.sea.motion import along
from bongsu.sandbox.sea.scene import DAY
from bongsu.sandbox.sea.stories import FEWEST
from bongsu.sandbox.sea.truth import DETECTORS, ROLES, truth_from, truth_text
from bongsu.sandbox.sea.world import World, make_world
from bongsu.sea.grid import distance_km
from bongsu.sea.mmsi import flags_of, imo_is_sound, kind_of

IDENTITY_RULES = {
    "change",
    "dprk_mid",
    "flag_hopping",
    "flag_mid",
    "imo_check_digit",
    "imo_several_mmsi",
    "mmsi_several_imo",
    "two_places",
    "zombie",
}
SPOOFING_RULES = {"circle", "copied_track", "frozen", "impossible_speed", "jump", "line", "on_land"}
LOOK_ALIKES = {
    "anchorage_waiting",
    "brief_meeting",
    "broken_transponder",
    "bunkering",
    "fishing_neighbours",
    "fishing_pair",
    "glitch",
    "namesake",
    "passing",
    "reception_hole",
    "renamed_with_papers",
    "short_silence",
    "short_stop",
    "storm_shelter",
    "tug_and_tow",
    "untied_identity",
    "untied_silence",
    "untied_spoofing",
    "waiting_apart",
}

OTHER_PROCESS = """
from bongsu.sandbox.sea.world import make_world
print(make_world(seed=20260105, vessels=90, days=8).digest())
"""


def test_the_same_seed_makes_the_same_world_in_another_process(world: World) -> None:
    """Another order of sets and dictionaries of texts changes nothing."""
    ended = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.strip() == world.digest()


def test_a_world_made_before_changes_nothing_of_the_next(world: World) -> None:
    other = make_world(seed=5, vessels=FEWEST, days=7)
    assert other.digest() != world.digest()
    assert make_world(seed=5, vessels=FEWEST, days=7).digest() == other.digest()


def test_a_truthful_ship_is_never_on_land_but_for_the_harbours_that_the_raster_has_on_land(world: World) -> None:
    positions = world.positions
    truthful = np.array([vessel.truthful for vessel in world.vessels])[positions.vessel]
    latitude, longitude = positions.latitude_deg(), positions.longitude_deg()
    ashore = np.flatnonzero(truthful & chart().on_land(latitude, longitude))
    far = [chart().from_port_km((float(latitude[each]), float(longitude[each]))) for each in ashore]
    assert max(far, default=0.0) < 6.0  # a cell is 5.6 km high
    assert len(ashore) < 0.02 * len(positions)


def test_at_least_two_of_five_reports_are_of_slow_ships(world: World) -> None:
    assert (world.positions.speed < 20).mean() >= 0.4


def test_a_truthful_ship_makes_no_speed_that_ships_do_not_make(world: World) -> None:
    """Over at least four minutes; clocks are off by seconds."""
    shared = {each.mmsis[0] for each in world.truth if each.rule == "two_places"}
    fastest = 0.0
    for number, vessel in enumerate(world.vessels):
        mine = world.positions.where(world.positions.vessel == number)
        if not vessel.truthful or set(mine.mmsi.tolist()) & shared or len(mine) < 2:
            continue
        step = np.diff(mine.at)
        north = np.diff(mine.latitude_deg()) * 60
        east = np.diff(mine.longitude_deg()) * 60 * np.cos(np.radians(mine.latitude_deg()[:-1]))
        knots = np.sqrt(north**2 + east**2)[step >= 240] / step[step >= 240] * 3600
        fastest = max(fastest, float(knots.max(initial=0.0)))
    assert 12 < fastest < 32


def test_reports_come_every_three_to_six_minutes_where_stations_hear(world: World) -> None:
    steps = np.concatenate(
        [
            np.diff(world.positions.at[world.positions.vessel == number])
            for number, vessel in enumerate(world.vessels)
            if vessel.hull.kind in {"tug", "bunker", "pilot"}
        ]
    )
    assert 180 <= np.median(steps) <= 420


def test_something_is_planted_for_every_detector_and_every_rule(world: World) -> None:
    planted = [each for each in world.truth if each.role in {"planted", "allowed"}]
    assert {each.detector for each in planted} == set(DETECTORS)
    assert {each.rule for each in planted if each.detector == "identity"} == IDENTITY_RULES
    assert {each.rule for each in planted if each.detector == "spoofing"} == SPOOFING_RULES
    assert {each.rule for each in planted if each.detector == "shuttle"} == {"both_ends", "dark_end"}


def test_every_look_alike_is_there(world: World) -> None:
    innocent = {each.story for each in world.truth if each.role == "innocent"}
    assert innocent - {"pilot_boarding"} == LOOK_ALIKES


def test_what_is_planted_lies_within_the_days_and_is_about_ships_that_were_heard(world: World) -> None:
    heard = set(world.positions.mmsi.tolist())
    for each in world.truth:
        assert world.start <= each.first_at <= each.last_at <= world.start + timedelta(days=world.days), each
        assert each.role in ROLES
        if each.role == "planted":
            assert set(each.mmsis) <= heard, each


def test_nothing_is_heard_while_a_transponder_is_off(world: World) -> None:
    epoch = int(world.start.timestamp())
    for number, vessel in enumerate(world.vessels):
        at = world.positions.at[world.positions.vessel == number] - epoch
        for off_s, on_s in vessel.silences:
            # A late clock may stamp the last report before the silence up to a minute into it.
            assert not ((at > off_s + 64) & (at < on_s)).any()


def test_ships_that_meet_are_within_half_a_kilometre_of_each_other_and_slow(world: World) -> None:
    tracks = {vessel.hull.mmsi: vessel.track for vessel in world.vessels}
    met = [each for each in world.truth if each.detector == "encounter" and each.role == "planted"]
    assert met
    for each in met:
        first, last = (int((time - world.start).total_seconds()) for time in (each.first_at, each.last_at))
        times = np.arange(first, last, 600, dtype=np.int64)
        one, other = (along(tracks[mmsi], times)[:2] for mmsi in each.mmsis)
        apart = [
            distance_km((float(a), float(b)), (float(c), float(d))) for a, b, c, d in zip(*one, *other, strict=True)
        ]
        assert max(apart) < 0.5
        assert last - first >= 2 * 3600
        gone = distance_km((float(one[0][0]), float(one[1][0])), (float(one[0][-1]), float(one[1][-1])))
        assert gone / 1.852 / ((last - first) / 3600) < 2


def tied_ships(world: World) -> set[int]:
    """Those that fly the flag of the DPRK, send a listed ship's number, or are seen to call at one of its ports."""
    flown = {vessel.hull.mmsi for vessel in world.vessels if vessel.hull.flag == "KP"}
    calls = [each for each in world.truth if each.detector == "port_call" and "port" in each.numbers]
    called = {mmsi for each in calls for mmsi in each.mmsis}
    listed = {mmsi for each in world.truth if each.rule == "zombie" for mmsi in each.mmsis}
    return flown | called | listed


def near_dprk_km(place: tuple[float, float]) -> float:
    return min(distance_km(place, port.place) for port in chart().dprk())


def test_what_is_planted_of_identities_and_false_places_is_of_ships_that_something_ties_to_the_dprk(
    world: World,
) -> None:
    tied = tied_ships(world)
    judged = [each for each in world.truth if each.detector in {"identity", "spoofing"}]
    assert all(tied.intersection(each.mmsis) for each in judged if each.role == "planted")
    alike = [each for each in judged if each.story in {"untied_identity", "untied_spoofing"}]
    assert {each.detector for each in alike} == {"identity", "spoofing"}
    assert all(each.role == "innocent" and not tied.intersection(each.mmsis) for each in alike)


def test_a_planted_silence_is_tied_to_the_dprk_and_an_untied_one_ends_nowhere_near_it(world: World) -> None:
    tied, tracks = tied_ships(world), {vessel.hull.mmsi: vessel.track for vessel in world.vessels}
    for each in world.truth:
        if each.detector != "dark_gap" or (each.role != "planted" and each.story != "untied_silence"):
            continue
        first, last = (int((time - world.start).total_seconds()) for time in (each.first_at, each.last_at))
        latitude, longitude, _ = along(tracks[each.mmsis[0]], np.array([first, last], dtype=np.int64))
        ends = list(zip(latitude.tolist(), longitude.tolist(), strict=True))
        known = any(chart().is_known(end, "transfer_area") for end in ends)
        near = min(map(near_dprk_km, ends)) <= 300
        assert (bool(tied.intersection(each.mmsis)) or known or near) == (each.role == "planted"), each


def test_a_ship_of_the_dprk_that_waits_where_others_are_watched_may_be_seen_to(world: World) -> None:
    waits = [each for each in world.truth if each.story == "tied_ship_waits"]
    assert all(each.role == "allowed" and each.detector == "loitering" for each in waits)
    assert all(tied_ships(world).intersection(each.mmsis) for each in waits)


def test_ships_cannot_be_taken_for_real_ones(world: World) -> None:
    wrong = {each.mmsis for each in world.truth if each.rule == "imo_check_digit"}
    other_flags = {each.mmsis for each in world.truth if each.rule == "flag_mid"}
    for statement in world.statements:
        said = statement.saying
        assert said.name.startswith("SANDBOX ")
        assert len(said.name) <= 20
        assert said.call_sign.startswith("Q") or (said.mmsi,) in other_flags
        assert kind_of(said.mmsi, "sandbox") == "a ship"
        assert said.imo is None or f"{said.imo:07d}".startswith("0")
        if said.imo is not None and (said.mmsi,) not in wrong:
            assert imo_is_sound(said.imo)
    assert all(flags_of(vessel.hull.mmsi) in {(), (vessel.hull.flag,)} for vessel in world.vessels)


def test_an_invented_number_has_its_right_check_digit() -> None:
    assert check_digit("907472") == 9  # IMO 9074729, the example of IMO resolution A.1117(30)
    assert f"{imo_number(0):07d}" == "0200002"


def test_most_of_the_silence_in_a_hole_is_of_ships_that_would_have_been_heard(world: World) -> None:
    epoch = int(world.start.timestamp())
    for hole in world.holes:
        times = world.positions.at - epoch
        inside = hole.holds(times, world.positions.latitude_deg(), world.positions.longitude_deg())
        # Some seconds: the receiver's clock may stamp a report late.
        assert not (inside & (times > hole.from_s + 64) & (times < hole.until_s)).any()


def test_the_truth_survives_its_file(world: World) -> None:
    assert truth_from(truth_text(world.truth), where="truth.json") == world.truth


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": -1, "vessels": 90, "days": 8}, "a seed is 0 or more"),
        ({"seed": 1, "vessels": 3, "days": 8}, "a world has 63 to 19,999 vessels, not 3"),
        ({"seed": 1, "vessels": 90, "days": 2}, "a world lasts 7 to 366 days, not 2"),
        ({"seed": 1, "vessels": 90, "days": 8, "start": datetime(2026, 1, 1)}, "whole second of a known zone"),  # noqa: DTZ001
    ],
)
def test_a_world_that_cannot_be_is_refused_in_words(asked: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make_world(**asked)  # type: ignore[arg-type]


def test_a_world_may_begin_on_any_day() -> None:
    begun = datetime(2027, 3, 1, tzinfo=UTC)
    made = make_world(seed=1, vessels=FEWEST, days=7, start=begun)
    assert made.start == begun
    assert 0 <= made.positions.at[0] - begun.timestamp() < 600
    assert made.positions.at[-1] - begun.timestamp() < 7 * DAY + 64
