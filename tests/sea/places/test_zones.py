"""Zones: what lies inside, the cells they touch, and how our coarse borders compare with published ones."""

from __future__ import annotations

import json
import sys
from math import cos, radians
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import CardError, UsageError
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.places import Zone, gazetteer
from bongsu.sea.places.cards import zones_from
from bongsu.sea.places.coast import LAND, MOSTLY_LAND, kinds, shore_km
from bongsu.sea.places.gazetteer import Gazetteer
from bongsu.sea.places.ring import Ring, cells_in, contains

SHARED = Path(__file__).parents[3] / ".." / "shared" / "data" / "ais"
ZONES = gazetteer().zones
every_zone = pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.id)

SANDBOX_ZONE = """
[reference.invented]
title = "invented for a test"
[[zone]]
id = "sandbox-square"
name = "SANDBOX SQUARE"
kind = "transfer_area"
accuracy_km = 1.0
references = ["invented"]
verified = false
note = "invented"
[[zone.ring]]
places = ["10.0 10.0", "10.0 11.0", "11.0 11.0", "11.0 10.0"]
"""


@pytest.fixture(scope="module")
def cells() -> dict[str, dict[int, bool]]:
    """Whether a cell lies wholly inside, by zone and cell."""
    found: dict[str, dict[int, bool]] = {zone.id: {} for zone in ZONES}
    for row in gazetteer().zone_cells().to_pylist():
        found[row["zone"]][row["cell"]] = row["whole"]
    return found


def bounds(zone: Zone) -> tuple[float, float, float, float]:
    places = [place for ring in zone.rings for place in ring]
    latitudes, longitudes = [place[0] for place in places], [place[1] for place in places]
    return min(latitudes), max(latitudes), min(longitudes), max(longitudes)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((38.60, 124.80), {"kp-territorial-sea", "kp-eez", "kp-military-zone", "kp-cho-do-sok-do"}),
        ((39.00, 124.50), {"kp-eez", "kp-military-zone", "korea-bay"}),
        ((39.30, 127.60), {"kp-territorial-sea", "kp-eez", "kp-military-zone"}),
        ((40.00, 129.20), {"kp-eez", "kp-military-zone"}),
        ((40.00, 132.00), {"kp-eez"}),
        ((30.00, 122.50), {"cn-ningbo-zhoushan-waters"}),
        ((29.50, 125.00), {"east-china-sea-transfers"}),
        ((20.00, 107.50), {"gulf-of-tonkin"}),
        ((37.50, 124.90), set()),
        ((37.97, 124.70), set()),
        ((35.00, 124.00), set()),
    ],
)
def test_a_place_lies_in_the_zones_it_should(place: tuple[float, float], inside: set[str]) -> None:
    """The last three: south of the Northern Limit Line, at Baengnyeong-do, and in the middle of the Yellow Sea."""
    assert {zone.id for zone in ZONES if zone.contains(*place)} == inside


