"""Proposals: which pairs are compared, what speaks for and against, and when the machine may join."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import CardError
from bongsu.lists.birth import births_from
from bongsu.lists.blocking import LEAST, NameIndex
from bongsu.lists.profiles import Identifier, ListedName, Profile
from bongsu.lists.proposals import Proposal, compare, pair_of, propose, propose_by_comparing_all
from bongsu.lists.records import joined_pairs, links_of, profile_from_record, quality
from bongsu.lists.resolution import CARD, rules, rules_from
from bongsu.names import similarity


def listed(
    listing: str, *names: str, born: str | None = None, kind: str = "Person", dprk: bool = True, **numbers: str
) -> Profile:
    """An invented listing, with identifiers by kind."""
    list_id = listing.partition(":")[0]
    return Profile(
        listing=listing,
        list_id=list_id,
        authority=list_id.upper(),
        kind=kind,
        names=tuple(ListedName(text=name) for name in names),
        births=births_from([born] if born else []),
        identifiers=frozenset(Identifier(number, value) for number, value in numbers.items()),
        concerns_dprk=dprk,
        sandbox=True,
    )


def compared(left: Profile, right: Profile) -> Proposal:
    return compare(left, right, rules())


ONE = listed("un:1", "SANDBOX Kim Mo Rae", born="1960-02-03", passport="987654321")


# --- what the machine may join


@pytest.mark.parametrize(
    "other",
    [
        listed("us:1", "SANDBOX KIM, Mo-rae", passport="987654321"),
        listed("us:1", "SANDBOX Kim Mo Rae", born="1960", passport="987654321"),
    ],
)
def test_a_passport_borne_out_by_the_name_joins(other: Profile) -> None:
    assert compared(ONE, other).verdict == "same"


def test_names_that_are_merely_near_bear_a_passport_out_only_with_the_birth_date() -> None:
    assert 0.7 <= similarity("Kim Mo Rae", "Kim Mo-Rye", "Person") < rules().corroborates
    one = listed("un:1", "Kim Mo Rae", born="1960-02-03", passport="987654321")
    assert compared(one, listed("us:1", "Kim Mo-Rye", passport="987654321")).verdict == "review"
    assert compared(one, listed("us:1", "Kim Mo-Rye", born="1960-02-03", passport="987654321")).verdict == "same"


@pytest.mark.parametrize(
    ("other", "conflict"),
    [
        (listed("un:2", "SANDBOX Kim Mo Rae", passport="987654321"), "both stand on one list (un)"),
        (listed("us:1", "SANDBOX Kim Mo Rae", born="1971-09-09", passport="987654321"), "the dates of birth differ"),
        (listed("us:1", "SANDBOX Kim Mo Rae", kind="Vessel", passport="987654321"), "a Person here, a Vessel there"),
        (
            listed("us:1", "SANDBOX Kim Mo Rae", passport="987654321", reference="KPi.902"),
            "other UN references: KPi.901; KPi.902",
        ),
    ],
)
def test_a_conflict_keeps_the_machine_from_joining(other: Profile, conflict: str) -> None:
    one = replace(ONE, identifiers=ONE.identifiers | {Identifier("reference", "KPi.901")})
    found = compared(one, other)
    assert found.verdict == "review"
    assert conflict in found.conflicts


def test_a_passport_beside_another_name_goes_to_review_even_with_the_birth_date() -> None:
    """Annex XVI of Regulation (EU) 2017/1509 prints one man's passport and birth date beside another's name."""
    one = listed("un:1", "Kim Mo Rae", born="1960-02-03", passport="987654321")
    found = compared(one, listed("eu:1", "Pak Sang Ja", born="1960-02-03", passport="987654321"))
    assert (found.verdict, found.conflicts) == ("review", ())


def test_a_list_that_cites_the_wrong_number_joins_no_one() -> None:
    """The EU's file once gave one man the UN number of another."""
    cited = listed("un:KPi.901", "Kim Mo Rae", reference="KPi.901")
    true = listed("un:KPi.902", "Pak Sang Ja", reference="KPi.902")
    wrong = listed("eu:77", "Pak Sang Ja", reference="KPi.901")
    found = {proposal.pair: proposal for proposal in propose([cited, true, wrong], rules())}
    assert {proposal.verdict for proposal in found.values()} == {"review"}
    assert found["eu:77", "un:KPi.901"].conflicts == ()
    assert "other names" in " ".join(sign.text for sign in found["eu:77", "un:KPi.901"].signs)
    assert found["eu:77", "un:KPi.902"].conflicts == ("other UN references: KPi.901; KPi.902",)


