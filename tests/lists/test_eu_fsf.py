"""The reader of the EU's consolidated list: everything it takes, and how it meets files that are broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import eu_fsf

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
NAME = '<nameAlias wholeName="SANDBOX SHIPPING" strong="true"/>'
REGULATION = '<regulation programme="PRK"/>'


def sandbox_list(
    more: str = "", *, names: str = NAME, regulation: str = REGULATION, kind: str = "enterprise", attributes: str = ""
) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- SANDBOX, invented -->'
        '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00">'
        f'<sanctionEntity euReferenceNumber="EU.9001.10" {attributes}>{regulation}<subjectType code="{kind}"/>'
        f"{names}{more}</sanctionEntity></export>"
    )


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("eu_fsf").read((Part(name="full", exhibit=digest(raw), content=raw),))


def test_the_invented_list_fills_every_attribute_the_reader_knows(fixture_bytes: Bytes) -> None:
    root = ElementTree.fromstring(fixture_bytes("eu_fsf_sandbox.xml"))
    filled = {name for element in root.iter() for name, text in element.attrib.items() if text.strip()}
    known = {*eu_fsf.ENTITY_FIELDS, *eu_fsf.REGULATION_FIELDS, *eu_fsf.NAME_PARTS, *eu_fsf.ADDRESS_FIELDS}
    known |= {*eu_fsf.BIRTH_PLACE_FIELDS, *eu_fsf.DOCUMENT_FIELDS, *eu_fsf.DOCUMENT_FLAGS, "yearRangeFrom", "circa"}
    assert sorted(known - filled) == []


def test_no_text_of_the_invented_list_is_dropped(fixture_bytes: Bytes) -> None:
    """Each attribute and text is in a statement of its entity, or is a code, a flag, or ignored by name."""
    content = fixture_bytes("eu_fsf_sandbox.xml")
    reading, card = read(content), source("eu_fsf").card
    translated = {code for values in card.values.values() for code in values} | {*eu_fsf.UNKNOWN_COUNTRY}
    translated |= {"true", "false", "KP", "CD"}
    for number, entity in enumerate(ElementTree.fromstring(content), start=1):
        place = f"xpath=/export/sanctionEntity[{number}]"
        said = "\n".join(row.value for row in reading.statements if row.locator.startswith(place))
        for child in entity.iter():
            if child.tag.rpartition("}")[2] in card.ignored:
                continue
            texts = [text for name, text in child.attrib.items() if name not in card.ignored]
            # The parts of a date stand in the date.
            texts = [*texts, child.text or ""] if not child.tag.endswith("birthdate") else [child.get("city", "")]
            assert [text for text in texts if text.strip() and text not in said and text not in translated] == []


def test_the_day_is_the_one_the_printer_read_on_his_calendar(fixture_bytes: Bytes) -> None:
    assert read(fixture_bytes("eu_fsf_sandbox.xml")).printed_on == date(2026, 8, 5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fsd/export", "fsd/export/2", "begins with"),
        (' generationDate="2026-08-05T16:47:04.449+02:00"', "", "does not say when"),
        ("2026-08-05T16", "05/08/2026T16", "which is no time"),
        ("</export>", "<delisted/></export>", "has <delisted> among <export>"),
        ("</export>", "", "not well-formed"),
        ("<!-- SANDBOX, invented -->", "<!DOCTYPE export>", "document type"),
    ],
)
def test_a_list_of_another_structure_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(SourceRefusedError, match=said):
        read(sandbox_list().replace(old, new))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ("<relation/>", "sanctionEntity/relation"),
        ('<subjectType code="person"/>', "sanctionEntity/subjectType"),
        ("SANDBOX", "sanctionEntity"),
        ('<remark sure="no">SANDBOX</remark>', "sanctionEntity/remark/@sure"),
        ('<citizenship planet="Mars"/>', "citizenship/@planet"),
        ('<birthdate circa="perhaps" year="1961"/>', "birthdate/@circa"),
        ('<birthdate calendarType="MAYAN" year="1961"/>', "birthdate/@calendarType"),
        ('<birthdate birthdate="1961-02-03" year="1962"/>', "birthdate"),
        ('<birthdate dayOfMonth="3"/>', "birthdate"),
        ('<address countryIso2Code="FR" countryDescription="IRAQ"/>', "address/@countryIso2Code"),
        ('<address><contactInfo key="PIGEON" value="SANDBOX"/></address>', "contactInfo/@key"),
        ("<address><remark>A<b>b</b></remark></address>", "address/remark/b"),
        ('<identification number="1" identificationTypeCode="hovercraftid"/>', "identification"),
        ('<nameAlias wholeName="SANDBOX" strong="maybe"/>', "nameAlias/@strong"),
        ('<nameAlias wholeName="SANDBOX" nameLanguage="XX"/>', "nameAlias/@nameLanguage"),
        ('<nameAlias wholeName="SANDBOX" firstName="OTHER"/>', "nameAlias/@firstName"),
        ('<nameAlias wholeName=""/>', "nameAlias"),
    ],
)
def test_what_stands_where_no_field_is_known_is_set_aside_never_dropped(more: str, field: str) -> None:
    reading = read(sandbox_list(more))
    assert reading.tally.organisations == 1
    assert [(row.field, row.whole_entry) for row in reading.set_aside] == [(field, False)]


@pytest.mark.parametrize("reference", ["", "EU", "EU.27", "27.28", "eu.27.28", "EU.27.28a", "../../etc"])
def test_an_entry_without_a_reference_of_the_lists_form_is_set_aside_whole(reference: str) -> None:
    reading = read(sandbox_list().replace("EU.9001.10", reference))
    assert reading.statements == ()
    assert [row.whole_entry for row in reading.set_aside] == [True]
    assert "SANDBOX SHIPPING" in reading.set_aside[0].value
    assert reading.tally.complete


@pytest.mark.parametrize(
    ("remark", "strong", "prop"),
    [
        ("", "true", "alias"),
        ("", "false", "weakAlias"),
        ("good quality alias", "true", "alias"),
        ("low quality aliias", "true", "weakAlias"),
        ("born 1.2.1960 in Sandbox City\n(Low quality a.k.a.)", "true", "weakAlias"),
        ("formerly known as", "true", "previousName"),
        ("former name of SANDBOX", "true", "previousName"),
        ("owned by SANDBOX HOLDING, formerly known as SANDBOX", "true", "alias"),
    ],
)
def test_a_name_is_graded_by_what_is_said_of_itself(remark: str, strong: str, prop: str, said: Said) -> None:
    other = f'<nameAlias wholeName="SANDBOX OTHER" strong="{strong}"><remark>{remark}</remark></nameAlias>'
    reading = read(sandbox_list(other))
    assert [row.prop for row in said(reading, value="SANDBOX OTHER")] == [prop]
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    ("names", "main"),
    [
        (["샌드박스", "SANDBOX"], "SANDBOX"),
        (["Песочница", "샌드박스"], "Песочница"),
        (["SANDBOX ONE", "SANDBOX TWO"], "SANDBOX ONE"),
        (["Пeсочница SANDBOX", "SANDBOX Inventé"], "SANDBOX Inventé"),
    ],
)
def test_the_first_strong_name_in_latin_letters_is_the_main_one(names: list[str], main: str, said: Said) -> None:
    reading = read(sandbox_list(names="".join(f'<nameAlias wholeName="{name}" strong="true"/>' for name in names)))
    assert [row.value for row in said(reading, prop="name")] == [main]
    assert len(said(reading, prop="alias")) == len(names) - 1


def test_hangul_is_kept_as_printed_blanks_and_all_and_is_korean_whatever_its_label(said: Said) -> None:
    reading = read(sandbox_list('<nameAlias wholeName="샌 드박스" nameLanguage="EN"/>'))
    assert [(row.value, row.lang) for row in said(reading, prop="alias")] == [("샌 드박스", "kor")]


@pytest.mark.parametrize(
    ("attributes", "value", "cleaned"),
    [
        ('birthdate="1961-02-03" dayOfMonth="3" monthOfYear="2" year="1961"', "1961-02-03", "1961-02-03"),
        ('year="1961" monthOfYear="8"', "1961-08", "1961-08"),
        ('year="1961" circa="true"', "circa 1961", None),
        ('yearRangeFrom="1953" yearRangeTo="1958"', "between 1953 and 1958", None),
        ('yearRangeTo="1980" circa="true"', "circa between ? and 1980", None),
        ('year="1343" calendarType="ISLAMIC"', "1343 (islamic)", None),
        ('year="1961" calendarType="MAYAN"', "1961 (unknown)", None),
        ('year="1961" monthOfYear="13"', "1961-13", None),
    ],
)
def test_birth_dates_are_as_sure_as_the_list_says(attributes: str, value: str, cleaned: str | None, said: Said) -> None:
    reading = read(sandbox_list(f"<birthdate {attributes}/>", kind="person"))
    assert [(row.value, row.cleaned) for row in said(reading, prop="birthDate")] == [(value, cleaned)]


def test_a_hijri_date_that_the_list_converts_is_read_as_converted(said: Said) -> None:
    born = '<birthdate birthdate="1964-05-06" year="1343" calendarType="ISLAMIC"/>'
    reading = read(sandbox_list(born, kind="person"))
    assert [(row.value, row.cleaned) for row in said(reading, prop="birthDate")] == [
        ("1343 (islamic)", None),
        ("1964-05-06", "1964-05-06"),
    ]


@pytest.mark.parametrize(
    ("code", "name", "value", "cleaned"),
    [
        ("KP", "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", "KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", "kp"),
        ("CD", "CONGO, Democratic Republic of (was Zaire)", "CONGO, Democratic Republic of (was Zaire)", "cd"),
        ("YU", "YUGOSLAVIA", "YUGOSLAVIA", None),
        ("", "IRAQ", "IRAQ", "iq"),
        ("IQ", "", "IQ", "iq"),
        ("IQ", "UNKNOWN", "IQ", "iq"),
    ],
)
def test_a_country_is_what_its_code_says(code: str, name: str, value: str, cleaned: str | None, said: Said) -> None:
    country = f'<citizenship countryIso2Code="{code}" countryDescription="{name}"/>'
    reading = read(sandbox_list(country, kind="person"))
    assert [(row.value, row.cleaned) for row in said(reading, prop="nationality")] == [(value, cleaned)]


def test_a_country_the_list_does_not_know_is_no_country(said: Said) -> None:
    reading = read(sandbox_list('<citizenship countryIso2Code="00" countryDescription="UNKNOWN"/>', kind="person"))
    assert said(reading, prop="nationality") == []
    assert reading.set_aside == ()


@pytest.mark.parametrize(
    ("number", "prop", "cleaned", "aside"),
    [
        ("9000003", "imoNumber", "IMO9000003", 0),
        ("IMO 9000019", "registrationNumber", "IMO 9000019", 0),
        ("9000011", "imoNumber", None, 0),
        ("Does not exist", "imoNumber", None, 0),
    ],
)
def test_an_imo_number_is_a_ships_or_a_companys_by_its_check_digit(
    number: str, prop: str, cleaned: str | None, aside: int, said: Said
) -> None:
    reading = read(sandbox_list(f'<identification identificationTypeCode="imo" number="{number}"/>'))
    found = [row for row in said(reading, value=number) if row.schema == "Organization"]
    assert [(row.prop, row.cleaned) for row in found] == [(prop, cleaned)]
    assert len(reading.set_aside) == aside


@given(first=st.integers(100_000, 999_999).map(str))
def test_a_number_that_may_be_either_is_taken_as_a_ships_and_said(first: str) -> None:
    ship = sum(weight * int(digit) for weight, digit in zip(range(7, 1, -1), first, strict=True)) % 10
    number = f"{first}{ship}"
    reading = read(sandbox_list(f'<identification identificationTypeCode="imo" number="{number}"/>'))
    assert [row.cleaned for row in reading.statements if row.prop == "imoNumber"] == [f"IMO{number}"]
    total = sum(weight * int(digit) for weight, digit in zip((8, 6, 4, 2, 9, 7), first, strict=True))
    assert len(reading.set_aside) == ((11 - total % 11) % 10 == ship)


def test_a_document_that_the_list_calls_false_is_evidence_and_no_number(said: Said) -> None:
    forged = '<identification identificationTypeCode="passport" number="A1" knownFalse="true" reportedLost="true"/>'
    reading = read(sandbox_list(forged, kind="person"))
    assert [(row.value, row.rejected) for row in said(reading, schema="Passport", prop="number")] == [
        ("A1", "known to be false, as the list says")
    ]
    assert [row.value for row in said(reading, prop="status")] == ["knownFalse; reportedLost"]


@pytest.mark.parametrize(
    ("name", "label", "lang"),
    [("Песочница", "EN", None), ("Песочница", "BG", "bul"), ("SANDBOX", "EN", "eng"), ("SANDBOX", "", None)],
)
def test_a_label_is_believed_where_the_letters_do_not_contradict_it(
    name: str, label: str, lang: str | None, said: Said
) -> None:
    reading = read(sandbox_list(f'<nameAlias wholeName="{name}" nameLanguage="{label}"/>'))
    assert [row.lang for row in said(reading, value=name)] == [lang]


def test_the_day_of_a_delisting_to_come_is_the_end_of_the_designation(said: Said) -> None:
    """The publisher's schema of version 1.1 knows it; no extract of a real file has shown one."""
    reading = read(sandbox_list(attributes='delistingDate="2031-01-31"'))
    assert [row.cleaned for row in said(reading, prop="endDate")] == ["2031-01-31"]
    assert reading.set_aside == ()


