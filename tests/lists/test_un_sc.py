"""The reader of the UN list: everything it takes, and how it meets files that are broken or hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import un_sc

Read = Callable[[bytes | str], Reading]
Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
PERSON = (
    "<INDIVIDUAL><FIRST_NAME>SANDBOX PERSON</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>KPi.901</REFERENCE_NUMBER>{more}</INDIVIDUAL>"
)


def sandbox_list(more: str = "", *, individuals: str | None = None, entities: str = "") -> str:
    people = PERSON.format(more=more) if individuals is None else individuals
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- SANDBOX, invented -->'
        '<CONSOLIDATED_LIST dateGenerated="2026-01-15T00:00:00Z">'
        f"<INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"
    )


def read_part(content: bytes) -> Reading:
    return source("un_sc").read((Part(name="consolidated", exhibit=digest(content), content=content),))


def test_the_invented_list_holds_every_field_the_reader_knows(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("un_sc_sandbox.xml").decode()
    card = source("un_sc").card
    inner = {*un_sc.ADDRESS_FIELDS, *un_sc.BIRTH_PLACE_FIELDS, "TYPE_OF_DOCUMENT2", "COUNTRY_OF_ISSUE", "FROM_YEAR"}
    for tag in un_sc.KNOWN_FIELDS | card.ignored | card.values.keys() | inner:
        assert f"<{tag}" in content, tag


def test_the_day_is_the_one_the_printer_read_on_his_calendar(un: Read, fixture_bytes: Bytes) -> None:
    assert un(fixture_bytes("un_sc_sandbox.xml")).printed_on == date(2026, 1, 15)


@pytest.mark.parametrize(
    "sections",
    [
        "<INDIVIDUALS/>",
        "<INDIVIDUALS/><ENTITIES/><VESSELS/>",
        "<INDIVIDUALS/><VESSELS/>",
        "<INDIVIDUALS/><INDIVIDUALS/>",
        "<INDIVIDUALS/><INDIVIDUALS/><ENTITIES/>",
        "",
        '<INDIVIDUALS xmlns="urn:sandbox"/><ENTITIES/>',
        "<INDIVIDUALS><ENTITY/></INDIVIDUALS><ENTITIES/>",
    ],
)
def test_a_list_of_other_sections_is_refused(sections: str, un: Read) -> None:
    with pytest.raises(SourceRefusedError):
        un(f'<CONSOLIDATED_LIST dateGenerated="2026-01-15">{sections}</CONSOLIDATED_LIST>')


def test_a_second_section_of_one_kind_never_hides_its_entries(un: Read) -> None:
    hidden = f"<INDIVIDUALS>{PERSON.format(more='')}</INDIVIDUALS>"
    with pytest.raises(SourceRefusedError, match="once each"):
        un(f'<CONSOLIDATED_LIST dateGenerated="2026-01-15"><INDIVIDUALS/>{hidden}</CONSOLIDATED_LIST>')


@pytest.mark.parametrize(
    "attribute", ["", 'dateGenerated="15/01/2026"', 'dateGenerated="2026-02-30T00:00:00"', 'dateGenerated=""']
)
def test_a_list_that_does_not_say_its_day_is_refused(attribute: str, un: Read) -> None:
    with pytest.raises(SourceRefusedError, match="generated"):
        un(f"<CONSOLIDATED_LIST {attribute}><INDIVIDUALS/><ENTITIES/></CONSOLIDATED_LIST>")


def test_another_root_is_refused(un: Read) -> None:
    with pytest.raises(SourceRefusedError, match="<html>"):
        un("<html><body>SANDBOX: service unavailable</body></html>")


def test_an_unknown_field_is_set_aside_and_the_entry_kept(un: Read) -> None:
    reading = un(sandbox_list("<SHOE_SIZE>44</SHOE_SIZE>"))
    assert reading.tally.persons == 1
    assert [(row.field, row.value, row.whole_entry) for row in reading.set_aside] == [("SHOE_SIZE", "44", False)]
    assert reading.set_aside[0].locator == "xpath=/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL[1]/SHOE_SIZE[1]"


def test_a_long_unknown_field_is_set_aside_with_an_excerpt(un: Read) -> None:
    reading = un(sandbox_list(f"<ESSAY>{'SANDBOX ' * 100_000}</ESSAY>"))
    assert len(reading.set_aside[0].value) == 200


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ('<GENDER sandbox="yes">Male</GENDER>', "GENDER/@sandbox"),
        ("<GENDER>Male<SURE>yes</SURE></GENDER>", "GENDER/SURE"),
        ("<GENDER>Male</GENDER>by appearance", "INDIVIDUAL"),
        ("<TITLE>Colonel</TITLE>", "TITLE"),
        ("<TITLE><VALUE>Colonel<RANK>1</RANK></VALUE></TITLE>", "VALUE/RANK"),
        ("<TITLE><RANK>1</RANK></TITLE>", "TITLE/RANK"),
        ("<INDIVIDUAL_ADDRESS>Sandbox City</INDIVIDUAL_ADDRESS>", "INDIVIDUAL_ADDRESS"),
        ("<INDIVIDUAL_ADDRESS><CITY>A</CITY>and<CITY>B</CITY></INDIVIDUAL_ADDRESS>", "INDIVIDUAL_ADDRESS/CITY"),
        ("<INDIVIDUAL_ADDRESS><PLANET>Mars</PLANET></INDIVIDUAL_ADDRESS>", "INDIVIDUAL_ADDRESS/PLANET"),
        ("<ENTITY_ADDRESS><CITY>A</CITY><CITY>B</CITY></ENTITY_ADDRESS>", "ENTITY_ADDRESS/CITY"),
        ("<INDIVIDUAL_DOCUMENT><NOTE>1</NOTE><NOTE>2</NOTE></INDIVIDUAL_DOCUMENT>", "INDIVIDUAL_DOCUMENT/NOTE"),
    ],
)
def test_what_stands_where_no_field_is_known_is_set_aside_never_dropped(more: str, field: str, un: Read) -> None:
    reading = un(sandbox_list(more))
    assert reading.tally.persons == 1
    assert field in [row.field for row in reading.set_aside]


def test_a_huge_attribute_is_set_aside_with_an_excerpt(un: Read) -> None:
    reading = un(sandbox_list(f'<GENDER sandbox="{"x" * 1_000_000}">Male</GENDER>'))
    assert [(row.field, row.value) for row in reading.set_aside] == [("GENDER/@sandbox", "x" * 200)]


def test_what_stands_outside_the_entries_is_set_aside(un: Read) -> None:
    content = (
        sandbox_list()
        .replace("<ENTITIES>", '<ENTITIES state="SANDBOX">between</ENTITIES>')
        .replace("</ENTITIES></ENTITIES>", "</ENTITIES>")
    )
    reading = un(content)
    assert [(row.field, row.value) for row in reading.set_aside] == [("@state", "SANDBOX"), ("ENTITIES", "between")]


@pytest.mark.parametrize("reference", ["", "KPi", "KPx.033", "kpi.033", "KPi.33", "KPi.033a", "KPi.٠٣٣", "../../etc"])
def test_an_entry_without_a_reference_of_the_lists_form_is_set_aside_whole(reference: str, un: Read) -> None:
    reading = un(sandbox_list().replace("KPi.901", reference))
    assert reading.statements == ()
    assert [row.whole_entry for row in reading.set_aside] == [True]
    assert "SANDBOX PERSON" in reading.set_aside[0].value
    assert reading.tally.complete


def test_an_entry_without_a_name_is_set_aside_whole(un: Read) -> None:
    reading = un(sandbox_list().replace("SANDBOX PERSON", "  "))
    assert "KPi.901 has no name" in reading.set_aside[0].reason
    assert reading.tally.complete


def test_an_unknown_programme_of_the_dprk_counts_as_dprk_and_is_said(un: Read, said: Said) -> None:
    """Someone designated must not go missing because the list's keeper thought of a new code."""
    reading = un(sandbox_list().replace(">DPRK<", ">DPRK-II<"))
    assert [(row.value, row.cleaned) for row in said(reading, prop="program")] == [("DPRK-II", "DPRK-II")]
    assert reading.tally.dprk == 1
    assert [row.field for row in reading.set_aside] == ["UN_LIST_TYPE"]


