"""Indicators: what a list holds and hides, pages by key, exports, and what people do with one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from bongsu.cases.handling import Tlp
from bongsu.cases.model import Case
from bongsu.cases.words import Role
from bongsu.web.accounts.models import Person
from bongsu.web.pages.indicators.acting import REGISTER_TITLE
from bongsu.web.pages.indicators.detectors import detectors
from bongsu.web.pages.indicators.queries import PAGE, counted, found, page_of
from bongsu.web.record import work
from bongsu.web.record.models import CaseRow, CycleRow, Entry, IndicatorMeasure, IndicatorRow, IndicatorState
from bongsu.web.record.states import standings

pytestmark = pytest.mark.django_db

Persons = Callable[..., Person]
SignedIn = Callable[..., Client]
Made = Callable[..., list[IndicatorRow]]
Opened = Callable[..., Case]
Kept = Callable[[IndicatorRow], None]


@pytest.fixture
def encounter(cycle: CycleRow) -> IndicatorRow:
    return IndicatorRow.objects.get(detector="sea.encounter")


@pytest.fixture
def of_beta(person: Persons, signed_in: SignedIn) -> Client:
    return signed_in(of=person(Role.ANALYST, member="beta"))


# Taking in


def test_a_cycle_taken_in_twice_changes_nothing(cycle: CycleRow, next_cycle: Callable[..., CycleRow]) -> None:
    before = list(IndicatorRow.objects.order_by("id").values())
    again = list(IndicatorRow.objects.all())
    later = next_cycle(found=again)
    after = list(IndicatorRow.objects.order_by("id").values())
    assert {row["last_cycle_id"] for row in after} == {later.id}
    assert [{**row, "last_cycle_id": None} for row in after] == [{**row, "last_cycle_id": None} for row in before]
    assert IndicatorMeasure.objects.count() == sum(len(row.record["measures"]) for row in again)


def test_the_summary_of_a_cycle_holds_sources_changes_and_the_sea(cycle: CycleRow) -> None:
    summary = cycle.summary
    (sandbox,) = (row for row in summary["sources"] if row["desk"] == "lists")
    assert (sandbox["state"], sandbox["last"], sandbox["records"]) == ("new copy", "2026-02-15", 6)
    assert [row["id"] for row in summary["sources"] if row["desk"] == "sea"] == ["nmea"]
    assert [step["dprk_counts"]["listed"] for step in summary["changes"]] == [2]
    assert summary["sea"]["petroleum"][0]["cap"] == 500_000
    assert "first" not in summary["sea"]


def test_what_was_dismissed_stays_dismissed_in_the_next_cycle(
    encounter: IndicatorRow, person: Persons, signed_in: SignedIn, next_cycle: Callable[..., CycleRow]
) -> None:
    signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": "Two fishing vessels, invented."})
    next_cycle(found=[encounter])
    standing = standings([encounter], person().reader, None)[encounter.id]
    assert (standing.state, standing.reason) == (IndicatorState.DISMISSED, "Two fishing vessels, invented.")
    assert "Two fishing vessels, invented." in signed_in().get(f"/indicators/{encounter.id}/").content.decode()


def test_what_vanished_is_shown_as_not_found_any_more_and_never_deleted(
    encounter: IndicatorRow, signed_in: SignedIn, next_cycle: Callable[..., CycleRow]
) -> None:
    number = IndicatorRow.objects.count()
    first_without = next_cycle(found=[])
    next_cycle(found=[])
    assert IndicatorRow.objects.count() == number
    for address in (f"/indicators/{encounter.id}/", "/indicators/?detector=sea.encounter"):
        assert f"not found any more since {first_without.id}" in signed_in().get(address).content.decode()
    assert "No indicator is like this" in signed_in().get("/indicators/?seen=still").content.decode()


# The list


def test_every_filter_narrows_the_list_to_what_it_says(cycle: CycleRow, person: Persons) -> None:
    reader = person().reader
    every = list(IndicatorRow.objects.all())

    def ids(**asked: object) -> set[str]:
        return {row.id for row in found(asked, reader, cycle)}

    assert ids() == {row.id for row in every}
    assert ids(desk="lists") == {row.id for row in every if row.desk == "lists"}
    assert ids(detector="sea.identity") == {row.id for row in every if row.detector == "sea.identity"}
    assert ids(measure="2397/5") == {row.id for row in every if "2397/5" in row.record["measures"]}
    assert ids(score=0.8) == {row.id for row in every if row.score >= 0.8}
    assert ids(q="tanker 0000") == {row.id for row in every if "TANKER 0000" in row.subject_name}
    assert ids(sandbox="no") == set()
    assert ids(seen="gone") == set()
    assert ids(seen="first") == ids(seen="still") == ids()


def test_a_span_of_days_takes_what_touches_it(cycle: CycleRow, signed_in: SignedIn) -> None:
    answer = signed_in().get("/indicators/indicators.csv?desk=sea&since=2026-01-07&until=2026-01-07")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert rows
    assert all(row["from"][:10] <= "2026-01-07" <= row["to"][:10] for row in rows if row["to"])
    outside = signed_in().get("/indicators/indicators.csv?desk=sea&since=2030-01-01&until=2030-01-02")
    assert all(not row["to"] for row in csv.DictReader(io.StringIO(outside.content.decode())))


def test_a_filter_that_cannot_be_read_says_so_and_breaks_nothing(cycle: CycleRow, signed_in: SignedIn) -> None:
    page = signed_in().get("/indicators/?score=much&since=2026-02-30&desk=nowhere")
    assert page.status_code == 200
    assert "A filter cannot be read" in page.content.decode()
    assert signed_in().get("/indicators/indicators.csv?score=much").status_code == 400
    assert signed_in().get("/indicators/?since=2026-02-02&until=2026-02-01").status_code == 200


def test_pages_by_key_hold_every_row_once_there_and_back(cycle: CycleRow, made: Made, person: Persons) -> None:
    made(2 * PAGE + 7, score=0.5, subject={"id": "mmsi:1", "schema": "Vessel", "name": "SANDBOX"})
    rows = found({}, person().reader, cycle)
    whole = [row.id for row in rows]
    pages, page = [], page_of(rows)
    while True:
        pages.append([row.id for row in page.rows])
        if page.after is None:
            break
        page = page_of(rows, after=IndicatorRow.objects.get(id=page.after))
    assert [id_ for ids in pages for id_ in ids] == whole
    back = []
    while page.before is not None:
        page = page_of(rows, before=IndicatorRow.objects.get(id=page.before))
        back.insert(0, [row.id for row in page.rows])
    assert back == pages[:-1]


def test_counting_stops_above_its_limit(cycle: CycleRow) -> None:
    assert (counted(IndicatorRow.objects.all(), 5).number, counted(IndicatorRow.objects.all(), 5).more) == (5, True)
    assert not counted(IndicatorRow.objects.all(), 10_000).more


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"state": "new"},
        {"desk": "sea"},
        {"detector": "sea.encounter"},
        {"q": "zzzz"},
        {"seen": "gone"},
        {"score": 0.9},
    ],
    ids=str,
)
def test_a_list_and_its_count_are_answered_from_one_index_without_sorting(
    cycle: CycleRow, person: Persons, asked: dict[str, object]
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of its tables, which are small here")
    rows = found(asked, person().reader, cycle)
    listed = rows.values_list("id", flat=True)[:51].explain()
    assert "USING COVERING INDEX indicators_listed" in listed
    assert "TEMP B-TREE" not in listed
    assert "USING COVERING INDEX indicators_listed" in rows.order_by().values("id")[:10_001].explain()


def test_the_list_works_as_a_link_and_in_part(cycle: CycleRow, signed_in: SignedIn) -> None:
    page = signed_in().get("/indicators/?desk=lists&state=new").content.decode()
    assert '<option value="lists" selected>' in page
    assert 'hx-select="#list"' in page
    assert page.count('<div id="list">') == 1
    assert "desk=lists&amp;state=new" in page  # the files hold what the list holds


# What may not be read


def test_another_member_s_reader_finds_no_trace_of_what_is_kept_to_alpha(
    encounter: IndicatorRow, kept_to_alpha: Kept, of_beta: Client, signed_in: SignedIn
) -> None:
    kept_to_alpha(encounter)
    whole = IndicatorRow.objects.count()
    assert signed_in().get(f"/indicators/{encounter.id}/").status_code == 200
    for part in ("", "map.geojson"):
        assert of_beta.get(f"/indicators/{encounter.id}/{part}").status_code == 404
        assert of_beta.get(f"/indicators/0000000000000000/{part}").status_code == 404
    for part in ("take", "dismiss"):
        assert of_beta.post(f"/indicators/{encounter.id}/{part}/", {"reason": "x", "case": "new"}).status_code == 404
    assert of_beta.get(f"/indicators/?after={encounter.id}").status_code == 404
    listed = of_beta.get("/indicators/").content.decode()
    assert encounter.id not in listed
    assert f"{whole - 1} indicators" in listed
    assert "No indicator is like this" in of_beta.get("/indicators/?detector=sea.encounter").content.decode()
    for ending in ("csv", "geojson"):
        assert encounter.id not in of_beta.get(f"/indicators/indicators.{ending}").content.decode()
        assert encounter.id in signed_in().get(f"/indicators/indicators.{ending}").content.decode()
    assert Entry.objects.filter(kind="export").count() == 4


def test_a_case_one_may_not_read_does_not_show_in_the_state(
    encounter: IndicatorRow, person: Persons, opened: Opened, of_beta: Client, signed_in: SignedIn
) -> None:
    opened(person(), encounter, title="SANDBOX inquiry of alpha", tlp=Tlp.AMBER_STRICT)
    mine = signed_in().get(f"/indicators/{encounter.id}/").content.decode()
    assert "SANDBOX inquiry of alpha" in mine
    theirs = of_beta.get(f"/indicators/{encounter.id}/").content.decode()
    assert "SANDBOX inquiry of alpha" not in theirs
    assert "taken into a case" not in theirs
    query = "/indicators/?detector=sea.encounter&state="
    assert encounter.id in of_beta.get(query + "new").content.decode()
    assert encounter.id not in of_beta.get(query + "accepted").content.decode()
    assert encounter.id in signed_in().get(query + "accepted").content.decode()
    assert encounter.id not in signed_in().get(query + "new").content.decode()
    assert ",new," in of_beta.get("/indicators/indicators.csv?detector=sea.encounter").content.decode()


# Exports


def test_an_export_holds_its_rows_its_markings_and_stands_in_the_journal(cycle: CycleRow, signed_in: SignedIn) -> None:
    answer = signed_in().get("/indicators/indicators.csv?detector=sea.petroleum_delivery")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (row["marking"], row["sandbox"], row["quantity_low"], row["quantity_unit"]) == (
        "TLP:GREEN", "yes", "13580", "barrel",
    )  # fmt: skip
    entry = Entry.objects.get(kind="export")
    assert (entry.by, entry.body["rows"], entry.body["capped"]) == ("analyst1-alpha", 1, False)
    assert entry.body["query"] == "detector=sea.petroleum_delivery"
    points = json.loads(signed_in().get("/indicators/indicators.geojson").content)
    assert points["capped_at"] is None
    assert len(points["features"]) == IndicatorRow.objects.exclude(latitude_deg=None).count()


def test_an_export_that_is_capped_says_so(
    cycle: CycleRow, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bongsu.web.pages.indicators.exports.LIMIT", 3)
    answer = signed_in().get("/indicators/indicators.geojson")
    assert "indicators-first-3.geojson" in answer["Content-Disposition"]
    assert json.loads(answer.content)["capped_at"] == 3
    assert Entry.objects.get(kind="export").body["capped"] is True


def test_a_name_that_begins_like_a_formula_is_no_formula_in_the_file(made: Made, signed_in: SignedIn) -> None:
    made(1, subject={"id": "mmsi:2", "schema": "Vessel", "name": '=HYPERLINK("x") SANDBOX'})
    answer = signed_in().get("/indicators/indicators.csv?q=HYPERLINK")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["subject_name"].startswith("'=")


# One indicator


def test_one_indicator_shows_reasons_and_alternatives_law_citations_and_its_detector(
    encounter: IndicatorRow, signed_in: SignedIn
) -> None:
    page = signed_in().get(f"/indicators/{encounter.id}/").content.decode()
    record = encounter.record
    for text in (*(each["text"] for each in record["reasons"]), *record["alternatives"]):
        assert text in page
    for key in record["measures"]:
        assert f'href="/law/measures/{key}/"' in page
    for citation in record["citations"]:
        digest, _, locator = citation.removeprefix("sha256:").partition("#")
        assert f'href="/exhibits/{digest}/?at={locator.replace("=", "%3D")}#here"' in page
    text = detectors()["sea.encounter"]
    assert text.sees[0] in page
    assert "Miller et al., Frontiers in Marine Science 5:240 (2018)" in page


def test_the_map_of_an_indicator_holds_its_places_and_the_track_of_its_ship(
    cycle: CycleRow, signed_in: SignedIn
) -> None:
    rows = IndicatorRow.objects.filter(detector="sea.implied_voyage")
    maps = [json.loads(signed_in().get(f"/indicators/{row.id}/map.geojson").content)["features"] for row in rows]
    drawn = [features for features in maps if features[0]["geometry"]["type"] == "LineString"]
    assert drawn
    assert all(
        [each["geometry"]["type"] for each in features] == ["Point"] * 3 for features in maps if features not in drawn
    )
    for features in drawn:
        assert [each["geometry"]["type"] for each in features] == ["LineString", "Point", "Point", "Point"]
        east, north = features[0]["geometry"]["coordinates"][0]
        assert 100 < east < 150
        assert 20 < north < 50


def test_what_a_source_wrote_is_text_and_never_markup(made: Made, signed_in: SignedIn) -> None:
    evil = "<script>alert(1)</script> SANDBOX"
    (row,) = made(1, subject={"id": "mmsi:3", "schema": "Vessel", "name": evil})
    for address in ("/indicators/?q=mmsi:3", f"/indicators/{row.id}/", "/"):
        assert "<script>alert" not in signed_in().get(address).content.decode()


# Acts


def test_an_analyst_takes_an_indicator_into_a_new_case(
    encounter: IndicatorRow, person: Persons, signed_in: SignedIn
) -> None:
    form = {"case": "new", "title": "SANDBOX two tankers", "marking": str(int(Tlp.AMBER))}
    assert signed_in().post(f"/indicators/{encounter.id}/take/", form).status_code == 302
    case = CaseRow.objects.get()
    standing = standings([encounter], person().reader, None)[encounter.id]
    assert (standing.state, standing.case) == (IndicatorState.ACCEPTED, case)
    assert case.record["subjects"][0]["identifiers"] == [encounter.subject_id]
    assert "A case was opened with it" in signed_in().get(f"/indicators/{encounter.id}/").content.decode()


def test_an_analyst_takes_an_indicator_into_a_case_that_is_there(
    encounter: IndicatorRow, person: Persons, opened: Opened, signed_in: SignedIn
) -> None:
    case = opened(person(), title="SANDBOX older case")
    assert "SANDBOX older case" in signed_in().get(f"/indicators/{encounter.id}/").content.decode()
    signed_in().post(f"/indicators/{encounter.id}/take/", {"case": case.id})
    assert work.case_of(case.id, person().reader).indicators == (encounter.id,)


def test_a_case_of_another_member_is_neither_offered_nor_taken(
    encounter: IndicatorRow, person: Persons, opened: Opened, of_beta: Client
) -> None:
    case = opened(person(), title="SANDBOX inquiry of alpha", tlp=Tlp.AMBER_STRICT)
    assert case.id not in of_beta.get(f"/indicators/{encounter.id}/").content.decode()
    assert of_beta.post(f"/indicators/{encounter.id}/take/", {"case": case.id}).status_code == 422
    assert work.case_of(case.id, person().reader).indicators == ()


def test_dismissing_without_a_case_is_done_in_the_one_register_of_the_member(
    cycle: CycleRow, person: Persons, signed_in: SignedIn, of_beta: Client
) -> None:
    first, second, third = IndicatorRow.objects.filter(detector="sea.port_call").order_by("id")[:3]
    other = signed_in(of=person(Role.ANALYST, number=2))
    for browser, row in ((signed_in(), first), (other, second), (of_beta, third)):
        answer = browser.post(f"/indicators/{row.id}/dismiss/", {"reason": "SANDBOX: a call that was announced."})
        assert answer.status_code == 302, answer.content.decode()
    registers = CaseRow.objects.filter(kind="register", title=REGISTER_TITLE)
    assert sorted(len(row.record["dismissed"]) for row in registers) == [1, 2]
    assert "announced" not in of_beta.get(f"/indicators/{first.id}/").content.decode()


def test_dismissing_in_the_case_that_took_it_in(
    encounter: IndicatorRow, person: Persons, opened: Opened, signed_in: SignedIn
) -> None:
    case = opened(person(), encounter)
    signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": "SANDBOX: a tug."})
    assert [each.reason for each in work.case_of(case.id, person().reader).dismissed] == ["SANDBOX: a tug."]
    assert not CaseRow.objects.filter(kind="register").exists()


def test_what_two_cases_took_in_and_one_dismissed_still_stands_in_the_other(
    encounter: IndicatorRow, person: Persons, opened: Opened, signed_in: SignedIn
) -> None:
    kept, last = opened(person(), encounter, title="SANDBOX first"), opened(person(), encounter, title="SANDBOX last")
    said = signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": "SANDBOX: a tug."}, follow=True)
    assert "Dismissed in the case SANDBOX last." in said.content.decode()
    assert [each.reason for each in work.case_of(last.id, person().reader).dismissed] == ["SANDBOX: a tug."]
    standing = standings([encounter], person().reader, None)[encounter.id]
    assert (standing.state, standing.case.id) == (IndicatorState.ACCEPTED, kept.id)
    said = signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": "SANDBOX: a tug."}, follow=True)
    assert "It stays so while the cycles find the same." in said.content.decode()


def test_two_members_decide_on_one_indicator_and_neither_sees_or_stops_the_other(
    encounter: IndicatorRow, person: Persons, opened: Opened, of_beta: Client, signed_in: SignedIn
) -> None:
    opened(person(), encounter, title="SANDBOX inquiry of alpha", tlp=Tlp.AMBER_STRICT)
    given = {"reason": "SANDBOX: beta knows her as a ferry."}
    assert of_beta.post(f"/indicators/{encounter.id}/dismiss/", given).status_code == 302
    mine = signed_in().get(f"/indicators/{encounter.id}/").content.decode()
    assert "SANDBOX inquiry of alpha" in mine
    assert "ferry" not in mine
    theirs = of_beta.get(f"/indicators/{encounter.id}/").content.decode()
    assert "ferry" in theirs
    assert "inquiry of alpha" not in theirs
    query = "/indicators/indicators.csv?detector=sea.encounter&state="
    for browser, holds in ((signed_in(), "accepted"), (of_beta, "dismissed")):
        for state in IndicatorState.values:
            assert (encounter.id in browser.get(query + state).content.decode()) is (state == holds)


def test_a_reader_sees_no_buttons_and_is_refused_word_by_word(encounter: IndicatorRow, signed_in: SignedIn) -> None:
    reader = signed_in(Role.READER)
    page = reader.get(f"/indicators/{encounter.id}/").content.decode()
    assert f"/indicators/{encounter.id}/take/" not in page
    answer = reader.post(f"/indicators/{encounter.id}/dismiss/", {"reason": "SANDBOX"})
    assert answer.status_code == 422
    assert 'id="refused"' in answer.content.decode()
    assert not CaseRow.objects.exists()


def test_taking_what_was_dismissed_asks_for_a_reason(
    encounter: IndicatorRow, person: Persons, opened: Opened, signed_in: SignedIn
) -> None:
    case = opened(person())
    signed_in().post(f"/indicators/{encounter.id}/dismiss/", {"reason": "SANDBOX: a tug."})
    refused = signed_in().post(f"/indicators/{encounter.id}/take/", {"case": case.id})
    assert refused.status_code == 422
    assert "SANDBOX: a tug." in refused.content.decode()
    signed_in().post(f"/indicators/{encounter.id}/take/", {"case": case.id, "reason": "It was no tug."})
    assert standings([encounter], person().reader, None)[encounter.id].state == IndicatorState.ACCEPTED


def test_every_detector_says_what_it_sees_and_where_its_numbers_come_from() -> None:
    for text in detectors().values():
        assert text.sees, text.name
        assert all(parameter.source for parameter in text.parameters), text.name
    assert {text.desk for text in detectors().values()} == {"lists", "sea"}
