"""What we export is FollowTheMoney: its own model takes every entity, and loses nothing of it."""

from __future__ import annotations

import io
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import Source, source
from bongsu.lists.files import read_file
from bongsu.lists.ftm import Export, convert
from bongsu.lists.ftm_lines import COLUMNS, entity_lines, statement_csv, statement_lines
from bongsu.lists.model import Part, Reading
from bongsu.sandbox import sandbox_copies, sandbox_source

followthemoney = pytest.importorskip("followthemoney", reason="followthemoney is not installed: run make conformance")

FIXTURES = Path(__file__).parents[1] / "lists" / "fixtures"
SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "lists"
# What FollowTheMoney drops when it cleans anew: it takes telephone numbers as dialled from abroad and well-formed web
# addresses only. `get_proxy` keeps such values, and so does every program that takes an export as cleaned.
DROPPED_WHEN_CLEANED_ANEW = {
    "eu_reg_2017_1509_annex_xiv_xvi_2026-08.csv.gz": {("LegalEntity", "phone"): 5},
    "ofac_sdn_2022-01.csv.gz": {("Organization", "phone"): 58, ("Person", "phone"): 13, ("Organization", "website"): 1},
}
STRICTER_TYPES = frozenset({"phone", "url", "email"})
# Identifiers with a check digit that our cleaning has no rule for yet; those it has one for are never exported false.
STRICTER_FORMATS = frozenset({"bic", "inn", "isin", "lei", "ogrn"})
REAL = (
    "ca_sema_2025-05.xml.gz",
    "eu_reg_2017_1509_annex_xiv_xvi_2026-08.csv.gz",
    "ofac_sdn_2022-01.csv.gz",
    "un_consolidated_2025-04-19.xml.gz",
)


@cache
def copy_of(path: Path) -> tuple[Source, Reading] | None:
    """What a file says, or None where it is no main file of a list, or one that is refused."""
    try:
        return read_file(path)
    except (SourceRefusedError, UsageError):
        return None


INVENTED = tuple(
    path.name for path in sorted(FIXTURES.iterdir()) if ".golden." not in path.name and copy_of(path) is not None
)
COPIES = ("sandbox", *INVENTED, *REAL)
every_copy = pytest.mark.parametrize("name", COPIES)


def read(name: str) -> tuple[Source, Reading]:
    """A copy as read; a real one that is not here is skipped."""
    if name == "sandbox":
        (_, content), *_ = sandbox_copies()
        part = Part(name="consolidated", exhibit=digest(content), content=content)
        return sandbox_source(), sandbox_source().read((part,))
    path = (FIXTURES if name in INVENTED else SHARED) / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: real lists are not part of this repository")
    found = copy_of(path)
    assert found is not None
    return found


@cache
def exported(name: str) -> Export:
    where, reading = read(name)
    return convert(reading.statements, where.card.id)


def test_the_invented_copies_are_of_every_list_that_has_one() -> None:
    assert {"un_sc_sandbox.xml", "ofac_sdn_sandbox.csv"} <= set(INVENTED)


@cache
def entities(name: str) -> dict[str, dict[str, Any]]:
    return {record["id"]: record for record in map(json.loads, entity_lines(exported(name)))}


def loaded(record: dict[str, Any]) -> Any:
    return followthemoney.model.get_proxy(record)


@every_copy
def test_every_schema_and_property_is_one_of_followthemoney_s(name: str) -> None:
    strange = set()
    for record in entities(name).values():
        schema = followthemoney.model.get(record["schema"])
        assert schema is not None
        assert not schema.abstract
        strange |= {(schema.name, prop) for prop in record["properties"] if schema.get(prop) is None}
        strange |= {(schema.name, prop) for prop in record["properties"] if schema.properties[prop].stub}
    assert strange == set()


@every_copy
def test_every_value_we_give_is_kept(name: str) -> None:
    lost = [
        record["id"]
        for record in entities(name).values()
        if loaded(record).to_dict()["properties"] != record["properties"]
    ]
    assert lost == []


