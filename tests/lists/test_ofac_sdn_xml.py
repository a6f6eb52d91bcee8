"""The reader of OFAC's advanced XML: every field, every reference, and how it meets broken and hostile files."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists import cleaning
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import ofac_sdn_xml, ofac_xml_model

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
NEWER = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML"


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("ofac_sdn_xml").read((Part(name="sdn", exhibit=digest(raw), content=raw),))


@pytest.fixture(scope="module")
def whole(fixture_bytes: Bytes) -> str:
    return fixture_bytes("ofac_sdn_xml_sandbox.xml").decode()


def cut_out(text: str, section: str) -> str:
    return re.sub(rf"  <{section}[ >].*</{section}>\n", "", text, flags=re.DOTALL)


def facts(reading: Reading) -> list[tuple[str | None, ...]]:
    return [(row.entity, row.schema, row.prop, row.value, row.cleaned, row.locator) for row in reading.statements]


def test_the_invented_list_holds_every_field_the_reader_knows_and_ignores(whole: str) -> None:
    fields = {name for holds in ofac_xml_model.FIELDS.values() for name in holds} - {"text"}
    # References of a kind that no excerpt of the real file shows; the publisher's schema allows them.
    unseen = {"IDRegDocumentMention", "ProfileRelationshipReference"}
    for name in (fields | source("ofac_sdn_xml").card.ignored) - unseen:
        pattern = rf"\s{name[1:]}=" if name.startswith("@") else rf"<{name}[ />]"
        assert re.search(pattern, whole), name


def test_the_day_of_issue_is_the_lists_own(whole: str) -> None:
    assert read(whole).printed_on == date(2026, 1, 15)


@pytest.mark.parametrize("namespace", ofac_sdn_xml.NAMESPACES)
def test_the_list_is_the_same_in_each_of_its_namespaces(namespace: str, whole: str) -> None:
    other = whole.replace(NEWER, namespace)
    assert ofac_sdn_xml.recognises(other.encode())
    assert facts(read(other)) == facts(read(whole))


def test_ofacs_older_xml_is_not_this_list() -> None:
    assert not ofac_sdn_xml.recognises(b'<sdnList xmlns="http://www.un.org/sanctions/1.0"><sdnEntry/></sdnList>')


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.replace("<Sanctions ", "<sdnList ").replace("</Sanctions>", "</sdnList>"), "begins with"),
        (lambda text: text.replace(NEWER, "http://sandbox.example.org/"), "begins with"),
        (lambda text: text.replace("<Sanctions ", '<Sanctions DeltaBaseVersion="2" '), "changes since another version"),
        (lambda text: cut_out(text, "SanctionsEntries"), "lacks the sections SanctionsEntries"),
        (lambda text: cut_out(text, "Locations"), "lacks the sections Locations"),
        (lambda text: text.replace("<SanctionsEntryLinks />", "<Sandbox />"), "a section <Sandbox> that is not known"),
        (
            lambda text: text.replace("<SanctionsEntryLinks />", "<Locations />"),
            "has <Locations> after <SanctionsEntries>, where it never stands",
        ),
        (
            lambda text: text.replace("<SanctionsEntryLinks />", "<SanctionsEntries />"),
            "has <SanctionsEntries> after <SanctionsEntries>",
        ),
        (lambda text: text.replace("<Locations>", "<Locations><Sandbox />"), "has <Sandbox> among <Locations>"),
        (lambda text: text.replace("<Year>2026</Year>", "<Year>soon</Year>"), "on which day it was issued"),
        (lambda text: text.replace("<Day>15</Day>", ""), "on which day it was issued"),
    ],
)
def test_a_list_of_another_form_is_refused(change: Callable[[str], str], what: str, whole: str) -> None:
    with pytest.raises(SourceRefusedError, match=what):
        read(change(whole))


def test_an_entry_without_a_name_is_set_aside_whole(whole: str) -> None:
    reading = read(whole.replace("SANDBOX SHIP", " "))
    assert [row.reason for row in reading.set_aside if row.whole_entry] == ["entity 90002 has no name"]
    assert reading.tally.complete


def test_a_name_in_each_script_is_a_name_of_the_entry(whole: str, said: Said) -> None:
    reading = read(whole)
    names = said(reading, listing="ofac_sdn_xml:90001", prop="name")
    assert [(row.value, row.lang) for row in names] == [("SANDBOX Person (One)", None), ("샌드박스 사람", "kor")]
    assert [row.value for row in said(reading, prop="weakAlias")] == ["SANDBOX WEAK"]


def test_names_of_an_identity_that_the_list_calls_false_are_weak(whole: str, said: Said) -> None:
    false = whole.replace('ID="4003" FixedRef="90003" Primary="true" False="false"', 'ID="4003" False="true"')
    reading = read(false)
    found = said(reading, listing="ofac_sdn_xml:90003", prop="weakAlias")
    assert [row.value for row in found] == ["SANDBOX TRADING (INVENTED) CO", "SANDBOX STC"]
    assert reading.tally.complete


def test_entries_are_numbered_as_in_the_legacy_files(whole: str, said: Said) -> None:
    reading = read(whole)
    assert [row.value for row in said(reading, prop="authorityId")] == ["90001", "90002", "90003", "90004"]
    assert [row.listing for row in said(reading, prop="authorityId")] == [f"ofac_sdn_xml:9000{n}" for n in range(1, 5)]


@pytest.mark.parametrize(
    ("kind", "schema", "this", "that"),
    [
        ("Owned or Controlled By", "Ownership", "asset", "owner"),
        ("Owns, controls, or operates", "Ownership", "owner", "asset"),
        ("Providing support to:", "UnknownLink", "subject", "object"),
        ("Property in the interest of", "UnknownLink", "subject", "object"),
    ],
)
def test_only_ownership_is_called_ownership_and_in_its_direction(
    kind: str, schema: str, this: str, that: str, whole: str, said: Said
) -> None:
    reading = read(whole.replace(">Owned or Controlled By<", f">{kind}<"))
    found = said(reading, listing="ofac_sdn_xml:90002", schema=schema)
    assert {row.prop: row.cleaned for row in found} == {
        this: "ofac_sdn_xml:90002",
        that: "ofac_sdn_xml:90003",
        "role": kind,
    }
    assert reading.set_aside == ()


def test_a_number_of_a_ship_with_a_false_check_digit_stays_as_evidence(whole: str, said: Said) -> None:
    found = said(read(whole), prop="imoNumber")
    assert [(row.value, row.cleaned) for row in found] == [("IMO 9074729", "IMO9074729"), ("IMO 9074720", None)]


def bounds(start: tuple[str, str], end: tuple[str, str] | None = None, *, approximate: bool = False) -> str:
    """A period as the file prints it: the earliest and latest start, the earliest and latest end."""

    def point(tag: str, day: str) -> str:
        fields = zip(("Year", "Month", "Day"), day.split("-"), strict=False)
        return f"<{tag}>{''.join(f'<{field}>{int(value)}</{field}>' for field, value in fields)}</{tag}>"

    def bound(tag: str, days: tuple[str, str]) -> str:
        inner = point("From", days[0]) + (point("To", days[1]) if days[1] else "")
        return f'<{tag} Approximate="{str(approximate).lower()}">{inner}</{tag}>'

    return f'<DatePeriod CalendarTypeID="1">{bound("Start", start)}{bound("End", end) if end else ""}</DatePeriod>'


# The forms of excerpts of the real file, with the words that the legacy CSV has for them.
@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (bounds(("1975-04-13", "1975-04-13"), ("1975-04-13", "1975-04-13")), "1975-04-13"),
        (bounds(("1966-07-07", "1966-07-07"), ("1966-07-07", "1966-07-07"), approximate=True), "circa 1966-07-07"),
        (bounds(("1961-01-01", "1961-01-01"), ("1961-12-31", "1961-12-31")), "1961"),
        (bounds(("1948-01-01", "1948-01-01"), ("1948-12-31", "1948-12-31"), approximate=True), "circa 1948"),
        (bounds(("1968-02-01", "1968-02-01"), ("1968-02-29", "1968-02-29")), "1968-02"),
        (bounds(("1967-02-01", "1967-02-01"), ("1967-02-28", "1967-02-28")), "1967-02"),
        (bounds(("1946-09-26", "1946-09-26"), ("1946-12-07", "1946-12-07")), "1946-09-26 to 1946-12-07"),
        (bounds(("1984-01-01", "1984-12-31"), ("1986-01-01", "1986-12-31")), "1984 to 1986"),
        (bounds(("1948-12-10", "")), "1948-12-10"),
        (bounds(("1971", "")), "1971"),
        (bounds(("1971-05", "")), "1971-05"),
        (bounds(("1971-02-30", "1971-02-30"), ("1971-02-30", "1971-02-30")), "1971-02-30"),
        ('<DatePeriod CalendarTypeID="1" />', None),
        ('<DatePeriod CalendarTypeID="1"><Comment>SANDBOX</Comment></DatePeriod>', "SANDBOX"),
        (bounds(("1381-01-01", "1381-01-01")).replace('"1"', '"2"', 1), "1381-01-01 (calendar 2)"),
    ],
)
def test_a_period_is_as_sure_as_the_list_says(printed: str, text: str | None) -> None:
    assert ofac_xml_model.period(fromstring(printed)) == text


@given(on=st.dates(date(1900, 1, 1), date(2100, 1, 1)), length=st.sampled_from(["day", "month", "year"]))
def test_a_day_a_month_and_a_year_are_told_apart_and_clean_to_themselves(on: date, length: str) -> None:
    first = on.replace(day=1) if length == "month" else on.replace(month=1, day=1) if length == "year" else on
    end_of_month = calendar.monthrange(on.year, on.month)[1]
    last = (
        on.replace(day=end_of_month) if length == "month" else on.replace(month=12, day=31) if length == "year" else on
    )
    edges = ((str(first), str(first)), (str(last), str(last)))
    text = str(on)[: {"day": 10, "month": 7, "year": 4}[length]]
    assert ofac_xml_model.period(fromstring(bounds(*edges))) == text
    assert cleaning.day(text).value == text
    assert cleaning.day(ofac_xml_model.period(fromstring(bounds(*edges, approximate=True))) or "").value is None


def test_what_stands_where_no_field_is_known_is_set_aside(whole: str) -> None:
    text = whole.replace("<Locations>", "<Locations>SANDBOX A").replace("</Locations>", "</Locations>SANDBOX B")
    text = text.replace('<Profile ID="90002"', '<Profile SandboxNew="C" ID="90002"')
    text = text.replace("</DistinctParty>", "</DistinctParty>SANDBOX D")
    text = text.replace("  </SanctionsEntries>", "SANDBOX E</SanctionsEntries>")
    reading = read(text)
    found = sorted(row.value for row in reading.set_aside)
    assert found == ["C", "SANDBOX A", "SANDBOX B", *["SANDBOX D"] * 4, "SANDBOX E"]


@pytest.mark.parametrize("width", [0, 1_000, 16_000, 40_000, 70_000])
def test_wherever_the_parser_pauses_nothing_between_two_entries_is_lost(width: int, whole: str) -> None:
    """It reads in blocks of 64 kB: padding moves the entries against them."""
    padded = whole.replace("<DistinctParties>", f"<DistinctParties><!--{'-x' * (width // 2)}-->")
    padded = padded.replace("</DistinctParty>", f"</DistinctParty>SANDBOX D<!--{'-x' * (width // 2)}-->")
    reading = read(padded)
    assert [row.value for row in reading.set_aside] == ["SANDBOX D"] * 4
    assert facts(reading) == facts(read(whole))


def test_no_word_of_the_invented_list_is_dropped(whole: str) -> None:
    """Each text outside the dictionary is said somewhere, or is a number of the file's own making."""
    reading = read(whole)
    said = {word for row in reading.statements for word in re.findall(r"\w+", f"{row.value} {row.cleaned}")}
    records = cut_out(whole, "ReferenceValueSets")
    texts = re.findall(r">([^<>]+)<", re.sub(r"<(Year|Month|Day)>\d+</\1>|<!--.*?-->", "", records, flags=re.DOTALL))
    assert {word for text in texts for word in re.findall(r"\w+", text)} - said == set()


