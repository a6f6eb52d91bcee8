"""Profiles: what identifies a listing, drawn from what its list says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.citation import Citation
from bongsu.lists.birth import agreement, births_from
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading
from bongsu.lists.profiles import (
    Designation,
    Identifier,
    ListedName,
    Profile,
    document_number,
    imo_number,
    profiles_of,
    un_reference,
)

DAYS = st.dates().map(lambda day: day.isoformat())


def un_profiles(un: Callable[..., Reading], content: bytes) -> dict[str, Profile]:
    return {found.listing: found for found in profiles_of(un(content).statements, source("un_sc").card)}


def test_a_profile_has_what_the_un_prints_of_a_person(
    un: Callable[..., Reading], un_list: Callable[..., bytes]
) -> None:
    extra = (
        "<NATIONALITY><VALUE>Democratic People's Republic of Korea</VALUE></NATIONALITY>"
        "<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>SANDBOX Weak</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>SANDBOX Good</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1960-02-03</DATE></INDIVIDUAL_DATE_OF_BIRTH>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER> PS 987654321 (expired)</NUMBER>"
        "</INDIVIDUAL_DOCUMENT><NAME_ORIGINAL_SCRIPT>모래상자</NAME_ORIGINAL_SCRIPT>"
    )
    content = un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}, extra={"KPi.901": extra})
    found = un_profiles(un, content)["un_sc:KPi.901"]
    assert found.name == "SANDBOX PERSON ONE"
    assert found.names == (
        ListedName(text="SANDBOX PERSON ONE"),
        ListedName(text="모래상자"),
        ListedName(text="SANDBOX Good"),
        ListedName(text="SANDBOX Weak", weak=True),
    )
    assert [birth.day for birth in found.births] == ["1960-02-03"]
    assert found.identifiers == {Identifier("passport", "987654321"), Identifier("reference", "KPi.901")}
    assert (found.kind, found.authority, found.reference) == ("Person", "UN", "KPi.901")
    assert found.nationalities == {"kp"}
    assert found.listed_on == "2026-01-02"
    assert found.concerns_dprk
    assert isinstance(found.citation, Citation)


def test_a_listing_of_another_programme_does_not_concern_the_dprk(
    un: Callable[..., Reading], un_list: Callable[..., bytes]
) -> None:
    found = un_profiles(un, un_list("2026-01-15", {"SOi.901": "SANDBOX PERSON ONE"}, programme="Somalia"))
    assert not found["un_sc:SOi.901"].concerns_dprk


def test_a_false_imo_number_is_kept_apart_from_a_sound_one(
    ofac_files: dict[str, bytes], ofac: Callable[..., Reading]
) -> None:
    parts = {name: content for name, content in ofac_files.items() if name != "sdn"}
    found = profiles_of(ofac(ofac_files["sdn"], **parts).statements, source("ofac_sdn").card)
    assert {profile.kind for profile in found} >= {"Person", "Vessel"}
    assert {identifier.kind for profile in found for identifier in profile.identifiers} >= {
        "passport",
        "imo",
        "reference",
    }
    assert all("OFAC " in value for profile in found for value in profile.numbers("reference"))


def test_one_designation_of_ofac_is_the_same_in_each_list_that_prints_it(
    ofac_files: dict[str, bytes], ofac: Callable[..., Reading], fixture_bytes: Callable[[str], bytes]
) -> None:
    readings = {"ofac_sdn": ofac(**ofac_files)}
    for name, part_name, file in (
        ("ofac_sdn_xml", "sdn", "ofac_sdn_xml_sandbox.xml"),
        ("us_csl", "consolidated", "us_csl_sandbox.csv"),
    ):
        content = fixture_bytes(file)
        readings[name] = source(name).read((Part(name=part_name, exhibit=digest(content), content=content),))
    for name, reading in readings.items():
        found = {each.listing: each for each in profiles_of(reading.statements, source(name).card)}
        one = found[f"{name}:SDN-90001" if name == "us_csl" else f"{name}:90001"]
        assert (one.authority, one.designation) == ("OFAC", Designation("OFAC", "90001"))
        assert "OFAC 90001" in one.numbers("reference")


def test_a_list_of_several_authorities_gives_each_entry_to_the_one_that_lists_it(
    fixture_bytes: Callable[[str], bytes],
) -> None:
    content = fixture_bytes("us_csl_sandbox.csv")
    reading = source("us_csl").read((Part(name="consolidated", exhibit=digest(content), content=content),))
    found = profiles_of(reading.statements, source("us_csl").card)
    lists: dict[str, set[str]] = {}
    for each in found:
        lists.setdefault(each.authority, set()).add(each.listing.removeprefix("us_csl:").partition("-")[0])
    assert lists == {"OFAC": {"SDN", "SSI"}, "BIS": {"EL", "DPL"}, "US State": {"ISN"}}


@pytest.mark.parametrize("printed", [["Sandbox Department"], []])
def test_an_authority_that_the_card_has_no_word_for_is_the_lists_own(printed: list[str]) -> None:
    assert source("us_csl").card.authority_of(printed) == "US-CSL"


@pytest.mark.parametrize(
    ("printed", "passport", "number"),
    [
        ("563410081", True, "563410081"),
        (" PS 472330208 ", True, "472330208"),
        ("PD472310104", True, "472310104"),
        ("PO381230469", True, "381230469"),
        ("381110042 (Expired 25 Jan. 2016)", True, "381110042"),
        ("G55296890", True, "G55296890"),
        ("PS472330208", False, "PS472330208"),
        ("2001/044", False, "2001044"),
        ("A321233", True, "A321233"),
        ("unknown", True, None),
        ("12345", True, None),
        ("", False, None),
    ],
)
def test_the_number_of_a_document_is_compared_without_its_form(
    printed: str, passport: bool, number: str | None
) -> None:
    found = list(document_number(printed, passport=passport))
    assert [value for _, value in found] == ([] if number is None else [number])


@pytest.mark.parametrize(
    ("printed", "sound", "vessel", "kind"),
    [
        ("IMO8106496", True, True, "imo"),
        ("8106497", False, True, "false_imo"),
        ("IMO 5878561", True, False, "company_imo"),
        ("Does not exist", False, True, None),
    ],
)
def test_an_imo_number_is_sound_false_or_a_company_s(printed: str, sound: bool, vessel: bool, kind: str | None) -> None:
    assert [found.kind for found in imo_number(printed, sound=sound, vessel=vessel)] == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("printed", "reference"),
    [("KPi.033", "KPi.033"), ("KPi 033", "KPi.033"), ("KPe033", "KPe.033"), ("KPi.33", None), ("see KPi.033", None)],
)
def test_a_un_reference_is_known_in_its_usual_spellings(printed: str, reference: str | None) -> None:
    assert un_reference(printed) == reference


@pytest.mark.parametrize(
    ("left", "right", "degree"),
    [
        (["1960-02-03"], ["1960-02-03", "1961-01-01"], "equal"),
        (["1960-02-03"], ["1960"], "year"),
        (["1960"], ["circa 1961"], "year"),
        (["BETWEEN 1967 AND 1969"], ["1968-05-05"], "year"),
        (["01 Jan 1953 to 31 Dec 1953"], ["1953"], "year"),
        (["1960-02-03"], ["1960-03-02"], "near"),
        (["1969-08-21"], ["1968-08-21"], "near"),
        (["1949"], ["1950"], "near"),
        (["1960-02-03"], ["1972-11-30"], "other"),
        (["1949"], ["1955"], "other"),
        (["1949"], [], None),
        (["unknown"], ["1949"], None),
    ],
)
def test_dates_of_birth_agree_by_degrees(left: list[str], right: list[str], degree: str | None) -> None:
    assert agreement(births_from(left), births_from(right)) == degree


@given(st.lists(DAYS, max_size=3), st.lists(DAYS, max_size=3))
def test_agreement_of_birth_dates_does_not_depend_on_the_side(left: list[str], right: list[str]) -> None:
    assert agreement(births_from(left), births_from(right)) == agreement(births_from(right), births_from(left))


@given(DAYS)
def test_a_date_of_birth_is_equal_to_itself_if_it_can_be_one(day: str) -> None:
    births = births_from([day])
    assert agreement(births, births) in ({"equal"} if births else {None})
