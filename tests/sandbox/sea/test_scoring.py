"""Signs held against the truth: what counts as found, as missed, as false, and as neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bongsu.sandbox.sea.scoring import Sign, score
from bongsu.sandbox.sea.truth import DETECTORS, Planted
from bongsu.sandbox.sea.world import World

START = datetime(2026, 1, 5, tzinfo=UTC)


def planted(detector: str, ships: tuple[int, ...], first_h: float, last_h: float, **more: object) -> Planted:
    return Planted(
        **{
            "detector": detector,
            "rule": None,
            "role": "planted",
            "story": "a story",
            "mmsis": ships,
            "first_at": START + timedelta(hours=first_h),
            "last_at": START + timedelta(hours=last_h),
            "latitude_deg": None,
            "longitude_deg": None,
            "numbers": {},
            **more,
        }
    )  # type: ignore[arg-type]


def sign(detector: str, ships: set[int], first_h: float, last_h: float, rule: str | None = None) -> Sign:
    return Sign(
        detector=detector,
        rule=rule,
        mmsis=frozenset(ships),
        first_at=START + timedelta(hours=first_h),
        last_at=START + timedelta(hours=last_h),
    )


def test_a_sign_of_the_ship_at_the_time_finds_what_was_planted() -> None:
    scores = score([planted("dark_gap", (1,), 10, 30)], [sign("dark_gap", {1}, 9.8, 30.1)])
    assert scores.detectors["dark_gap"].record() == {"precision": 1.0, "recall": 1.0, "planted": 1, "found": 1}


def test_another_ship_another_time_and_another_detector_find_nothing() -> None:
    truth = [planted("dark_gap", (1,), 10, 30)]
    signs = [sign("dark_gap", {2}, 10, 30), sign("dark_gap", {1}, 40, 60), sign("loitering", {1}, 10, 30)]
    scores = score(truth, signs)
    assert scores.detectors["dark_gap"].record() == {"precision": 0.0, "recall": 0.0, "planted": 1, "found": 0}
    assert scores.detectors["dark_gap"].missed == (truth[0],)
    assert len(scores.detectors["loitering"].false) == 1


def test_several_signs_of_one_thing_are_all_right_and_find_it_once() -> None:
    signs = [sign("designated_vessel", {1}, day * 24, day * 24 + 24) for day in range(5)]
    found = score([planted("designated_vessel", (1,), 0, 200)], signs).detectors["designated_vessel"]
    assert (found.planted, found.found, found.true_signs, found.false) == (1, 1, 5, ())


def test_a_pair_is_found_by_a_sign_of_both_or_of_one_and_not_with_a_third_in_its_place() -> None:
    truth = [planted("encounter", (1, 2), 0, 5)]
    assert score(truth, [sign("encounter", {1, 2}, 0, 5)]).detectors["encounter"].found == 1
    assert score(truth, [sign("encounter", {1}, 0, 5)]).detectors["encounter"].found == 1
    assert score(truth, [sign("encounter", {1, 3}, 0, 5)]).detectors["encounter"].found == 0


def test_what_is_allowed_counts_for_nothing_found_or_not() -> None:
    truth = [planted("loitering", (1,), 0, 10, role="allowed"), planted("loitering", (2,), 0, 10)]
    for signs in ([sign("loitering", {1}, 0, 10), sign("loitering", {2}, 0, 10)], [sign("loitering", {2}, 0, 10)]):
        found = score(truth, signs).detectors["loitering"]
        assert found.record() == {"precision": 1.0, "recall": 1.0, "planted": 1, "found": 1}


def test_an_innocent_story_explains_what_is_false() -> None:
    truth = [planted("encounter", (1, 2), 0, 5, role="innocent", story="bunkering")]
    found = score(truth, [sign("encounter", {1, 2}, 1, 4)]).detectors["encounter"]
    assert (found.precision, found.recall) == (0.0, None)
    assert found.false[0].looks_like == ("bunkering",)


def test_a_sign_of_another_rule_finds_nothing_and_one_without_a_rule_finds_any() -> None:
    truth = [planted("spoofing", (1,), 0, 5, rule="circle")]
    assert score(truth, [sign("spoofing", {1}, 0, 5, "frozen")]).detectors["spoofing"].found == 0
    assert score(truth, [sign("spoofing", {1}, 0, 5, "circle")]).rules["spoofing/circle"].found == 1
    assert score(truth, [sign("spoofing", {1}, 0, 5)]).detectors["spoofing"].found == 1


def test_where_nothing_was_planted_or_found_there_is_no_share() -> None:
    empty = score([], []).detectors["shuttle"]
    assert (empty.precision, empty.recall) == (None, None)


def test_only_the_detectors_asked_for_are_scored() -> None:
    scores = score([planted("dark_gap", (1,), 0, 20)], [], ["dark_gap"])
    assert scores.record()["detectors"] == {"dark_gap": {"precision": None, "recall": 0.0, "planted": 1, "found": 0}}
    assert scores.record()["missed"][0]["mmsis"] == [1]  # type: ignore[index, call-overload]


def test_a_detector_that_knew_the_truth_would_be_perfect(world: World) -> None:
    known = [
        Sign(
            detector=each.detector,
            rule=each.rule,
            mmsis=frozenset(each.mmsis),
            first_at=each.first_at,
            last_at=each.last_at,
        )
        for each in world.truth
        if each.role != "innocent"
    ]
    scores = score(world.truth, known)
    for name in DETECTORS:
        assert scores.detectors[name].recall in {1.0, None}
        assert scores.detectors[name].precision in {1.0, None}


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 50), st.integers(0, 20)), max_size=8),
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 50), st.integers(0, 20)), max_size=8),
)
def test_shares_lie_between_0_and_1_and_every_sign_and_thing_is_accounted_for(
    things: list[tuple[int, int, int]], seen: list[tuple[int, int, int]]
) -> None:
    truth = [planted("dark_gap", (ship,), first, first + span) for ship, first, span in things]
    found = score(truth, [sign("dark_gap", {ship}, first, first + span) for ship, first, span in seen])
    gaps = found.detectors["dark_gap"]
    assert gaps.found + len(gaps.missed) == gaps.planted == len(things)
    assert gaps.true_signs + len(gaps.false) == len(seen)
    assert all(share is None or 0 <= share <= 1 for share in (gaps.recall, gaps.precision))
