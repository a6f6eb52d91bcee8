"""The sea in a report: its section of the record, and the page that a hostile ship tries to break."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Indicator, Place, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.reports import html_page, report_record
from bongsu.reports.model import PositionsFile
from bongsu.reports.sea import sea_section
from bongsu.sea.overview import Outlook, PetroleumYear, Point, ShipToLookAt, Tally, Track

AT = datetime(2026, 1, 2, tzinfo=UTC)
EXHIBIT = digest(b"SANDBOX positions")
NAMES = [
    "SANDBOX <script>alert(1)</script>",
    'SANDBOX "><img src=x onerror=alert(2)>',
    "SANDBOX </table></section></html><!-- --",
    "SANDBOX \u202egnp.exe\u202c",
]
FILE = PositionsFile(exhibit=EXHIBIT, source="nmea", received_at=AT, sandbox=True, beside=(), damaged=())
YEAR = PetroleumYear(
    year=2026,
    from_day="2026-01-01",
    until_day="2026-12-31",
    measure="2397/5",
    deliveries=3,
    unknown=1,
    low=120_000,
    central=300_000,
    high=620_000,
    cap=500_000,
    crossed={"high": "2026-01-02T06:00:00Z"},
)


def indicator(number: int, name: str, detector: str = "sea.encounter") -> Indicator:
    return Indicator(
        detector=detector,
        title=f"{name} (MMSI {199_000_000 + number}) lay beside another ship",
        measures=("2397/5",),
        subject=Subject(id=f"imo:{number:07d}", schema="Vessel", name=name),
        when=Interval(AT, AT),
        score=0.5,
        reasons=(Reason(text=f"{name} was slow.", weight=0.5),),
        alternatives=("It is invented.",),
        citations=(Citation(exhibit=EXHIBIT, locator=f"line={number}"),),
        facts={"kind": "meeting"},
        place=Place(latitude_deg=35.5, longitude_deg=123.5),
        sandbox=True,
    )


FOUND = tuple(indicator(number, name) for number, name in enumerate(NAMES, start=1))
OUTLOOK = Outlook(
    bins=54,
    ships=4,
    first_s=int(AT.timestamp()),
    last_s=int(AT.timestamp()) + 7200,
    indicators=FOUND,
    tallies=(
        Tally(detector="sea.dark_gap", indicators=0, untied=1_234, lapsed=0),
        Tally(detector="sea.encounter", indicators=4, untied=2, lapsed=7),
    ),
    first=tuple(
        ShipToLookAt(
            id=each.subject.id,
            name=each.subject.name,
            mmsi=(199_000_001 + index,),
            score=0.5,
            detectors=("sea.encounter",),
            indicators=(each.id,),
        )
        for index, each in enumerate(FOUND)
    ),
    tracks=(
        Track(
            mmsi=199_000_001,
            points=tuple(
                Point(latitude_deg=35.0 + hour / 10, longitude_deg=123.5, at_s=int(AT.timestamp()) + hour * 3600)
                for hour in range(3)
            ),
        ),
        Track(mmsi=199_000_002, points=(Point(latitude_deg=36.0, longitude_deg=124.0, at_s=int(AT.timestamp())),)),
    ),
    petroleum=(YEAR,),
)


@pytest.fixture
def record(empty_run: Any) -> dict[str, Any]:
    """The record of a cycle that saw hostile ships."""
    report = replace(empty_run.report, sea=OUTLOOK, positions=(FILE,), indicators=FOUND)
    made: dict[str, Any] = report_record(report)
    return made


@pytest.fixture
def page(empty_run: Any, record: dict[str, Any]) -> Any:
    return type(empty_run.page)(html_page(record))


def test_without_positions_there_is_no_section() -> None:
    assert sea_section(None, []) is None


def test_the_section_says_what_was_read_and_found(record: dict[str, Any]) -> None:
    sea = record["sea"]
    assert (sea["ships"], sea["bins"]) == (4, 54)
    assert (sea["from"], sea["to"]) == ("2026-01-02T00:00:00Z", "2026-01-02T02:00:00Z")
    assert sea["indicators"] == {"encounter": 4}
    assert sea["left_out"] == {
        "dark_gap": {"untied": 1_234, "no_measure_in_force": 0},
        "encounter": {"untied": 2, "no_measure_in_force": 7},
    }
    assert [ship["name"] for ship in sea["first"]] == NAMES
    assert sea["first"][0]["detectors"] == ["encounter"]
    assert sea["tracks"][1] == {"mmsi": 199_000_002, "points": [[36.0, 124.0, int(AT.timestamp())]]}
    assert sea["petroleum"][0]["crossed"] == {"high": "2026-01-02T06:00:00Z"}
    canonical_json(sea)


def test_the_page_counts_what_each_detector_left_out_in_a_line_of_its_own(page: Any) -> None:
    lines = [each.text for each in page.all("li")]
    assert "dark gap: 0 signs; 1 234 untied; 0 when no measure was in force" in lines
    assert "encounter: 4 signs; 2 untied; 7 when no measure was in force" in lines


def test_a_sea_without_a_report_has_no_times() -> None:
    section: Any = sea_section(replace(OUTLOOK, first_s=None, last_s=None), [FILE])
    assert (section["from"], section["to"]) == (None, None)


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_and_does_nothing(page: Any, name: str) -> None:
    shown = re.sub("[\u202a-\u202e]", lambda sign: f"[U+{ord(sign[0]):04X}]", name)
    assert shown in page.by_id("sea").text
    assert {"script", "img", "iframe", "link"} & {element.tag for element in page.elements} == set()
    assert page.comments == []
    assert not any(key.startswith("on") for element in page.elements for key in element.attributes)


def test_nothing_is_fetched(page: Any) -> None:
    attributes = {name for element in page.elements for name in element.attributes}
    assert {"src", "srcset", "xlink:href", "action", "style"} & attributes == set()
    links = [element.attributes["href"] for element in page.elements if "href" in element.attributes]
    assert all(link.startswith("#") for link in links)


def test_every_spot_of_the_map_leads_to_its_indicator(page: Any) -> None:
    spots = [element.attributes["href"] for element in page.all("a") if element.attributes["href"].startswith("#i-")]
    assert {f"#i-{each.id}" for each in FOUND} <= set(spots)
    assert {spot.removeprefix("#") for spot in spots} <= set(page.ids)


def test_the_gauge_says_when_a_line_passed_the_limit(page: Any) -> None:
    text = page.by_id("sea").text
    assert "120 000 to 620 000 barrels, central estimate 300 000, in 3 calls" in text
    assert "(1 of them of unknown size and not added)" in text
    assert "The high estimate passed it on 2026-01-02." in text
    assert "The low estimate passed it" not in text


def test_the_tracks_are_drawn_with_the_number_of_their_ship(page: Any) -> None:
    assert len(page.all("polyline")) == 1  # the track of one place has no line
    numbers = [each.text for each in page.all("text") if each.attributes.get("class") == "number"]
    assert numbers == ["1", "2"]