@every_copy
def test_what_followthemoney_would_drop_if_it_cleaned_anew_is_known(name: str) -> None:
    dropped: Counter[tuple[str, str]] = Counter()
    unexpected = []
    for record in entities(name).values():
        proxy = loaded(record)
        for prop, value in proxy.itervalues():
            if prop.type.clean_text(value, format=prop.format, proxy=proxy) is None:
                dropped[proxy.schema.name, prop.name] += 1
                if prop.type.name not in STRICTER_TYPES and prop.format not in STRICTER_FORMATS:
                    unexpected.append((proxy.id, prop.name, value))
    assert unexpected == []
    if name in REAL:
        assert dropped == DROPPED_WHEN_CLEANED_ANEW.get(name, {})


@every_copy
def test_every_reference_leads_to_an_entity_of_the_kind_it_may_lead_to(name: str) -> None:
    known, broken = entities(name), []
    for record in known.values():
        proxy = loaded(record)
        for prop, value in proxy.itervalues():
            if prop.type.name != "entity":
                continue
            target = known.get(value)
            if target is None or not followthemoney.model.get(target["schema"]).is_a(prop.range.name):
                broken.append((record["id"], prop.name, value))
    assert broken == []


@every_copy
def test_every_edge_has_both_its_ends(name: str) -> None:
    edges = [loaded(record) for record in entities(name).values() if followthemoney.model.get(record["schema"]).edge]
    assert [edge.id for edge in edges if not list(edge.edgepairs())] == []


@every_copy
def test_every_required_property_is_there_but_a_name_that_a_list_does_not_print(name: str) -> None:
    missing = []
    for record in entities(name).values():
        required = set(followthemoney.model.get(record["schema"]).required) - ({"name"} if record["target"] else set())
        missing += [(record["id"], prop) for prop in sorted(required) if prop not in record["properties"]]
    assert missing == []


# As CSV the large copies would only take longer: tests/lists holds CSV and JSON against each other.
@pytest.mark.parametrize(
    ("name", "form"), [*((name, "json") for name in COPIES), *((name, "csv") for name in COPIES if name not in REAL)]
)
def test_the_statements_are_followthemoney_s_and_build_the_same_entities(name: str, form: str) -> None:
    from followthemoney.dataset import Dataset
    from followthemoney.statement import StatementEntity
    from followthemoney.statement.serialize import CSV_COLUMNS, read_statements

    assert tuple(CSV_COLUMNS) == COLUMNS
    made = exported(name)
    lines = statement_lines(made) if form == "json" else statement_csv(made)
    rows = list(read_statements(io.BytesIO(b"".join(lines)), format=form))
    assert [row.id for row in rows if row.id != row.generate_key()] == []
    by_entity: dict[str, list[Any]] = {}
    for row in rows:
        by_entity.setdefault(row.canonical_id, []).append(row)
    dataset = Dataset.make({"name": made.dataset, "title": made.dataset})
    for entity, record in entities(name).items():
        built = StatementEntity.from_statements(dataset, by_entity.pop(entity))
        assert built.schema.name == record["schema"]
        assert {prop: sorted(values) for prop, values in built.properties.items()} == {
            prop: sorted(values) for prop, values in record["properties"].items()
        }
    assert by_entity == {}


@every_copy
def test_every_printed_value_is_in_the_statements_and_every_rejected_one_in_words_in_the_entities(name: str) -> None:
    made, (_, reading) = exported(name), read(name)
    assert Counter(value.of for value in made.values if not value.derived) == Counter(reading.statements)
    known = entities(name)
    for value in made.values:
        assert value.value in known[value.entity]["properties"][value.prop.name]
        if value.of.rejected is not None and not value.derived:
            assert " ".join(value.of.value.split()) in value.value
            assert value.of.rejected in value.value


def test_a_false_imo_number_which_followthemoney_drops_stays_in_words() -> None:
    vessel = loaded(
        {"id": "sandbox", "schema": "Vessel", "properties": {"imoNumber": ["IMO1000008"], "name": ["SANDBOX VESSEL"]}}
    )
    vessel.set("imoNumber", "IMO1000008")
    assert vessel.get("imoNumber") == []
    row = '90017,"SANDBOX VESSEL","vessel","DPRK",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{remark}"\n'
    content = row.format(remark="Vessel Registration Identification IMO 1000008.").encode()
    reading = source("ofac_sdn").read((Part(name="sdn", exhibit=digest(content), content=content),))
    (record,) = (each for each in convert(reading.statements, "ofac_sdn").entities() if each["schema"] == "Vessel")
    notes = loaded(dict(record)).get("notes")
    assert notes == ["imoNumber as printed: IMO 1000008 (check digit is 8, should be 7)"]
