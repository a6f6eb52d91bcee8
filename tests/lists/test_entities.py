"""Entities: listings joined by people's rulings and by the machine, and never two of one list by the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import Folder
from bongsu.lists.coverage import coverage, newest_dates
from bongsu.lists.entities import MACHINE, Entity, Resolution, entity_id, resolve
from bongsu.lists.judgements import Judgement, JudgementLog, ruling, standing, undoing
from bongsu.lists.profiles import ListedName, Profile
from bongsu.lists.proposals import Proposal, Sign, pair_of

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)


# The two forms of one authority's list, which bear its numbers alike.
FORMS = {"csv": "OFAC", "xml": "OFAC"}


def listing(name: str, *, dprk: bool = True) -> Profile:
    """An invented listing, `un:1` of the list `un` and the authority UN; `csv:1` and `xml:1` are OFAC's entry 1."""
    list_id, _, number = name.partition(":")
    return Profile(
        listing=name,
        list_id=list_id,
        authority=FORMS.get(list_id, list_id.upper().partition("_")[0]),
        kind="Person",
        names=(ListedName(text=f"SANDBOX PERSON {number}"),),
        reference=number,
        has_authority_number=list_id in FORMS,
        concerns_dprk=dprk,
        sandbox=True,
    )


def proposed(left: str, right: str, score: float = 0.9, verdict: str = "same") -> Proposal:
    one, other = pair_of(left, right)
    return Proposal(
        left=one,
        right=other,
        score=score,
        verdict=verdict,
        signs=(Sign(text="same passport 987654321", weight=6.0),),
        conflicts=(),
        has_identifier=verdict == "same",
    )


def ruled(left: str, right: str, verdict: str = "same", *, number: int = 1) -> Judgement:
    entry = ruling(left, right, verdict, by="SANDBOX reviewer", why="SANDBOX", at=AT + timedelta(minutes=number))
    return replace(entry, number=number)


def resolved(names: str, proposals: Sequence[Proposal] = (), rulings: Sequence[Judgement] = ()) -> Resolution:
    return resolve([listing(name) for name in names.split()], proposals, standing(rulings))


def groups(resolution: Resolution) -> set[frozenset[str]]:
    return {frozenset(each.listing for each in entity.listings) for entity in resolution.entities}


def entity_of(resolution: Resolution, name: str) -> Entity:
    return resolution.by_listing[name]


# --- joining


def test_the_machine_joins_across_lists_and_says_why() -> None:
    found = resolved("un:1 us:1 eu:1", [proposed("un:1", "us:1"), proposed("us:1", "eu:1")])
    assert groups(found) == {frozenset({"un:1", "us:1", "eu:1"})}
    links = entity_of(found, "eu:1").links
    assert [(link.who, link.why, link.at) for link in links] == [(MACHINE, "same passport 987654321", None)] * 2


def test_what_only_deserves_review_joins_nothing() -> None:
    found = resolved("un:1 us:1", [proposed("un:1", "us:1", verdict="review")])
    assert len(found.entities) == 2
    assert [each.proposal.pair for each in found.review] == [("un:1", "us:1")]


def test_two_of_one_list_are_split_and_the_weakest_link_is_left_to_review() -> None:
    chain = [proposed("un:1", "us:1", 0.99), proposed("us:1", "eu:1", 0.95), proposed("eu:1", "un:2", 0.90)]
    found = resolved("un:1 un:2 us:1 eu:1", chain)
    assert groups(found) == {frozenset({"un:1", "us:1", "eu:1"}), frozenset({"un:2"})}
    (left,) = found.review
    assert left.proposal.pair == ("eu:1", "un:2")
    assert left.hindrance == "it would join un:1 and un:2, which stand on one list"


def test_a_namesake_of_one_who_is_joined_already_does_not_wait_for_review() -> None:
    pairs = [proposed("un:1", "us:1"), proposed("un:2", "us:1", 0.5, "review"), proposed("un:2", "eu:1", 0.5, "review")]
    found = resolved("un:1 un:2 us:1 eu:1", pairs)
    assert [each.proposal.pair for each in found.review] == [("eu:1", "un:2")]


def test_two_forms_of_one_authoritys_list_are_one_list() -> None:
    pairs = [proposed("csv:1", "xml:1", 0.99), proposed("csv:1", "un:1", 0.95), proposed("un:1", "xml:2", 0.9)]
    found = resolved("un:1 csv:1 csv:2 xml:1 xml:2", [*pairs, proposed("csv:2", "xml:2", 0.98)])
    assert groups(found) == {frozenset({"un:1", "csv:1", "xml:1"}), frozenset({"csv:2", "xml:2"})}
    (left,) = found.review
    assert left.proposal.pair == ("un:1", "xml:2")
    assert left.hindrance == "it would join csv:1 and csv:2, which stand on one list"


