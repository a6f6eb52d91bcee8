"""A sign that a measure may have been breached: complete, and named by its content."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Indicator, Place, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity

ONE, TWO = (Citation(exhibit=digit * 64, locator="row=1") for digit in "ab")
EARLIER, LATER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 2, 15, tzinfo=UTC)
INDICATOR = Indicator(
    detector="lists.list_change",
    title="SANDBOX SHIPPING TWO was designated (SANDBOX, KPe.902)",
    measures=("1718/8d", "2371/6"),
    subject=Subject(id="sandbox:KPe.902", schema="Organization", name="SANDBOX SHIPPING TWO"),
    when=Interval(EARLIER, LATER),
    score=0.9,
    reasons=(Reason(text="The entry came onto the list.", weight=0.9), Reason(text="Under the same name.", weight=0.2)),
    alternatives=("The earlier copy may have been incomplete.",),
    citations=(ONE, TWO),
    facts={"change": "listed", "fields": [{"field": "name", "added": ["SANDBOX"]}]},
    place=Place(latitude_deg=38.7, longitude_deg=125.2, name="SANDBOX PORT"),
    quantity=Quantity.exact("1200.5", "tonne"),
    sandbox=True,
)

# Every part of the content, and another value of it.
CHANGED: dict[str, dict[str, Any]] = {
    "detector": {"detector": "lists.other"},
    "title": {"title": INDICATOR.title + "."},
    "a measure less": {"measures": ("1718/8d",)},
    "another measure": {"measures": ("1718/8d", "2371/7")},
    "subject's id": {"subject": replace(INDICATOR.subject, id="sandbox:KPe.903")},
    "subject's schema": {"subject": replace(INDICATOR.subject, schema="Company")},
    "subject's name": {"subject": replace(INDICATOR.subject, name="SANDBOX SHIPPING  TWO")},
    "beginning": {"when": Interval(EARLIER + timedelta(seconds=1), LATER)},
    "end": {"when": Interval(EARLIER, LATER - timedelta(seconds=1))},
    "open beginning": {"when": Interval(None, LATER)},
    "open end": {"when": Interval(EARLIER, None)},
    "score": {"score": 0.901},
    "a reason's text": {"reasons": (replace(INDICATOR.reasons[0], text="It left."), INDICATOR.reasons[1])},
    "a reason's weight": {"reasons": (replace(INDICATOR.reasons[0], weight=0.899), INDICATOR.reasons[1])},
    "a reason less": {"reasons": INDICATOR.reasons[:1]},
    "the order of reasons": {"reasons": INDICATOR.reasons[::-1]},
    "alternatives": {"alternatives": (*INDICATOR.alternatives, "A misprint.")},
    "a citation less": {"citations": (ONE,)},
    "another place in the exhibit": {"citations": (ONE, replace(TWO, locator="row=2"))},
    "facts": {"facts": {**INDICATOR.facts, "change": "delisted"}},
    "a fact deep inside": {"facts": {**INDICATOR.facts, "fields": [{"field": "name", "added": ["SANDBOX "]}]}},
    "latitude": {"place": Place(latitude_deg=38.700001, longitude_deg=125.2, name="SANDBOX PORT")},
    "longitude": {"place": Place(latitude_deg=38.7, longitude_deg=-125.2, name="SANDBOX PORT")},
    "the place's name": {"place": Place(latitude_deg=38.7, longitude_deg=125.2)},
    "no place": {"place": None},
    "amount": {"quantity": Quantity.exact("1200.51", "tonne")},
    "unit": {"quantity": Quantity.exact("1200.5", "barrel")},
    "no amount": {"quantity": None},
    "sandbox": {"sandbox": False},
}


def test_the_id_is_the_beginning_of_the_digest_of_the_rest_of_the_record() -> None:
    record = INDICATOR.record()
    content = {key: value for key, value in record.items() if key != "id"}
    assert record["id"] == INDICATOR.id == digest(canonical_json(content))[:16]
    assert digest(canonical_json(json.loads(canonical_json(content))))[:16] == INDICATOR.id


def test_the_record_holds_every_part() -> None:
    assert json.loads(canonical_json(INDICATOR.record())) == {
        "id": INDICATOR.id,
        "detector": "lists.list_change",
        "title": "SANDBOX SHIPPING TWO was designated (SANDBOX, KPe.902)",
        "measures": ["1718/8d", "2371/6"],
        "subject": {"id": "sandbox:KPe.902", "schema": "Organization", "name": "SANDBOX SHIPPING TWO"},
        "when": {"from": "2026-01-15T00:00:00Z", "to": "2026-02-15T00:00:00Z"},
        "place": {"latitude_deg": 38.7, "longitude_deg": 125.2, "name": "SANDBOX PORT"},
        "quantity": {"low": "1200.5", "high": "1200.5", "unit": "tonne"},
        "score": 0.9,
        "reasons": [
            {"text": "The entry came onto the list.", "weight": 0.9},
            {"text": "Under the same name.", "weight": 0.2},
        ],
        "alternatives": ["The earlier copy may have been incomplete."],
        "citations": [str(ONE), str(TWO)],
        "facts": {"change": "listed", "fields": [{"field": "name", "added": ["SANDBOX"]}]},
        "sandbox": True,
    }


def test_unknown_is_null_in_the_record() -> None:
    bare = replace(INDICATOR, place=None, quantity=None, when=Interval(None, None)).record()
    assert (bare["place"], bare["quantity"], bare["when"]) == (None, None, {"from": None, "to": None})


@pytest.mark.parametrize("part", CHANGED)
def test_any_change_of_content_changes_the_id(part: str) -> None:
    assert replace(INDICATOR, **CHANGED[part]).id != INDICATOR.id


def test_no_two_changes_share_an_id() -> None:
    assert len({replace(INDICATOR, **values).id for values in CHANGED.values()}) == len(CHANGED)


@given(st.permutations([ONE, TWO, ONE, TWO]), st.permutations(["2371/6", "1718/8d", "1718/8d"]))
def test_the_order_and_number_of_citations_and_measures_do_not_change_the_id(
    citations: list[Citation], measures: list[str]
) -> None:
    same = replace(INDICATOR, citations=tuple(citations), measures=tuple(measures))
    assert same.record() == INDICATOR.record()


def test_facts_in_another_order_and_times_in_another_zone_have_the_same_id() -> None:
    pyongyang = timezone(timedelta(hours=9))
    same = replace(
        INDICATOR,
        facts=dict(reversed(INDICATOR.facts.items())),
        when=Interval(EARLIER.astimezone(pyongyang), LATER.astimezone(pyongyang)),
        quantity=Quantity.exact("1200.500", "tonne"),
        score=0.9 + 1e-12,
    )
    assert same.id == INDICATOR.id


@pytest.mark.parametrize("part", ["measures", "reasons", "alternatives", "citations"])
def test_an_indicator_that_lacks_a_part_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match=f"without {part}"):
        replace(INDICATOR, **{part: ()})


@pytest.mark.parametrize("value", [-0.001, 1.001, math.nan, math.inf, -math.inf])
def test_a_score_and_a_weight_lie_between_0_and_1(value: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        replace(INDICATOR, score=value)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Reason(text="SANDBOX", weight=value)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (math.nan, 0), (0, math.nan)]
)
def test_a_place_lies_on_the_earth(latitude: float, longitude: float) -> None:
    with pytest.raises(ValueError, match="no place on the earth"):
        Place(latitude_deg=latitude, longitude_deg=longitude)


@pytest.mark.parametrize(("latitude", "longitude"), [(90, 180), (-90, -180), (0, 0)])
def test_the_poles_and_the_antimeridian_are_places(latitude: float, longitude: float) -> None:
    place = Place(latitude_deg=latitude, longitude_deg=longitude)
    assert replace(INDICATOR, place=place).record()["place"] == {
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "name": None,
    }


def test_whoever_changes_a_record_changes_no_indicator() -> None:
    record: Any = INDICATOR.record()
    record["facts"]["change"] = "delisted"
    record["measures"].append("9999/1")
    assert INDICATOR.record()["facts"] != record["facts"]
    assert INDICATOR.record()["measures"] == ["1718/8d", "2371/6"]
