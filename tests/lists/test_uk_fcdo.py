"""The reader of the UK Sanctions List: everything it takes, and how it meets files that are broken."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import uk_fcdo

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
DPRK = "The Democratic People's Republic of Korea (Sanctions) (EU Exit) Regulations 2019"
NAMES = "<Names><Name><Name6>SANDBOX SHIP</Name6><NameType>Primary Name</NameType></Name></Names>"


def sandbox_list(more: str = "", *, names: str = NAMES, regime: str = DPRK, kind: str = "Ship") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!-- SANDBOX, invented -->'
        "<Designations><DateGenerated>02/10/2026</DateGenerated>"
        f"<Designation><UniqueID>DPR9001</UniqueID>{names}<RegimeName>{regime}</RegimeName>"
        f"<IndividualEntityShip>{kind}</IndividualEntityShip>{more}</Designation></Designations>"
    )


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("uk_fcdo").read((Part(name="list", exhibit=digest(raw), content=raw),))


def test_the_invented_list_holds_every_field_the_reader_knows(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("uk_fcdo_sandbox.xml").decode()
    inner = {*uk_fcdo.NAME_PARTS, *uk_fcdo.ADDRESS_FIELDS, "AliasStrength", "NonLatinScriptType", "PassportNumber"}
    for tag in inner | source("uk_fcdo").card.ignored | {path.split("/")[-1] for path in uk_fcdo.TEXTS}:
        assert f"<{tag}>" in content, tag


def test_no_text_of_the_invented_list_is_dropped(fixture_bytes: Bytes) -> None:
    """Each text is in a statement of its entry, or is a code the card translates, or ignored by name."""
    content = fixture_bytes("uk_fcdo_sandbox.xml")
    reading, card = read(content), source("uk_fcdo").card
    codes = {code for values in card.values.values() for code in values}
    for number, designation in enumerate(ElementTree.fromstring(content).findall("Designation"), start=1):
        place = f"xpath=/Designations/Designation[{number}]"
        said = " ".join(" ".join(row.value.split()) for row in reading.statements if row.locator.startswith(place))
        for child in designation:
            if child.tag not in card.ignored:
                texts = [" ".join(text.split()) for text in child.itertext() if text.strip()]
                pieces = [piece.strip() for text in texts for piece in text.split("|")]
                assert [piece for piece in pieces if piece not in said and piece.casefold() not in codes] == []


def test_the_day_is_printed_with_the_day_first(fixture_bytes: Bytes) -> None:
    assert read(fixture_bytes("uk_fcdo_sandbox.xml")).printed_on == date(2026, 10, 2)


@pytest.mark.parametrize(
    "generated",
    [
        "",
        "<DateGenerated/>",
        "<DateGenerated>2026-10-02</DateGenerated>",
        "<DateGenerated>31/02/2026</DateGenerated>",
        "<DateGenerated>00/10/2026</DateGenerated>",
        "<DateGenerated>02/10/2026</DateGenerated><DateGenerated>03/10/2026</DateGenerated>",
    ],
)
def test_a_list_that_does_not_say_its_day_is_refused(generated: str) -> None:
    with pytest.raises(SourceRefusedError, match="generated"):
        read(sandbox_list().replace("<DateGenerated>02/10/2026</DateGenerated>", generated))


def test_something_other_than_designations_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="has <Revocation> among <Designations>"):
        read(sandbox_list().replace("</Designations>", "<Revocation/></Designations>"))


def test_another_root_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="<ArrayOfFinancialSanctionsTarget>"):
        read("<ArrayOfFinancialSanctionsTarget>SANDBOX: the list that was closed</ArrayOfFinancialSanctionsTarget>")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("<ShoeSize>44</ShoeSize>", "ShoeSize"),
        ("<CryptoWalletAddresses><A>SANDBOX</A></CryptoWalletAddresses>", "CryptoWalletAddresses"),
        ('<OtherInformation sure="no">SANDBOX</OtherInformation>', "OtherInformation/@sure"),
        ("<OtherInformation>SANDBOX<B>bold</B></OtherInformation>", "OtherInformation/B"),
        ("<Titles>Colonel</Titles>", "Titles"),
        ("<Titles><Title>Colonel</Title>or so</Titles>", "Titles"),
        ("<Titles><Rank>1</Rank></Titles>", "Titles/Rank"),
        ("<Addresses><Address><Planet>Mars</Planet></Address></Addresses>", "Address/Planet"),
        ("<Addresses><Address>Mars</Address></Addresses>", "Address"),
        ("<Addresses><Address><AddressLine1>A<B>b</B></AddressLine1></Address></Addresses>", "AddressLine1/B"),
        (
            "<Addresses><Address><AddressLine1>A</AddressLine1><AddressLine1>B</AddressLine1></Address></Addresses>",
            "Address/AddressLine1",
        ),
        ("<UniqueID>DPR9002</UniqueID>", "UniqueID"),
        ("<IndividualEntityShip>Entity</IndividualEntityShip>", "IndividualEntityShip"),
        ("SANDBOX", "Designation"),
    ],
)
def test_what_stands_where_no_field_is_known_is_set_aside_never_dropped(more: str, field: str) -> None:
    reading = read(sandbox_list(more))
    assert reading.tally.vessels == 1
    assert [(row.field, row.whole_entry) for row in reading.set_aside] == [(field, False)]


def test_what_stands_outside_the_designations_is_set_aside() -> None:
    content = (
        sandbox_list()
        .replace("<Designations>", '<Designations state="SANDBOX">before')
        .replace("</Designations>", "after</Designations>")
    )
    assert [(row.field, row.value) for row in read(content).set_aside] == [
        ("@state", "SANDBOX"),
        ("Designation", "after"),
        ("Designations", "before"),
    ]


@pytest.mark.parametrize("number", ["", "DPR", "9001", "dpr9001", "DPR-9001", "DPR٩٠٠١", "../../etc"])
def test_an_entry_without_an_id_of_the_lists_form_is_set_aside_whole(number: str) -> None:
    reading = read(sandbox_list().replace("DPR9001", number))
    assert reading.statements == ()
    assert [row.whole_entry for row in reading.set_aside] == [True]
    assert "SANDBOX SHIP" in reading.set_aside[0].value
    assert reading.tally.complete


def test_an_entry_without_a_primary_name_is_kept_under_its_first_and_this_is_said(said: Said) -> None:
    names = "<Names><Name><Name6>SANDBOX ALIAS</Name6><NameType>Alias</NameType></Name></Names>"
    reading = read(sandbox_list(names=names))
    assert [row.value for row in said(reading, prop="name")] == ["SANDBOX ALIAS"]
    assert "no name is marked as the primary one" in reading.set_aside[0].reason


@pytest.mark.parametrize(
    ("regime", "dprk", "aside"),
    [
        (DPRK, 1, 0),
        (DPRK.replace("'", "’"), 1, 1),
        ("The Democratic People's Republic of Korea (Sanctions) Regulations 2031", 1, 1),
        ("The Democratic Republic of the Congo (Sanctions) (EU Exit) Regulations 2019", 0, 0),
    ],
)
def test_regulations_on_the_dprk_count_as_dprk_however_they_are_typeset(regime: str, dprk: int, aside: int) -> None:
    reading = read(sandbox_list(regime=regime))
    assert (reading.tally.dprk, len(reading.set_aside)) == (dprk, aside)


@pytest.mark.parametrize("kind", ["Individual", "INDIVIDUAL", " individual "])
def test_the_parts_of_a_persons_name_are_said_in_their_order(kind: str, said: Said) -> None:
    names = (
        "<Names><Name><Name1>SANDBOX</Name1><Name2>Second</Name2><Name6>INVENTED</Name6>"
        "<NameType>Primary Name</NameType></Name></Names>"
    )
    reading = read(sandbox_list(names=names, kind=kind))
    assert [(row.prop, row.value) for row in reading.statements if row.prop.lower().endswith("name")] == [
        ("name", "SANDBOX Second INVENTED"),
        ("firstName", "SANDBOX"),
        ("secondName", "Second"),
        ("lastName", "INVENTED"),
    ]


@pytest.mark.parametrize(
    ("kind", "strength", "prop"),
    [
        ("ALias", "Good quality a.k.a", "alias"),
        ("Alias", "Low quality a.k.a", "weakAlias"),
        ("Alias", "", "alias"),
        ("Primary name variation", "", "alias"),
        ("primary NAME", "", "name"),
    ],
)
def test_a_name_is_as_good_as_the_list_says(kind: str, strength: str, prop: str, said: Said) -> None:
    other = (
        f"<Name><Name6>SANDBOX OTHER</Name6><NameType>{kind}</NameType><AliasStrength>{strength}</AliasStrength></Name>"
    )
    reading = read(sandbox_list(names=NAMES.replace("</Names>", f"{other}</Names>")))
    assert [row.prop for row in said(reading, value="SANDBOX OTHER")] == [prop]
    assert reading.set_aside == ()


@given(on=st.dates(date(1900, 1, 1), date(2026, 1, 1)), known=st.integers(0, 2))
def test_a_birth_date_is_as_precise_as_its_placeholders_leave_it(on: date, known: int) -> None:
    printed = [f"dd/mm/{on:%Y}", f"dd/{on:%m/%Y}", f"{on:%d/%m/%Y}"][known]
    details = f"<IndividualDetails><Individual><DOBs><DOB>{printed}</DOB></DOBs></Individual></IndividualDetails>"
    rows = [row for row in read(sandbox_list(details, kind="Individual")).statements if row.prop == "birthDate"]
    assert [(row.value, row.cleaned) for row in rows] == [(printed, on.isoformat()[: (4, 7, 10)[known]])]


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("472310168", "472310168"),
        ("AB 123456", "AB 123456"),
        ("Sandboxland, number 260000000000", None),
        ("472310168 issued by the DPRK", None),
        ("A0000001 / A0000002", None),
        ("unknown", None),
    ],
)
def test_a_passport_number_is_one_number_or_evidence(printed: str, cleaned: str | None, said: Said) -> None:
    details = (
        f"<IndividualDetails><Individual><PassportDetails><Passport><PassportNumber>{printed}</PassportNumber>"
        "</Passport></PassportDetails></Individual></IndividualDetails>"
    )
    reading = read(sandbox_list(details, kind="Individual"))
    assert [(row.value, row.cleaned) for row in said(reading, schema="Passport", prop="number")] == [(printed, cleaned)]
    assert [row.cleaned for row in said(reading, schema="Passport", prop="holder")] == ["uk_fcdo:DPR9001"]


def test_the_card_knows_every_regime_of_the_flat_parse_of_may_2025(shared_file: Callable[[str], Path]) -> None:
    """Somebody's parse, without numbers and with surnames only: good for the values of a column, not for its layout."""
    text = gzip.decompress(shared_file("lists/uk_parsed_2025-05.csv.gz").read_bytes()).decode()
    regimes = [line["Sanction Type"] for line in csv.DictReader(io.StringIO(text, newline=""))]
    card = source("uk_fcdo").card
    assert len(set(regimes)) == 29
    assert set(regimes) - {*card.programmes, *card.dprk_programmes} == set()
    assert sum(card.is_dprk([regime]) for regime in regimes) == sum("Democratic People" in regime for regime in regimes)