def test_what_people_ruled_of_two_entries_holds_in_each_form_of_their_list() -> None:
    forms = [proposed("csv:1", "xml:1"), proposed("csv:2", "xml:2")]
    found = resolved("csv:1 csv:2 xml:1 xml:2", forms, [ruled("csv:1", "csv:2")])
    assert groups(found) == {frozenset({"csv:1", "csv:2", "xml:1", "xml:2"})}


def test_an_entry_that_left_its_list_still_keeps_another_of_that_authority_apart() -> None:
    """It took part in a ruling, and its number is known from its id."""
    rulings = [ruled("csv:1", "un:1", number=2), ruled("un:1", "xml:2", number=1)]
    found = resolved("un:1 csv:7 xml:2", rulings=rulings)
    assert groups(found) == {frozenset({"un:1"}), frozenset({"csv:7"}), frozenset({"xml:2"})}
    assert found.unfollowed == (rulings[1],)


def test_what_two_forms_of_one_designation_ask_is_asked_once_with_the_likeliest_pair() -> None:
    pairs = [
        proposed("csv:1", "xml:1"),
        proposed("csv:1", "un:1", 0.6, "review"),
        proposed("un:1", "xml:1", 0.7, "review"),
    ]
    found = resolved("un:1 csv:1 xml:1", pairs)
    assert [each.proposal.pair for each in found.review] == [("un:1", "xml:1")]
    unsure = ruled("csv:1", "un:1", "unsure")
    assert [each.ruling for each in resolved("un:1 csv:1 xml:1", pairs, [unsure]).review] == [unsure]
    not_joined = resolved("un:1 csv:1 xml:1", pairs[1:])
    assert [each.proposal.pair for each in not_joined.review] == [("un:1", "xml:1"), ("csv:1", "un:1")]


# --- people


def test_people_join_what_the_machine_would_not() -> None:
    found = resolved("un:1 us:1", rulings=[ruled("un:1", "us:1")])
    (link,) = entity_of(found, "un:1").links
    assert (link.who, link.why, link.judgement) == ("SANDBOX reviewer", "SANDBOX", ruled("un:1", "us:1").id)


def test_people_part_what_the_machine_joins() -> None:
    for verdict in ("different", "unsure"):
        found = resolved("un:1 us:1", [proposed("un:1", "us:1")], [ruled("un:1", "us:1", verdict)])
        assert len(found.entities) == 2


def test_a_ruling_of_different_holds_against_every_way_round() -> None:
    pairs = [proposed("un:1", "us:1", 0.99), proposed("us:1", "eu:1", 0.9)]
    found = resolved("un:1 us:1 eu:1", pairs, [ruled("un:1", "eu:1", "different")])
    assert groups(found) == {frozenset({"un:1", "us:1"}), frozenset({"eu:1"})}
    assert found.review[0].hindrance == "eu:1 and un:1 were ruled to be different"


def test_what_someone_was_unsure_of_stays_open_with_their_word() -> None:
    found = resolved("un:1 us:1", [proposed("un:1", "us:1", verdict="review")], [ruled("un:1", "us:1", "unsure")])
    (left,) = found.review
    assert left.ruling == ruled("un:1", "us:1", "unsure")


def test_two_of_one_list_come_together_where_people_ruled_these_very_two_to_be_the_same() -> None:
    both = [ruled("un:1", "us:1", number=1), ruled("un:2", "us:1", number=2)]
    found = resolved("un:1 un:2 us:1", rulings=both)
    assert groups(found) == {frozenset({"un:2", "us:1"}), frozenset({"un:1"})}
    assert found.unfollowed == (both[0],)
    found = resolved("un:1 un:2 us:1", rulings=[*both, ruled("un:1", "un:2", number=3)])
    assert groups(found) == {frozenset({"un:1", "un:2", "us:1"})}
    assert found.unfollowed == ()


def test_of_rulings_that_contradict_each_other_the_newer_one_is_followed_and_the_other_named() -> None:
    rows = [
        ruled("un:1", "us:1", number=1),
        ruled("us:1", "eu:1", number=2),
        ruled("un:1", "eu:1", "different", number=3),
    ]
    found = resolved("un:1 us:1 eu:1", rulings=rows)
    assert groups(found) == {frozenset({"un:1"}), frozenset({"us:1", "eu:1"})}
    assert found.unfollowed == (rows[0],)


def test_rulings_survive_a_reload_in_which_the_middle_one_is_gone() -> None:
    rulings = [ruled("un:1", "us:1", number=1), ruled("us:1", "eu:1", number=2)]
    assert groups(resolved("un:1 eu:1", rulings=rulings)) == {frozenset({"un:1", "eu:1"})}
    assert groups(resolved("un:1 us:1 eu:1 un:9", rulings=rulings)) == {
        frozenset({"un:1", "us:1", "eu:1"}),
        frozenset({"un:9"}),
    }


