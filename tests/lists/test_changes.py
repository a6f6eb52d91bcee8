"""What counts as a change between two copies of a list, and as what kind of change."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bongsu.kernel.canonical import canonical_json
from bongsu.lists.cards import source
from bongsu.lists.changes import KINDS, Change, by_authority, change_from_record, compare, counts
from bongsu.lists.cleaning import squeezed
from bongsu.lists.model import Part, Statement
from bongsu.lists.transcript import Entry, Transcript

Write = Callable[[Entry], None]


def copy_of(*entries: tuple[str, str, Write], exhibit: str = "a" * 64) -> tuple[Statement, ...]:
    """A copy of an invented list: its listings as (reference, schema, what is written on its page)."""
    transcript = Transcript()
    part = Part(name="consolidated", exhibit=exhibit, content=b"SANDBOX")
    for row, (reference, schema, write) in enumerate(entries, start=1):
        page = transcript.entry(part, listing=f"sandbox:{reference}", schema=schema, locator=f"row={row}")
        page.sanction("authorityId", reference)
        page.sanction("program", "DPRK")
        write(page)
    return tuple(transcript.statements)


def person(
    reference: str, *facts: tuple[str, str], schema: str = "Person", name: str = "SANDBOX ONE"
) -> tuple[str, str, Write]:
    def write(page: Entry) -> None:
        page.say("name", name)
        for prop, value in facts:
            page.sanction(prop.removeprefix("Sanction."), value) if prop.startswith("Sanction.") else page.say(
                prop, value
            )

    return reference, schema, write


def kinds(changes: tuple[Change, ...]) -> list[str]:
    return [change.kind for change in changes]


def test_a_listing_that_came_is_listed_and_one_that_went_delisted() -> None:
    old = copy_of(person("KPi.901"), person("KPi.902", name="SANDBOX TWO"))
    new = copy_of(person("KPi.901"), person("KPi.903", name="SANDBOX THREE"), exhibit="b" * 64)
    listed, delisted = compare(old, new)
    assert (listed.kind, listed.listing, listed.name, listed.reference) == (
        "listed",
        "sandbox:KPi.903",
        "SANDBOX THREE",
        "KPi.903",
    )
    assert (delisted.kind, delisted.listing, delisted.programmes_before) == ("delisted", "sandbox:KPi.902", ("DPRK",))
    assert (listed.programmes, listed.programmes_before, delisted.programmes) == (("DPRK",), (), ())
    assert [citation.exhibit[0] for change in (listed, delisted) for citation in change.citations] == ["b", "a"]
    assert counts((listed, delisted)) == {"listed": 1, "delisted": 1, "amended": 0, "bookkeeping": 0, "formatting": 0}


def test_the_changes_of_a_list_of_several_authorities_are_each_of_the_one_that_lists() -> None:
    """What issued a passport lists no one."""

    def listed_by(department: str | None) -> Write:
        def write(page: Entry) -> None:
            page.say("name", "SANDBOX")
            page.sub_entity("passport", "Passport", {"number": "987654321", "authority": "Treasury Department"})
            page.sanction("authority", department)

        return write

    departments = {"1": "State Department", "2": "Treasury Department", "3": "Treasury Department", "4": None}
    entries = [(number, "Person", listed_by(department)) for number, department in departments.items()]
    found = by_authority(compare((), copy_of(*entries)), source("us_csl").card)
    assert {authority: [change.reference for change in changes] for authority, changes in found.items()} == {
        "OFAC": ["2", "3"],
        "US State": ["1"],
        "US-CSL": ["4"],
    }


def test_a_value_that_came_or_went_amends() -> None:
    old = copy_of(person("KPi.901", ("alias", "Won"), ("alias", "Wun")))
    new = copy_of(person("KPi.901", ("alias", "Wun"), ("alias", "Wan")))
    (change,) = compare(old, new)
    assert change.kind == "amended"
    assert [(field.field, field.removed, field.added) for field in change.fields] == [("alias", ("Won",), ("Wan",))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["SANDBOX ONE"], ["Sandbox  one "]),
        (["SANDBOX ONE"], ["ＳＡＮＤＢＯＸ ONE"]),
        (["샌드박스"], [unicodedata.normalize("NFD", "샌드박스")]),
        (["Won", "WON"], ["wo n"]),
        (["wo n"], ["Won", "WON"]),
        (["Won", "WON"], ["Won"]),
        (["Won"], ["Won", "WON"]),
        (["Won", "WON"], ["WON", "won"]),
    ],
)
def test_what_differs_in_form_alone_is_formatting_however_often_it_is_printed(
    before: list[str], after: list[str]
) -> None:
    old = copy_of(person("KPi.901", *(("alias", value) for value in before)))
    new = copy_of(person("KPi.901", *(("alias", value) for value in after)))
    (change,) = compare(old, new)
    assert change.kind == "formatting"
    assert change.fields[0].reformatted
    assert all(squeezed(one) == squeezed(other) for one, other in change.fields[0].reformatted)


def test_a_value_that_went_beside_one_reformatted_is_still_removed() -> None:
    old = copy_of(person("KPi.901", ("alias", "Won"), ("alias", "Other")))
    new = copy_of(person("KPi.901", ("alias", "WON")))
    (change,) = compare(old, new)
    assert (change.kind, change.fields[0].removed, change.fields[0].added) == ("amended", ("Other",), ())
    assert change.fields[0].reformatted == (("Won", "WON"),)


@pytest.mark.parametrize("prop", ["modifiedAt", "recordId"])
def test_the_keepers_own_dates_and_numbers_are_bookkeeping(prop: str) -> None:
    old = copy_of(person("KPi.901", (f"Sanction.{prop}", "2025-01-01")))
    new = copy_of(person("KPi.901", (f"Sanction.{prop}", "2026-01-01")))
    assert kinds(compare(old, new)) == ["bookkeeping"]


def test_bookkeeping_beside_an_amendment_is_an_amendment_and_beside_formatting_bookkeeping() -> None:
    old = copy_of(person("KPi.901", ("Sanction.modifiedAt", "2025-01-01"), ("alias", "Won")))
    amended = copy_of(person("KPi.901", ("Sanction.modifiedAt", "2026-01-01"), ("alias", "Wan")))
    reformatted = copy_of(person("KPi.901", ("Sanction.modifiedAt", "2026-01-01"), ("alias", "WON")))
    assert kinds(compare(old, amended)) == ["amended"]
    assert kinds(compare(old, reformatted)) == ["bookkeeping"]


def test_a_change_of_programme_or_listing_date_is_no_bookkeeping() -> None:
    old = copy_of(person("KPi.901", ("Sanction.listingDate", "2025-01-01")))
    new = copy_of(person("KPi.901", ("Sanction.listingDate", "2026-01-01"), ("Sanction.program", "Iran")))
    (change,) = compare(old, new)
    assert change.kind == "amended"
    assert [field.field for field in change.fields] == ["Sanction.listingDate", "Sanction.program"]
    assert change.programmes == ("DPRK", "Iran")


def test_another_kind_of_entity_under_the_same_reference_is_an_amendment() -> None:
    old = copy_of(person("90001", schema="Organization"))
    new = copy_of(person("90001", schema="Vessel"))
    (change,) = compare(old, new)
    assert (change.kind, change.schema) == ("amended", "Vessel")
    assert [(field.field, field.removed, field.added) for field in change.fields] == [
        ("schema", ("Organization",), ("Vessel",))
    ]


def addressed(*addresses: dict[str, str]) -> tuple[str, str, Write]:
    def write(page: Entry) -> None:
        page.say("name", "SANDBOX ONE")
        for values in addresses:
            page.say("addressEntity", page.sub_entity("address", "Address", values))

    return "KPe.901", "Organization", write


def test_an_address_changes_as_a_whole() -> None:
    old = copy_of(addressed({"street": "1 Invented Street", "city": "SANDBOX CITY"}))
    new = copy_of(addressed({"street": "2 Invented Street", "city": "SANDBOX CITY"}))
    (change,) = compare(old, new)
    assert [(field.field, field.removed, field.added) for field in change.fields] == [
        ("Address", ("1 Invented Street, SANDBOX CITY",), ("2 Invented Street, SANDBOX CITY",))
    ]


def test_an_address_in_other_letters_is_formatting() -> None:
    old = copy_of(addressed({"street": "1 Invented Street", "city": "Sandbox City"}))
    new = copy_of(addressed({"street": "1 INVENTED STREET ", "city": "SANDBOX CITY"}))
    (change,) = compare(old, new)
    assert (change.kind, [field.field for field in change.fields]) == ("formatting", ["Address"])


def test_an_address_printed_twice_says_no_more_than_once() -> None:
    address = {"street": "1 Invented Street", "city": "SANDBOX CITY"}
    assert compare(copy_of(addressed(address, address)), copy_of(addressed(address))) == ()
    shouted = {prop: value.upper() for prop, value in address.items()}
    assert compare(copy_of(addressed(address, shouted)), copy_of(addressed(address))) == ()


def test_a_passport_keeps_together_with_its_country() -> None:
    def holding(country: str) -> tuple[str, str, Write]:
        def write(page: Entry) -> None:
            page.say("name", "SANDBOX ONE")
            passport = page.sub_entity("passport", "Passport", {"number": "SANDBOX-1", "country": country})
            page.link(passport, "Passport", "holder")

        return "KPi.901", "Person", write

    (change,) = compare(copy_of(holding("China")), copy_of(holding("Japan")))
    assert [(field.field, field.removed, field.added) for field in change.fields] == [
        ("Passport", ("SANDBOX-1, China",), ("SANDBOX-1, Japan",))
    ]


def test_the_same_name_under_a_new_number_is_pointed_at_from_both_sides() -> None:
    listed, delisted = compare(copy_of(person("KPi.901")), copy_of(person("KPi.951", name="Sandbox one ")))
    assert (listed.same_name_as, delisted.same_name_as) == ("sandbox:KPi.901", "sandbox:KPi.951")


def test_the_same_name_of_another_kind_or_of_two_is_pointed_at_by_nobody() -> None:
    old = copy_of(person("KPi.901"))
    assert {change.same_name_as for change in compare(old, copy_of(person("KPe.951", schema="Organization")))} == {None}
    twins = copy_of(person("KPi.951"), person("KPi.952"))
    assert [change.same_name_as for change in compare(old, twins)] == ["sandbox:KPi.901", "sandbox:KPi.901", None]


def test_changes_come_by_kind_and_then_by_listing() -> None:
    old = copy_of(
        person("D2", name="a"),
        person("D1", name="b"),
        person("F1", name="c"),
        person("B1", ("Sanction.recordId", "1")),
        person("A1"),
    )
    new = copy_of(
        person("L2", name="d"),
        person("L1", name="e"),
        person("F1", name="C"),
        person("B1", ("Sanction.recordId", "2")),
        person("A1", ("alias", "x")),
    )
    changes = compare(old, new)
    assert [change.listing.removeprefix("sandbox:") for change in changes] == ["L1", "L2", "D1", "D2", "A1", "B1", "F1"]
    assert [KINDS.index(kind) for kind in kinds(changes)] == sorted(KINDS.index(kind) for kind in kinds(changes))


VALUES = st.text(alphabet="aAbB éÉß철", min_size=1, max_size=4).filter(str.strip)
FACTS = st.lists(
    st.tuples(st.sampled_from(["alias", "birthDate", "Sanction.modifiedAt", "Sanction.listingDate"]), VALUES),
    max_size=4,
)
LISTS = st.dictionaries(st.sampled_from([f"KPi.90{n}" for n in range(6)]), st.tuples(VALUES, FACTS), max_size=5).map(
    lambda entries: copy_of(*(person(reference, *facts, name=name) for reference, (name, facts) in entries.items()))
)


@given(copy=LISTS)
def test_equal_copies_have_no_changes(copy: tuple[Statement, ...]) -> None:
    moved = tuple(replace(row, exhibit="b" * 64, locator="row=99") for row in copy)
    assert compare(copy, moved) == ()


@given(old=LISTS, new=LISTS)
def test_swapping_the_copies_swaps_listed_and_delisted_and_keeps_the_rest(
    old: tuple[Statement, ...], new: tuple[Statement, ...]
) -> None:
    swapped = {"listed": "delisted", "delisted": "listed"}
    there = {(change.listing, change.kind) for change in compare(old, new)}
    assert {(listing, swapped.get(kind, kind)) for listing, kind in there} == {
        (change.listing, change.kind) for change in compare(new, old)
    }


@given(old=LISTS, new=LISTS)
def test_no_difference_is_passed_over(old: tuple[Statement, ...], new: tuple[Statement, ...]) -> None:
    said = [{row.listing: set() for row in copy} for copy in (old, new)]
    for copy, groups in zip((old, new), said, strict=True):
        for row in copy:
            groups[row.listing].add(row.id)
    differing = {key for key in said[0].keys() | said[1].keys() if said[0].get(key) != said[1].get(key)}
    assert {change.listing for change in compare(old, new)} == differing


def restyled(value: str, style: int) -> str:
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in value)
    return [
        value.upper(),
        value.lower(),
        f" {value}  ",
        value.replace(" ", ""),
        unicodedata.normalize("NFD", value),
        wide,
    ][style]


@settings(deadline=None)
@given(copy=LISTS, data=st.data())
def test_edits_of_case_blanks_and_spelling_are_never_more_than_formatting(
    copy: tuple[Statement, ...], data: st.DataObject
) -> None:
    edited = []
    for row in copy:
        value = restyled(row.value, data.draw(st.integers(0, 5)))
        assume(squeezed(value) == squeezed(row.value))
        edited.append(replace(row, value=value))
    assert set(kinds(compare(copy, edited))) <= {"formatting"}


@given(old=LISTS, new=LISTS)
def test_a_change_comes_back_from_its_record(old: tuple[Statement, ...], new: tuple[Statement, ...]) -> None:
    changes = compare(old, new)
    assert tuple(change_from_record(json.loads(canonical_json(change.record()))) for change in changes) == changes
