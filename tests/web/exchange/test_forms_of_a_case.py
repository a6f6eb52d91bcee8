"""A case in the forms of other programs: valid there, marked, and never more than the reader may read."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import stix2
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.case_acts import Recommend
from bongsu.cases.finding import Mark, MeasureText, Statement
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import (
    Case,
    CaseSubject,
    DesignationProposal,
    FollowedUp,
    ImplementationReport,
    InformationRequest,
    Recommendation,
    RequestAnswer,
)
from bongsu.cases.words import AnswerKind, FollowUpStatus, Role
from bongsu.cli import case as case_command
from bongsu.evidence import Folder
from bongsu.kernel.citation import Citation
from bongsu.lists.ontology import ontology
from bongsu.web.accounts.models import Person
from bongsu.web.exchange import export
from bongsu.web.exchange.flat import csv_of, geojson_of, json_of
from bongsu.web.exchange.ftm import ftm_lines
from bongsu.web.exchange.parts import CaseParts, parts_for
from bongsu.web.exchange.stix import MARKINGS, SANCTIONS_EXTENSION, SUBJECT_EXTENSION, bundle_of
from bongsu.web.exchange.suggestions import MOST_VALUES, suggested_subjects
from bongsu.web.record import work
from bongsu.web.record.models import Entry, ExhibitRow, HandlingRow

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
from exhibits_floor import FIRM, SHIP, case_citing, exhibits_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(store: Folder, person: Callable[..., Person]) -> CaseParts:
    """A case that rests on a list and on a file of customers."""
    analyst = person()
    digests = exhibits_of(store, analyst)
    citations = [
        Citation(exhibit=digests["customers.csv"], locator="row=2"),
        Citation(exhibit=digests["sandbox_2026-01-15.xml"], locator="xpath=/CONSOLIDATED_LIST"),
    ]
    case = case_citing(analyst, citations)
    return parts_for(case.id, analyst.reader, member_name="Member Alpha (SANDBOX)", at=work.moment())


def test_a_bundle_is_read_back_as_it_was_written_and_the_same_case_is_the_same_bytes(parts: CaseParts) -> None:
    text = bundle_of(parts)
    assert text == bundle_of(parts)
    bundle = stix2.parse(text, version="2.1")
    assert json.loads(bundle.serialize()) == json.loads(text)
    by_type: dict[str, list[dict[str, object]]] = {}
    for each in json.loads(text)["objects"]:
        by_type.setdefault(str(each["type"]), []).append(each)
    names = {each["name"]: each for each in by_type["identity"]}
    assert names["SANDBOX ONE"]["extensions"][SUBJECT_EXTENSION]["identifiers"] == ["imo:9000004"]  # type: ignore[index]
    assert {each["hashes"]["SHA-256"] for each in by_type["file"]} == {each.digest for each in parts.exhibits}  # type: ignore[index]
    assert {each["id"] for each in by_type["marking-definition"]} == set(MARKINGS.values())
    report = by_type["grouping"][0]
    assert report["extensions"][SANCTIONS_EXTENSION]["marking"] == "TLP:AMBER+STRICT"  # type: ignore[index]
    assert report["object_marking_refs"] == [MARKINGS[Tlp.AMBER_STRICT]]
    assert len(by_type["note"]) == 1
    identifiers = {each["id"] for each in json.loads(text)["objects"]}
    for each in json.loads(text)["objects"]:
        refs = [*each.get("object_refs", []), *each.get("object_marking_refs", []), each.get("created_by_ref")]
        assert {ref for ref in refs if ref} <= identifiers


def test_a_dissent_goes_out_as_an_opinion(parts: CaseParts) -> None:
    finding = parts.case.findings[0]
    mark = Mark(by="reviewer1-beta", member="beta", at=parts.case.last_at)
    version = replace(finding.current, dissents=(Statement(mark=mark, text="SANDBOX: it was another ship."),))
    case = replace(parts.case, findings=(replace(finding, versions=(version,)),))
    objects = json.loads(bundle_of(replace(parts, case=case)))["objects"]
    opinions = [each for each in objects if each["type"] == "opinion"]
    assert [each["explanation"] for each in opinions] == ["SANDBOX: it was another ship."]
    assert opinions[0]["object_refs"] == [each["id"] for each in objects if each["type"] == "grouping"]


def test_only_a_published_finding_is_a_report(parts: CaseParts) -> None:
    """A report is finished work (STIX 2.1, 4.16) and has a day of publication; a draft has none."""
    finding = parts.case.findings[0]
    published = replace(finding.current, published=Mark(by="chief", member="alpha", at=parts.case.last_at))
    case = replace(parts.case, findings=(replace(finding, versions=(published,)),))
    made = {}
    for name, each in (("draft", parts), ("published", replace(parts, case=case))):
        text = bundle_of(each)
        stix2.parse(text, version="2.1")
        (made[name],) = [found for found in json.loads(text)["objects"] if found["type"] in {"report", "grouping"}]
    assert (made["draft"]["type"], "published" in made["draft"]) == ("grouping", False)
    assert (made["published"]["type"], "published" in made["published"]) == ("report", True)
    assert made["draft"]["id"].partition("--")[2] == made["published"]["id"].partition("--")[2]


def test_a_case_about_invented_subjects_is_invented_whatever_it_cites(parts: CaseParts) -> None:
    alone = replace(parts, indicators=(), exhibits=())
    assert not replace(alone, case=replace(alone.case, subjects=())).sandbox
    invented = replace(alone.case.subjects[0], id="sandbox:one")
    assert replace(alone, case=replace(alone.case, subjects=(invented,))).sandbox


def test_entities_are_of_followthemoney_and_carry_case_version_and_marking(parts: CaseParts) -> None:
    entities = [json.loads(line) for line in ftm_lines(parts)]
    assert [each["schema"] for each in entities] == ["Vessel", "Company", "Event"]
    for each in entities:
        schema = ontology().schema(each["schema"])
        assert set(each["properties"]) <= set(schema.properties)
        assert set(schema.required) <= set(each["properties"])
        assert f"TLP:AMBER+STRICT, case {parts.case.id}, version {parts.version}" in each["properties"]["notes"][0]
    assert entities[0]["properties"]["imoNumber"] == ["9000004"]


def test_rows_are_marked_and_no_cell_is_a_formula(parts: CaseParts) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(parts).decode(), newline="")))
    assert [row["kind"] for row in rows] == ["claim", "indicator"]
    assert {row["marking"] for row in rows} == {"TLP:AMBER+STRICT"}
    assert {row["version"] for row in rows} == {str(parts.version)}
    assert (rows[0]["quantity_low"], rows[0]["unit"]) == ("1000", "barrel")
    named = replace(parts.case.findings[0].current.claims[0], subject=FIRM.id)
    version = replace(parts.case.findings[0].current, claims=(named,))
    case = replace(parts.case, findings=(replace(parts.case.findings[0], versions=(version,)),))
    assert "'=SANDBOX TRADING ONE" in csv_of(replace(parts, case=case)).decode()


def advised(parts: CaseParts) -> CaseParts:
    """The same case with something asked, advised, proposed and reported."""
    mark = Mark(by="analyst1-alpha", member="alpha", at=parts.case.last_at)
    paper = parts.exhibits[0].digest
    answer = RequestAnswer(mark=mark, exhibit=paper, received_on=date(2026, 11, 20), kind=AnswerKind.PARTIAL)
    followed = FollowedUp(mark=mark, status=FollowUpStatus.ACCEPTED, note="SANDBOX", exhibit=None)
    finding = parts.case.findings[0].id
    case = replace(
        parts.case,
        requests=(
            InformationRequest(
                id="request001", addressee="an invented State", question="SANDBOX: which ship?",
                due=date(2026, 12, 1), exhibit=None, sent=mark, answers=(answer,),
            ),
        ),
        recommendations=(
            Recommendation(
                id="advice0001", addressee="an invented port", text="SANDBOX: look.", finding=finding, made=mark
            ),
        ),
        proposals=(
            DesignationProposal(
                id="proposal01", subject=SHIP.id, statement_of_case="SANDBOX: it was invented.",
                measures=(MeasureText(key="2397/5", on=date(2026, 1, 2), text_id=None, changed_by=None),),
                findings=frozenset({finding}), made=mark, follow_ups=(followed,),
            ),
        ),
        implementation_reports=(
            ImplementationReport(
                id="report0001", state="XX", resolution="2397", received_on=date(2026, 11, 1), exhibit=paper,
                recorded=mark,
            ),
        ),
    )  # fmt: skip
    return replace(parts, case=case)


def test_what_was_asked_advised_proposed_and_reported_goes_out_as_rows_and_as_json(parts: CaseParts) -> None:
    paper, finding = parts.exhibits[0].digest, parts.case.findings[0].id
    rows = list(csv.DictReader(io.StringIO(csv_of(advised(parts)).decode(), newline="")))[2:]
    assert [(row["kind"], row["id"], row["state"], row["addressee"], row["finding"]) for row in rows] == [
        ("request", "request001", "partial", "an invented State", ""),
        ("recommendation", "advice0001", "open", "an invented port", finding),
        ("designation proposal", "proposal01", "accepted", "", finding),
        ("implementation report", "report0001", "", "XX", ""),
    ]
    assert (rows[2]["subject"], rows[2]["measures"]) == (SHIP.name, "2397/5")
    assert rows[0]["citations"] == rows[3]["citations"] == f"sha256:{paper}"
    whole = json.loads(json_of(advised(parts)))
    assert whole["marking"] == "TLP:AMBER+STRICT"
    assert Case.from_record(whole["case"]) == advised(parts).case
    assert {each["sha256"] for each in whole["exhibits"]} == {each.digest for each in parts.exhibits}
    assert [each["id"] for each in whole["indicators"]] == [each["id"] for each in parts.indicators]


def test_what_was_asked_advised_proposed_and_reported_goes_out_as_notes(parts: CaseParts) -> None:
    text = bundle_of(advised(parts))
    objects = {each["id"]: each for each in json.loads(text)["objects"]}
    notes = {each["labels"][0]: each for each in objects.values() if each["type"] == "note" and "labels" in each}
    assert set(notes) == {"request", "recommendation", "designation-proposal", "implementation-report"}
    about = {label: {objects[ref]["type"] for ref in each["object_refs"]} for label, each in notes.items()}
    assert about["request"] == about["implementation-report"] == {"file"}
    assert (about["recommendation"], about["designation-proposal"]) == ({"grouping"}, {"identity", "grouping"})
    assert notes["designation-proposal"]["extensions"][SANCTIONS_EXTENSION]["measures"] == ["2397/5"]
    assert json.loads(stix2.parse(text, version="2.1").serialize()) == json.loads(text)


def test_what_has_a_place_is_on_the_map(parts: CaseParts) -> None:
    found = json.loads(geojson_of(parts))
    assert found["marking"] == "TLP:AMBER+STRICT"
    assert found["features"][0]["geometry"]["coordinates"] == [124.25, 33.5]
    assert len(found["features"]) == 2


def test_only_what_the_reader_may_read_goes_out(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    analyst = person()
    digests = exhibits_of(store, analyst)
    cited = [Citation(exhibit=digests["sandbox_2026-01-15.xml"])]
    case = case_citing(analyst, cited, tlp=Tlp.AMBER, with_indicator=False)
    advice = Recommend(addressee="an invented port", text="SANDBOX: look.", finding=case.findings[0].id)
    work.do(analyst, case.id, advice)
    hidden = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"}))
    work_finding(case.id, hidden)
    colleague = person(Role.ANALYST, member="beta")
    own = parts_for(case.id, analyst.reader, member_name="x", at=work.moment())
    theirs = parts_for(case.id, colleague.reader, member_name="x", at=work.moment())
    assert (own.case.recommendations[0].finding, theirs.case.recommendations[0].finding) == (case.findings[0].id, None)
    assert (own.marking, len(own.case.findings)) == ("TLP:AMBER+STRICT", 1)
    assert (theirs.marking, len(theirs.case.findings)) == ("TLP:AMBER", 0)
    browser = signed_in(of=colleague)
    for form in ("stix", "ftm", "json", "csv", "geojson"):
        answer = browser.get(f"/exhibits/cases/{case.id}/{form}")
        assert answer["X-Marking"] == "TLP:AMBER"
        assert "met another invented ship" not in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert Entry.objects.filter(kind="case.exported", by=colleague.username).count() == 5


def work_finding(case_id: str, handling: Handling) -> None:
    """Handle the findings of a case so, as an act of casework would."""
    from bongsu.web.record import rows
    from bongsu.web.record.models import CaseRow

    case = CaseRow.objects.get(id=case_id).whole()
    rows.keep_case(replace(case, findings=tuple(replace(each, handling=handling) for each in case.findings)))


def test_a_case_of_others_is_not_there_in_any_form(
    parts: CaseParts, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    stranger = person(Role.COORDINATOR, member="beta")
    browser = signed_in(of=stranger)
    for form in ("", "bag", "stix", "ftm", "json", "csv", "geojson"):
        assert browser.get(f"/exhibits/cases/{parts.case.id}/{form}").status_code == 404
    assert Entry.objects.filter(kind="access.refused", by=stranger.username, subject=parts.case.id).count() == 1


def test_the_page_of_the_forms_names_the_strictest_marking(parts: CaseParts, signed_in: Callable[..., Client]) -> None:
    page = signed_in().get(f"/exhibits/cases/{parts.case.id}/").content.decode()
    assert "TLP:AMBER+STRICT" in page
    assert len(re.findall(r'href="/exhibits/cases/[^"]+/(?:bag|stix|ftm|json|csv|geojson)"', page)) == 6


def test_the_command_line_offers_the_forms_of_the_page() -> None:
    assert tuple(export.FORMS) == case_command.FORMS


def test_a_change_of_an_exhibit_s_handling_changes_the_marking_of_what_goes_out(
    parts: CaseParts, person: Callable[..., Person]
) -> None:
    red = Handling(tlp=Tlp.RED, originators=frozenset({"alpha"}), named=frozenset({"coordinator1-alpha"}))
    ExhibitRow.objects.filter(digest=parts.exhibits[0].digest).update(handling=HandlingRow.of(red))
    now = parts_for(parts.case.id, person().reader, member_name="x", at=work.moment())
    assert parts.exhibits[0].digest not in {each.digest for each in now.exhibits}


def test_what_went_out_comes_in_as_suggestions(parts: CaseParts) -> None:
    def plain(found: tuple[CaseSubject, ...]) -> set[tuple[str, str, frozenset[str]]]:
        return {(each.name, each.schema, each.identifiers) for each in found}

    wanted = {(each.name, each.schema, each.identifiers) for each in (SHIP, FIRM)}
    assert wanted <= plain(suggested_subjects(bundle_of(parts).encode()))
    assert wanted == plain(suggested_subjects(b"".join(ftm_lines(parts))))
    rows = b"\xef\xbb\xbfName;IMO\nSANDBOX TWO;IMO 9000016\nSANDBOX THREE;x\n"
    assert [(each.name, sorted(each.identifiers)) for each in suggested_subjects(rows)] == [
        ("SANDBOX TWO", ["imo:9000016"]), ("SANDBOX THREE", []),
    ]  # fmt: skip


def test_the_features_of_a_map_suggest_whom_their_properties_name() -> None:
    features = [
        {"type": "Feature", "geometry": None, "properties": {"Name": "SANDBOX TWO", "imo": 9000016}},
        {"type": "Feature", "geometry": None, "properties": {"vessel_name": " SANDBOX FOUR ", "IMO": "IMO 9000004"}},
        {"type": "Feature", "geometry": None, "properties": {"name": "SANDBOX FIVE", "schema": "company"}},
        {"type": "Feature", "geometry": None, "properties": {"name": "SANDBOX TWO", "imo": "9000016"}},
        {"type": "Feature", "geometry": None, "properties": {"title": "nobody", "name": None}},
        {"type": "Feature", "geometry": None, "properties": None},
    ]
    for value in ({"type": "FeatureCollection", "features": features}, features):
        found = suggested_subjects(json.dumps(value).encode())
        assert [(each.name, each.schema, sorted(each.identifiers)) for each in found] == [
            ("SANDBOX TWO", "Vessel", ["imo:9000016"]),
            ("SANDBOX FOUR", "Vessel", ["imo:9000004"]),
            ("SANDBOX FIVE", "Company", []),
        ]


def ftm(number: int) -> bytes:
    return b'{"schema":"Vessel","properties":{"name":["SANDBOX %d"]}}\n' % number


def test_a_file_is_looked_through_as_far_as_the_limit_of_values_and_no_further() -> None:
    empty = b"{}\n"
    near, far = empty * (MOST_VALUES // 2 - 10) + ftm(1), empty * (MOST_VALUES // 2 + 10) + ftm(1)
    assert [each.name for each in suggested_subjects(near)] == ["SANDBOX 1"]
    assert suggested_subjects(far) == ()
    assert len(suggested_subjects(b"".join(map(ftm, range(MOST_VALUES // 4))))) == 500
    assert suggested_subjects(b"[" + b"[]," * MOST_VALUES + ftm(1) + b"]") == ()
    rows = b"name,x\n" + b",\n" * MOST_VALUES + b"SANDBOX ONE,\n"
    assert suggested_subjects(rows) == ()
    wide = b"name" + b",x" * 500_000 + b"\n" + b"SANDBOX ONE\n" * 1000
    assert [each.name for each in suggested_subjects(wide)] == ["SANDBOX ONE"]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_suggest_or_do_not_and_never_fail(content: bytes) -> None:
    suggested_subjects(content)


@pytest.mark.parametrize(
    "content",
    [
        b'{"type": "bundle", "objects": [1, {"type": "identity"}, {"type": "identity", "name": 3}]}',
        b'{"schema": "Vessel", "properties": {"name": [1], "imoNumber": "x"}}',
        b'{"schema": "Thing", "properties": {"name": ["SANDBOX"]}}',
        b'{"schema": "Vessel", "properties": {"name": []}}\nnot json',
        b"[" * 100_000,
        b'"' + b"x" * 200_000,
        b"",
    ],
)
def test_a_broken_file_suggests_nothing(content: bytes) -> None:
    assert suggested_subjects(content) == ()