@every_zone
@given(shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_the_cells_of_a_zone_agree_with_what_lies_inside(
    zone: Zone, cells: dict[str, dict[int, bool]], shares: tuple[float, float]
) -> None:
    south, north, west, east = bounds(zone)
    place = south - 0.1 + shares[0] * (north - south + 0.2), west - 0.1 + shares[1] * (east - west + 0.2)
    cell, inside = cell_of(*place), zone.contains(*place)
    if cell not in cells[zone.id]:
        assert not inside
    elif cells[zone.id][cell]:
        assert inside


@given(
    corners=st.lists(st.tuples(st.floats(30, 31), st.floats(120, 121.5)), min_size=3, max_size=8, unique=True),
    place=st.tuples(st.floats(29.9, 31.1), st.floats(119.9, 121.6)),
)
def test_the_cells_of_any_ring_agree_with_what_lies_inside(
    corners: list[tuple[float, float]], place: tuple[float, float]
) -> None:
    ring: Ring = tuple(corners)
    whole = dict(cells_in(ring))
    cell, inside = cell_of(*place), contains(ring, *place)
    if cell not in whole:
        assert not inside
    elif whole[cell]:
        assert inside


@every_zone
def test_most_cells_of_a_zone_are_whole_and_none_is_counted_twice(
    zone: Zone, cells: dict[str, dict[int, bool]]
) -> None:
    table = gazetteer().zone_cells()
    assert table.num_rows == sum(len(found) for found in cells.values())
    assert sum(cells[zone.id].values()) > 0.3 * len(cells[zone.id])


@every_zone
def test_a_zone_says_what_it_rests_on(zone: Zone) -> None:
    assert zone.references
    assert zone.accuracy_km > 0
    assert zone.note.endswith(".")
    assert not zone.verified, "no border has been read in a reference yet"


def test_every_port_of_the_dprk_lies_in_its_territorial_sea_or_the_strip_of_land_behind_it() -> None:
    zone = gazetteer().zone("kp-territorial-sea")
    outside = [
        f"{port.id}: {point.name}"
        for port in gazetteer().ports
        if port.country == "KP"
        for point in port.points
        if not zone.contains(point.latitude_deg, point.longitude_deg)
    ]
    assert outside == []


def test_no_port_of_another_country_lies_in_a_zone_of_the_dprk() -> None:
    zones = [zone for zone in ZONES if zone.country == "KP"]
    inside = [
        (port.id, zone.id)
        for port in gazetteer().ports
        if port.country != "KP"
        for point in port.points
        for zone in zones
        if zone.contains(point.latitude_deg, point.longitude_deg)
    ]
    assert inside == []


def test_the_territorial_sea_ends_twelve_nautical_miles_off_the_shore() -> None:
    """No place of it at sea is farther from a shore of the map than that, the accuracy it claims, and two cells."""
    zone = gazetteer().zone("kp-territorial-sea")
    south, north, west, east = bounds(zone)
    rng = np.random.default_rng(7)
    for latitude, longitude in zip(rng.uniform(south, north, 3000), rng.uniform(west, east, 3000), strict=True):
        if zone.contains(latitude, longitude) and kinds()[cell_of(latitude, longitude)] < MOSTLY_LAND:
            assert shore_km(latitude, longitude) < 12 * 1.852 + zone.accuracy_km + 8, (latitude, longitude)


def published(name: str) -> Ring:
    path = SHARED / f"{name}.geojson"
    if not path.is_file():
        pytest.skip(f"{path.name} is not here: published borders of others are not part of this repository")
    (feature,) = json.loads(path.read_bytes())["features"]
    (ring,) = feature["geometry"]["coordinates"]
    return tuple((latitude, longitude) for longitude, latitude, *_ in ring)


@pytest.mark.parametrize(
    ("zone", "file", "least"), [("kp-eez", "eez_prk", 0.95), ("kp-military-zone", "eez_prk_military_zone", 0.93)]
)
def test_our_borders_in_the_east_are_nearly_the_published_ones(
    zone: str, file: str, least: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """Intersection over union of the water (land on the map is left out) with the polygons of Park et al., Science
    Advances 2020, who took the border from Marine Regions.
    """
    theirs = published(file)
    ours = next(ring for ring in gazetteer().zone(zone).rings if ring[0][1] > 127)
    both = either = 0.0
    for latitude in np.arange(38.325, 42.7, 0.2):
        for longitude in np.arange(127.225, 134, 0.2):
            if kinds()[cell_of(latitude, longitude)] in {LAND, MOSTLY_LAND}:
                continue
            a, b = contains(ours, latitude, longitude), contains(theirs, latitude, longitude)
            both += (a and b) * cos(radians(latitude))
            either += (a or b) * cos(radians(latitude))
    with capsys.disabled():
        sys.stdout.write(f"\n{zone} and {file}: intersection over union {both / either:.3f}\n")
    assert both / either >= least


def test_two_zones_of_one_id_are_refused() -> None:
    zones = zones_from(SANDBOX_ZONE.encode(), where="sandbox.toml")
    with pytest.raises(ValueError, match="two places are called sandbox-square"):
        Gazetteer([], [*zones, *zones])


def test_a_zone_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="kp-eez"):
        gazetteer().zone("sandbox-square")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('"10.0 10.0", ', '"10.0 10.0", "10.0 10.0", ', "names a place twice"),
        ('"10.0 10.0"', '"10.0, 10.0"', "latitude and longitude in degrees are meant"),
        ('"10.0 10.0"', '"91.0 10.0"', "no place on the earth"),
        ('"10.0 10.0"', '"nan 10.0"', "no place on the earth"),
        ('places = ["10.0 10.0", "10.0 11.0", ', "places = [", "at least 3"),
        ('references = ["invented"]', "references = []", "at least 1"),
        ('kind = "transfer_area"', 'kind = "sea"', "not one of"),
        ("[[zone]]", '[reference.idle]\ntitle = "no one cites it"\n[[zone]]', "nothing uses: idle"),
    ],
)
def test_a_card_of_zones_that_is_wrong_is_refused_in_words(was: str, becomes: str, said: str) -> None:
    with pytest.raises(CardError, match=said):
        zones_from(SANDBOX_ZONE.replace(was, becomes, 1).encode(), where="sandbox.toml")


def test_sok_do_lies_some_twenty_kilometres_north_east_of_cho_do() -> None:
    """As the report says of the place to which the transfers moved; both islands lie in the zone."""
    cho_do, sok_do = (38.52, 124.83), (38.63, 125.00)
    assert distance_km(cho_do, sok_do) == pytest.approx(20, abs=3)
    zone = gazetteer().zone("kp-cho-do-sok-do")
    assert zone.contains(*cho_do)
    assert zone.contains(*sok_do)
