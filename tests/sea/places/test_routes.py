"""Sea routes: they keep off the land, they are as long as they should be, and they reach every port."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.errors import UsageError
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.places import Port, gazetteer
from bongsu.sea.places.coast import LAND, kinds
from bongsu.sea.places.routes import sea_routes
from bongsu.sea.places.water import spot_of

HERE = gazetteer().ports
OPEN_SEAS = {  # south, north, west, east: no shore between any two places of one of these
    "the East China Sea": (26.5, 31.5, 123.5, 126.5),
    "the Sea of Japan": (38.5, 42.0, 132.0, 137.5),
    "the Philippine Sea": (16.0, 22.0, 125.0, 135.0),
    "the Pacific off Japan": (35.0, 42.0, 143.5, 149.5),
    "the Yellow Sea": (33.5, 36.5, 122.8, 124.8),
    "the Sea of Okhotsk": (47.5, 54.0, 146.0, 149.5),
}


def sailed_km(way: list[tuple[float, float]]) -> float:
    return sum(distance_km(a, b) for a, b in pairwise(way))


def between(a: tuple[float, float], b: tuple[float, float], count: int) -> list[tuple[float, float]]:
    return [(a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count) for i in range(count + 1)]


@pytest.mark.parametrize("port", HERE, ids=lambda port: port.id)
def test_every_port_is_reached_from_ningbo(port: Port) -> None:
    away = sea_routes().distance_km("cn-ningbo-zhoushan", port.id)
    assert away is not None
    place, ningbo = (port.latitude_deg, port.longitude_deg), gazetteer().port("cn-ningbo-zhoushan")
    direct = distance_km((ningbo.latitude_deg, ningbo.longitude_deg), place)
    assert direct - 0.001 <= away < 3.0 * direct + 1


@pytest.mark.parametrize("port", HERE, ids=lambda port: port.id)
def test_every_point_of_a_port_lies_in_water_that_a_ship_can_reach(port: Port) -> None:
    for point in port.points:
        spot = spot_of(point.latitude_deg, point.longitude_deg)
        assert spot is not None
        assert sea_routes()._water.open[spot], point.name


@pytest.mark.parametrize("port", HERE, ids=lambda port: port.id)
def test_a_port_lies_by_water_on_the_map(port: Port) -> None:
    """Within three cells of one that is not wholly land; nearer than that the map and the facts are not known."""
    spot = cell_of(port.latitude_deg, port.longitude_deg)
    around = [spot + row * 7200 + column for row in range(-3, 4) for column in range(-3, 4)]
    assert (kinds()[around] != LAND).any()


@pytest.mark.parametrize(
    ("start", "end", "great_circle_nm", "most_nm"),
    [
        ("kp-nampo", "cn-dalian", 175, 190),
        ("kp-nampo", "cn-ningbo-zhoushan", 552, 600),
        ("kp-nampo", "cn-longkou", 248, 265),
        ("kp-rajin", "ru-vostochny", 127, 140),
        ("kp-rajin", "ru-vladivostok", 87, 110),
        ("kr-busan", "cn-shanghai", 438, 492),
        ("kr-incheon", "kr-busan", 180, 400),
        ("cn-dalian", "cn-shanghai", 452, 558),
        ("kr-busan", "ru-vladivostok", 499, 520),
        ("cn-shanghai", "hk-hong-kong", 661, 845),
    ],
)
def test_known_voyages_are_no_longer_than_ships_sail_them(
    start: str, end: str, great_circle_nm: float, most_nm: float
) -> None:
    """Ships keep to buoyed channels and off the shoals of Jiangsu: they sail up to 15 % more than the map asks."""
    away = sea_routes().distance_km(start, end)
    assert away is not None
    assert great_circle_nm - 1 <= away / 1.852 <= most_nm


def test_kanmon_is_open_though_it_is_narrower_than_a_cell() -> None:
    """From Busan to Osaka through the strait and the Inland Sea; around Kyushu it would be 400 km more."""
    away = sea_routes().distance_km("kr-busan", (34.6, 135.3))
    assert away is not None
    assert 620 < away < 760


def test_the_way_from_nampo_to_wonsan_leads_around_korea() -> None:
    """They are 180 km apart over land."""
    routes = sea_routes()
    away, way = routes.distance_km("kp-nampo", "kp-wonsan"), routes.route("kp-nampo", "kp-wonsan")
    assert away is not None
    assert way is not None
    assert away > 1300
    assert min(latitude for latitude, _ in way) < 34.6


def test_the_way_from_nampo_to_qingdao_leads_around_shandong() -> None:
    away, way = sea_routes().distance_km("kp-nampo", "cn-qingdao"), sea_routes().route("kp-nampo", "cn-qingdao")
    assert away is not None
    assert way is not None
    assert away > distance_km((38.72, 125.40), (36.07, 120.32)) * 1.02
    assert max(longitude for latitude, longitude in way if latitude < 37.0) > 122.4


@pytest.mark.parametrize("port", [port for port in HERE if port.country in {"KP", "RU"}], ids=lambda port: port.id)
def test_no_way_touches_a_cell_that_is_wholly_land_but_for_those_into_harbours(port: Port) -> None:
    way = sea_routes().route("cn-ningbo-zhoushan", port.id)
    assert way is not None
    harbours = [(p.latitude_deg, p.longitude_deg) for p in HERE]
    for a, b in pairwise(way):
        for place in between(a, b, 400):
            if kinds()[cell_of(*place)] == LAND:
                assert min(distance_km(place, harbour) for harbour in harbours) < 30, place


@pytest.mark.parametrize("sea", OPEN_SEAS)
@settings(max_examples=5, deadline=None)
@given(shares=st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_on_open_water_the_way_is_the_great_circle(sea: str, shares: list[float]) -> None:
    south, north, west, east = OPEN_SEAS[sea]
    a = (south + shares[0] * (north - south), west + shares[1] * (east - west))
    b = (south + shares[2] * (north - south), west + shares[3] * (east - west))
    away, direct = sea_routes().distance_km(a, b), distance_km(a, b)
    assert away is not None
    assert direct - 1e-6 <= away <= direct * 1.005 + 1e-6


@pytest.mark.parametrize("sea", OPEN_SEAS)
def test_on_open_water_the_field_is_at_most_four_percent_long(sea: str) -> None:
    """From the middle of the sea to every fifth cell of it, by moves from cell to cell alone."""
    south, north, west, east = OPEN_SEAS[sea]
    routes = sea_routes()
    start = ((south + north) / 2, (west + east) / 2)
    node = routes._water.node_at(*start)
    assert node is not None
    middle = routes._water.place_of(node)
    lengths, _ = routes._from(node)
    longer = []
    for latitude in np.arange(south, north, 0.25):
        for longitude in np.arange(west, east, 0.25):
            there = routes._water.node_at(latitude, longitude)
            assert there is not None
            direct = distance_km(middle, routes._water.place_of(there))
            if direct > 20:
                longer.append(lengths[there] / direct)
    assert min(longer) >= 1.0 - 1e-4
    assert max(longer) <= 1.04


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_way_is_as_long_back_as_forth_and_never_shorter_than_the_great_circle(data: st.DataObject) -> None:
    named = st.sampled_from([port.id for port in HERE])
    place = st.tuples(st.floats(20, 45), st.floats(117, 140)).filter(
        lambda place: sea_routes().distance_km("cn-ningbo-zhoushan", place) is not None
    )
    a, b = data.draw(named), data.draw(place)
    forth, back = sea_routes().distance_km(a, b), sea_routes().distance_km(b, a)
    harbour = gazetteer().port(a)
    assert forth is not None
    assert back == pytest.approx(forth)
    assert forth >= distance_km((harbour.latitude_deg, harbour.longitude_deg), b) - 1e-6
    way = sea_routes().route(a, b)
    assert way is not None
    assert (way[0], way[-1]) == ((harbour.latitude_deg, harbour.longitude_deg), b)
    assert sailed_km(way) == pytest.approx(forth)


def test_the_field_of_a_port_is_a_table_and_agrees_with_the_way() -> None:
    routes = sea_routes()
    table = routes.cells("kp-nampo", 400.0)
    assert table.column_names == ["port", "cell", "sea_km"]
    assert set(table.column("port").to_pylist()) == {"kp-nampo"}
    by_cell = dict(zip(table.column("cell").to_pylist(), table.column("sea_km").to_pylist(), strict=True))
    assert list(by_cell) == sorted(by_cell)
    assert max(by_cell.values()) <= 400.0
    for place in [(38.0, 124.0), (38.9, 122.0), (37.2, 123.4)]:
        assert by_cell[cell_of(*place)] == pytest.approx(routes.sea_km("kp-nampo", place), abs=0.001)
        assert by_cell[cell_of(*place)] == pytest.approx(routes.distance_km("kp-nampo", place), rel=0.04, abs=8)


@settings(max_examples=40)
@given(
    latitude=st.floats(30.0, 43.0),
    longitude=st.floats(118.0, 135.0),
    within_km=st.sampled_from([50.0, 400.0, 1500.0]),
)
def test_looking_less_far_finds_the_same_and_nothing_beyond(
    latitude: float, longitude: float, within_km: float
) -> None:
    routes = sea_routes()
    whole = routes.sea_km("kp-chongjin", (latitude, longitude))
    found = routes.sea_km("kp-chongjin", (latitude, longitude), within_km)
    assert found == (None if whole is None or whole > within_km else whole)


@pytest.mark.parametrize("place", [(45.0, 125.0), (10.0, 120.0), (35.0, 170.0), (-36.0, 124.0), (39.03, 126.6)])
def test_from_inland_and_from_outside_the_region_there_is_no_way(place: tuple[float, float]) -> None:
    routes = sea_routes()
    assert routes.distance_km("kp-nampo", place) is None
    assert routes.route(place, "kp-nampo") is None
    assert routes.sea_km("kp-nampo", place) is None


def test_a_way_from_a_place_to_itself_is_no_way_at_all() -> None:
    assert sea_routes().distance_km("kp-nampo", "kp-nampo") == 0.0
    assert sea_routes().distance_km((36.0, 124.0), (36.0, 124.0)) == 0.0


def test_a_port_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="kp-nampo"):
        sea_routes().distance_km("xx-sandbox", "kp-nampo")
    with pytest.raises(UsageError, match="kp-nampo"):
        sea_routes().cells("xx-sandbox", 100.0)