def test_undoing_restores_the_entities_as_they_were(tmp_path: Path) -> None:
    log = JudgementLog(Folder.open(str(tmp_path)))
    machine = [proposed("un:1", "us:1")]
    before = resolved("un:1 us:1", machine, log.entries())
    entry = log.append(ruled("un:1", "us:1", "different"))
    assert len(resolved("un:1 us:1", machine, log.entries()).entities) == 2
    log.append(undoing(entry, by="SANDBOX reviewer", why="SANDBOX", at=AT))
    assert resolved("un:1 us:1", machine, log.entries()) == before


# --- ids


def test_an_entity_is_named_by_the_council_s_own_listing_however_it_grows() -> None:
    alone = entity_of(resolved("un:5 eu:1"), "un:5").id
    grown = entity_of(resolved("un:5 eu:1", [proposed("un:5", "eu:1")]), "un:5").id
    assert alone == grown == entity_id("un:5")


def test_an_id_once_printed_finds_the_entity_that_holds_its_listing() -> None:
    old = entity_of(resolved("us:1 eu:1"), "us:1").id
    grown = resolved("us:1 eu:1 un:1", [proposed("us:1", "eu:1"), proposed("eu:1", "un:1")])
    (found,) = grown.find(old)
    assert found.id == entity_id("un:1") != old


def test_an_entity_is_found_by_listing_number_or_exact_name() -> None:
    found = resolved("un:1 us:2")
    for asked in ("un:1", " UN:1 ", "1", "sandbox  person 1", entity_id("un:1")):
        assert [entity.name for entity in found.find(asked)] == ["SANDBOX PERSON 1"]
    assert found.find("SANDBOX PERSON") == ()


# --- properties

NAMES = [f"{list_id}:{number}" for list_id in ("un", "eu", "csv", "xml") for number in (1, 2, 3)]
PAIRS = st.sampled_from(list(combinations(NAMES, 2)))
PROPOSALS = st.lists(
    st.tuples(PAIRS, st.integers(1, 99), st.sampled_from(["same", "review"])), max_size=12, unique_by=lambda row: row[0]
).map(lambda rows: [proposed(*pair, score / 100, verdict) for pair, score, verdict in rows])
RULINGS = st.lists(st.tuples(PAIRS, st.sampled_from(["same", "different", "unsure"])), max_size=8).map(
    lambda rows: [ruled(*pair, verdict, number=at) for at, (pair, verdict) in enumerate(rows, 1)]
)


@given(PROPOSALS, RULINGS)
def test_no_entity_holds_two_of_one_list_unless_people_ruled_so_nor_two_ruled_to_be_different(
    proposals: list[Proposal], rulings: list[Judgement]
) -> None:
    in_force = standing(rulings)
    same = {pair for pair, entry in in_force.items() if entry.verdict == "same"}
    for entity in resolve([listing(name) for name in NAMES], proposals, in_force).entities:
        members = {profile.listing for profile in entity.listings}
        for pair in combinations(sorted(members), 2):
            assert pair not in in_force or in_force[pair].verdict != "different"
            if on_one_list(*pair):
                assert chained(pair, {each for each in same if on_one_list(*each)})


def on_one_list(left: str, right: str) -> bool:
    (one, its_number), (other, other_number) = (name.split(":") for name in (left, right))
    return FORMS.get(one, one) == FORMS.get(other, other) and its_number != other_number


def chained(pair: tuple[str, str], links: set[tuple[str, str]]) -> bool:
    """Whether links lead from one to the other; the same entry in another form is the same."""
    ends = [{entry(name) for name in link} for link in links]
    reached = {entry(pair[0])}
    for _ in NAMES:
        reached |= {name for link in ends if reached & link for name in link}
    return entry(pair[1]) in reached


def entry(name: str) -> tuple[str, str]:
    list_id, _, number = name.partition(":")
    return FORMS.get(list_id, list_id), number


@given(PROPOSALS, RULINGS)
def test_without_a_person_s_ruling_no_entity_holds_two_of_one_list(
    proposals: list[Proposal], rulings: list[Judgement]
) -> None:
    others = [entry for entry in rulings if entry.verdict != "same"]
    for entity in resolve([listing(name) for name in NAMES], proposals, standing(others)).entities:
        designations = {profile.designation for profile in entity.listings}
        assert len({numbering for numbering, _ in designations}) == len(designations)


@given(PROPOSALS, st.permutations(NAMES), st.randoms())
def test_the_order_of_listings_and_proposals_changes_nothing(
    proposals: list[Proposal], names: list[str], chance: Random
) -> None:
    plain = resolve([listing(name) for name in NAMES], proposals, {})
    mixed = list(proposals)
    chance.shuffle(mixed)
    assert resolve([listing(name) for name in names], mixed, {}) == plain


