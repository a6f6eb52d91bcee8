"""Silences: steps that took hours, away from port, of ships that were heard well before, and who was heard meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis

from bongsu.sea.offshore import offshore
from bongsu.sea.seas import Sea

_HOUR_S: Final = 3600
_WINDOW_S: Final = 12 * _HOUR_S  # Welch et al. 2022: as many reports in the twelve hours before
_ROW: Final = 1000  # more than the 720 half degrees around the earth
_NEIGHBOURS: Final = tuple(row * _ROW + column for row in (-1, 0, 1) for column in (-1, 0, 1))


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence: her last report before it and her first after it, and how many others were heard there then.

    Args:
        others_before: other ships heard around her last place in the hour after she fell silent.
        others_after: other ships heard around her next place in the hour before she was heard again.
    """

    mmsi: int
    before_s: int
    before_lat: float
    before_lon: float
    first_s: int
    first_lat: float
    first_lon: float
    hop_km: float
    others_before: int
    others_after: int

    @property
    def hours(self) -> float:
        """How long it was."""
        return (self.first_s - self.before_s) / _HOUR_S

    @property
    def others(self) -> int:
        """How many were heard at the end where more were."""
        return max(self.others_before, self.others_after)


def silences(sea: Sea, *, shortest_s: int, heard_before: int, port_km: float) -> ibis.Table:
    """Silences whose both ends lie away from every port, with the reception at both.

    Args:
        sea: what may be asked.
        shortest_s: the shortest silence, seconds.
        heard_before: in how many bins of the twelve hours before she was heard, at least.
        port_km: how far from every anchorage point.

    Returns:
        The columns of `Silence`, with `before_cell` and `cell` of both ends.
    """
    steps = sea.steps
    silent = steps.filter(steps.silent_s >= shortest_s)
    # The bin that lies so many back: she was heard well if it lies within the twelve hours before the silence.
    silent = silent.mutate(back_n=silent.n - heard_before)
    back = steps.select("mmsi", back_n=steps.n, back_s=steps.bin_s)
    heard = silent.join(back, ["mmsi", "back_n"])
    heard = heard.filter(heard.back_s >= heard.before_s - _WINDOW_S)
    ports = sea.port_cells(port_km)
    for at in (("before_lat", "before_lon"), ("first_lat", "first_lon")):
        heard = offshore(heard, ports, within_km=port_km, key=("mmsi", "n"), at=at)
    # Few are left, and they are asked about nine squares at either end: Spark would find them anew for each.
    return _with_reception(sea.engine.keep(heard), sea.bins)


def _with_reception(gaps: ibis.Table, bins: ibis.Table) -> ibis.Table:
    """The silences with how many others were heard around each end in the hour next to it, while she was not."""
    heard = bins.select("mmsi", square=_squares(bins.lat, bins.lon), hour=_hours(bins.bin_s))
    counted = gaps
    for end, hour in (("before", gaps.before_s + _HOUR_S), ("after", gaps.first_s - _HOUR_S)):
        latitude, longitude = (
            (gaps.before_lat, gaps.before_lon) if end == "before" else (gaps.first_lat, gaps.first_lon)
        )
        here = gaps.select("mmsi", "n", square=_squares(latitude, longitude), hour=_hours(hour))
        around = ibis.union(*[here.mutate(square=here.square + step) for step in _NEIGHBOURS])
        met = around.join(heard, ["square", "hour"], rname="other_{name}")
        others = met.group_by("mmsi", "n").aggregate(**{f"others_{end}": met.other_mmsi.nunique()})
        counted = counted.left_join(others, ["mmsi", "n"]).drop("mmsi_right", "n_right")
    return counted.select(
        "mmsi",
        "before_s",
        "before_lat",
        "before_lon",
        "first_s",
        "first_lat",
        "first_lon",
        "hop_km",
        others_before=counted.others_before.fill_null(0),
        others_after=counted.others_after.fill_null(0),
    )


def _squares(latitude: ibis.Value, longitude: ibis.Value) -> ibis.Value:
    """Half-degree squares, 55 km from south to north: what one coastal station hears, about 40 nautical miles."""
    return (latitude * 2).floor().cast("int64") * _ROW + (longitude * 2).floor().cast("int64")


def _hours(second: ibis.Value) -> ibis.Value:
    return second - second % _HOUR_S
