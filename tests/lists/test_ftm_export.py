"""A list in FollowTheMoney's form: every statement has its place, or stands in words with the reason."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import CardError
from bongsu.lists.files import read_file
from bongsu.lists.ftm import Export, Noted, Seen, convert, entity_id
from bongsu.lists.ftm_lines import COLUMNS, OUR_COLUMNS, entity_lines, statement_csv, statement_lines
from bongsu.lists.model import Statement
from bongsu.lists.ontology import ontology, ontology_from

FIXTURES = Path(__file__).parent / "fixtures"
FTM_ID = re.compile(r"[0-9a-zA-Z](?:[0-9a-zA-Z.-]*[0-9a-zA-Z])?")
SHIP, PERSON, FIRM = "x_list:9001", "x_list:9002", "x_list:9003"


def said(
    entity: str,
    schema: str,
    prop: str,
    value: str,
    *,
    cleaned: str | None = "",
    rejected: str | None = None,
    lang: str | None = None,
) -> Statement:
    """A statement whose cleaned value is the printed one, where nothing else is said."""
    return Statement(
        listing=entity.partition("/")[0],
        entity=entity,
        schema=schema,
        prop=prop,
        value=value,
        cleaned=None if rejected else (cleaned or value),
        rejected=rejected,
        lang=lang,
        exhibit="0" * 64,
        locator="row=1",
    )


def ship(*more: Statement) -> list[Statement]:
    return [said(SHIP, "Vessel", "name", "SANDBOX VESSEL"), *more]


def made(rows: Sequence[Statement]) -> dict[str, dict[str, Any]]:
    return {str(record["id"]): dict(record) for record in convert(rows, "x_list").entities()}


def notes(rows: Sequence[Statement], entity: str = SHIP) -> list[str]:
    found: list[str] = made(rows)[entity_id(entity)]["properties"].get("notes", [])
    return found


@pytest.mark.parametrize("name", ["un_sc_sandbox.xml", "un_sc_broken_sandbox.xml", "ofac_sdn_sandbox.csv"])
def test_the_invented_list_is_exported_as_its_golden_result(name: str) -> None:
    """Written with BONGSU_REWRITE_GOLDEN=1, then read line by line."""
    where, reading = read_file(FIXTURES / name)
    content = b"".join(entity_lines(convert(reading.statements, where.card.id)))
    golden = FIXTURES / f"ftm_export_{name.partition('.')[0]}.golden.jsonl"
    if os.environ.get("BONGSU_REWRITE_GOLDEN") == "1":
        golden.write_bytes(content)
    assert content.splitlines() == golden.read_bytes().splitlines()


def test_the_same_statements_give_the_same_bytes() -> None:
    where, reading = read_file(FIXTURES / "ofac_sdn_sandbox.csv")
    for lines in (entity_lines, statement_lines, statement_csv):
        first, second = (b"".join(lines(convert(reading.statements, where.card.id))) for _ in range(2))
        assert first == second


# --- ids


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("un_sc:KPi.033", "un-sc.KPi.033"),
        ("un_sc:KPi.033/sanction", "un-sc.KPi.033--sanction"),
        ("ofac_sdn:9345/address/0123456789ab", "ofac-sdn.9345--address--0123456789ab"),
        ("x_list:KP-12.3", "x-list.KP-12.3"),
        ("x_list:KP 12", "x-list.KP-12--xb3a305ca766c"),
    ],
)
def test_an_id_is_written_in_followthemoney_s_letters(ours: str, theirs: str) -> None:
    assert entity_id(ours) == theirs


LISTS = st.sampled_from(["un_sc", "x", "x_list"])
NUMBERS = st.text(st.sampled_from("aZ09.-_ :/한é"), min_size=1, max_size=90)
ENDS = st.sampled_from(["", "/sanction", "/address/0123456789ab"])
IDS = st.builds(lambda source, number, end: f"{source}:{number}{end}", LISTS, NUMBERS, ENDS) | st.text(min_size=1)


@given(ids=st.lists(IDS, min_size=1, max_size=20, unique=True))
def test_every_id_is_one_of_followthemoney_s_and_different_ones_stay_different(ids: list[str]) -> None:
    theirs = [entity_id(each) for each in ids]
    assert all(FTM_ID.fullmatch(each) and len(each) <= 200 for each in theirs)
    assert len(set(theirs)) == len(ids)


# --- places


def test_a_value_stands_in_its_property_and_what_the_list_says_first_is_the_caption() -> None:
    rows = ship(
        said(SHIP, "Vessel", "name", "AN OLDER SANDBOX NAME"), said(SHIP, "Vessel", "flag", "DPRK", cleaned="kp")
    )
    assert made(rows) == {
        "x-list.9001": {
            "id": "x-list.9001",
            "caption": "SANDBOX VESSEL",
            "schema": "Vessel",
            "properties": {"flag": ["kp"], "name": ["AN OLDER SANDBOX NAME", "SANDBOX VESSEL"]},
            "referents": [],
            "datasets": ["x_list"],
            "target": True,
        }
    }


def test_a_designation_is_tied_to_the_designated_and_is_no_target() -> None:
    sanction = made(ship(said(f"{SHIP}/sanction", "Sanction", "program", "DPRK")))["x-list.9001--sanction"]
    assert sanction["properties"] == {"entity": ["x-list.9001"], "program": ["DPRK"]}
    assert (sanction["caption"], sanction["target"]) == ("DPRK", False)


def test_an_address_gets_one_line_in_the_order_of_an_envelope() -> None:
    address = f"{SHIP}/address/1"
    rows = [
        said(address, "Address", "country", "Korea,  North", cleaned="kp"),
        said(address, "Address", "city", "SANDBOX CITY"),
        said(address, "Address", "street", "1 Invented Street,"),
        said(address, "Address", "remarks", "SANDBOX remark"),
    ]
    found = made(ship(*rows))[entity_id(address)]
    assert found["properties"]["full"] == ["1 Invented Street, SANDBOX CITY, Korea, North"]
    assert found["caption"] == "1 Invented Street, SANDBOX CITY, Korea, North"


def test_a_value_printed_twice_stands_once_in_the_entity_and_twice_in_the_statements() -> None:
    export = convert(ship(*ship()), "x_list")
    assert [record["properties"] for record in export.entities()] == [{"name": ["SANDBOX VESSEL"]}]
    assert len(list(statement_lines(export))) == 2


# --- what has no place


@pytest.mark.parametrize(
    ("row", "note", "why"),
    [
        (
            said(SHIP, "Vessel", "imoNumber", "IMO 1000008", rejected="check digit is 8, should be 7"),
            "imoNumber as printed: IMO 1000008 (check digit is 8, should be 7)",
            "rejected",
        ),
        (said(SHIP, "Vessel", "aliasNote", "only\n in 1999"), "aliasNote: only in 1999", "no property"),
        (
            said(SHIP, "Vessel", "owner", "SANDBOX SHIPPING"),
            "owner: SANDBOX SHIPPING (refers to nothing in this export)",
            "reference",
        ),
        (
            said(SHIP, "Vessel", "registrationDate", "spring 1999"),
            "registrationDate: spring 1999 (not written as a date)",
            "no value",
        ),
        (said(SHIP, "Vessel", "flag", "Atlantis"), "flag: Atlantis (no code of a country)", "no value"),
    ],
)
def test_what_has_no_place_becomes_a_sentence_and_is_counted(row: Statement, note: str, why: str) -> None:
    assert notes(ship(row)) == [note]
    assert convert(ship(row), "x_list").noted == (Noted(why=why, schema="Vessel", prop=row.prop, count=1),)


def test_an_entity_without_notes_takes_the_sentence_in_its_description() -> None:
    rows = ship(said(f"{SHIP}/sanction", "Sanction", "program", "SANDBOX", rejected="not known"))
    found = made(rows)["x-list.9001--sanction"]["properties"]
    assert found["description"] == ["program as printed: SANDBOX (not known)"]


def test_a_link_to_one_who_is_not_exported_becomes_a_sentence_of_the_listing() -> None:
    link = f"{SHIP}/link/1"
    rows = ship(
        said(link, "UnknownLink", "object", "SANDBOX FIRM", cleaned=FIRM),
        said(link, "UnknownLink", "role", "Linked To"),
        said(link, "UnknownLink", "subject", SHIP),
    )
    assert list(made(rows)) == ["x-list.9001"]
    assert notes(rows) == ["UnknownLink: object: SANDBOX FIRM (refers to nothing in this export); role: Linked To"]
    firm = said(FIRM, "Organization", "name", "SANDBOX FIRM")
    whole = made([*rows, firm])["x-list.9001--link--1"]["properties"]
    assert whole == {"object": ["x-list.9003"], "role": ["Linked To"], "subject": ["x-list.9001"]}
    assert notes([*rows, firm]) == []


def test_a_document_without_a_number_becomes_a_sentence_of_the_listing() -> None:
    passport = f"{PERSON}/passport/1"
    rows = [
        said(PERSON, "Person", "name", "SANDBOX PERSON"),
        said(passport, "Passport", "country", "Atlantis", rejected="names no territory"),
        said(passport, "Passport", "summary", "SANDBOX: issued at sea"),
        said(passport, "Passport", "holder", PERSON),
    ]
    assert list(made(rows)) == ["x-list.9002"]
    assert notes(rows, PERSON) == [
        "Passport: country as printed: Atlantis (names no territory); summary: SANDBOX: issued at sea"
    ]
    assert sum(noted.count for noted in convert(rows, "x_list").noted) == 3


def test_a_document_of_a_ship_which_followthemoney_gives_to_persons_and_firms_only_becomes_a_sentence() -> None:
    document = f"{SHIP}/identification/1"
    rows = ship(
        said(document, "Identification", "number", "SANDBOX-7"), said(document, "Identification", "holder", SHIP)
    )
    assert notes(rows) == ["Identification: number: SANDBOX-7"]


def test_what_refers_to_an_incomplete_entity_is_looked_at_anew() -> None:
    post, occupancy = f"{PERSON}/position/1", f"{PERSON}/occupancy/1"
    rows = [
        said(PERSON, "Person", "name", "SANDBOX PERSON"),
        said(post, "Position", "notes", "SANDBOX: a post without a name"),
        said(occupancy, "Occupancy", "holder", PERSON),
        said(occupancy, "Occupancy", "post", post),
    ]
    found = made(rows)
    assert entity_id(post) not in found
    assert all(entity_id(post) not in str(record["properties"]) for record in found.values())
    assert "Position: notes: SANDBOX: a post without a name" in notes(rows, PERSON)


def test_a_schema_that_followthemoney_does_not_have_is_said() -> None:
    with pytest.raises(CardError, match="no schema 'Submarine'"):
        convert([said(SHIP, "Submarine", "name", "SANDBOX")], "x_list")


SCHEMATA = st.sampled_from(["Vessel", "Person", "Organization", "Sanction", "Passport", "Address", "UnknownLink"])
PROPS = st.sampled_from(["name", "imoNumber", "holder", "number", "object", "subject", "country", "aliasNote", "notes"])
TARGETS = [SHIP, PERSON, FIRM, f"{SHIP}/passport/1", f"{SHIP}/link/1"]


@st.composite
def listed(draw: st.DrawFn) -> list[Statement]:
    """Listings with a name, and sub-entities of any schema that say anything."""
    rows = [said(SHIP, "Vessel", "name", "SANDBOX A"), said(PERSON, "Person", "name", "SANDBOX B")]
    schemata: dict[str, str] = {SHIP: "Vessel", PERSON: "Person"}
    for _ in range(draw(st.integers(0, 12))):
        entity = draw(st.sampled_from([SHIP, PERSON, f"{SHIP}/passport/1", f"{SHIP}/link/1", f"{PERSON}/x/1"]))
        schema = schemata.setdefault(entity, draw(SCHEMATA))
        value = draw(st.sampled_from(["SANDBOX", "kp", *TARGETS]))
        rows.append(said(entity, schema, draw(PROPS), value, rejected=draw(st.sampled_from([None, "no"]))))
    return rows


@given(rows=listed())
def test_whatever_a_list_says_each_statement_stands_once_and_each_reference_leads_somewhere(
    rows: list[Statement],
) -> None:
    export = convert(rows, "x_list")
    assert Counter(value.of for value in export.values if not value.derived) == Counter(rows)
    known: dict[str, Any] = {str(record["id"]): record for record in export.entities()}
    for value in export.values:
        if value.prop.type == "entity":
            assert value.value in known
        if value.why is not None:
            assert " ".join(value.of.value.split()) in value.value or value.of.cleaned == value.of.listing
    for record in known.values():
        if record["id"] not in export.listings:
            assert set(ontology().schema(record["schema"]).required) <= set(record["properties"])


# --- time and statements


def export_with_days() -> Export:
    days = {"SANDBOX VESSEL": Seen(first=date(2026, 1, 15), last=date(2026, 2, 15))}
    older = Seen(first=date(2025, 6, 1), last=date(2026, 1, 15))
    rows = ship(said(SHIP, "Vessel", "flag", "Korea, North", cleaned="kp", lang="eng"))
    return convert(rows, "x_list", lambda row: days.get(row.value, older))


def test_an_entity_was_first_and_last_seen_when_any_of_it_was() -> None:
    (record,) = export_with_days().entities()
    assert (record["first_seen"], record["last_seen"]) == ("2025-06-01", "2026-02-15")


def test_a_statement_carries_followthemoney_s_columns_and_where_and_how_it_is_printed() -> None:
    flag, name = (json.loads(line) for line in statement_lines(export_with_days()))
    assert set(flag) == {*COLUMNS, *OUR_COLUMNS}
    assert {key: flag[key] for key in ("prop", "prop_type", "value", "original_value", "lang", "origin")} == {
        "prop": "flag",
        "prop_type": "country",
        "value": "kp",
        "original_value": "Korea, North",
        "lang": None,
        "origin": "printed",
    }
    assert (name["first_seen"], name["last_seen"], name["locator"]) == ("2026-01-15", "2026-02-15", "row=1")


def test_statements_as_csv_say_the_same_as_lines_of_json() -> None:
    where, reading = read_file(FIXTURES / "ofac_sdn_sandbox.csv")
    export = convert(reading.statements, where.card.id)
    table = csv.DictReader(io.StringIO(b"".join(statement_csv(export)).decode(), newline=""), dialect=csv.unix_dialect)
    for row, line in zip(table, statement_lines(export), strict=True):
        plain = {key: "f" if value is False else value or "" for key, value in json.loads(line).items()}
        assert row == plain


# --- the ontology's card


def test_a_schema_has_what_it_inherits_and_says_it_anew_where_it_does() -> None:
    vessel = ontology().schema("Vessel")
    assert vessel.names == {"Vessel", "Vehicle", "Asset", "Thing", "Value"}
    assert vessel.properties["imoNumber"].type == "identifier"
    assert (vessel.properties["owner"].type, vessel.properties["owner"].range) == ("entity", "LegalEntity")
    card = b'version = "1"\n[schema.A]\ntext = ["x"]\n[schema.B]\nextends = ["A"]\nname = ["x"]\n'
    assert ontology_from(card, where="card.toml").schema("B").properties["x"].type == "name"


def test_a_schema_that_extends_one_that_is_not_there_is_an_error() -> None:
    with pytest.raises(CardError, match="extends A"):
        ontology_from(b'version = "1"\n[schema.B]\nextends = ["A"]\n', where="card.toml")