def test_a_reference_in_a_field_or_in_the_remarks_joins_where_the_name_bears_it_out() -> None:
    un = listed("un:KPi.901", "Kim Mo Rae", reference="KPi.901")
    assert compared(un, listed("eu:1", "Kim Mo-rae", reference="KPi.901")).verdict == "same"
    assert compared(un, listed("us:1", "Kim Mo-rae", mention="KPi.901")).verdict == "same"
    assert compared(un, listed("us:1", "Pak Sang Ja", mention="KPi.901")).verdict == "apart"


def test_two_that_mention_a_third_are_not_thereby_one() -> None:
    found = compared(listed("eu:1", "Kim Mo Rae", mention="KPi.901"), listed("us:1", "Kim Mo Rae", mention="KPi.901"))
    assert not found.has_identifier


def test_a_ship_is_joined_by_its_number_and_name_and_goes_to_review_under_another_name() -> None:
    ship = listed("un:1", "SANDBOX STAR 1", kind="Vessel", imo="8106496")
    assert compared(ship, listed("us:1", "SANDBOX STAR NO. 1", kind="Vessel", imo="8106496")).verdict == "same"
    renamed = compared(ship, listed("us:1", "MORAE HO", kind="Vessel", imo="8106496"))
    assert (renamed.verdict, renamed.conflicts) == ("review", ())
    other = compared(ship, listed("us:1", "SANDBOX STAR 1", kind="Vessel", imo="8819017"))
    assert other.verdict == "apart"
    assert other.conflicts == ("other IMO numbers: 8106496; 8819017",)


@pytest.mark.parametrize("kind", ["wallet", "swift", "lei", "mmsi", "number", "false_imo"])
def test_no_other_identifier_lets_the_machine_join(kind: str) -> None:
    found = compared(
        listed("un:1", "SANDBOX Mo Rae Bank", kind="Organization", **{kind: "1234567"}),
        listed("us:1", "SANDBOX Mo Rae Bank", kind="Organization", **{kind: "1234567"}),
    )
    assert found.verdict == "review"


def test_names_and_birth_dates_alone_go_to_review() -> None:
    found = compared(listed("un:1", "Kim Mo Rae", born="1960-02-03"), listed("us:1", "KIM, Mo-rae", born="1960-02-03"))
    assert found.verdict == "review"
    assert found.score > 0.95
    assert found.why == "same name: 'Kim Mo Rae', 'KIM, Mo-rae'; same date of birth 1960-02-03"


def test_one_name_and_another_birth_date_are_left_apart() -> None:
    assert (
        compared(
            listed("un:1", "Kim Mo Rae", born="1960-02-03"), listed("us:1", "Kim Mo Rae", born="1980-05-06")
        ).verdict
        == "apart"
    )


def numbered(list_id: str, number: str, name: str, **other: str) -> Profile:
    """An invented entry of an authority whose number is the same in each list that prints it."""
    one = listed(f"{list_id}:{number}", name, reference=f"OFAC {number}", **other)
    return replace(one, authority="OFAC", reference=number, has_authority_number=True)


def test_one_number_of_an_authority_in_two_forms_of_its_list_joins_where_the_name_bears_it_out() -> None:
    one = numbered("csv", "90001", "SANDBOX Kim Mo Rae")
    found = compared(one, numbered("xml", "90001", "SANDBOX KIM, Mo-rae"))
    assert (found.verdict, found.conflicts) == ("same", ())
    assert "same list reference OFAC 90001" in found.why


def test_one_number_beside_another_name_goes_to_review() -> None:
    """A copy of January 2022 that went through other hands has another's name beside a number."""
    found = compared(numbered("csv", "90001", "Kim Mo Rae"), numbered("xml", "90001", "Pak Sang Ja"))
    assert found.verdict == "review"


