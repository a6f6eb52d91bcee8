"""Ports: their cards, their spellings, and the cells around the points where ships lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import CardError, UsageError
from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.places import Port, gazetteer
from bongsu.sea.places.cards import ports_from
from bongsu.sea.places.gazetteer import Gazetteer, cells_near

SANDBOX_PORT = """
country = "XX"
country_words = ["sandboxland"]
[reference.invented]
title = "invented for a test"
[[port]]
id = "xx-sandbox"
name = "SANDBOX HAVEN"
locodes = []
latitude_deg = 10.0
longitude_deg = 10.0
accuracy_km = 1.0
source = "invented"
handles = []
spellings = {}
[[port.point]]
kind = "berth"
name = "invented quay"
latitude_deg = 10.0
longitude_deg = 10.0
accuracy_km = 1.0
source = "invented"
"""
TRADING = {
    *(
        "chongjin",
        "haeju",
        "hungnam",
        "kimchaek",
        "nampo",
        "rajin",
        "sinuiju",
        "sonbong",
        "songnim",
        "taean",
        "tanchon",
    ),
    "wonsan",
}


def test_the_trading_ports_of_the_dprk_are_there() -> None:
    known = {port.id.removeprefix("kp-") for port in gazetteer().ports if port.country == "KP"}
    assert known >= TRADING


@pytest.mark.parametrize(
    "name", ["ru-vostochny", "ru-dunai", "ru-vladivostok", "cn-dalian", "cn-longkou", "vn-hon-gai"]
)
def test_the_foreign_ports_that_reports_name_are_there(name: str) -> None:
    assert gazetteer().port(name).points


@pytest.mark.parametrize("port", gazetteer().ports, ids=lambda port: port.id)
def test_the_points_of_a_port_lie_near_it(port: Port) -> None:
    away = [
        distance_km((port.latitude_deg, port.longitude_deg), (point.latitude_deg, point.longitude_deg))
        for point in port.points
    ]
    assert max(away) < 140, "the pilots of the Yangtze wait 125 km from the quays; no port of ours reaches further"
    assert min(away) < 20


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NAMPHO, DPRK", "kp-nampo"),
        ("Namp'o", "kp-nampo"),
        ("Namp’o", "kp-nampo"),
        ("남포항", "kp-nampo"),
        ("KP NAM", "kp-nampo"),
        ("KPNAM", "kp-nampo"),
        ("CNDLC>KPNAM", "kp-nampo"),
        ("CH'ONGJIN DPRK", "kp-chongjin"),
        ("CHONGJIN N.KOREA", "kp-chongjin"),
        ("D.P.R. KOREA WONSAN", "kp-wonsan"),
        ("NAMPO ANCH.", "kp-nampo"),
        ("RU VVO>KP RJN", "kp-rajin"),
        ("CHŎNGJIN", "kp-chongjin"),
        ("NAJIN", "kp-rajin"),
        ("RASON PORT", "kp-rajin"),
        ("UNGGI", "kp-sonbong"),
        ("Songjin", "kp-kimchaek"),
        ("VOSTOCHNY RU", "ru-vostochny"),
        ("Порт Восточный", "ru-vostochny"),
        ("宁波", "cn-ningbo-zhoushan"),
        ("ZHOUSHAN CHINA", "cn-ningbo-zhoushan"),
        ("port of Longkou", "cn-longkou"),
        ("INCHEON,KOREA", "kr-incheon"),
        ("HONG KONG", "hk-hong-kong"),
        ("Hải Phòng", "vn-haiphong"),
    ],
)
def test_a_port_is_found_by_any_spelling(written: str, meant: str) -> None:
    found = gazetteer().find_port(written)
    assert found is not None
    assert found.id == meant


@pytest.mark.parametrize("written", ["", "  ", "SANDBOX HAVEN", "FOR ORDERS", "DPRK", "CHINA", "PORT", "NAMP"])
def test_what_names_no_port_finds_none(written: str) -> None:
    assert gazetteer().find_port(written) is None


@pytest.mark.parametrize("port", gazetteer().ports, ids=lambda port: port.id)
def test_every_name_of_a_port_finds_it(port: Port) -> None:
    found = {name: gazetteer().find_port(name) for name in port.names}
    assert [name for name, other in found.items() if other is not port] == []


def test_a_spelling_that_names_two_ports_is_refused() -> None:
    card = ports_from(SANDBOX_PORT.encode(), where="sandbox.toml")
    twin = ports_from(SANDBOX_PORT.replace("xx-sandbox", "xx-twin").encode(), where="twin.toml")
    with pytest.raises(ValueError, match="both xx-sandbox and xx-twin"):
        Gazetteer([card, twin], [])


def test_two_ports_of_one_id_are_refused() -> None:
    card = ports_from(SANDBOX_PORT.encode(), where="sandbox.toml")
    with pytest.raises(ValueError, match="two places are called xx-sandbox"):
        Gazetteer([card, card], [])


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('source = "invented"', 'source = "nowhere"', "not one of invented"),
        ('id = "xx-sandbox"', 'id = "sandbox"', "does not begin with the country"),
        ("[[port]]", '[reference.idle]\ntitle = "no one cites it"\n[[port]]', "nothing uses: idle"),
        ("latitude_deg = 10.0", "latitude_deg = 91.0", "not within -90 to 90"),
        ("spellings = {}", 'spellings = { klingon = ["SANDBOX"] }', "no one knows: klingon"),
        ('kind = "berth"', 'kind = "drydock"', "drydock"),
        ("handles = []", 'handles = ["coal"]', "handles_sources"),
    ],
)
def test_a_card_of_ports_that_is_wrong_is_refused_in_words(was: str, becomes: str, said: str) -> None:
    with pytest.raises(CardError, match=said):
        ports_from(SANDBOX_PORT.replace(was, becomes, 1).encode(), where="sandbox.toml")


def test_a_port_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UsageError, match="kp-nampo"):
        gazetteer().port("xx-sandbox")


@given(
    place=st.tuples(st.floats(-75, 75), st.floats(-180, 179.99)),
    within_km=st.floats(0.1, 60),
    towards=st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
)
def test_no_cell_within_the_distance_is_missing(
    place: tuple[float, float], within_km: float, towards: tuple[float, float]
) -> None:
    latitude = place[0] + towards[0] * within_km / 80
    longitude = (place[1] + towards[1] * within_km / 25 + 180) % 360 - 180
    if distance_km(place, (latitude, longitude)) <= within_km:
        assert cell_of(latitude, longitude) in cells_near(*place, within_km)


def test_the_cells_of_a_port_call_are_few_and_carry_their_point() -> None:
    cells = gazetteer().port_cells(3.0)
    assert cells.column_names == ["port", "point", "latitude_deg", "longitude_deg", "cell"]
    assert cells.num_rows < 9 * gazetteer().port_points().num_rows
    first = cells.slice(0, 1).to_pylist()[0]
    point = gazetteer().port(first["port"]).points[first["point"]]
    assert (first["latitude_deg"], first["longitude_deg"]) == (point.latitude_deg, point.longitude_deg)


@pytest.mark.parametrize("within_km", [0.0, -1.0, 201.0, float("nan")])
def test_a_distance_that_is_none_is_refused(within_km: float) -> None:
    with pytest.raises(ValueError, match="a distance"):
        gazetteer().port_cells(within_km)
