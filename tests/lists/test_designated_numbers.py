"""Passport numbers of those listed in customer files: whose, issued by which State, and how much that proves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.cards import read_card
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Indicator
from bongsu.lists.cards import source
from bongsu.lists.detectors import designated_number
from bongsu.lists.files import read_file
from bongsu.lists.screening import screened_rows, screening_entities
from bongsu.lists.sightings import CustomerFile, ListedAt, screen_file, sightings
from bongsu.names import Entity, Identifier, ListedName, Screener
from bongsu.names.screener import DEFAULT_SCORE

CARD = Path(designated_number.__file__).with_suffix(".toml")
UNISSUED = "Two States may issue the same number; the list and the file do not both say which State issued it."
STATES = st.sampled_from([None, "kp", "us", "cn"])
BORN = st.sampled_from([(), ("1961-02-03",), ("1990",)])


def signs(content: str, *entities: Entity) -> list[Indicator]:
    """What the detector says of a customer file and some listings of the Council."""
    file = CustomerFile(
        name="customers.csv",
        exhibit=digest(content.encode()),
        received=digest(content.encode()),
        origin="",
        sandbox=True,
    )
    screened = screen_file(file, content.encode(), Screener(entities), min_score=DEFAULT_SCORE)
    citation = Citation(exhibit=digest(b"SANDBOX list"), locator="row=1")
    listed = {each.id: ListedAt(authority="UN", binding="un", citation=citation) for each in entities}
    parameters = read_card(CARD.read_bytes(), where=CARD.name, read=designated_number.read_parameters)
    return designated_number.detect(sightings([screened], listed), parameters)


def listed(issuer: str | None, born: tuple[str, ...] = ()) -> Entity:
    return Entity(
        id="sandbox:KPi.901",
        schema="Person",
        caption="SANDBOX PERSON ONE",
        names=(ListedName(text="SANDBOX PERSON ONE"),),
        identifiers=(Identifier(kind="passport", value="900000001", issuer=issuer),),
        birth_dates=born,
        sandbox=True,
    )


@pytest.fixture(scope="module")
def security_council(shared_file: Callable[[str], Path]) -> list[Entity]:
    _, reading = read_file(shared_file("lists/un_consolidated_2025-04-19.xml.gz"))
    return list(screening_entities(screened_rows(reading.statements), source("un_sc").card, every=False, sandbox=False))


def test_a_number_of_which_nobody_says_who_issued_it_is_a_lead_and_says_so(security_council: list[Entity]) -> None:
    (sign,) = signs("name,birth_date,passport\nSANDBOX ROE,1990-01-01,645120196\n", *security_council)
    assert (sign.score, sign.facts["sound"]) == (0.5, False)
    assert sign.alternatives[0] == UNISSUED
    assert (sign.facts["issuer"], sign.facts["listed_issuer"]) == (None, "kp")


def test_a_number_of_another_state_is_no_sign_and_of_the_same_one_is(security_council: list[Entity]) -> None:
    assert signs("name,passport,passport country\nSANDBOX ROE,645120196,United States\n", *security_council) == []
    (sign,) = signs("name,passport,issuing country\nSANDBOX ROE,645120196,DPRK\n", *security_council)
    assert (sign.score, sign.facts["sound"]) == (0.9, True)
    assert UNISSUED not in sign.alternatives


def test_what_cannot_be_read_as_a_state_is_told_and_proves_nothing() -> None:
    content = "name,passport,passport country\nSANDBOX ROE,900000001,Atlantis\n"
    (sign,) = signs(content, listed("kp"))
    assert sign.score == 0.5


@given(asked=STATES, held=STATES, born=BORN, listed_born=BORN)
def test_a_passport_number_is_proof_only_where_both_say_the_same_state(
    asked: str | None, held: str | None, born: tuple[str, ...], listed_born: tuple[str, ...]
) -> None:
    """And a lead stays one, whatever else differs: neither a birth date hides it, nor does it ever say more."""
    row = f"SANDBOX ROE,900000001,{asked or ''},{''.join(born)}"
    found = signs(f"name,passport,issuing country,birth date\n{row}\n", listed(held, listed_born))
    if asked and held and asked != held:
        assert found == []
    else:
        assert [sign.score for sign in found] == [0.9 if asked and asked == held else 0.5]
