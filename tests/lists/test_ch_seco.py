"""The reader of Switzerland's list: who is in force and who is not, names in every spelling, and what is set aside."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import ch_seco

Bytes = Callable[[str], bytes]
Said = Callable[..., list[Statement]]
PROGRAMME = (
    '<sanctions-program ssid="150"><program-key lang="eng">{key}</program-key>'
    '<sanctions-set ssid="1" lang="eng">article 9</sanctions-set></sanctions-program>'
)
NAME = (
    '<name name-type="primary-name" quality="good"><name-part order="1" name-part-type="whole-name">'
    "<value>SANDBOX</value></name-part></name>"
)


def read(content: bytes | str) -> Reading:
    raw = content.encode() if isinstance(content, str) else content
    return source("ch_seco").read((Part(name="main", exhibit=digest(raw), content=raw),))


def person(inside: str = "", *, number: str = "900001", after: str = "", name: str = NAME) -> str:
    return (
        f'<target ssid="{number}"><sanctions-set-id>1</sanctions-set-id><individual><identity main="true">{name}'
        f"{inside}</identity></individual>{after}</target>"
    )


def sandbox_list(
    *targets: str, key: str = "North Korea", attributes: str = 'list-type="whole-list" date="2026-01-15"'
) -> str:
    return f"<swiss-sanctions-list {attributes}>{PROGRAMME.format(key=key)}{''.join(targets)}</swiss-sanctions-list>"


def modification(kind: str, on: str) -> str:
    return f'<modification modification-type="{kind}" effective-date="{on}"/>'


def test_the_invented_list_holds_every_element_the_reader_knows(fixture_bytes: Bytes) -> None:
    content = fixture_bytes("ch_seco_sandbox.xml").decode()
    for tag, (attributes, elements) in ch_seco.KNOWN.items():
        assert f"<{tag}" in content, tag
        for element in elements - {"area-variant", "remarks"}:
            assert f"<{element}" in content, (tag, element)
        for name in attributes:
            assert f' {name}="' in content, (tag, name)


def test_nothing_of_what_was_printed_in_force_is_dropped(fixture_bytes: Bytes) -> None:
    """Each text of the targets in force, of their programmes in English and of their places is in a statement."""
    content = fixture_bytes("ch_seco_sandbox.xml").decode()
    reading = read(content)
    texts = re.findall(
        r">([^<>]+)<", re.sub(r"(?s)<added>.*?</added>|<target ssid=\"900004\">.*?</target>", "", content)
    )
    said = " ".join(" ".join(row.value.split()) for row in reading.statements)
    dropped = {" ".join(text.split()) for text in texts if " ".join(text.split()) not in said}
    german = {"Nordkorea", "SANDBOX-Verordnung über Massnahmen", "Art. 9 (Finanzsanktionen), Anhang 1"}
    tables = {"3978", "34422"}
    other_programme = {"Belarus", "article 12", "EU"}
    assert dropped - german - tables - other_programme == set()


@pytest.mark.parametrize(
    ("modifications", "in_force"),
    [
        ([], True),
        ([("listed", "2020-01-01")], True),
        ([("de-listed", "2021-01-01"), ("listed", "2020-01-01")], False),
        ([("listed", "2022-01-01"), ("de-listed", "2021-01-01"), ("listed", "2020-01-01")], True),
        ([("amended", "2025-06-03"), ("de-listed", "2025-06-20")], False),
        ([("de-listed", "2021-01-01"), ("amended", "2021-01-01")], False),
        ([("amended", "2021-01-01"), ("de-listed", "2021-01-01")], True),
        ([("de-listed", "")], False),
    ],
)
def test_the_last_modification_says_whether_a_target_is_in_force(
    modifications: list[tuple[str, str]], in_force: bool
) -> None:
    reading = read(sandbox_list(person(after="".join(modification(kind, on) for kind, on in modifications))))
    assert reading.tally.persons == reading.tally.in_file == in_force
    assert [row.value for row in reading.set_aside] == ([] if in_force else ["900001"])
    assert reading.tally.complete


def test_de_listed_targets_are_counted_in_one_row_for_each_programme() -> None:
    gone = [person(number=f"90000{index}", after=modification("de-listed", "2021-01-01")) for index in range(5)]
    reading = read(sandbox_list(*gone, person(number="900009")))
    assert [(row.reason[:32], row.value) for row in reading.set_aside] == [
        ("5 de-listed under North Korea: d", "900000 900001 900002 900003 900004")
    ]
    assert (reading.tally.in_file, reading.tally.dprk, reading.tally.entries_set_aside) == (1, 1, 0)


def test_a_listing_that_came_back_has_the_day_of_its_return(said: Said) -> None:
    days = [("listed", "2022-01-01"), ("de-listed", "2021-01-01"), ("listed", "2020-01-01"), ("amended", "2023-01-01")]
    reading = read(sandbox_list(person(after="".join(modification(kind, on) for kind, on in days))))
    assert [row.value for row in said(reading, prop="listingDate")] == ["2022-01-01"]
    assert [row.value for row in said(reading, prop="modifiedAt")] == ["2023-01-01"]


def part(order: int, kind: str, value: str, *variants: str) -> str:
    return f'<name-part order="{order}" name-part-type="{kind}"><value>{value}</value>{"".join(variants)}</name-part>'


def spelling(text: str, lang: str = "KOR", script: str = "HANG") -> str:
    return f'<spelling-variant lang="{lang}" script="{script}">{text}</spelling-variant>'


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ([part(2, "given-name", "Il"), part(1, "family-name", "SANDBOX")], [("name", "SANDBOX Il", None)]),
        (
            [part(1, "family-name", "SANDBOX", spelling("샌드")), part(2, "given-name", "Il", spelling("박스"))],
            [("name", "SANDBOX Il", None), ("alias", "샌드 박스", "kor")],
        ),
        (
            [part(1, "whole-name", "SANDBOX", spelling("SANDBOKS", "RUS", "LATN"), spelling("SENDBOX", "RUS", "LATN"))],
            [("name", "SANDBOX", None), ("alias", "SANDBOKS", "rus"), ("alias", "SENDBOX", "rus")],
        ),
        (
            [part(1, "family-name", "SANDBOX", spelling("샌드")), part(2, "given-name", "Il")],
            [("name", "SANDBOX Il", None), ("weakAlias", "샌드", "kor")],
        ),
        (
            [part(1, "family-name", "SANDBOX", spelling("SENDBOX", "RUS", "LATN")), part(2, "given-name", "Il")],
            [("name", "SANDBOX Il", None), ("alias", "SENDBOX Il", "rus")],
        ),
        ([part(1, "title", "General"), part(2, "whole-name", "SANDBOX")], [("name", "SANDBOX", None)]),
    ],
)
def test_a_name_is_put_together_in_its_order_and_in_every_spelling(
    parts: list[str], names: list[tuple[str, str, str | None]]
) -> None:
    name = f'<name name-type="primary-name" quality="good">{"".join(parts)}</name>'
    reading = read(sandbox_list(person(name=name)))
    assert [
        (row.prop, row.value, row.lang) for row in reading.statements if row.prop in {"name", "alias", "weakAlias"}
    ] == names


@given(orders=st.permutations([1, 2, 3]))
def test_the_numbers_of_the_parts_make_the_order_and_not_where_they_stand(orders: list[int]) -> None:
    parts = "".join(part(order, "other", f"SANDBOX{order}") for order in orders)
    reading = read(sandbox_list(person(name=f'<name name-type="primary-name">{parts}</name>')))
    assert [row.value for row in reading.statements if row.prop == "name"] == ["SANDBOX1 SANDBOX2 SANDBOX3"]


@pytest.mark.parametrize(
    ("attributes", "value", "cleaned"),
    [
        ('day="3" month="2" year="1961" calendar="Gregorian" quality="good"', "1961-02-03", "1961-02-03"),
        ('month="2" year="1961"', "1961-02", "1961-02"),
        ('year="1961"', "1961", "1961"),
        ('day="3" year="1961"', "3.?.1961", None),
        ('day="30" month="2" year="1961"', "1961-02-30", None),
        ('year="1961" quality="low"', "1961", None),
        ('year="1340" calendar="Islamic"', "1340", None),
    ],
)
def test_birth_dates_are_as_sure_as_the_list_says(attributes: str, value: str, cleaned: str | None, said: Said) -> None:
    reading = read(sandbox_list(person(f"<day-month-year {attributes}/>")))
    assert [(row.value, row.cleaned) for row in said(reading, prop="birthDate")] == [(value, cleaned)]


def test_a_date_that_holds_nothing_says_nothing(said: Said) -> None:
    assert said(read(sandbox_list(person("<day-month-year/>"))), prop="birthDate") == []


@pytest.mark.parametrize(
    ("text", "value", "cleaned"),
    [
        ("IMO Number: 1000007", "1000007", "IMO1000007"),
        ("IMO number : 1000007.", "1000007", "IMO1000007"),
        ("IMO Number: 1000008", "1000008", None),
        ("IMO Number: Does not exist", "Does not exist", None),
    ],
)
def test_a_ships_imo_number_is_taken_from_its_information(
    text: str, value: str, cleaned: str | None, said: Said
) -> None:
    ship = (
        '<target ssid="900001"><sanctions-set-id>1</sanctions-set-id><object object-type="vessel">'
        f"<identity>{NAME}</identity><other-information>{text}</other-information></object></target>"
    )
    reading = read(sandbox_list(ship))
    assert reading.tally.vessels == 1
    assert [(row.value, row.cleaned) for row in said(reading, prop="imoNumber")] == [(value, cleaned)]
    assert [row.value for row in said(reading, prop="notes")] == [text]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SWIFT/BIC code: SANDKPPY and 5040942458", ["SANDKPPY"]),
        ("SWIFT codes: SANDKPPY, SANDKPPYXXX", ["SANDKPPY", "SANDKPPYXXX"]),
        ("Swift SANDBOX Investments (PVT) Ltd", []),
        ("SANDKPPY", []),
    ],
)
def test_swift_codes_are_taken_only_where_they_are_called_so(text: str, codes: list[str], said: Said) -> None:
    bank = (
        person()
        .replace("individual>", "entity>")
        .replace("</entity>", f"<other-information>{text}</other-information></entity>")
    )
    assert [row.value for row in said(read(sandbox_list(bank)), prop="swiftBic")] == codes


@pytest.mark.parametrize(("number", "prop"), [("KPi.901", "unscId"), ("140", "recordId")])
def test_a_foreign_identifier_is_the_uns_where_it_has_its_form(number: str, prop: str, said: Said) -> None:
    target = person().replace("<individual>", f"<foreign-identifier>{number}</foreign-identifier><individual>")
    assert [row.value for row in said(read(sandbox_list(target)), schema="Sanction", prop=prop)] == [number]


@pytest.mark.parametrize(
    ("key", "cleaned", "dprk"),
    [("Atlantis", None, 0), ("North Korea II", "North Korea II", 1), ("North Korea", "North Korea", 1)],
)
def test_an_unknown_programme_is_kept_and_set_aside_once(key: str, cleaned: str | None, dprk: int, said: Said) -> None:
    reading = read(sandbox_list(person(), person(number="900002"), key=key))
    assert [(row.value, row.cleaned) for row in said(reading, prop="program")] == [(key, cleaned)] * 2
    assert reading.tally.dprk == dprk * 2
    assert [row.field for row in reading.set_aside] == ([] if key == "North Korea" else ["program-key"])


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (person(name=""), "no name"),
        (person(name='<name name-type="primary-name"><name-part><value> </value></name-part></name>'), "no name"),
        (person(number=""), "no number"),
        (person().replace("</target>", "<entity/></target>"), "not one individual, entity or object, but 2"),
        ('<target ssid="900001"/>', "but 0"),
    ],
)
def test_a_target_that_cannot_be_told_is_set_aside_whole(target: str, reason: str) -> None:
    reading = read(sandbox_list(target))
    assert reading.statements == ()
    assert [row.whole_entry for row in reading.set_aside] == [True]
    assert reason in reading.set_aside[0].reason
    assert reading.tally.complete


@pytest.mark.parametrize(
    ("inside", "field"),
    [
        ("<shoe-size>44</shoe-size>", "identity/shoe-size"),
        ('<nationality mood="SANDBOX"/>', "nationality/@mood"),
        ("<nationality>SANDBOX</nationality>", "nationality"),
        ("<nationality/>SANDBOX", "identity"),
        ('<place-of-birth place-id="5"/>', "place-of-birth/@place-id"),
        ('<identification-document document-type="library-card"/>', "identification-document/@document-type"),
    ],
)
def test_what_stands_where_no_field_is_known_is_set_aside_never_dropped(inside: str, field: str) -> None:
    reading = read(sandbox_list(person(inside)))
    assert reading.tally.persons == 1
    assert [row.field for row in reading.set_aside] == [field]


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ('list-type="amendment" date="2026-01-15"', "'amendment'"),
        ('date="2026-01-15"', "None"),
        ('list-type="whole-list"', "which is no day"),
        ('list-type="whole-list" date="15.1.2026"', "which is no day"),
    ],
)
def test_a_list_that_is_not_whole_or_says_no_day_is_refused(attributes: str, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(sandbox_list(person(), attributes=attributes))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<html>SANDBOX</html>", "begins with <html>"),
        (sandbox_list("<vessel/>"), "sections vessel"),
    ],
)
def test_a_list_of_another_form_is_refused_in_words(content: bytes | str, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_the_day_is_the_one_the_list_prints(fixture_bytes: Bytes) -> None:
    assert read(fixture_bytes("ch_seco_sandbox.xml")).printed_on == date(2026, 1, 15)


def test_a_programme_may_be_repeated_for_each_of_its_sets_and_a_change_have_no_day(said: Said) -> None:
    """As the publisher's own example of the format has it (list of 17 January 2024)."""
    programme = (
        '<sanctions-program ssid="150" version-date="2026-01-16"><program-key lang="eng">North Korea</program-key>'
        '<sanctions-set ssid="{0}" lang="eng">SANDBOX {0}</sanctions-set><origin>ONU, UE</origin></sanctions-program>'
    )
    name = '<name-part order="1" name-part-type="whole-name"><value>SANDBOX PERSON</value></name-part>'
    content = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><swiss-sanctions-list list-type="whole-list" '
        f'date="2026-01-17">{programme.format(901)}{programme.format(902)}<target ssid="9001">'
        "<sanctions-set-id>901</sanctions-set-id><sanctions-set-id>902</sanctions-set-id><individual>"
        f'<identity ssid="9002" main="true"><name ssid="9003" name-type="primary-name" quality="good" lang="eng">{name}'
        '</name></identity></individual><modification modification-type="listed"/></target></swiss-sanctions-list>'
    )
    reading = read(content)
    assert [row.value for row in said(reading, prop="provisions")] == ["SANDBOX 901", "SANDBOX 902"]
    assert said(reading, prop="listingDate") == []
    assert reading.set_aside == ()