def test_a_feature_that_the_list_rates_false_is_a_note_and_no_fact(whole: str, said: Said) -> None:
    """The real file of August 2025 rates ten features so."""
    rated = (
        "<ReliabilityValues>"
        '<Reliability ID="1561">False</Reliability><Reliability ID="1">Unknown</Reliability></ReliabilityValues>'
    )
    marked = whole.replace("</ReferenceValueSets>", f"{rated}</ReferenceValueSets>")
    assert facts(read(marked)) == facts(read(whole))
    first = '<FeatureVersion ID="3101" ReliabilityID="1">'
    assert first in marked
    reading = read(marked.replace(first, first.replace('"1"', '"1561"')))
    gone = set(facts(read(whole))) - set(facts(reading))
    [note] = [row.value for row in said(reading, prop="notes") if "(rated false)" in row.value]
    assert gone
    assert all(
        str(value) in note for _, schema, prop, value, _, _ in gone if schema != "Address" and prop != "addressEntity"
    )
    assert len([row for row in reading.set_aside if "rated false" in row.reason]) == 1


@pytest.mark.parametrize(
    "kind", ["Economic Register Number (CBLS)", "Military Registration Number", "Organization Code", "Trademark number"]
)
def test_the_newer_kinds_of_documents_are_known(kind: str) -> None:
    """Kinds that the file's own dictionary gained after the legacy copies at hand."""
    assert source("ofac_sdn_xml").card.values["IDRegDocType"][kind] == "Identification"
