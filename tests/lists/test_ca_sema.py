"""The reader of Canada's list: elements named in two languages, a reference built from the law, what is set aside."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.files import read_file
from bongsu.lists.model import Part, Reading, Statement

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
Find = Callable[[str], Path]
REAL = "lists/ca_sema_2025-05.xml.gz"
PERSON = "<Country>Iran</Country><LastName>SANDBOX</LastName><Item>1</Item>"


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("ca_sema").read((Part(name="main", exhibit=digest(raw), content=raw),))


def sandbox_list(*records: str) -> str:
    return f"<data-set>{''.join(f'<record>{record}</record>' for record in records)}</data-set>"


def test_the_invented_list_holds_every_field_the_reader_knows(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("ca_sema_sandbox.xml").decode()
    elements = source("ca_sema").card.values["element"]
    assert {elements[tag] for tag in re.findall(r"<([\w-]+)>", content) if tag in elements} == set(elements.values())


def test_a_list_says_the_same_whether_its_elements_are_named_in_one_language_or_in_two(said: Said) -> None:
    english = sandbox_list(
        "<Country>Iran</Country><EntityOrShip>SANDBOX</EntityOrShip><TitleOrShip>Oil Tanker</TitleOrShip>"
        "<ShipIMONumber>1000007</ShipIMONumber><Schedule>1.1</Schedule><Item>1</Item>"
    )
    both = english
    for old, new in (
        ("Country", "Country-Pays"),
        ("EntityOrShip", "EntityOrShip-EntiteOuNavire"),
        ("TitleOrShip", "TitleOrShipType-TitreOuTypeDeNavire"),
        ("ShipIMONumber", "ShipIMONumber-NumeroOMIDuNavire"),
        ("Schedule", "Schedule-Annexe"),
        ("Item", "Item-NumeroDarticle"),
    ):
        both = both.replace(f"{old}>", f"{new}>")
    assert [row.id for row in read(english).statements] == [row.id for row in read(both).statements]
    assert read(english).set_aside == read(both).set_aside == ()


@pytest.mark.parametrize(
    ("heading", "schedule", "reference"),
    [
        ("Russia / Russie", "1, Part 1", "russia/1-part-1/1"),
        ("Russia / Russie", "1, Part 1 ", "russia/1-part-1/1"),
        ("Russia / Russie", "1,Part 1", "russia/1-part-1/1"),
        ("Russia / Russie", "1, Part 1.1", "russia/1-part-1.1/1"),
        ("Venezuela ", "", "venezuela/1"),
        ("Venezuela", "N/A", "venezuela/1"),
        ("Haïti", "1", "haiti/1/1"),
    ],
)
def test_the_reference_is_the_place_in_the_law_whatever_its_blanks(
    heading: str, schedule: str, reference: str, said: Said
) -> None:
    record = f"<Country>{heading}</Country><LastName>SANDBOX</LastName><Schedule>{schedule}</Schedule><Item> 1 </Item>"
    reading = read(sandbox_list(record))
    assert {row.listing for row in reading.statements} == {f"ca_sema:{reference}"}
    assert [row.cleaned for row in said(reading, prop="authorityId")] == [reference]


@given(items=st.lists(st.tuples(st.sampled_from(["1, Part 1", "1.1", "Part 2", ""]), st.integers(1, 30)), max_size=20))
def test_each_place_in_the_law_is_one_listing_and_a_place_that_comes_again_is_set_aside(
    items: list[tuple[str, int]],
) -> None:
    records = [
        f"<Country>Iran</Country><LastName>SANDBOX</LastName><Schedule>{schedule}</Schedule><Item>{item}</Item>"
        for schedule, item in items
    ]
    reading = read(sandbox_list(*records))
    assert reading.tally.persons == len(set(items))
    assert reading.tally.entries_set_aside == len(items) - len(set(items))
    assert reading.tally.complete


@pytest.mark.parametrize(
    ("aliases", "read_as"),
    [
        ("SANDBOX ONE; SANDBOX TWO", [("SANDBOX ONE", None), ("SANDBOX TWO", None)]),
        ("SANDBOX ONE, SANDBOX TWO", [("SANDBOX ONE, SANDBOX TWO", None)]),
        ("SANDBOX,  Korean: 샌드박스, Arabic:صندوق", [("SANDBOX", None), ("샌드박스", "kor"), ("صندوق", "ara")]),
        ("Belarussian: Сандбокс", [("Сандбокс", "bel")]),
        (" ; ,", []),
    ],
)
def test_aliases_are_parted_by_semicolons_and_languages_and_never_by_commas(
    aliases: str, read_as: list[tuple[str, str | None]], said: Said
) -> None:
    reading = read(sandbox_list(f"{PERSON}<Aliases>{aliases}</Aliases>"))
    assert [(row.value, row.lang) for row in said(reading, prop="alias")] == read_as
    assert reading.tally.aliases == len(read_as)


@pytest.mark.parametrize(
    ("record", "schema"),
    [
        ("<LastName>SANDBOX</LastName>", "Person"),
        ("<EntityOrShip>SANDBOX</EntityOrShip>", "Organization"),
        ("<EntityOrShip>SANDBOX</EntityOrShip><ShipIMONumber>1000007</ShipIMONumber>", "Vessel"),
        ("<EntityOrShip>SANDBOX</EntityOrShip><TitleOrShip>Oil Tanker</TitleOrShip>", "Vessel"),
    ],
)
def test_what_an_entry_is_follows_from_its_fields(record: str, schema: str, said: Said) -> None:
    reading = read(sandbox_list(f"<Country>Iran</Country>{record}<Item>1</Item>"))
    assert [row.schema for row in said(reading, prop="name")] == [schema]


@pytest.mark.parametrize("item", ["", "twelve", "12a", "-1", "١٢"])
def test_an_entry_without_an_item_number_is_set_aside_whole(item: str) -> None:
    reading = read(sandbox_list(PERSON.replace(">1<", f">{item}<")))
    assert reading.statements == ()
    assert [row.whole_entry for row in reading.set_aside] == [True]
    assert "SANDBOX" in reading.set_aside[0].value


@pytest.mark.parametrize(
    ("heading", "cleaned", "dprk"),
    [
        ("Atlantis / Atlantide", None, 0),
        ("North Korea / Corée du Nord", "North Korea / Corée du Nord", 1),
        ("Democratic People’s Republic of Korea", "Democratic People’s Republic of Korea", 1),
    ],
)
def test_an_unknown_heading_is_kept_and_counts_as_dprk_only_by_its_beginning(
    heading: str, cleaned: str | None, dprk: int, said: Said
) -> None:
    reading = read(sandbox_list(PERSON.replace("Iran", heading)))
    assert [(row.value, row.cleaned) for row in said(reading, prop="program")] == [(heading, cleaned)]
    assert reading.tally.dprk == dprk
    assert [row.field for row in reading.set_aside] == ["Country"]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (f"{PERSON}<ShoeSize>44</ShoeSize>", "ShoeSize"),
        (f"{PERSON}<Item>2</Item>", "Item"),
        (f"{PERSON}<GivenName>A<B>b</B></GivenName>", "GivenName/B"),
        (f'{PERSON}<GivenName sandbox="yes">A</GivenName>', "GivenName/@sandbox"),
        (f"{PERSON}beside", "record"),
    ],
)
def test_what_stands_where_no_field_is_known_is_set_aside_never_dropped(record: str, field: str) -> None:
    reading = read(sandbox_list(record))
    assert reading.tally.persons == 1
    assert [row.field for row in reading.set_aside] == [field]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<html>SANDBOX</html>", "begins with <html>"),
        (f"<data-set><record>{PERSON}</record><entry/></data-set>", "only <record> is known"),
    ],
)
def test_a_list_of_another_form_is_refused_in_words(content: bytes | str, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def real_records(shared_file: Find) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(gzip.decompress(shared_file(REAL).read_bytes())))


def test_the_real_list_counts_as_its_xml_does(shared_file: Find) -> None:
    records, (where, reading) = real_records(shared_file), read_file(shared_file(REAL))
    assert where.card.id == "ca_sema"
    assert reading.tally.in_file == len(records) == 4759
    assert reading.tally.persons == sum(record.find("EntityOrShip") is None for record in records) == 3334
    assert reading.tally.vessels == sum(record.find("ShipIMONumber") is not None for record in records) == 109
    assert reading.tally.organisations == 4759 - 3334 - 109
    assert reading.tally.dprk == 0
    assert reading.set_aside == ()
    assert reading.tally.complete


def test_no_text_of_the_real_list_is_dropped(shared_file: Find) -> None:
    """Each word of each field is in a statement cited from that field or record, or names the language of one."""
    records, reading = real_records(shared_file), read_file(shared_file(REAL))[1]
    languages = set(source("ca_sema").card.values["language"])
    said: dict[str, Counter[str]] = {}
    for row in reading.statements:
        place = re.sub(r"(record\[\d+\]).*", r"\1", row.locator)
        said.setdefault(place, Counter()).update(re.findall(r"\w+", row.value))
    dropped = [
        (number, field.tag, word)
        for number, record in enumerate(records, start=1)
        for field in record
        for word in re.findall(r"\w+", field.text or "")
        if word not in said[f"xpath=/data-set/record[{number}]"] and word not in languages
    ]
    assert dropped == []


def test_every_imo_number_of_the_real_list_holds_its_check_digit(shared_file: Find, said: Said) -> None:
    numbers = said(read_file(shared_file(REAL))[1], prop="imoNumber")
    assert len(numbers) == 109
    assert [row.value for row in numbers if row.cleaned is None] == []