def test_a_dash_for_a_place_is_no_place(said: Said) -> None:
    """The real file prints city="-" where it knows the country alone."""
    country = 'countryIso2Code="PK" countryDescription="PAKISTAN"'
    more = f'<birthdate birthdate="1965-04-14" city="-" {country}/><address city="-" {country}/>'
    reading = read(sandbox_list(more, kind="person"))
    assert [row.value for row in said(reading, prop="birthPlace")] == ["PAKISTAN"]
    assert [row.prop for row in said(reading, schema="Address")] == ["country"]


@pytest.mark.parametrize("printed", ["?", ""])
def test_a_sex_the_list_does_not_know_is_none(printed: str, said: Said) -> None:
    reading = read(sandbox_list(names=f'<nameAlias wholeName="SANDBOX PERSON" gender="{printed}"/>', kind="person"))
    assert said(reading, prop="gender") == []


def test_each_calendar_of_the_schema_is_known() -> None:
    for calendar in ("GREGORIAN", "ISLAMIC", "BUDDHIST", "COPTIC", "ETHIOPIC"):
        reading = read(sandbox_list(f'<birthdate year="1960" calendarType="{calendar}"/>', kind="person"))
        assert reading.set_aside == (), calendar


def test_the_booleans_of_xml_schema_are_read_in_both_spellings(said: Said) -> None:
    names = '<nameAlias wholeName="SANDBOX ONE" strong="1"/><nameAlias wholeName="SANDBOX TWO" strong="0"/>'
    reading = read(sandbox_list('<birthdate year="1960" circa="1"/>', names=names, kind="person"))
    assert [row.value for row in said(reading, prop="weakAlias")] == ["SANDBOX TWO"]
    assert [row.value for row in said(reading, prop="birthDate")] == ["circa 1960"]
    assert reading.set_aside == ()