def test_every_name_of_an_organisation_is_in_its_name(un: Read, said: Said) -> None:
    entity = (
        "<ENTITY><FIRST_NAME>SANDBOX</FIRST_NAME><FIRST_NAME>TRADING</FIRST_NAME><SECOND_NAME>ONE</SECOND_NAME>"
        "<UN_LIST_TYPE>DPRK</UN_LIST_TYPE><REFERENCE_NUMBER>KPe.901</REFERENCE_NUMBER></ENTITY>"
    )
    reading = un(sandbox_list(individuals="", entities=entity))
    assert [row.value for row in said(reading, prop="name")] == ["SANDBOX TRADING ONE"]


@pytest.mark.parametrize(
    ("issuing", "place", "country", "authority"),
    [
        ("Tunisia", "Italy", "tn", "Milan; Italy"),
        ("Iraq", "Iraq", "iq", "Milan"),
        ("Iraq", " IRAQ", "iq", "Milan"),
        ("", "Italy", "it", "Milan"),
        ("Tunisia", "", "tn", "Milan"),
    ],
)
def test_a_passport_is_of_the_state_that_issued_it_wherever_it_did(
    issuing: str, place: str, country: str, authority: str, un: Read, said: Said
) -> None:
    document = (
        f"<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>SANDBOX-1</NUMBER>"
        f"<ISSUING_COUNTRY>{issuing}</ISSUING_COUNTRY><CITY_OF_ISSUE>Milan</CITY_OF_ISSUE>"
        f"<COUNTRY_OF_ISSUE>{place}</COUNTRY_OF_ISSUE></INDIVIDUAL_DOCUMENT>"
    )
    reading = un(sandbox_list(document))
    assert [row.cleaned for row in said(reading, schema="Passport", prop="country")] == [country]
    assert [row.value for row in said(reading, schema="Passport", prop="authority")] == [authority]


