"""Ships on pages: those to look at first, the way of each, and nothing that the reader may not read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.cycle.version import TOOL
from bongsu.evidence import ExhibitStore, Folder
from bongsu.sea.intake import source_of
from bongsu.sea.intake import take_in as land
from bongsu.sea.lake import Lake
from bongsu.sea.model import SANDBOX
from bongsu.sea.overview import Point
from bongsu.web.accounts.models import Person
from bongsu.web.pages.indicators.acting import dismiss
from bongsu.web.pages.ships import heard
from bongsu.web.pages.ships.drawing import MOST_VERTICES, thinned
from bongsu.web.record.changes import handle
from bongsu.web.record.collected import unknown_handling
from bongsu.web.record.cycles import take_in
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import ExhibitRow, HandlingRow, IndicatorRow
from bongsu.web.record.register import registers

pytestmark = pytest.mark.django_db
CLOCK = datetime(2026, 11, 24, 6, tzinfo=UTC)
SHIP = "0200088"  # SANDBOX TANKER 00008: lay beside another
PARTNER = "667900007"
SILENT = "0200387"  # SANDBOX CARGO 00038: silent for 19.5 hours
LINES_TAKEN = 20_000


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


@pytest.fixture
def watched(store: Folder, members: dict[str, Any]) -> Folder:
    """The store, its cycle taken in and its register loaded."""
    take_in(store, "alpha")
    registers().latest(60)
    return store


@pytest.fixture
def lake(watched: Folder, tmp_path: Path) -> Folder:
    """The store with a part of the sandbox's positions in its lake."""
    exhibit = next(row for row in watched.names("exhibits/") if watched.read(row)[:1] in {b"!", b"\\", b"#"})
    file = tmp_path / "sandbox.nmea"
    file.write_bytes(b"".join(watched.read(exhibit).splitlines(keepends=True)[:LINES_TAKEN]))
    land(
        file,
        source_of(file, "nmea"),
        exhibits=ExhibitStore(watched, tool=TOOL),
        lake=Lake(watched),
        now=CLOCK,
        tool=TOOL,
        mapping=None,
        at=None,
        world=SANDBOX,
    )
    return watched


