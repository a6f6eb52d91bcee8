"""The reader of the US Consolidated Screening List: every column, its lists, and how it meets broken files."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.screening import screened_rows, screening_entities
from bongsu.lists.sources import us_csl

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
REAL = "lists/us_csl_2022.csv.gz"


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("us_csl").read((Part(name="consolidated", exhibit=digest(raw), content=raw),))


def sandbox_list(*rows: dict[str, str]) -> str:
    """A file of rows about invented entities; what a row leaves out is a sandbox entity of the SDN list."""
    file = io.StringIO()
    writer = csv.DictWriter(file, us_csl.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=90001):
        plain = {"_id": str(number), "source": SDN, "entity_number": str(number), "type": "Entity", "programs": "DPRK"}
        writer.writerow({**plain, "name": f"SANDBOX {number}", **row})
    return file.getvalue()


@pytest.fixture(scope="module")
def real(shared_file: Callable[[str], Path]) -> tuple[Reading, list[dict[str, str]]]:
    """The real copy of 2022, read by us and by the standard library alone."""
    content = gzip.decompress(shared_file(REAL).read_bytes())
    return read(content), list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_invented_list_fills_every_column_somewhere(fixture_bytes: Bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(fixture_bytes("us_csl_sandbox.csv").decode(), newline="")))
    for column in us_csl.COLUMNS:
        assert any(row[column] for row in rows), column


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.replace(",ids\n", "\n"), "missing: ids"),
        (lambda text: text.replace("programs", "programmes"), "missing: programs; not known: programmes"),
        (lambda text: text.replace("_id,source", "source,_id"), "another order"),
        (lambda text: text.replace("SANDBOX 90001", '"SANDBOX 90001'), "cut or garbled"),
        (lambda text: text.partition("\n")[0] + "\n", "holds no entries"),
    ],
)
def test_a_list_of_another_form_is_refused(change: Callable[[str], str], what: str) -> None:
    with pytest.raises(SourceRefusedError, match=what):
        read(change(sandbox_list({})))


def test_an_entity_on_two_lists_is_two_entries_and_twice_on_one_is_set_aside(said: Said) -> None:
    twice = {"entity_number": "90001", "name": "SANDBOX ONE"}
    ssi = {**twice, "source": "Sectoral Sanctions Identifications List (SSI) - Treasury Department"}
    reading = read(sandbox_list(twice, ssi, {**twice, "name": "SANDBOX IMPOSTOR"}))
    assert [row.listing for row in said(reading, prop="name")] == ["us_csl:SDN-90001", "us_csl:SSI-90001"]
    assert [row.value for row in said(reading, prop="authorityId")] == ["90001", "90001"]
    assert "stands twice on its list; it is 'SANDBOX ONE' in row 2" in reading.set_aside[0].reason
    assert reading.tally.complete


def test_an_entry_without_a_number_is_known_by_its_id(said: Said) -> None:
    entity_list = "Entity List (EL) - Bureau of Industry and Security"
    reading = read(sandbox_list({"_id": "0f" * 20, "entity_number": "", "type": "", "source": entity_list}))
    assert [row.listing for row in said(reading, prop="name")] == [f"us_csl:EL-{'0f' * 20}"]
    assert [row.schema for row in said(reading, prop="name")] == ["LegalEntity"]
    assert [row.value for row in said(reading, prop="authorityId")] == ["0f" * 20]
    assert [row.value for row in said(reading, prop="authority")] == ["Bureau of Industry and Security"]
    assert [row.value for row in said(reading, schema="Sanction", prop="summary")] == [entity_list]


def test_the_list_an_entry_comes_from_is_never_counted_as_a_programme(said: Said) -> None:
    reading = read(sandbox_list({"programs": "", "source": "Sandbox DPRK List (DPRK) - Sandbox Department"}))
    assert said(reading, prop="program") == []
    assert reading.tally.dprk == 0
    assert [row.field for row in reading.set_aside] == ["source"]


@pytest.mark.parametrize(
    ("kind", "printed", "prop", "value", "cleaned"),
    [
        ("Vessel", "IMO 9074729, Vessel Registration Identification", "imoNumber", "IMO 9074729", "IMO9074729"),
        ("Vessel", "RU, IMO 9074729, Vessel Registration Identification", "imoNumber", "IMO 9074729", "IMO9074729"),
        ("Vessel", "9074729, Vessel Registration Identification", "imoNumber", "9074729", "IMO9074729"),
        ("Vessel", "IMO 9074720, Vessel Registration Identification", "imoNumber", "IMO 9074720", None),
        ("Vessel", "none, Vessel Registration Identification", "imoNumber", "none", None),
        ("Entity", "IMO 5555555, Identification Number", "registrationNumber", "IMO 5555555", "IMO 5555555"),
        (
            "Entity",
            "IMO 5555555, Vessel Registration Identification",
            "registrationNumber",
            "IMO 5555555",
            "IMO 5555555",
        ),
        ("Vessel", "IMO 9074729, Identification Number", "imoNumber", "IMO 9074729", "IMO9074729"),
        ("Entity", "Korea, North, Nationality of Registration", "country", "Korea, North", "kp"),
        ("Individual", "Male, Gender", "gender", "Male", "male"),
    ],
)
def test_an_id_says_what_it_is_at_its_end(
    kind: str, printed: str, prop: str, value: str, cleaned: str | None, said: Said
) -> None:
    reading = read(sandbox_list({"type": kind, "ids": printed}))
    found = said(reading, entity="us_csl:SDN-90001", prop=prop)
    assert [(row.value, row.cleaned) for row in found] == [(value, cleaned)]
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    ("printed", "said_of_it"),
    [
        ("KP, S-1, Passport", {"country": "KP", "number": "S-1"}),
        ("S-1, Passport", {"number": "S-1"}),
        ("KP, S-1 (Invented, of Sandbox), Passport", {"country": "KP", "number": "S-1 (Invented, of Sandbox)"}),
        (
            "KP, 2031-02-03, 2021-02-03, S-1, Passport",
            {"country": "KP", "number": "S-1", "endDate": "2031-02-03", "startDate": "2021-02-03"},
        ),
        # One day may be that of issue or of expiry: OFAC's own files print either where this list prints the same.
        ("KP, 2021-02-03, S-1, Passport", {"country": "KP", "number": "S-1", "summary": "2021-02-03"}),
        ("2021-02-03, S-1, Passport", {"number": "S-1", "summary": "2021-02-03"}),
    ],
)
def test_a_document_keeps_its_days_only_where_it_is_sure_which_is_which(
    printed: str, said_of_it: dict[str, str], said: Said
) -> None:
    reading = read(sandbox_list({"type": "Individual", "ids": printed}))
    found = {row.prop: row.value for row in said(reading, schema="Passport")}
    assert found == {"type": "Passport", "holder": "us_csl:SDN-90001", **said_of_it}


@given(
    number=st.from_regex(r"[A-Z0-9][A-Za-z0-9 /.-]{0,20}[A-Za-z0-9]", fullmatch=True),
    country=st.sampled_from(["KP, ", ""]),
)
def test_a_documents_number_is_never_cut(number: str, country: str) -> None:
    reading = read(sandbox_list({"ids": f"{country}{number}, Registration Number"}))
    assert [row.value for row in reading.statements if row.prop == "number"] == [number]


def test_an_unknown_kind_of_id_is_kept_and_said(said: Said) -> None:
    reading = read(sandbox_list({"ids": "KP, S-1, Sandbox Number; Sandbox alone"}))
    assert [row.value for row in said(reading, schema="Identification", prop="number")] == ["S-1"]
    assert [row.value for row in said(reading, prop="notes")] == ["Sandbox alone"]
    assert [(row.field, row.value) for row in reading.set_aside] == [
        ("ids", "Sandbox Number"),
        ("ids", "Sandbox alone"),
    ]


@pytest.mark.parametrize(
    ("remarks", "notes", "objects"),
    [
        ("(Linked To: SANDBOX 90002)", [], [("SANDBOX 90002", "us_csl:SDN-90002")]),
        ("Sandbox; (Linked To: SANDBOX 90002)", ["Sandbox"], [("SANDBOX 90002", "us_csl:SDN-90002")]),
        (
            "(Linked To: SANDBOX (INVENTED)-FORCE; Linked To: SANDBOX 90002)",
            [],
            [("SANDBOX (INVENTED)-FORCE", None), ("SANDBOX 90002", "us_csl:SDN-90002")],
        ),
        ("Sandbox (Linked To: nobody", ["Sandbox (Linked To: nobody"], []),
    ],
)
def test_remarks_name_the_entries_they_link_to(
    remarks: str, notes: list[str], objects: list[tuple[str, str | None]], said: Said
) -> None:
    reading = read(sandbox_list({"remarks": remarks}, {}))
    assert [row.value for row in said(reading, prop="notes")] == notes
    assert [(row.value, row.cleaned) for row in said(reading, prop="object")] == objects


def test_a_hit_names_the_authority_that_lists(fixture_bytes: Bytes) -> None:
    rows = screened_rows(read(fixture_bytes("us_csl_sandbox.csv")).statements)
    found = screening_entities(rows, source("us_csl").card, every=True, sandbox=True)
    assert {entity.id.partition(":")[2].partition("-")[0]: entity.source for entity in found} == {
        "SDN": "OFAC",
        "SSI": "OFAC",
        "EL": "BIS",
        "DPL": "BIS",
        "ISN": "US State",
    }


def test_a_link_to_a_name_on_several_lists_means_the_blocked_one(said: Said) -> None:
    ssi = "Sectoral Sanctions Identifications List (SSI) - Treasury Department"
    bearer = {"entity_number": "90009", "name": "SANDBOX BANK"}
    reading = read(
        sandbox_list({"remarks": "(Linked To: SANDBOX BANK)"}, {**bearer, "source": ssi}, {**bearer, "source": SDN})
    )
    assert [row.cleaned for row in said(reading, prop="object")] == ["us_csl:SDN-90009"]


def test_the_and_of_an_enumeration_is_no_part_of_a_name(said: Said) -> None:
    reading = read(sandbox_list({"alt_names": "SANDBOX A; and SANDBOX B; SANDBOX AND C"}))
    assert [(row.value, row.cleaned) for row in said(reading, prop="alias")] == [
        ("SANDBOX A", "SANDBOX A"),
        ("and SANDBOX B", "SANDBOX B"),
        ("SANDBOX AND C", "SANDBOX AND C"),
    ]


def test_a_real_copy_counts_as_its_csv_does(real: tuple[Reading, list[dict[str, str]]]) -> None:
    reading, rows = real
    assert (reading.tally.in_file, reading.tally.complete) == (len(rows), True) == (14160, True)
    kinds = Counter(row["type"] for row in rows)
    assert reading.tally.persons == kinds["Individual"] == 5286
    assert reading.tally.vessels == kinds["Vessel"] == 433
    assert reading.tally.aircraft == kinds["Aircraft"] == 283
    # The one row set aside is an entity that stands twice on the same list.
    assert reading.tally.organisations == kinds["Entity"] + kinds[""] - 1
    dprk = {(row["source"], row["entity_number"]) for row in rows if "DPRK" in row["programs"]}
    assert reading.tally.dprk == len(dprk) == 428
    once = {(row["source"], row["_id"]): row for row in reversed(rows)}.values()
    names = [name for row in once for name in row["alt_names"].split("; ") if name not in {"", "and"}]
    assert reading.tally.aliases == len(names)


def test_no_word_of_a_real_copy_is_dropped(real: tuple[Reading, list[dict[str, str]]]) -> None:
    reading, rows = real
    said: dict[str, set[str]] = {}
    for statement in reading.statements:
        said.setdefault(statement.locator, set()).update(re.findall(r"\w+", statement.value))
    for row in reading.set_aside:
        said.setdefault(row.locator, set()).update(re.findall(r"\w+", row.value))
        if row.whole_entry:
            said.pop(row.locator)
    # What an id is, where that is the property's name rather than its value, and what makes a link of a remark.
    kinds = {
        word for table in source("us_csl").card.values.values() for kind in table for word in re.findall(r"\w+", kind)
    }
    form = kinds | {"Vessel", "Registration", "Identification", "Digital", "Currency", "Address", "Linked", "To"}
    for number, row in enumerate(rows, start=2):
        words = said.get(f"row={number}")
        if words is not None:
            countries = set(re.findall(r"(?:^|; )([A-Z]{2}), IMO", row["ids"]))
            printed = {
                word for column in us_csl.COLUMNS if column != "type" for word in re.findall(r"\w+", row[column])
            }
            assert printed - words - form - countries == set(), number


def test_the_ships_of_the_dprk_have_their_imo_numbers(real: tuple[Reading, list[dict[str, str]]], said: Said) -> None:
    reading, rows = real
    printed = {
        (f"us_csl:SDN-{row['entity_number']}", number)
        for row in rows
        if row["type"] == "Vessel" and "DPRK" in row["programs"]
        for number in re.findall(r"IMO (\d{7})", row["ids"])
    }
    read_of_it = {(row.listing, (row.cleaned or "").removeprefix("IMO")) for row in said(reading, prop="imoNumber")}
    assert len(printed) > 50
    assert printed <= read_of_it
