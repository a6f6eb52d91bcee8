"""Sources: every one of every desk, how it stands in words, and what of it was set aside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.cycle.config import Config
from bongsu.evidence import Folder
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.lists.cards import sources as list_sources
from bongsu.sea.cards import sources as sea_sources
from bongsu.web.accounts.models import Person
from bongsu.web.pages.sources.desks import cards
from bongsu.web.pages.sources.standing import STATES, sources
from bongsu.web.record.changes import handle
from bongsu.web.record.collected import unknown_handling
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import CycleRow, ExhibitRow, HandlingRow
from bongsu.web.watched import watched_sources

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


def test_a_source_of_a_desk_that_is_not_there_yet_is_shown_as_the_cycle_has_it(
    cycle: CycleRow, person: Callable[..., Person]
) -> None:
    row = next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")
    cycle.summary["sources"].append({**row, "desk": "trade", "id": "sandbox_flows", "state": "half read"})
    cycle.save()
    found = next(each for each in sources(cycle, person().reader) if each.card.desk == "trade")
    assert (found.words, found.tone) == ("half read", "warn")


def test_of_files_given_in_confidence_a_source_tells_its_state_alone(
    cycle: CycleRow, store: Folder, person: Callable[..., Person], signed_in: SignedIn
) -> None:
    """A list may be read by all; of the positions one file is open, and the desk reads it with the other."""
    positions = next(row for row in cycle.summary["sources"] if row["desk"] == "sea")
    (closed,) = [each["sha256"] for each in positions["exhibits"]]
    opened = {"part": "nmea", "sha256": "1" * 64}
    other = {**positions, "id": "gfw_events", "exhibits": [opened]}
    damage = f"missing or changed since it was received: {closed}"
    positions.update(state="damaged", problems=[damage], exhibits=[*positions["exhibits"], opened])
    cycle.summary["sources"].append(other)
    cycle.save()
    take_in_exhibits(store, "alpha")
    ExhibitRow.objects.create(
        digest=opened["sha256"], size_bytes=1, media_type="text/plain", title="SANDBOX", received_at=cycle.clock,
        handling=HandlingRow.of(Handling(tlp=Tlp.CLEAR, originators=frozenset({"alpha"}))),
    )  # fmt: skip
    handle(ExhibitRow.objects.get(digest=closed), unknown_handling("alpha"))
    stranger = person(Role.ANALYST, member="beta")
    for row in watched_sources(stranger.reader)["sources"]:
        if row["desk"] == "sea" and row["state"] != "not watched":
            assert (row["last"], row["age_days"], row["problems"], row["withheld"]) == (None, None, [], True)
            assert [each["sha256"] for each in row["exhibits"]] == [opened["sha256"]]
        else:
            assert row["withheld"] is False
    browser = signed_in(of=stranger)
    for address in ("/sources/sea/nmea/", "/sources/sea/gfw_events/", "/sources/", "/"):
        page = browser.get(address).content.decode()
        assert closed not in page
        assert closed[:12] not in page
        assert positions["last"] not in _beside_the_list(page)
    assert "What its files tell is withheld" in browser.get("/sources/sea/nmea/").content.decode()
    own = {row["id"]: row for row in watched_sources(person().reader)["sources"] if row["desk"] == "sea"}
    assert own["nmea"]["problems"] == [damage]
    assert own["nmea"]["last"] == positions["last"]
    assert {each["sha256"] for each in own["nmea"]["exhibits"]} == {closed, opened["sha256"]}


def test_what_was_set_aside_of_a_file_that_is_closed_to_the_reader_is_not_told(
    cycle: CycleRow, store: Folder, config: Config, person: Callable[..., Person], signed_in: SignedIn
) -> None:
    take_in_exhibits(store, "alpha")
    listed = next(row for row in cycle.summary["sources"] if row["id"] == "sandbox")
    old = ExhibitRow.objects.get(origin="sandbox/sandbox_2026-01-15.xml").digest
    new = listed["exhibits"][0]["sha256"]
    rows = [
        {
            "list": "sandbox", "copy": "2026-01-15", "part": "consolidated", "citation": f"sha256:{digest}#xpath=/A",
            "field": None, "value": f"SANDBOX value of {digest[:8]}", "reason": "is no date", "whole_entry": True,
        }
        for digest in (old, new)
    ]  # fmt: skip
    _rewritten(Path(config.store), cycle.id, canonical_json(rows))
    listed["set_aside"] = 2
    cycle.save()
    handle(ExhibitRow.objects.get(digest=old), unknown_handling("alpha"))
    told = {
        member: signed_in(of=person(member=member)).get("/sources/lists/sandbox/").content.decode()
        for member in ("alpha", "beta")
    }
    assert f"SANDBOX value of {old[:8]}" in told["alpha"]
    assert f"SANDBOX value of {old[:8]}" not in told["beta"]
    assert f"SANDBOX value of {new[:8]}" in told["beta"]


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


def _beside_the_list(page: str) -> str:
    """A page without the days of the list, which may be those of the positions, and without the clock of the cycle."""
    return re.sub(r"<tr>\s*<th[^>]*><a href=\"/sources/lists/.*?</tr>", "", page, flags=re.DOTALL)


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
