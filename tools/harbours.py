"""Writes src/bongsu/sea/places/harbours.parquet: the ports of the world, from the package searoute.

Made once, and again only when searoute's list is. searoute is Apache-2.0; its ports are code, name and position. To
make it anew:

    pip download --no-deps --no-binary :all: searoute==1.6.0
    tar xzf searoute-1.6.0.tar.gz
    python tools/harbours.py searoute-1.6.0/searoute/data/ports.geojson src/bongsu/sea/places/harbours.parquet

Ports more than 25 km inland are left out, unless a great river or lake of Natural Earth reaches them. Positions are
rounded to 0.01 degrees; several of the source are those of the town, some kilometres from the quays.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bongsu.sea.places.coast import is_land, shore_km
from bongsu.sea.places.harbours import Harbour
from bongsu.tables import to_parquet

MOST_INLAND_KM = 25.0


def main(ports_path: str, written: str) -> None:
    """Reads the ports and writes the table, sorted by code, latitude and longitude."""
    features = json.loads(Path(ports_path).read_bytes())["features"]
    harbours = {harbour for feature in features if (harbour := harbour_of(feature)) is not None}
    ordered = sorted(harbours, key=lambda harbour: (harbour.code, harbour.latitude_deg, harbour.longitude_deg))
    Path(written).write_bytes(to_parquet(ordered, Harbour))
    print(len(features), "ports read,", len(ordered), "written,", Path(written).stat().st_size, "bytes")


def harbour_of(feature: dict) -> Harbour | None:
    """A port of the source; None where ships of the sea do not come."""
    longitude, latitude = feature["geometry"]["coordinates"]
    if is_land(latitude, longitude) and shore_km(latitude, longitude) > MOST_INLAND_KM:
        return None
    return Harbour(
        code=feature["properties"]["port"].strip(),
        name=" ".join(feature["properties"]["name"].split()),
        latitude_deg=round(latitude, 2),
        longitude_deg=round(longitude, 2),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