@given(st.lists(PAIRS, max_size=8, unique=True), PROPOSALS, st.data())
def test_the_log_gives_the_same_entities_in_any_order_of_unrelated_entries(
    pairs: list[tuple[str, str]], proposals: list[Proposal], data: Any
) -> None:
    verdicts = [data.draw(st.sampled_from(["same", "different", "unsure"])) for _ in pairs]
    log = [ruled(*pair, verdict, number=at) for at, (pair, verdict) in enumerate(zip(pairs, verdicts, strict=True), 1)]
    order = data.draw(st.permutations(log))
    profiles = [listing(name) for name in NAMES]
    assert resolve(profiles, proposals, standing(log)) == resolve(profiles, proposals, standing(order))


@given(PROPOSALS, RULINGS)
def test_every_listing_is_in_one_entity_and_every_ruling_is_followed_named_or_of_no_effect(
    proposals: list[Proposal], rulings: list[Judgement]
) -> None:
    found = resolve([listing(name) for name in NAMES], proposals, standing(rulings))
    assert sorted(profile.listing for entity in found.entities for profile in entity.listings) == sorted(NAMES)
    for entry in standing(rulings).values():
        together = found.by_listing[entry.left] is found.by_listing[entry.right]
        if entry.verdict == "same":
            assert together or entry in found.unfollowed
        elif entry.verdict == "different":
            assert not together


# --- coverage


def test_coverage_counts_what_is_carried_what_may_be_and_what_is_lacked() -> None:
    profiles = [listing(name) for name in ("un:1", "un:2", "un:3", "us:1", "us:2", "us:9", "eu:1")]
    profiles.append(listing("us:8", dprk=False))
    pairs = [proposed("un:1", "us:1"), proposed("un:1", "eu:1"), proposed("un:2", "us:2", 0.5, "review")]
    found = coverage(resolve(profiles, pairs, {}), "UN")
    assert (found.of, found.designated, found.authorities) == ("UN", 3, ("EU", "US"))
    by_authority = {row.authority: row.record() for row in found.balances}
    assert by_authority["US"] == {
        "authority": "US",
        "carried": 1,
        "may_carry": 1,
        "lacked": 1,
        "added": 1,
        "may_add": 1,
    }
    assert by_authority["EU"] == {
        "authority": "EU",
        "carried": 1,
        "may_carry": 0,
        "lacked": 2,
        "added": 0,
        "may_add": 0,
    }
    rows = {row.entity.name: row for row in found.rows}
    assert rows["SANDBOX PERSON 1"].references == {"EU": ("1",), "UN": ("1",), "US": ("1",)}
    assert [(row.references.get("UN"), sorted(row.waiting)) for row in found.rows if row.waiting] == [
        (("2",), ["US"]),
        (None, ["UN"]),
    ]
    assert "SANDBOX PERSON 8" not in rows


def test_a_designation_that_an_authority_prints_in_two_lists_counts_once() -> None:
    profiles = [listing(name) for name in ("un:1", "csv:1", "xml:1", "csv:2", "xml:2")]
    pairs = [proposed("csv:1", "xml:1"), proposed("un:1", "csv:1"), proposed("csv:2", "xml:2")]
    found = coverage(resolve(profiles, pairs, {}), "UN")
    (balance,) = found.balances
    assert (balance.authority, balance.carried, balance.added) == ("OFAC", 1, 1)
    assert [row.references.get("OFAC") for row in found.rows] == [("1",), ("2",)]


def test_an_authority_is_as_new_as_the_newest_list_that_prints_it() -> None:
    days = {"un": date(2026, 1, 1), "csv": date(2026, 2, 1), "xml": date(2026, 1, 15)}
    found = newest_dates(resolved("un:1 csv:1 xml:1"), days)
    assert found == {"UN": date(2026, 1, 1), "OFAC": date(2026, 2, 1)}


def test_an_entry_under_another_programme_covers_a_dprk_designation() -> None:
    """OFAC keeps many of the Council's designees under its programme against proliferators."""
    profiles = [listing("un:1"), listing("us:1", dprk=False)]
    (balance,) = coverage(resolve(profiles, [proposed("un:1", "us:1")], {}), "UN").balances
    assert (balance.carried, balance.lacked, balance.added) == (1, 0, 0)


@given(PROPOSALS)
def test_every_designation_is_carried_may_be_or_is_lacked(proposals: list[Proposal]) -> None:
    found = coverage(resolve([listing(name) for name in NAMES], proposals, {}), "UN")
    for balance in found.balances:
        assert balance.carried + balance.may_carry + balance.lacked == found.designated
