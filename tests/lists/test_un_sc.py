"""The reader of the UN list: everything it takes, and how it meets files that are broken or hostile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@pytest.mark.parametrize("name", ["un_sc_sandbox", "un_sc_broken_sandbox"])
def test_the_invented_list_reads_as_its_golden_result(
    name: str, un: Read, fixture_bytes: Bytes, agrees_with_golden: Callable[..., None]
) -> None:
    content = fixture_bytes(f"{name}.xml")
    agrees_with_golden(f"{name}.golden.jsonl", un(content), {digest(content): "consolidated"})


def test_the_invented_list_holds_every_field_the_reader_knows(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("un_sc_sandbox.xml").decode()
    card = source("un_sc").card
    inner = {*un_sc.ADDRESS_FIELDS, *un_sc.BIRTH_PLACE_FIELDS, "TYPE_OF_DOCUMENT2", "COUNTRY_OF_ISSUE", "FROM_YEAR"}
    for tag in un_sc.KNOWN_FIELDS | card.ignored | card.values.keys() | inner:
        assert f"<{tag}" in content, tag


def test_the_day_is_the_one_the_printer_read_on_his_calendar(un: Read, fixture_bytes: Bytes) -> None:
    assert un(fixture_bytes("un_sc_sandbox.xml")).printed_on == date(2026, 1, 15)


@pytest.mark.parametrize("twentieth", range(20))
def test_a_list_cut_anywhere_is_refused(twentieth: int, un: Read, fixture_bytes: Bytes) -> None:
    content = fixture_bytes("un_sc_sandbox.xml")
    with pytest.raises(SourceRefusedError):
        un(content[: len(content) * twentieth // 20])


@settings(deadline=None)
@given(data=st.data())
def test_no_cut_is_taken_for_a_whole_list(data: st.DataObject, fixture_bytes: Bytes) -> None:
    content = fixture_bytes("un_sc_sandbox.xml").rstrip()
    end = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(SourceRefusedError):
        read_part(content[:end])


@settings(deadline=None)
@given(data=st.data())
def test_whatever_byte_is_altered_each_entry_is_read_or_set_aside_or_the_list_refused(
    data: st.DataObject, fixture_bytes: Bytes
) -> None:
    content = bytearray(fixture_bytes("un_sc_sandbox.xml"))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        reading = read_part(bytes(content))
    except SourceRefusedError:
        return
    assert reading.tally.complete
    assert reading.tally.in_file == 3


@settings(deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_what_is_no_list_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(SourceRefusedError):
        read_part(content)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949"])
def test_a_list_in_another_encoding_is_refused(encoding: str, un: Read) -> None:
    content = sandbox_list("<COMMENTS1>Sandbox é</COMMENTS1>" if encoding == "latin-1" else "<COMMENTS1/>")
    raw = content.replace("<COMMENTS1/>", "<COMMENTS1>샌드박스</COMMENTS1>").encode(encoding)
    with pytest.raises(SourceRefusedError):
        un(raw)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_list_of_latin_letters_in_utf_16_is_refused_too(encoding: str, un: Read) -> None:
    with pytest.raises(SourceRefusedError, match="UTF-16"):
        un(sandbox_list().encode(encoding))


@pytest.mark.parametrize("claim", ["ISO-8859-1", "windows-1252", "UTF-9", "utf-16", "euc-kr", "", "UTF8"])
def test_a_list_that_claims_another_encoding_is_refused_and_never_garbled(claim: str, un: Read) -> None:
    content = sandbox_list("<NAME_ORIGINAL_SCRIPT>샌드박스</NAME_ORIGINAL_SCRIPT>").replace('"UTF-8"', f'"{claim}"')
    with pytest.raises(SourceRefusedError):
        un(content)


def test_a_claim_far_inside_the_declaration_is_seen(un: Read) -> None:
    with pytest.raises(SourceRefusedError, match="ISO-8859-1"):
        un(sandbox_list().replace('encoding="UTF-8"', " " * 5000 + "encoding = 'ISO-8859-1'"))


@pytest.mark.parametrize("declaration", ["", '<?xml version="1.0"?>', '﻿<?xml version="1.0" encoding="utf-8"?>'])
def test_a_list_without_a_claim_or_with_a_byte_order_mark_is_read(declaration: str, un: Read, said: Said) -> None:
    content = sandbox_list("<NAME_ORIGINAL_SCRIPT>샌드박스</NAME_ORIGINAL_SCRIPT>")
    reading = un(content.replace('<?xml version="1.0" encoding="UTF-8"?>', declaration))
    assert [row.lang for row in said(reading, value="샌드박스")] == ["kor"]


BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "SANDBOX">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


@pytest.mark.parametrize(
    ("doctype", "inside"),
    [
        (BILLION_LAUGHS, "&j;"),
        ('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>', "&x;"),
        ('<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1:9/sandbox.dtd"> %p;]>', ""),
        ('<!DOCTYPE l SYSTEM "http://127.0.0.1:9/sandbox.dtd">', ""),
        ("<!DOCTYPE CONSOLIDATED_LIST>", ""),
    ],
)
def test_a_document_type_is_refused_whatever_it_holds(doctype: str, inside: str, un: Read) -> None:
    content = sandbox_list(f"<COMMENTS1>{inside}</COMMENTS1>").replace(
        "<CONSOLIDATED_LIST", f"{doctype}<CONSOLIDATED_LIST", 1
    )
    with pytest.raises(SourceRefusedError, match="document type or entity"):
        un(content)


def test_an_entity_nobody_declared_is_refused(un: Read) -> None:
    with pytest.raises(SourceRefusedError, match="not well-formed"):
        un(sandbox_list("<COMMENTS1>&sandbox;</COMMENTS1>"))


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


def test_a_reference_that_stands_twice_keeps_its_first_entry(un: Read, said: Said) -> None:
    people = PERSON.format(more="") + PERSON.format(more="").replace("SANDBOX PERSON", "SANDBOX IMPOSTOR")
    reading = un(sandbox_list(individuals=people))
    assert [row.value for row in said(reading, prop="name")] == ["SANDBOX PERSON"]
    assert "stands twice" in reading.set_aside[0].reason
    assert reading.tally.entries_set_aside == 1
    assert reading.tally.complete


def test_an_unknown_programme_is_kept_as_printed_and_not_counted(un: Read, said: Said) -> None:
    reading = un(sandbox_list().replace(">DPRK<", ">Atlantis<"))
    assert said(reading, prop="program")[0].value == "Atlantis"
    assert said(reading, prop="program")[0].cleaned is None
    assert reading.tally.dprk == 0
    assert [row.field for row in reading.set_aside] == ["UN_LIST_TYPE"]


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


def test_a_deeply_nested_field_is_set_aside_without_breaking_the_reader(un: Read) -> None:
    reading = un(sandbox_list("<DEEP>" * 50_000 + "SANDBOX" + "</DEEP>" * 50_000))
    assert reading.tally.persons == 1
    assert [(row.field, row.value) for row in reading.set_aside] == [("DEEP", "SANDBOX")]


def test_first_bytes_are_recognised_only_of_this_list(fixture_bytes: Bytes) -> None:
    assert un_sc.recognises(fixture_bytes("un_sc_sandbox.xml"))
    assert not un_sc.recognises(fixture_bytes("ofac_sdn_sandbox.csv"))
    assert not un_sc.recognises(b"")
