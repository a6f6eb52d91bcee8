"""Who may read: making a handling stricter never opens anything, and what is made of many is as strict as each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bongsu.cases.handling import Handling, Reader, Tlp, covers, holding, may_read, strictest
from bongsu.kernel.errors import UsageError

MEMBERS = ("sandbox-north", "sandbox-south", "sandbox-west")
PERSONS = ("ann", "abe", "cal", "cyd")
DAY = date(2026, 6, 1)

members = st.frozensets(st.sampled_from(MEMBERS))
days = st.dates(DAY - timedelta(days=3), DAY + timedelta(days=3))


@st.composite
def handlings(draw: st.DrawFn) -> Handling:
    tlp = draw(st.sampled_from(Tlp))
    return Handling(
        tlp=tlp,
        originators=draw(st.frozensets(st.sampled_from(MEMBERS), min_size=1)),
        releasable_to=draw(st.none() | members),
        named=draw(st.frozensets(st.sampled_from(PERSONS))) if tlp is Tlp.RED else frozenset(),
        purposes=draw(st.frozensets(st.sampled_from(["for the Committee", "not for courts"]))),
        expires_on=draw(st.none() | days),
    )


readers = st.builds(
    Reader, person=st.sampled_from(PERSONS), member=st.sampled_from(MEMBERS), clearance=st.sampled_from(Tlp)
)


@pytest.mark.parametrize("marking", list(Tlp))
def test_a_marking_reads_back_as_it_is_printed(marking: Tlp) -> None:
    assert Tlp.parse(marking.label) is marking
    assert Tlp.parse(f" {marking.label.lower()} ") is marking


@pytest.mark.parametrize("text", ["TLP:WHITE", "AMBER", "TLP:AMBER STRICT", "TLP:AMBER_STRICT", "", "TLP:"])
def test_what_is_no_marking_of_version_2_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a marking of TLP 2\.0"):
        Tlp.parse(text)


def test_the_strictest_marking_of_amber_is_printed_with_a_plus() -> None:
    assert Tlp.AMBER_STRICT.label == "TLP:AMBER+STRICT"
    assert Tlp.CLEAR < Tlp.GREEN < Tlp.AMBER < Tlp.AMBER_STRICT < Tlp.RED


def test_a_handling_has_an_originator_and_names_persons_with_red_only() -> None:
    with pytest.raises(ValueError, match="has an originator"):
        Handling(tlp=Tlp.CLEAR, originators=frozenset())
    with pytest.raises(ValueError, match="has an originator"):
        Handling(tlp=Tlp.CLEAR, originators=frozenset({" "}))
    with pytest.raises(ValueError, match="TLP:RED only"):
        Handling(tlp=Tlp.AMBER, originators=frozenset(MEMBERS[:1]), named=frozenset({"ann"}))


@pytest.mark.parametrize(
    ("handling", "north", "south"),
    [
        (Handling(tlp=Tlp.AMBER, originators=frozenset({"sandbox-north"})), True, True),
        (Handling(tlp=Tlp.AMBER, originators=frozenset({"sandbox-north"}), releasable_to=frozenset()), True, False),
        (Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"sandbox-north"})), True, False),
        (
            Handling(
                tlp=Tlp.AMBER_STRICT,
                originators=frozenset({"sandbox-north"}),
                releasable_to=frozenset({"sandbox-south"}),
            ),
            True,
            True,
        ),
        (
            Handling(tlp=Tlp.RED, originators=frozenset({"sandbox-north"}), named=frozenset({"abe"})),
            False,
            False,
        ),
        (
            Handling(
                tlp=Tlp.RED,
                originators=frozenset({"sandbox-north"}),
                releasable_to=frozenset({"sandbox-south"}),
                named=frozenset({"ann", "abe"}),
            ),
            True,
            True,
        ),
        (
            Handling(tlp=Tlp.GREEN, originators=frozenset({"sandbox-north"}), expires_on=DAY - timedelta(days=1)),
            True,
            False,
        ),
    ],
)
def test_who_reads_what(handling: Handling, north: bool, south: bool) -> None:
    ann = Reader(person="ann", member="sandbox-north", clearance=Tlp.RED)
    abe = Reader(person="abe", member="sandbox-south", clearance=Tlp.RED)
    assert (may_read(ann, handling, DAY), may_read(abe, handling, DAY)) == (north, south)
    cleared_less = replace(ann, clearance=Tlp(max(handling.tlp - 1, 0)))
    assert may_read(cleared_less, handling, DAY) is (handling.tlp is Tlp.CLEAR and north)


@given(handlings(), readers, days, st.sampled_from(Tlp), st.frozensets(st.sampled_from(PERSONS)))
def test_raising_the_marking_never_widens(
    handling: Handling, reader: Reader, on: date, to: Tlp, named: frozenset[str]
) -> None:
    assume(to >= handling.tlp)
    people = handling.named if handling.tlp is Tlp.RED else named if to is Tlp.RED else frozenset()
    raised = replace(handling, tlp=to, named=people)
    assert may_read(reader, handling, on) or not may_read(reader, raised, on)
    assert covers(raised, handling)


@given(handlings(), readers, days, members)
def test_shrinking_the_list_never_widens(handling: Handling, reader: Reader, on: date, fewer: frozenset[str]) -> None:
    before = handling.releasable_to
    shrunk = replace(handling, releasable_to=fewer if before is None else before & fewer)
    assume(before is not None or handling.tlp < Tlp.AMBER_STRICT)  # a list opens AMBER+STRICT, which has none
    assert may_read(reader, handling, on) or not may_read(reader, shrunk, on)
    assert covers(shrunk, handling)


@given(handlings(), readers, days, st.frozensets(st.sampled_from(PERSONS)))
def test_naming_fewer_never_widens(handling: Handling, reader: Reader, on: date, fewer: frozenset[str]) -> None:
    shrunk = replace(handling, named=handling.named & fewer)
    assert may_read(reader, handling, on) or not may_read(reader, shrunk, on)
    assert covers(shrunk, handling)


@given(handlings(), readers, days, days)
def test_ending_sooner_never_widens(handling: Handling, reader: Reader, on: date, end: date) -> None:
    sooner = replace(handling, expires_on=end if handling.expires_on is None else min(end, handling.expires_on))
    assert may_read(reader, handling, on) or not may_read(reader, sooner, on)
    assert covers(sooner, handling)


@given(handlings(), handlings(), readers, days)
def test_a_handling_that_covers_another_opens_nothing_of_it(
    derived: Handling, given_: Handling, reader: Reader, on: date
) -> None:
    assume(covers(derived, given_))
    assert may_read(reader, given_, on) or not may_read(reader, derived, on)
    assert given_.purposes <= derived.purposes


@given(st.lists(handlings(), min_size=1, max_size=4), readers, days)
def test_whoever_may_read_what_was_made_may_read_all_it_was_made_of(
    inputs: list[Handling], reader: Reader, on: date
) -> None:
    derived = strictest(inputs)
    assert all(covers(derived, each) for each in inputs)
    if may_read(reader, derived, on):
        assert all(may_read(reader, each, on) for each in inputs)
    assert derived.originators == frozenset().union(*(each.originators for each in inputs))


@given(st.lists(handlings(), min_size=2, max_size=3), readers, days)
def test_the_order_of_what_it_was_made_of_is_nothing(inputs: list[Handling], reader: Reader, on: date) -> None:
    answers = {may_read(reader, strictest(order), on) for order in permutations(inputs)}
    assert len(answers) == 1


def test_nothing_inherits_from_nothing() -> None:
    with pytest.raises(ValueError, match="nothing inherits from nothing"):
        strictest([])


def test_members_who_gave_to_each_other_may_both_read_what_is_made_of_both() -> None:
    north = Handling(
        tlp=Tlp.AMBER_STRICT, originators=frozenset({"sandbox-north"}), releasable_to=frozenset({"sandbox-south"})
    )
    south = Handling(
        tlp=Tlp.AMBER_STRICT, originators=frozenset({"sandbox-south"}), releasable_to=frozenset({"sandbox-north"})
    )
    derived = strictest([north, south])
    assert derived.releasable_to == {"sandbox-north", "sandbox-south"}
    for member in MEMBERS[:2]:
        assert may_read(Reader(person="ann", member=member, clearance=Tlp.AMBER_STRICT), derived, DAY)


@given(handlings())
def test_a_handling_reads_back_from_its_record(handling: Handling) -> None:
    assert Handling.from_record(handling.record()) == handling


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"tlp": "TLP:WHITE"}, "Handling.tlp"),
        ({"tlp": 2}, "Handling.tlp"),
        ({"originators": []}, "Handling"),
        ({"originators": ["b", "a"]}, "Handling.originators"),
        ({"originators": ["a", "a"]}, "Handling.originators"),
        ({"originators": "a"}, "Handling.originators"),
        ({"expires_on": "20260601"}, "Handling.expires_on"),
        ({"colour": "red"}, "Handling"),
    ],
)
def test_a_record_that_is_none_is_refused_with_its_place(changes: dict[str, object], where: str) -> None:
    sound = Handling(tlp=Tlp.GREEN, originators=frozenset({"a"})).record()
    with pytest.raises(UsageError) as refused:
        Handling.from_record({**sound, **changes})
    assert refused.value.where == where


@given(handlings(), st.lists(handlings(), max_size=3))
def test_what_holds_several_things_covers_each_of_them_and_is_as_chosen_where_that_does(
    chosen: Handling, several: list[Handling]
) -> None:
    held = holding(chosen, several)
    assert all(covers(held, each) for each in (chosen, *several))
    assert held == chosen or not all(covers(chosen, each) for each in several)
