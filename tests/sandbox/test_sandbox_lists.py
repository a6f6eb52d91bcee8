"""The invented designation list: its two vintages differ as its truth says, and nothing in it passes for real."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from bongsu.kernel.canonical import digest
from bongsu.lists.cards import source
from bongsu.lists.changes import KINDS, compare
from bongsu.lists.model import Part, Reading
from bongsu.sandbox import SANDBOX_LIST, sandbox_copies, sandbox_source
from bongsu.sandbox.lists import VINTAGES

TRUTH = tomllib.loads((files("bongsu.sandbox") / "data" / "truth.toml").read_text("utf-8"))


def readings() -> list[Reading]:
    return [
        sandbox_source().read((Part(name="consolidated", exhibit=digest(content), content=content),))
        for _, content in sandbox_copies()
    ]


def test_the_vintages_differ_exactly_as_the_truth_says() -> None:
    old, new = readings()
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for change in compare(old.statements, new.statements):
        found[change.kind].append(change.listing)
    assert {kind: listings for kind, listings in found.items() if listings} == TRUTH


def test_the_truth_has_each_kind_of_change_that_matters() -> None:
    assert {"listed", "delisted", "amended", "formatting"} <= TRUTH.keys() <= set(KINDS)


def test_both_vintages_are_read_whole_and_print_their_own_day() -> None:
    for day, reading in zip(VINTAGES, readings(), strict=True):
        assert reading.printed_on == day
        assert reading.set_aside == ()
        assert reading.tally.complete
        assert reading.tally.dprk == reading.tally.read == 5 + (day == VINTAGES[1])


def test_every_name_says_that_it_is_invented() -> None:
    for reading in readings():
        names = [row.value for row in reading.statements if row.prop in {"name", "alias", "weakAlias", "previousName"}]
        assert len(names) >= 8
        for name in names:
            assert "SANDBOX" in name.upper(), name


def test_every_document_address_and_comment_says_that_it_is_invented() -> None:
    for reading in readings():
        for row in reading.statements:
            if row.prop in {"number", "city", "notes"}:
                assert "SANDBOX" in row.value, row
            if row.prop in {"position", "street"}:
                assert "Invented" in row.value, row


def test_the_files_say_so_before_anything_else_and_in_every_entry() -> None:
    for name, content in sandbox_copies():
        assert name.startswith("sandbox_")
        assert content.splitlines()[1].startswith(
            b"<!-- SANDBOX: every name, number and place in this file is invented."
        )
        for section in ElementTree.fromstring(content):
            for entry in section:
                assert "SANDBOX" in "".join(entry.itertext())


def test_references_are_outside_the_un_lists_own_numbers() -> None:
    for reading in readings():
        for row in reading.statements:
            assert row.listing.startswith(f"{SANDBOX_LIST}:KP")
            assert int(row.listing.rpartition(".")[2]) > 900


@pytest.mark.parametrize("index", [0, 1])
def test_nobody_is_listed_after_the_day_of_the_copy(index: int) -> None:
    for row in readings()[index].statements:
        if row.prop == "listingDate":
            assert date.fromisoformat(row.value) <= VINTAGES[index], row.listing


def test_whoever_is_new_in_a_copy_was_listed_since_the_one_before() -> None:
    new = readings()[1]
    listed_on = {row.listing: date.fromisoformat(row.value) for row in new.statements if row.prop == "listingDate"}
    for listing, day in listed_on.items():
        assert (VINTAGES[0] < day <= VINTAGES[1]) == (listing in TRUTH["listed"]), (listing, day)


def test_the_card_says_whose_list_it_is_and_leaves_the_real_one_alone() -> None:
    card = sandbox_source().card
    assert card.id == SANDBOX_LIST
    for text in (card.title, card.authority, card.authority_name):
        assert "SANDBOX" in text
    assert source("un_sc").card.authority == "UN"
    authorities = {row.value for reading in readings() for row in reading.statements if row.prop == "authority"}
    assert authorities == {"SANDBOX Committee (invented)"}