def test_what_the_schema_knows_besides_of_an_act_and_a_citizenship_is_taken(said: Said) -> None:
    act = (
        '<regulation programme="PRK" numberTitle="SANDBOX 1"><corrigendum regulationType="corrigendum" '
        'publicationDate="2026-01-02" numberTitle="SANDBOX 1 corrected" publicationUrl="https://sandbox.example/1"/>'
        "</regulation>"
    )
    more = '<citizenship countryIso2Code="KP" countryDescription="KOREA" disenfranchisementDate="2020-01-31"/>'
    reading = read(sandbox_list(more, regulation=act, kind="person"))
    assert [row.value for row in said(reading, prop="provisions")] == ["SANDBOX 1", "SANDBOX 1 corrected"]
    assert [row.value for row in said(reading, prop="sourceUrl")] == ["https://sandbox.example/1"]
    assert [row.value for row in said(reading, prop="nationalityNote")] == ["disenfranchisementDate 2020-01-31"]
    assert reading.set_aside == ()


def test_the_publishers_placeholder_for_what_is_new_is_set_aside() -> None:
    """`additionalInformation` holds what the publisher adds without changing its schema: a person must look at it."""
    reading = read(sandbox_list('<additionalInformation key="SANDBOX" value="new"/>'))
    assert [row.field for row in reading.set_aside] == ["sanctionEntity/additionalInformation"]
