"""The reader of Regulation (EU) 2017/1509: what it takes of the transcription, and how it meets one that is broken."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.files import read_file
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import eu_1509

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
HEADER = ",".join(eu_1509.COLUMNS)
REAL = "lists/eu_reg_2017_1509_annex_xiv_xvi_2026-08.csv.gz"


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("eu_1509").read((Part(name="annexes", exhibit=digest(raw), content=raw),))


def transcription(*rows: dict[str, str]) -> str:
    """A transcription of some rows, each a ship of Annex XIV.A but for what is given."""
    ship = {"celex": "32017R1509", "recordId": "1", "programKey": "EU-PRK", "annex": "XIV.A"}
    ship |= {"measure": "Asset freeze", "schema": "Vessel", "name": "SANDBOX SHIP"}
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, eu_1509.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**ship, **row} for row in rows)
    return file.getvalue()


def test_the_invented_transcription_fills_every_column_the_reader_knows(fixture_bytes: Bytes) -> None:
    rows = list(csv.DictReader(io.StringIO(fixture_bytes("eu_1509_sandbox.csv").decode())))
    assert [column for column in eu_1509.COLUMNS if not any(row[column] for row in rows)] == []


def test_the_annexes_of_another_act_are_not_recognised_and_are_refused() -> None:
    other = transcription({"celex": "32014R0000"})
    assert not eu_1509.recognises(other.encode())
    with pytest.raises(SourceRefusedError, match="no row of the act 32017R1509"):
        read(other)


def test_a_transcription_without_rows_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="no row"):
        read(HEADER + "\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("imoNumber", "imo", "missing: imoNumber; not known: imo"),
        (",notes", "", "missing: notes"),
        ("website,notes", "website,notes,opinion", "not known: opinion"),
        ("website,notes", "notes,website", "another order"),
    ],
)
def test_a_transcription_of_other_columns_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(SourceRefusedError, match=said):
        read(transcription({}).replace(old, new, 1))


def test_a_transcription_cut_inside_a_quoted_reason_is_refused(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("eu_1509_sandbox.csv")
    with pytest.raises(SourceRefusedError, match="cut or garbled"):
        read(content[: content.index(b"it is one value")])


def test_the_same_ship_under_two_measures_is_two_listings(said: Said) -> None:
    reading = read(transcription({}, {"annex": "XIV.B", "measure": "Transportation restrictions"}))
    assert {row.listing for row in said(reading, prop="name")} == {"eu_1509:XIV.A.1", "eu_1509:XIV.B.1"}
    assert [row.value for row in said(reading, prop="provisions", listing="eu_1509:XIV.B.1")] == [
        "XIV.B",
        "Transportation restrictions",
    ]


def test_an_imo_number_that_does_not_exist_stays_as_evidence(said: Said) -> None:
    reading = read(transcription({"imoNumber": "Does not exist"}))
    assert [(row.value, row.cleaned, row.rejected) for row in said(reading, prop="imoNumber")] == [
        ("Does not exist", None, "not written as an IMO number (seven digits)")
    ]
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("9.6.1970", "1970-06-09"),
        ("1938", "1938"),
        ("1954 or 1955.", None),
        ("7.8.1965 / 20.2.1972", None),
        ("a) 1964 b) 28.8.1962", None),
        ("31.2.1970", None),
    ],
)
def test_birth_dates_have_their_day_first_and_are_never_guessed(printed: str, cleaned: str | None, said: Said) -> None:
    reading = read(transcription({"schema": "Person", "birthDate": printed}))
    assert [(row.value, row.cleaned) for row in said(reading, prop="birthDate")] == [(printed, cleaned)]


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("PS472220097", "PS472220097"),
        ("563410081 / 472410022", None),
        ("381210143 (expiration date: 3.6.2016)", None),
    ],
)
def test_a_passport_is_one_number_or_evidence(printed: str, cleaned: str | None, said: Said) -> None:
    reading = read(transcription({"schema": "Person", "passportNumber": printed}))
    assert [(row.value, row.cleaned) for row in said(reading, prop="number")] == [(printed, cleaned)]
    assert [row.cleaned for row in said(reading, prop="holder")] == ["eu_1509:XIV.A.1"]


@given(
    values=st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: bool(text) and text.strip() == text),
        min_size=1,
    )
)
def test_values_parted_by_semicolons_are_read_as_they_were_written(values: list[str]) -> None:
    """A value that holds a semicolon or a quote stands in quotes, as the transcription's rules say."""
    cell = "; ".join(f'"{text.replace(chr(34), chr(34) * 2)}"' if {*';"'} & {*text} else text for text in values)
    reading = read(transcription({"alias": cell}))
    assert [row.value for row in reading.statements if row.prop == "alias"] == values


def test_the_real_transcription_counts_as_its_csv_does(shared_file: Callable[[str], Path]) -> None:
    path = shared_file(REAL)
    found, reading = read_file(path)
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode(), newline="")))
    kinds = Counter(row["schema"] for row in rows)
    assert found.card.id == "eu_1509"
    assert reading.tally.in_file == len(rows) == reading.tally.read == reading.tally.dprk == 95
    assert (reading.tally.vessels, reading.tally.persons, reading.tally.organisations) == (
        kinds["Vessel"],
        kinds["Person"],
        kinds["LegalEntity"],
    )
    assert reading.tally.aliases == sum(len(row["alias"].split(";")) for row in rows if row["alias"]) == 58
    assert reading.set_aside == ()
    assert {row.listing for row in reading.statements} == {f"eu_1509:{row['annex']}.{row['recordId']}" for row in rows}


def test_no_text_of_the_real_transcription_is_dropped(shared_file: Callable[[str], Path]) -> None:
    """Each cell of each row is, but for blanks and the parting semicolons, in statements cited from that row."""
    path = shared_file(REAL)
    _, reading = read_file(path)
    card = source("eu_1509").card
    said: dict[str, list[str]] = {}
    for row in reading.statements:
        said.setdefault(row.locator, []).append(row.value)
    dropped = []
    for number, row in enumerate(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode())), start=2):
        values = said[f"row={number}"]
        for column, cell in row.items():
            coded = cell in card.values.get(column, {})
            pieces = [cell] if column in eu_1509.HEAD else [piece.strip() for piece in cell.split(";")]
            if column not in card.ignored and not coded and cell and not set(pieces) <= set(values):
                dropped.append((number, column, cell))
    assert dropped == []


def test_the_real_false_imo_number_is_the_only_one_rejected(shared_file: Callable[[str], Path], said: Said) -> None:
    _, reading = read_file(shared_file(REAL))
    numbers = said(reading, prop="imoNumber")
    assert len(numbers) == 51
    assert [(row.listing, row.value) for row in numbers if row.rejected] == [("eu_1509:XIV.B.33", "Does not exist")]