@pytest.mark.parametrize(
    ("kind", "fields", "value", "rejected"),
    [
        ("EXACT", "<DATE>1961-02-03</DATE>", "1961-02-03", None),
        ("EXACT", "<YEAR>1961</YEAR>", "1961", None),
        ("EXACT", "<DATE>1961-02-29</DATE>", "1961-02-29", "no such day in the calendar"),
        ("", "<DATE>2015-04-14-04:00</DATE>", "2015-04-14-04:00", None),
        ("APPROXIMATELY", "<YEAR>1961</YEAR>", "APPROXIMATELY 1961", "approximate, not a date"),
        (
            "BETWEEN",
            "<FROM_YEAR>1960</FROM_YEAR><TO_YEAR>1961</TO_YEAR>",
            "BETWEEN 1960 AND 1961",
            "a range, not a date",
        ),
        ("BETWEEN", "<FROM_YEAR>1960</FROM_YEAR>", "BETWEEN 1960 AND ?", "a range, not a date"),
        ("BETWEEN", "<YEAR>1961</YEAR>", "BETWEEN 1961", "a range, not a date"),
    ],
)
def test_birth_dates_are_as_sure_as_the_list_says(
    kind: str, fields: str, value: str, rejected: str | None, un: Read, said: Said
) -> None:
    born = f"<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>{kind}</TYPE_OF_DATE>{fields}</INDIVIDUAL_DATE_OF_BIRTH>"
    reading = un(sandbox_list(born))
    assert [(row.value, row.rejected) for row in said(reading, prop="birthDate")] == [(value, rejected)]
