"""Harbours of the world and moorings: where a ship that lies still means nothing."""

from __future__ import annotations

import pytest

from bongsu.sea.grid import cell_of, distance_km
from bongsu.sea.places import gazetteer
from bongsu.sea.places.harbours import harbours, mooring_cells, moorings


def test_the_harbours_of_the_world_are_there_sorted_and_once() -> None:
    codes = [harbour.code for harbour in harbours()]
    assert len(codes) > 3000
    assert codes == sorted(codes)
    assert len(set(harbours())) == len(codes)


@pytest.mark.parametrize(
    ("code", "place"),
    [("NLRTM", (51.95, 4.14)), ("SGSIN", (1.26, 103.84)), ("KRPUS", (35.10, 129.04)), ("ZADUR", (-29.87, 31.03))],
)
def test_great_harbours_lie_where_they_lie(code: str, place: tuple[float, float]) -> None:
    found = [harbour for harbour in harbours() if harbour.code == code]
    assert min(distance_km(place, (harbour.latitude_deg, harbour.longitude_deg)) for harbour in found) < 25


def test_towns_far_inland_are_no_harbours_and_those_on_great_rivers_are() -> None:
    names = {harbour.code for harbour in harbours()}
    assert {"CNKMG", "CNCTU", "CNSHE"} & names == set(), "Kunming, Chengdu and Shenyang"
    assert {"BRMAO", "ARROS"} <= names, "Manaus and Rosario"


def test_moorings_hold_our_points_and_the_harbours() -> None:
    table = moorings()
    assert table.num_rows == len(harbours()) + gazetteer().port_points().num_rows
    assert table.column("place")[0].as_py().endswith("/0")


def test_the_cells_of_moorings_hold_the_cell_of_every_one() -> None:
    cells = mooring_cells(10.0)
    by_cell = set(zip(cells.column("place").to_pylist(), cells.column("cell").to_pylist(), strict=True))
    for row in moorings().to_pylist():
        assert (row["place"], cell_of(row["latitude_deg"], row["longitude_deg"])) in by_cell
    assert cells.num_rows < 60 * moorings().num_rows


def test_a_distance_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="a distance"):
        mooring_cells(0.0)
