"""The detector of list changes: what it sees in an entry that moves between programmes."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from bongsu.kernel.cards import read_card
from bongsu.kernel.errors import CardError
from bongsu.kernel.indicator import Indicator
from bongsu.lists.changes import Step, compare
from bongsu.lists.detectors import list_change
from bongsu.lists.model import Statement

CARD = (files("bongsu.lists.detectors") / "list_change.toml").read_bytes()
PARAMETERS = read_card(CARD, where="list_change.toml", read=list_change.read_parameters)


def entry(programme: str, *, exhibit: str, name: str = "SANDBOX PERSON ONE") -> list[Statement]:
    """One invented entry of a list, as one copy prints it."""
    said = (
        ("sandbox:KPi.901", "Person", "name", name),
        ("sandbox:KPi.901/sanction", "Sanction", "authorityId", "KPi.901"),
        ("sandbox:KPi.901/sanction", "Sanction", "program", programme),
    )
    return [
        Statement(
            listing="sandbox:KPi.901",
            entity=entity,
            schema=schema,
            prop=prop,
            value=value,
            cleaned=value,
            rejected=None,
            lang=None,
            exhibit=exhibit * 64,
            locator="row=1",
        )
        for entity, schema, prop, value in said
    ]


def detected(old: list[Statement], new: list[Statement]) -> list[Indicator]:
    """What the detector sees between two copies."""
    step = Step(
        list_id="sandbox",
        authority="SANDBOX",
        binding="un",
        dprk_programmes=frozenset({"DPRK", "DPRK2"}),
        old_date=date(2026, 1, 1),
        new_date=date(2026, 2, 1),
        changes=compare(old, new),
        disputed={},
        sandbox=True,
    )
    return list_change.detect([step], PARAMETERS)


def test_an_entry_that_leaves_the_dprk_programme_and_stays_listed_is_seen() -> None:
    (seen,) = detected(entry("DPRK", exhibit="a"), entry("Somalia", exhibit="b"))
    assert seen.facts["change"] == "left"
    assert seen.score == PARAMETERS.weights["delisted_un"]
    assert "from DPRK to Somalia" in seen.reasons[0].text
    assert {citation.exhibit[0] for citation in seen.citations} == {"a", "b"}


def test_an_entry_that_comes_under_the_dprk_programme_is_seen() -> None:
    (seen,) = detected(entry("Somalia", exhibit="a"), entry("DPRK", exhibit="b"))
    assert seen.facts["change"] == "entered"
    assert seen.score == PARAMETERS.weights["listed_un"]


def test_a_move_from_one_dprk_programme_to_another_is_nothing_to_recognise_anyone_by() -> None:
    assert detected(entry("DPRK", exhibit="a"), entry("DPRK2", exhibit="b")) == []


def test_a_change_under_other_programmes_is_not_ours() -> None:
    assert detected(entry("Somalia", exhibit="a"), entry("Libya", exhibit="b", name="SANDBOX PERSON OHN")) == []


@pytest.mark.parametrize("line", [b"listed_un = 0.9", b"delisted = [", b'Airplane = ["1718/8d"]'])
def test_a_card_that_lacks_a_weight_a_measure_or_an_alternative_is_refused(line: bytes) -> None:
    broken = CARD.replace(line, b"x" + line, 1)
    with pytest.raises(CardError):
        read_card(broken, where="list_change.toml", read=list_change.read_parameters)