def test_the_ships_to_look_at_first_stand_first(watched: Folder, signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/ships/")
    first, second = shown.index("SANDBOX BULK 00025"), shown.index("SANDBOX CARGO 00038")
    assert first < second
    assert f"/ships/{SILENT}/" in shown


def test_dismissed_signs_and_those_not_to_be_read_do_not_count(
    watched: Folder, signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    browser = signed_in()
    assert f"/ships/{SHIP}/" in page(browser, "/ships/")
    mine = IndicatorRow.objects.filter(subject_id=f"imo:{SHIP}")
    hidden, *others = mine
    hidden.handling = HandlingRow.of(Handling(tlp=Tlp.RED, originators=frozenset({"beta"})))
    hidden.save()
    for each in others:
        dismiss(person(), each, "SANDBOX: a receiver was broken")
    assert f"/ships/{SHIP}/" not in page(browser, "/ships/")
    assert hidden.title not in page(browser, f"/ships/{SHIP}/")


@pytest.mark.parametrize("number", ["IMO 0200088", "0200088", " 667900007 "])
def test_a_number_leads_to_the_ship(number: str, signed_in: Callable[..., Client]) -> None:
    answer = signed_in().get("/ships/", {"number": number})
    assert answer.status_code == 302


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "12", "٠٢٠٠٠٨٨", "\x07", "9" * 4000])
def test_hostile_numbers_are_refused_in_words(text: str, signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/ships/", number=text)
    assert "<script>alert" not in shown
    assert "An IMO number has seven digits" in shown


def test_a_ship_no_one_heard_is_not_there(watched: Folder, signed_in: Callable[..., Client]) -> None:
    assert signed_in().get("/ships/9999999/").status_code == 404
    assert signed_in().get("/ships/1/").status_code == 404


def test_without_a_lake_the_way_is_the_report_s(watched: Folder, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    shown = page(browser, f"/ships/{SILENT}/")
    assert "this is the way as the report of the newest cycle shows it" in shown
    assert "Sonbong" in shown
    answer = browser.get(f"/ships/{SILENT}/track.geojson")
    features = answer.json()["features"]
    gaps = [each for each in features if each["properties"].get("_dashed")]
    lines = [each for each in features if each["geometry"]["type"] == "LineString"]
    assert gaps
    assert len(lines) > len(gaps)
    assert sum(len(each["geometry"]["coordinates"]) for each in lines) <= MOST_VERTICES + 4 * len(lines)


def test_the_other_ship_of_a_meeting_has_it_too(watched: Folder, signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), f"/ships/{PARTNER}/")
    assert "lay beside each other at sea" in shown


def test_with_a_lake_the_way_and_what_she_said_come_from_it(lake: Folder, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    shown = page(browser, f"/ships/{SHIP}/")
    assert "SANDBOX TANKER 00008" in shown
    assert "445900008" in shown
    assert "Looked at from" in shown
    assert "at=line%3D" in shown
    found = heard.heard_of(lake.url(""), "", SHIP, may_hear=frozenset)
    assert [track.mmsi for track in found.tracks] == [445900008]
    times = [point.at_s for point in found.tracks[0].points]
    assert times == sorted(times)
    assert len({second // 600 for second in times}) == len(times)


def lines(browser: Client, address: str) -> list[Any]:
    """The lines of an answer in GeoJSON."""
    return [each for each in browser.get(address).json()["features"] if each["geometry"]["type"] == "LineString"]


def test_the_way_is_for_those_alone_who_may_read_the_positions(
    lake: Folder, signed_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    of_another = signed_in(of=person(Role.ANALYST, member="beta"))
    cleared_less = signed_in(of=person(Role.ANALYST, number=2, clearance=Tlp.AMBER))
    for browser in (of_another, cleared_less):
        assert lines(browser, f"/ships/{SHIP}/track.geojson") == []
        shown = page(browser, f"/ships/{SHIP}/")
        assert "at=line%3D" not in shown
        assert "Looked at from" not in shown
    assert lines(signed_in(), f"/ships/{SHIP}/track.geojson")


def test_of_several_exhibits_only_those_that_may_be_read_are_heeded(lake: Folder) -> None:
    nothing = heard.heard_of(lake.url(""), "", SHIP, may_hear=lambda asked: frozenset({"0" * 64}))
    assert (nothing.said, nothing.tracks) == ((), ())


def test_the_way_of_the_report_is_for_those_alone_who_may_read_all_it_heard(
    watched: Folder, signed_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    of_another = signed_in(of=person(Role.ANALYST, member="beta"))
    address = f"/ships/{SILENT}/track.geojson"
    sign = IndicatorRow.objects.filter(subject_id=f"imo:{SILENT}")[0]
    places = f"/indicators/{sign.id}/map.geojson"
    assert lines(of_another, address)  # the sandbox's are for everybody who tries it out
    before = len(lines(signed_in(), places))
    take_in_exhibits(watched, "alpha")
    handle(ExhibitRow.objects.get(origin="sandbox/sandbox_ships.nmea"), unknown_handling("alpha"))
    assert lines(of_another, address) == []
    assert lines(signed_in(), address)
    assert len(lines(signed_in(), places)) == before
    assert of_another.get(places).status_code == 404  # the sign rests on what was heard
    IndicatorRow.objects.filter(id=sign.id).update(handling=sign.handling)  # as one that rests on something else
    assert len(lines(of_another, places)) < before


def test_only_the_days_asked_about_are_looked_at(lake: Folder, signed_in: Callable[..., Client]) -> None:
    days = sorted(Lake(lake).position_files())
    found = heard.heard_of(lake.url(""), "", SHIP, may_hear=frozenset, since=days[-1], until=days[-1])
    assert found.since == found.until == days[-1]
    assert {datetime.fromtimestamp(p.at_s, UTC).date() for t in found.tracks for p in t.points} <= {days[-1]}
    nothing = heard.heard_of(lake.url(""), "", SHIP, may_hear=frozenset, since=date(2030, 1, 1))
    assert nothing.tracks == ()
    assert "No positions of her" not in page(signed_in(), f"/ships/{SHIP}/")


def test_more_files_and_places_than_the_limits_are_left_out_and_told(
    lake: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard, "MOST_POINTS", 10)
    found = heard.heard_of(lake.url(""), "", SHIP, may_hear=frozenset)
    assert sum(len(track.points) for track in found.tracks) == 10
    assert found.left_out == ("only her newest 10 places are drawn",)
    monkeypatch.setattr(heard, "MOST_FILES", 1)
    assert "were left out: too many files" in heard.heard_of(lake.url(""), "", SHIP, may_hear=frozenset).left_out[0]


def test_while_others_ask_the_lake_no_page_waits_long(
    lake: Folder, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heard, "_ASKING", BoundedSemaphore(1))
    monkeypatch.setattr(heard, "_WAITS_S", 0.01)
    browser = signed_in()
    with heard._ASKING:
        shown = page(browser, f"/ships/{SHIP}/")
        assert "Her way cannot be shown now" in shown
        assert "lay beside each other at sea" in shown  # what needs no lake is there all the same
        assert browser.get(f"/ships/{SHIP}/track.geojson").status_code == 503
    assert browser.get(f"/ships/{SHIP}/track.geojson").status_code == 200


def test_signs_on_the_map_are_only_those_the_reader_may_read(
    watched: Folder, signed_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    address = f"/ships/{SHIP}/track.geojson"
    hidden = IndicatorRow.objects.filter(subject_id=f"imo:{SHIP}", latitude_deg__isnull=False)[0]
    analyst = signed_in(Role.ANALYST)
    assert hidden.title in [each["properties"]["title"] for each in analyst.get(address).json()["features"]]
    hidden.handling = HandlingRow.of(Handling(tlp=Tlp.RED, originators=frozenset({"beta"})))
    hidden.save()
    assert hidden.title not in [each["properties"]["title"] for each in analyst.get(address).json()["features"]]


def test_a_line_is_thinned_to_the_places_that_make_its_shape() -> None:
    straight = [Point(latitude_deg=38.0, longitude_deg=124 + step / 1000, at_s=step) for step in range(500)]
    corner = [Point(latitude_deg=38 + step / 1000, longitude_deg=124.499, at_s=500 + step) for step in range(500)]
    kept = thinned([*straight, *corner], 10)
    assert kept[0] == straight[0]
    assert kept[-1] == corner[-1]
    assert len(kept) <= 10
    assert any(abs(each.latitude_deg - 38) < 0.002 and abs(each.longitude_deg - 124.499) < 0.002 for each in kept)
