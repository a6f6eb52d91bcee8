"""Which indicators are suggested together; what people have dealt with does not come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.case_acts import AcceptIndicators, DismissIndicator
from bongsu.cases.model import CaseSubject
from bongsu.cases.suggestions import Sign, known_as, suggested
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import UsageError
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.sandbox.casework import CLEAR, KNOWN, SHIP, TRADING, led_to

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)


def sign(
    number: int, *, subject: CaseSubject = SHIP, detector: str = "sea.encounter", day: int = 0, score: float = 0.5
) -> Sign:
    return Sign(
        id=f"{number:016x}",
        detector=detector,
        subject=subject,
        when=Interval(BEGIN + timedelta(days=day), BEGIN + timedelta(days=day, hours=6)),
        measures=frozenset({"2375/11"}),
        score=score,
        sandbox=True,
    )


def groups(*signs: Sign, **options: object) -> list[set[int]]:
    found = suggested(signs, (), (), **options)  # type: ignore[arg-type]  # real options are named
    return sorted(({int(each, 16) for each in one.indicators} for one in found), key=min)


def test_signs_of_one_desk_about_one_ship_near_in_time_are_one_suggestion() -> None:
    (found,) = suggested(
        [sign(1), sign(2, detector="sea.dark_gap", day=3, score=0.9), sign(3, detector="sea.port_call", day=20)], (), ()
    )
    assert found.indicators == tuple(f"{number:016x}" for number in (1, 2, 3))
    assert (found.story, found.score, found.measures, found.for_case) == ("sea", 0.9, ("2375/11",), None)
    assert found.when == Interval(BEGIN, BEGIN + timedelta(days=20, hours=6))
    assert found.sandbox


def test_other_subjects_stories_and_times_are_other_suggestions() -> None:
    assert groups(
        sign(1), sign(2, subject=TRADING), sign(3, detector="lists.list_change"), sign(4, day=40), sign(5, day=69)
    ) == [{1}, {2}, {3}, {4, 5}]


def test_detectors_may_be_said_to_belong_together() -> None:
    stories = {"lists.designated_number": "sea"}
    assert groups(sign(1), sign(2, detector="lists.designated_number"), stories=stories) == [{1, 2}]


def test_subjects_that_share_an_identifier_are_one_even_through_a_third() -> None:
    one, two, three = (CaseSubject(id=f"sandbox:{n}", schema="Vessel", name="Sandbox Ship") for n in (1, 2, 3))
    alone = (sign(1, subject=one), sign(2, subject=two), sign(3, subject=three))
    assert groups(*alone) == [{1}, {2}, {3}]
    linked = (alone[0], known_as(alone[1], ["sandbox:1", "mmsi:9"]), known_as(alone[2], ["mmsi:9"]))
    assert groups(*linked) == [{1, 2, 3}]


def test_a_time_that_is_open_reaches_on() -> None:
    open_ended = replace(sign(1), when=Interval(BEGIN, None))
    assert groups(open_ended, sign(2, day=300)) == [{1, 2}]
    ever = replace(sign(3), when=Interval(None, None))
    assert groups(ever, sign(2, day=300)) == [{2, 3}]


def test_what_is_in_a_case_or_dismissed_there_does_not_come_back() -> None:
    more = {f"{number:016x}": CLEAR for number in range(9)}
    desk = led_to("opened", known=replace(KNOWN, indicators={**KNOWN.indicators, **more}))
    desk.do(AcceptIndicators(indicators=(f"{1:016x}",)), "ann")
    desk.do(DismissIndicator(indicator=f"{2:016x}", subject=None, reason="a drill"), "ann")
    (found,) = suggested([sign(1), sign(2), sign(3)], (), [desk.open])
    assert found.indicators == (f"{3:016x}",)
    assert found.for_case == desk.open.id  # the case is about that ship
    assert [(each.indicator, each.reason) for each in found.dismissed] == [(f"{2:016x}", "a drill")]
    assert suggested([sign(1), sign(2)], (), [desk.open]) == ()


def test_a_dismissal_elsewhere_is_respected_and_its_reason_told_with_the_next() -> None:
    desk = led_to("opened")
    desk.do(DismissIndicator(indicator="aaaa000000000002", subject=TRADING.id, reason="a namesake"), "ann")
    dismissed = desk.open.dismissed
    old = replace(sign(7, subject=TRADING), id="aaaa000000000002")
    assert suggested([old], dismissed, ()) == ()
    (found,) = suggested([old, sign(8, subject=TRADING)], dismissed, ())
    assert found.indicators == (f"{8:016x}",)
    assert [each.reason for each in found.dismissed] == ["a namesake"]
    (other,) = suggested([sign(8, subject=SHIP)], dismissed, ())
    assert other.dismissed == ()


def test_the_strongest_comes_first_then_the_newest() -> None:
    found = suggested(
        [sign(1), sign(2, day=60), sign(3, subject=TRADING, score=0.9, day=-90)],
        (),
        (),
    )
    assert [int(each.indicators[0], 16) for each in found] == [3, 2, 1]


signs = st.builds(
    sign,
    st.integers(1, 30),
    subject=st.sampled_from([SHIP, TRADING]),
    detector=st.sampled_from(["sea.encounter", "lists.list_change"]),
    day=st.integers(0, 200),
)


@given(st.lists(signs, max_size=12), st.randoms(use_true_random=False))
def test_asked_again_in_any_order_it_answers_the_same_and_forgets_nothing(several: list[Sign], rng: Random) -> None:
    unique = list({each.id: each for each in several}.values())
    answer = suggested(unique, (), ())
    shuffled = rng.sample(unique, len(unique))
    assert suggested(shuffled, (), ()) == answer
    told = [each for one in answer for each in one.indicators]
    assert sorted(told) == sorted(each.id for each in unique)
    assert len({one.id for one in answer}) == len(answer)


def indicator() -> Indicator:
    return Indicator(
        detector="sea.encounter",
        title="SANDBOX: two invented ships lay together",
        measures=("2375/11",),
        subject=Subject(id=SHIP.id, schema="Vessel", name=SHIP.name),
        when=Interval(BEGIN, None),
        score=0.5,
        reasons=(Reason(text="they lay together", weight=0.5),),
        alternatives=("they waited for a berth",),
        citations=(Citation(exhibit="a" * 64),),
        facts={},
        sandbox=True,
    )


def test_a_sign_is_the_same_from_an_indicator_and_from_its_record() -> None:
    assert Sign.from_record(indicator().record()) == Sign.of(indicator())


@pytest.mark.parametrize(
    "changes", [{"id": None}, {"subject": "a ship"}, {"when": {"from": 7, "to": None}}, {"score": "high"}]
)
def test_what_is_no_record_of_an_indicator_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Sign.from_record({**indicator().record(), **changes})
