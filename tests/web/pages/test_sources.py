"""Sources: every one of every desk, how it stands in words, and what of it was set aside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from bongsu.cases.words import Role
from bongsu.cycle.config import Config
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.lists.cards import sources as list_sources
from bongsu.sea.cards import sources as sea_sources
from bongsu.web.pages.sources.desks import cards
from bongsu.web.pages.sources.standing import STATES, sources
from bongsu.web.record.models import CycleRow

pytestmark = pytest.mark.django_db

SignedIn = Callable[..., Client]


def test_every_source_of_every_desk_is_found_with_its_card() -> None:
    assert {key for key in cards() if key[0] == "lists"} == {("lists", name) for name in list_sources()}
    assert {key for key in cards() if key[0] == "sea"} == {("sea", name) for name in sea_sources()}
    un = cards()["lists", "un_sc"]
    card = list_sources()["un_sc"].card
    assert (un.publisher, un.licence, un.least, un.most) == (
        card.authority_name, card.licence, card.least_entries, card.most_entries,
    )  # fmt: skip


def test_the_page_lists_all_sources_those_not_watched_and_the_sandbox_s_too(
    cycle: CycleRow, signed_in: SignedIn
) -> None:
    page = signed_in(Role.READER).get("/sources/").content.decode()
    for desk, name in cards():
        assert f'href="/sources/{desk}/{name}/"' in page
    assert 'href="/sources/lists/sandbox/"' in page
    assert "a new copy came" in page
    assert "not watched here" in page


def test_every_state_a_cycle_can_write_has_its_words() -> None:
    assert {"new copy", "unchanged", "not reached", "refused", "no copy"} <= STATES.keys()


def test_a_refused_source_tells_why_and_stands_on_the_first_page(cycle: CycleRow, signed_in: SignedIn) -> None:
    row = next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")
    row.update(state="refused", problems=["holds 3 entries; the card expects 5 to 9"])
    cycle.save()
    assert "the card expects 5 to 9" in signed_in().get("/sources/lists/sandbox/").content.decode()
    for address in ("/", "/sources/"):
        assert "a copy came and was refused" in signed_in().get(address).content.decode()


def test_a_source_of_a_desk_that_is_not_there_yet_is_shown_as_the_cycle_has_it(cycle: CycleRow) -> None:
    row = next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")
    cycle.summary["sources"].append({**row, "desk": "trade", "id": "sandbox_flows", "state": "half read"})
    cycle.save()
    found = next(each for each in sources(cycle) if each.card.desk == "trade")
    assert (found.words, found.tone) == ("half read", "warn")


def test_what_was_set_aside_is_shown_with_its_file_place_field_and_reason(
    cycle: CycleRow, config: Config, signed_in: SignedIn
) -> None:
    content = canonical_json(
        [
            {
                "list": "sandbox", "copy": "2026-02-15-61b343fc2bc1", "part": "consolidated",
                "citation": f"sha256:{'0' * 64}#xpath=/CONSOLIDATED_LIST/ENTITIES/ENTITY[1]", "field": "birthDate",
                "value": "the <b>31st</b> of June (SANDBOX)", "reason": "is no date", "whole_entry": False,
            }
        ]
    )  # fmt: skip
    _rewritten(Path(config.store), cycle.id, content)
    next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")["set_aside"] = 1
    cycle.save()
    page = signed_in().get("/sources/lists/sandbox/").content.decode()
    for text in ("birthDate", "is no date", "the &lt;b&gt;31st", "ENTITIES", f"/exhibits/{'0' * 64}/?at=xpath"):
        assert text in page


def test_bytes_that_the_manifest_does_not_name_are_not_shown(
    cycle: CycleRow, config: Config, signed_in: SignedIn
) -> None:
    next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")["set_aside"] = 1
    cycle.save()
    path = Path(config.store) / "cycles" / cycle.id / "quarantine.json"
    path.chmod(0o600)
    path.write_bytes(b'[{"list":"sandbox"}]')
    page = signed_in().get("/sources/lists/sandbox/").content.decode()
    assert "these are not the bytes its manifest names" in page


def test_a_source_that_there_is_not_answers_so(cycle: CycleRow, signed_in: SignedIn) -> None:
    for address in ("/sources/lists/nowhere/", "/sources/nowhere/un_sc/"):
        assert signed_in().get(address).status_code == 404


def _rewritten(store: Path, cycle: str, quarantine: bytes) -> None:
    """The cycle's quarantine as another, its manifest naming it."""
    folder = store / "cycles" / cycle
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["outputs"]["quarantine.json"] = {
        **manifest["outputs"]["quarantine.json"], "sha256": digest(quarantine),
    }  # fmt: skip
    for name, content in (("quarantine.json", quarantine), ("manifest.json", canonical_json(manifest))):
        (folder / name).chmod(0o600)
        (folder / name).write_bytes(content)
