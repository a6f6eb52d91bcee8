"""Petroleum: sums by calendar year as the report has them, what crosses the limit, and what a reader is not told."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.words import Role
from bongsu.web.accounts.models import Person
from bongsu.web.pages.petroleum.deliveries import LINES, Year, years
from bongsu.web.record.models import CycleRow, IndicatorRow

pytestmark = pytest.mark.django_db

Made = Callable[..., list[IndicatorRow]]
DETECTOR = "sea.petroleum_delivery"


def _brought(low: int, central: int, high: int, year: int = 2025) -> dict[str, Any]:
    facts = copy.deepcopy(IndicatorRow.objects.filter(detector=DETECTOR).first().record["facts"])
    limit = {"measure": "2397/5", "barrels": 500_000, "from": f"{year}-01-01", "until": f"{year}-12-31"}
    return {**facts, "year": year, "barrels": {"low": low, "central": central, "high": high}, "limit": limit}


@pytest.fixture
def three(cycle: CycleRow, made: Made) -> list[IndicatorRow]:
    """Three deliveries of 2025, invented, of which the last is of a tanker whose size is not known."""
    rows = made(
        1, like=DETECTOR, facts=_brought(100_000, 300_000, 480_000),
        when={"from": "2025-03-01T00:00:00Z", "to": "2025-03-02T06:00:00Z"},
    )  # fmt: skip
    rows += made(
        1, like=DETECTOR, facts=_brought(150_000, 250_000, 400_000),
        when={"from": "2025-06-01T00:00:00Z", "to": "2025-06-03T06:00:00Z"},
    )  # fmt: skip
    unknown = {**_brought(0, 0, 0), "barrels": None, "basis": "unknown size"}
    rows += made(
        1, like=DETECTOR, facts=unknown, quantity=None,
        when={"from": "2025-07-01T00:00:00Z", "to": "2025-07-02T06:00:00Z"},
    )  # fmt: skip
    return rows


def test_the_sums_of_a_year_are_those_of_the_report(cycle: CycleRow, person: Callable[..., Person]) -> None:
    (told,) = cycle.summary["sea"]["petroleum"]
    (year,) = years(person().reader, cycle)
    assert (year.year, len(year.deliveries), year.unknown, year.cap) == (
        told["year"], told["deliveries"], told["unknown"], told["cap"],
    )  # fmt: skip
    assert dict(year.totals) == {line: told[line] for line in LINES}
    assert {line: delivery.at.date().isoformat() for line, delivery in year.crossings} == told["crossed"]


def test_each_line_crosses_the_limit_with_the_delivery_that_brings_it_above(
    three: list[IndicatorRow], cycle: CycleRow, person: Callable[..., Person]
) -> None:
    year = years(person().reader, cycle)[-1]
    assert dict(year.totals) == {"low": 250_000, "central": 550_000, "high": 880_000}
    assert [(line, delivery.row.id) for line, delivery in year.crossings] == [
        ("central", three[1].id),
        ("high", three[1].id),
    ]
    assert year.unknown == 1


def test_the_page_shows_the_gauge_the_crossings_and_every_delivery_with_its_exhibits(
    three: list[IndicatorRow], signed_in: Callable[..., Client]
) -> None:
    page = signed_in(Role.READER).get("/petroleum/?year=2025").content.decode()
    assert "2025: 250,000 to 880,000 barrels may have come, central estimate 550,000; the limit is 500,000." in page
    assert f'central estimate: <a href="/indicators/{three[1].id}/">2025-06-03</a>' in page
    assert "not known" in page
    for row in three:
        assert f'href="/indicators/{row.id}/"' in page
        assert row.record["citations"][0].removeprefix("sha256:").partition("#")[0] in page
    assert '"barrels in the year so far"' in page
    assert "the report of the United States to the 1718 Committee of July 2018, as AP, Reuters and AFP quote it" in page


def test_the_last_months_of_2017_stand_against_their_own_limit_and_what_came_before_against_none(
    cycle: CycleRow, made: Made, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    autumn = {"measure": "2375/14", "barrels": 500_000, "from": "2017-10-01", "until": "2017-12-31"}
    made(
        1, like=DETECTOR, facts={**_brought(1_000, 2_000, 3_000, 2017), "limit": None},
        when={"from": "2017-09-12T00:00:00Z", "to": "2017-09-13T06:00:00Z"},
    )  # fmt: skip
    made(
        1, like=DETECTOR, facts={**_brought(10_000, 20_000, 30_000, 2017), "limit": autumn},
        when={"from": "2017-10-12T00:00:00Z", "to": "2017-10-13T06:00:00Z"},
    )  # fmt: skip
    year = years(person().reader, cycle)[-1]
    assert (year.year, year.measure, dict(year.totals)["high"]) == (2017, "2375/14", 30_000)
    page = signed_in(Role.READER).get("/petroleum/?year=2017").content.decode()
    assert "2017-10-01 – 2017-12-31: 10,000 to 30,000 barrels may have come" in page
    assert 'href="/law/measures/2375/14/"' in page
    assert '"limit of 2375/14"' in page


def test_a_delivery_kept_to_alpha_is_in_no_sum_and_no_row_of_another_member(
    three: list[IndicatorRow],
    cycle: CycleRow,
    kept_to_alpha: Callable[[IndicatorRow], None],
    person: Callable[..., Person],
    signed_in: Callable[..., Client],
) -> None:
    kept_to_alpha(three[1])
    beta = person(Role.READER, member="beta")
    page = signed_in(of=beta).get("/petroleum/?year=2025").content.decode()
    assert three[1].id not in page
    assert "2025: 100,000 to 480,000 barrels may have come" in page
    assert "550000" not in page
    assert years(beta.reader, cycle)[-1].crossings == []


def test_what_the_newest_cycle_did_not_find_is_in_no_sum(
    three: list[IndicatorRow], next_cycle: Callable[..., CycleRow], person: Callable[..., Person]
) -> None:
    later = next_cycle(found=three[:1])
    (year,) = years(person().reader, later)
    assert year.totals["high"] == 480_000


def test_without_deliveries_the_page_says_that_this_shows_nothing(signed_in: Callable[..., Client]) -> None:
    assert "That does not show that none came" in signed_in().get("/petroleum/").content.decode()


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**6))
def test_the_gauge_keeps_its_parts_in_their_order_and_on_the_scale(
    first: int, second: int, third: int, cap: int
) -> None:
    low, central, high = sorted((first, second, third))
    totals = {"low": low, "central": central, "high": high}
    days = {"begins": date(2026, 1, 1), "ends": date(2026, 12, 31)}
    gauge = Year(year=2026, **days, measure="2397/5", cap=cap, totals=totals, deliveries=()).gauge
    assert 0 <= gauge["low"] <= gauge["central"] <= gauge["high"] < 1000
    assert 0 < gauge["cap"] < 1000 or cap < max(high, cap) / 1000
    assert gauge["span"] >= 2
