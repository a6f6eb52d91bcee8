"""The reader of FollowTheMoney entities: who is designated, what belongs to whom, and whose programme is the DPRK's."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.register import dprk_only

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
Record = dict[str, Any]  # Any: JSON as the format has it


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    real = source("ftm")
    lenient = Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)
    return lenient.read((Part(name="entities", exhibit=digest(raw), content=raw),))


def entity(name: str, schema: str, /, *, target: bool = False, **properties: list[Any]) -> Record:
    return {"id": name, "schema": schema, "properties": properties, "target": target}


def sanction(of: str, *codes: str, **properties: list[str]) -> Record:
    return entity(f"sanction-{of}", "Sanction", entity=[of], programId=list(codes), **properties)


def lines(*records: Record) -> str:
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


PERSON = entity("NK-SANDBOX", "Person", name=["SANDBOX Person"])


def test_nested_entities_say_what_flat_ones_do(fixture_bytes: Bytes) -> None:
    flat, nested = (read(fixture_bytes(f"{name}.jsonl")) for name in ("ftm_sandbox", "ftm_nested_sandbox"))
    assert {row.id for row in nested.statements} == {row.id for row in flat.statements}
    assert nested.tally.read == flat.tally.read == 4


def test_every_value_of_the_invented_entities_is_said(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("ftm_sandbox.jsonl")
    said = {(row.locator, row.prop, row.value) for row in read(content).statements}
    for number, line in enumerate(content.decode().splitlines(), start=1):
        record = json.loads(line)
        if record["id"] not in {"pep-sandbox", "lone-sandbox"}:
            for prop, values in record["properties"].items():
                assert {(f"line={number}", prop, value) for value in values} <= said


def test_json_that_is_no_entity_is_not_recognised() -> None:
    assert not source("ftm").reader.recognises(b'{"SANDBOX": "invented"}')


@pytest.mark.parametrize("field", ["country", "nationality", "citizenship", "birthCountry"])
def test_to_be_korean_is_no_designation(field: str) -> None:
    bystander = entity("sandbox-bystander", "Person", name=["SANDBOX Bystander"], **{field: ["kp"]})
    reading = read(lines(bystander))
    assert (reading.tally.read, reading.statements) == (0, ())
    assert "neither designated nor tied" in reading.set_aside[0].reason


def test_to_be_korean_and_sanctioned_by_another_programme_is_no_dprk_designation() -> None:
    reading = read(
        lines({**PERSON, "properties": {"name": ["SANDBOX"], "country": ["kp"]}}, sanction("NK-SANDBOX", "EU-RUS"))
    )
    assert (reading.tally.read, reading.tally.dprk) == (1, 0)
    assert dprk_only(reading.statements, source("ftm").card) == ()


def test_a_politician_is_a_target_and_no_listing() -> None:
    reading = read(lines(entity("sandbox-pep", "Person", target=True, name=["SANDBOX"], topics=["role.pep"])))
    assert reading.tally.read == 0


@pytest.mark.parametrize(
    "code", ["UN-SC1718", "US-NK", "US-DPRK", "EU-PRK", "GB-DPRK", "AU-DPRK", "SECO-NORTHKOREA", "ZZ-DPRK-2"]
)
def test_a_dprk_programme_id_counts_as_dprk_known_or_not(code: str, said: Said) -> None:
    reading = read(lines(PERSON, sanction("NK-SANDBOX", code)))
    assert reading.tally.dprk == 1
    programmes = said(reading, prop="program")
    assert [(row.value, row.cleaned) for row in programmes] == [(code, f"DPRK {code}")]
    assert [row.reason for row in reading.set_aside] == (
        ["a programme code that the card does not know; by its name it counts as DPRK"] if code == "ZZ-DPRK-2" else []
    )


@pytest.mark.parametrize(
    ("text", "dprk"),
    [
        ("Executive Order 13551 (North Korea)", 1),
        ("The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019", 1),
        ("DPRK2", 1),
        ("PRK - 2017/1509", 1),
        ("Resolution 1718 (2006)", 1),
        ("北朝鮮の核関連計画等に関与する者", 1),
        ("Iran, North Korea, and Syria Nonproliferation Act", 0),
        ("Republic of Korea export control", 0),
        ("UNSCR 2231 (Iran)", 0),
    ],
)
def test_a_programme_text_counts_as_dprk_where_it_names_the_dprk_alone(text: str, dprk: int) -> None:
    assert read(lines(PERSON, sanction("NK-SANDBOX", program=[text]))).tally.dprk == dprk


def test_a_listing_without_a_name_is_kept_and_said() -> None:
    reading = read(lines(entity("NK-SANDBOX", "CryptoWallet", publicKey=["SANDBOX"]), sanction("NK-SANDBOX", "US-NK")))
    assert (reading.tally.others, reading.tally.dprk) == (1, 1)
    assert "a listing without a name" in [row.reason for row in reading.set_aside]


def test_two_listings_tied_by_ownership_both_tell_of_it(said: Said) -> None:
    company = entity("NK-FIRM", "Company", name=["SANDBOX Firm"])
    owns = entity("owns", "Ownership", owner=["NK-SANDBOX"], asset=["NK-FIRM"])
    reading = read(lines(PERSON, company, owns, sanction("NK-SANDBOX", "US-NK"), sanction("NK-FIRM", "US-NK")))
    assert {row.listing for row in said(reading, schema="Ownership")} == {"ftm:NK-SANDBOX", "ftm:NK-FIRM"}
    assert {row.cleaned for row in said(reading, prop="asset")} == {"ftm:NK-FIRM"}


def test_an_unknown_schema_never_loses_someone_designated() -> None:
    reading = read(lines(entity("NK-SANDBOX", "Spaceship", name=["SANDBOX"]), sanction("NK-SANDBOX", "US-NK")))
    assert (reading.tally.organisations, reading.tally.dprk) == (1, 1)
    assert [row.field for row in reading.set_aside] == ["schema"]


def test_a_listing_of_which_nothing_is_said_is_set_aside_whole() -> None:
    reading = read(lines(entity("NK-SANDBOX", "Person", name=[" "]), sanction("NK-SANDBOX", "US-NK")))
    assert (reading.tally.in_file, reading.tally.entries_set_aside) == (1, 1)
    assert reading.tally.complete


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (lines(PERSON)[:-9].encode(), "cut"),
        ((lines(PERSON) + lines(PERSON)[:30]).encode(), "line 2 is no JSON object"),
        (b"[" * 100_000, "no JSON lines"),
        (b"id,schema,name\nSANDBOX,Person,SANDBOX\n", "no JSON lines"),
    ],
)
def test_a_file_of_another_form_or_cut_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_a_line_that_is_deeper_than_any_entity_is_set_aside() -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    reading = read(lines(PERSON) + deep + "\n" + lines(sanction("NK-SANDBOX", "US-NK")))
    assert (reading.tally.read, reading.tally.entries_set_aside) == (1, 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "schema", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=50)
@given(properties=st.dictionaries(st.sampled_from(["name", "sanctions", "addressEntity", "odd"]), JSON), more=JSON)
def test_whatever_json_an_entity_holds_every_entry_is_read_or_set_aside(properties: Record, more: Any) -> None:
    odd = {"id": "NK-ODD", "schema": "Person", "properties": properties, "datasets": ["SANDBOX"], "more": more}
    reading = read(lines(PERSON, odd, sanction("NK-ODD", "US-NK"), sanction("NK-SANDBOX", "US-NK")))
    assert reading.tally.complete
