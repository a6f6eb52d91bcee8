"""Whose word binds whom: of bytes that several members gave, each with a handling of its own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.handling import Handling, Reader, Tlp, covers, may_read, strictest
from bongsu.cases.holding import Giving, Held, bound_by, said

MEMBERS = ("sandbox-north", "sandbox-south", "sandbox-west")
DAY = date(2026, 6, 1)
NORTH, SOUTH, WEST = (frozenset({member}) for member in MEMBERS)


def of(member: frozenset[str], tlp: Tlp, *, to: frozenset[str] | None = None) -> Handling:
    return Handling(tlp=tlp, originators=member, releasable_to=to)


def reader(member: str, clearance: Tlp = Tlp.AMBER_STRICT) -> Reader:
    return Reader(person="sandbox-person", member=member, clearance=clearance)


handlings = st.builds(
    of,
    st.frozensets(st.sampled_from(MEMBERS), min_size=1),
    st.sampled_from([tlp for tlp in Tlp if tlp is not Tlp.RED]),
    to=st.none() | st.frozensets(st.sampled_from(MEMBERS)),
)
members = st.frozensets(st.sampled_from(MEMBERS), min_size=1, max_size=2)
givings = st.lists(st.tuples(members, handlings, st.booleans()), max_size=5).map(
    lambda told: tuple(
        Giving(number=number, givers=who, handling=how, by_source=by) for number, (who, how, by) in enumerate(told)
    )
)
helds = st.builds(Held, handling=handlings, first=members, givings=givings)
readers = st.builds(reader, st.sampled_from(MEMBERS), st.sampled_from(Tlp))


def test_who_gave_it_first_is_bound_by_the_exhibit_whatever_was_typed_before_or_after() -> None:
    open_to_all = Giving(number=1, givers=NORTH, handling=of(NORTH, Tlp.CLEAR))
    held = Held(handling=of(NORTH, Tlp.AMBER_STRICT), first=NORTH, givings=(open_to_all,))
    assert held.read_under(reader(MEMBERS[0], Tlp.AMBER), DAY) is None
    assert held.own(MEMBERS[0]) is None
    assert held.binding(MEMBERS[0]) == held.handling


def test_another_that_has_the_bytes_of_its_own_is_bound_by_its_own_word_alone() -> None:
    own = of(SOUTH, Tlp.GREEN)
    held = Held(
        handling=of(NORTH, Tlp.AMBER_STRICT), first=NORTH, givings=(Giving(number=2, givers=SOUTH, handling=own),)
    )
    assert held.read_under(reader(MEMBERS[1], Tlp.GREEN), DAY) == own
    assert held.read_under(reader(MEMBERS[2]), DAY) is None  # what one said opens nothing to a third


def test_what_a_watch_collected_is_its_member_s_own_whatever_its_persons_say_of_the_bytes() -> None:
    collected, typed = of(SOUTH, Tlp.GREEN), of(SOUTH, Tlp.AMBER_STRICT)
    givings = (
        Giving(number=2, givers=SOUTH, handling=typed),
        Giving(number=3, givers=SOUTH, handling=collected, by_source=True),
    )
    held = Held(handling=of(NORTH, Tlp.AMBER_STRICT), first=NORTH, givings=givings)
    assert held.binding(MEMBERS[1]) == collected


def test_a_later_word_makes_stricter_and_never_looser() -> None:
    strict, loose = of(SOUTH, Tlp.AMBER_STRICT), of(SOUTH, Tlp.CLEAR)
    for words in ([strict, loose], [loose, strict]):
        assert covers(said(words), strict)


def test_a_later_word_that_brings_another_originator_in_takes_nothing_away() -> None:
    loose, of_others = of(SOUTH, Tlp.GREEN), of(SOUTH | WEST, Tlp.AMBER_STRICT)
    assert said([loose, of_others]) == loose
    assert said([of_others, loose]) == strictest([of_others, loose])  # nor does leaving it out later give it back


@given(handlings, handlings)
def test_what_is_bound_covers_what_it_was_and_has_no_new_originator(held: Handling, later: Handling) -> None:
    bound = bound_by(held, later)
    assert covers(bound, held)
    assert bound.originators == held.originators
    assert covers(bound, later) or not later.originators <= held.originators


@given(helds, readers)
def test_a_person_reads_by_the_exhibit_s_handling_or_by_the_own_member_s_word(held: Held, who: Reader) -> None:
    under = held.read_under(who, DAY)
    own = held.own(who.member)
    allowed = [each for each in (held.handling, own) if each is not None and may_read(who, each, DAY)]
    assert under == (allowed[0] if allowed else None)
    if not any(who.member in each.givers for each in held.givings) or who.member in held.first:
        assert own is None


@given(helds, handlings, readers, members)
def test_what_others_say_narrows_and_widens_nothing_for_a_member(
    held: Held, word: Handling, who: Reader, others: frozenset[str]
) -> None:
    more = Giving(number=9, givers=others - {who.member}, handling=word)
    later = Held(handling=held.handling, first=held.first, givings=(*held.givings, more))
    assert later.read_under(who, DAY) == held.read_under(who, DAY)


def test_nothing_said_is_no_handling() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        said([])