def test_the_forms_of_a_designation_that_another_list_names_are_joined_under_whatever_programme() -> None:
    """OFAC keeps many of the Council's designees under its programme against proliferators."""
    un = listed("un:KPi.901", "Kim Mo Rae", born="1960-02-03")
    forms = [replace(numbered(form, "90001", "Kim Mo Rae"), concerns_dprk=False) for form in ("csv", "xml")]
    found = {proposal.pair: proposal.verdict for proposal in propose([un, *forms], rules())}
    assert found["csv:90001", "xml:90001"] == "same"
    assert propose(forms, rules()) == ()


def test_two_numbers_of_an_authority_are_two_entries_of_one_list_in_whatever_form() -> None:
    one = numbered("csv", "90001", "Kim Mo Rae", passport="987654321")
    found = compared(one, numbered("xml", "90002", "Kim Mo Rae", passport="987654321"))
    assert (found.verdict, found.conflicts) == ("review", ("both stand on one list (OFAC)",))
    names_alone = [numbered("csv", "90001", "Kim Mo Rae"), numbered("xml", "90002", "Kim Mo Rae")]
    assert propose(names_alone, rules()) == ()


# --- which pairs are compared


def test_what_concerns_no_dprk_programme_on_either_side_is_not_compared() -> None:
    pair = [listed(listing, "Kim Mo Rae", passport="987654321", dprk=False) for listing in ("un:1", "us:1")]
    assert propose(pair, rules()) == ()
    assert len(propose([replace(pair[0], concerns_dprk=True), pair[1]], rules())) == 1


def test_what_is_invented_never_meets_what_is_not() -> None:
    assert propose([ONE, replace(ONE, listing="us:1", list_id="us", sandbox=False)], rules()) == ()


def test_two_entries_of_one_list_meet_only_by_an_identifier_and_go_to_review() -> None:
    names = [listed(f"un:{number}", "Kim Mo Rae") for number in (1, 2)]
    assert propose(names, rules()) == ()
    same = [listed(f"un:{number}", "Kim Mo Rae", passport="987654321") for number in (1, 2)]
    assert [proposal.verdict for proposal in propose(same, rules())] == ["review"]


SYLLABLES = (
    "kim",
    "ri",
    "pak",
    "yong",
    "chol",
    "ch'o'l",
    "mo",
    "rae",
    "nam",
    "il",
    "su",
    "jong",
    "chong",
    "u'n",
    "hyok",
)
FIRM_WORDS = (
    "Sandbox",
    "Morae",
    "Korea",
    "Trading",
    "Corporation",
    "Co., Ltd",
    "Shipping",
    "Phyongyang",
    "Bank",
    "무역회사",
)
PERSON = st.lists(st.sampled_from(SYLLABLES), min_size=2, max_size=3).map(lambda parts: " ".join(parts).title())
FIRM = st.lists(st.sampled_from(FIRM_WORDS), min_size=1, max_size=4).map(" ".join)
PROFILES = st.lists(
    st.tuples(
        st.sampled_from(["un", "us", "eu"]),
        st.sampled_from(["Person", "Organization", "Vessel"]),
        PERSON,
        FIRM,
        st.sampled_from([None, "1960-02-03", "1960", "1972-11-30"]),
        st.sampled_from([{}, {"passport": "987654321"}, {"passport": "987654322"}]),
        st.sampled_from([None, "90001", "90002"]),
    ),
    max_size=12,
).map(lambda rows: [_drawn(at, *row) for at, row in enumerate(rows)])


def _drawn(
    at: int, where: str, kind: str, person: str, firm: str, born: str | None, numbers: dict[str, str], of: str | None
) -> Profile:
    if kind == "Person" and of is not None:
        return replace(numbered(where, of, person, **numbers), listing=f"{where}:{at}")
    if kind == "Person":
        return listed(f"{where}:{at}", person, born=born, **numbers)
    return listed(f"{where}:{at}", firm, kind=kind)


@given(PROFILES)
def test_the_index_loses_nothing_against_comparing_all(profiles: list[Profile]) -> None:
    assert propose(profiles, rules()) == propose_by_comparing_all(profiles, rules())


