"""The page of one ship's track: whole, self-contained, and deaf to what a ship sends as her name."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bongsu.kernel.canonical import digest
from bongsu.reports.track import track_page
from bongsu.sea.model import Identity
from bongsu.sea.outlook import Point, Track

AT = datetime(2026, 1, 2, tzinfo=UTC)
TRACK = Track(
    mmsi=199_000_001,
    points=tuple(
        Point(latitude_deg=38.0 + hour / 10, longitude_deg=124.0, at_s=int(AT.timestamp()) + hour * 3600)
        for hour in range(5)
    ),
)
HOSTILE = [
    "SANDBOX <script>alert(1)</script>",
    'SANDBOX "><img src=x onerror=alert(2)>',
    "SANDBOX ' onmouseover='alert(3)",
    "SANDBOX {{ 7 * 7 }} {% raw %}",
    "SANDBOX </title></style></main></html><!-- --",
    "SANDBOX \u202egnp.exe\u202c",
    "SANDBOX &lt;b&gt; http://127.0.0.1:9/x.js",
]


def said(**changes: Any) -> Identity:
    made: dict[str, Any] = {
        "mmsi": 199_000_001,
        "first_at": AT,
        "last_at": AT,
        "reports": 1,
        "imo": 12_345,
        "name": "SANDBOX HERON",
        "call_sign": "SBX1",
        "ship_type": 70,
        "length_m": 120.0,
        "beam_m": 18.0,
        "draught_m": 6.5,
        "destination": "SANDBOX PORT",
        "source": "sandbox",
        "exhibit": digest(b"SANDBOX"),
        "row": 7,
        "world": "sandbox",
        **changes,
    }
    return Identity(**made)


@pytest.fixture
def page_of(empty_run: Any) -> Any:
    """A page taken apart, as strictly as those of reports."""
    return type(empty_run.page)


def test_the_page_says_who_when_and_where_from(page_of: Any) -> None:
    page = page_of(track_page(TRACK, [said()]))
    assert page.all("title")[0].text == "Track of MMSI 199000001"
    assert page.all("h1")[0].text == "SANDBOX HERON, MMSI 199000001"
    assert "from 2026-01-02 00:00 UTC to 2026-01-02 04:00 UTC, in 5 places" in page.text
    cells = [element.text for element in page.elements if element.tag in {"td", "th"}]
    assert {"0012345", "SBX1", "70", "120", "6.5", "SANDBOX PORT"} <= set(cells)


def test_the_last_name_that_was_sent_is_the_heading(page_of: Any) -> None:
    page = page_of(track_page(TRACK, [said(), said(name="SANDBOX EGRET"), said(name=None)]))
    assert page.all("h1")[0].text == "SANDBOX EGRET, MMSI 199000001"


def test_a_ship_that_said_nothing_has_a_page(page_of: Any) -> None:
    page = page_of(track_page(TRACK, []))
    assert page.all("h1")[0].text == "A ship, MMSI 199000001"
    assert "Nothing." in page.text
    assert page.all("table") == []


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("field", ["name", "call_sign", "destination"])
def test_a_hostile_text_is_shown_and_does_nothing(page_of: Any, name: str, field: str) -> None:
    content = track_page(TRACK, [said(**{field: name})])
    page = page_of(content)
    tags = [element.tag for element in page_of(track_page(TRACK, [said()])).elements]
    assert [element.tag for element in page.elements] == tags
    assert page.comments == []
    shown = re.sub("[\u202a-\u202e]", lambda sign: f"[U+{ord(sign[0]):04X}]", name)
    assert " ".join(shown.split()) in page.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", content.decode())
    assert not any(key.startswith("on") for element in page.elements for key in element.attributes)


def test_nothing_is_fetched_and_nothing_runs(page_of: Any) -> None:
    content = track_page(TRACK, [said(name=each) for each in HOSTILE])
    page = page_of(content)
    assert {"script", "img", "link", "iframe", "object", "base", "form"} & {each.tag for each in page.elements} == set()
    attributes = {name for element in page.elements for name in element.attributes}
    assert {"src", "srcset", "href", "xlink:href", "action", "style"} & attributes == set()
    assert not re.search(r"@import|url\(|expression\(", "".join(each.text for each in page.all("style")))
    policies = [each.attributes["content"] for each in page.all("meta") if "http-equiv" in each.attributes]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'")


@pytest.mark.parametrize(("world", "marked"), [("sandbox", 1), ("", 0)])
def test_an_invented_ship_is_marked_at_the_top_and_no_other(page_of: Any, world: str, marked: int) -> None:
    page = page_of(track_page(TRACK, [said(world=world)]))
    notices = [element for element in page.elements if element.attributes.get("class") == "sandbox"]
    assert len(notices) == marked


def test_a_track_of_one_place_is_drawn(page_of: Any) -> None:
    page = page_of(track_page(Track(mmsi=199_000_001, points=TRACK.points[:1]), [said()]))
    assert page.all("polyline") == []
    assert page.all("circle")
    assert "in 1 places" not in page.text


def test_a_track_without_a_point_is_refused() -> None:
    with pytest.raises(ValueError, match="without a point"):
        track_page(Track(mmsi=199_000_001, points=()), [])


def test_the_same_track_gives_the_same_bytes() -> None:
    assert track_page(TRACK, [said()]) == track_page(TRACK, [said()])