@given(PROFILES)
def test_two_are_compared_the_same_from_either_side(profiles: list[Profile]) -> None:
    for one, other in combinations(profiles[:4], 2):
        assert compare(one, other, rules()).pair == compare(other, one, rules()).pair
        assert compare(one, other, rules()) == compare(other, one, rules())


LETTERS = "abcdefghijklmnop"
WORD = st.text(LETTERS, min_size=2, max_size=18)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A name of one or two words, and the same with a letter or two struck, put in, changed or swapped."""
    word = draw(WORD)
    other = list(word)
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, max(0, len(other) - 1)))
        match draw(st.sampled_from(["strike", "put", "change", "swap"])):
            case "strike" if len(other) > 2:
                del other[at]
            case "put":
                other.insert(at, draw(st.sampled_from(LETTERS)))
            case "change":
                other[at] = draw(st.sampled_from(LETTERS))
            case _:
                other[at : at + 2] = reversed(other[at : at + 2])
    second = draw(st.one_of(st.just(""), WORD))
    return f"{word} {second}".strip(), f"{''.join(other)} {second}".strip()


@given(slips(), st.sampled_from(["Person", "Organization", "Vessel"]))
def test_names_that_are_near_meet_in_the_index(names: tuple[str, str], kind: str) -> None:
    index = NameIndex(kind)
    index.add(names[0], 7)
    if similarity(names[1], names[0], kind) >= LEAST:
        assert index.meeting(names[1]) == [(7, names[0])]


# --- on the names and listings of the evaluation set


@pytest.fixture(scope="module")
def records(shared_file: Callable[[str], Path]) -> list[dict[str, Any]]:
    path = shared_file("eval/er_entities_dev.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_machine_makes_no_wrong_join_and_review_misses_no_known_link(
    records: list[dict[str, Any]], shared_file: Callable[[str], Path]
) -> None:
    with shared_file("eval/er_links_dev.csv").open(encoding="utf-8", newline="") as rows:
        known = {pair_of(row["left"], row["right"]) for row in csv.DictReader(rows)}
    found = links_of(records, rules())
    machine = quality(joined_pairs(records, found), known)
    assert machine.wrong == 0
    assert machine.found >= 89
    assert quality({proposal.pair for proposal in found}, known).missed == 0


def test_nothing_real_is_lost_by_the_index(records: list[dict[str, Any]]) -> None:
    profiles = [profile_from_record(record) for record in records]
    assert propose(profiles, rules()) == propose_by_comparing_all(profiles, rules())


def test_every_alias_of_the_evaluation_set_that_is_near_meets_in_the_index(shared_file: Callable[[str], Path]) -> None:
    with shared_file("eval/names_dev.csv").open(encoding="utf-8", newline="") as rows:
        pairs = [(row["left"], row["right"], row["schema"]) for row in csv.DictReader(rows)]
    near = [(left, right, kind) for left, right, kind in pairs if similarity(left, right, kind) >= LEAST]
    assert len(near) > 900
    lost = []
    for left, right, kind in near:
        index = NameIndex(kind)
        index.add(left, 0)
        if not index.meeting(right):
            lost.append((left, right, kind))
    assert lost == []


# --- the card


def card_text() -> str:
    from importlib.resources import files

    return (files("bongsu.lists") / CARD).read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("alike = 0.85\n", "alike = 0.99\n", "does not fall"),
        ("corroborates = 0.8", "corroborates = 0.1", "below the likeness"),
        ('"passport", "reference"', '"shoe size", "reference"', "decisive"),
        ("prior = -4.0", "prior = 4.0", "prior"),
    ],
)
def test_a_card_that_contradicts_itself_is_refused(old: str, new: str, reason: str) -> None:
    content = card_text()
    assert old in content
    with pytest.raises(CardError, match=reason):
        rules_from(content.replace(old, new).encode())


def test_every_weight_has_its_reason_beside_it() -> None:
    """A number without a reason cannot be argued with."""
    bare = [line for line in card_text().splitlines() if " = " in line and "#" not in line]
    explained_above = {"prior = -4.0", "corroborates = 0.8", "review_from = 0.2"}
    repeated = [line for line in bare if line.split(" = ")[0] in {"equal", "alike", "near", "other", "decisive"}]
    assert set(bare) - set(repeated) - explained_above == set()
