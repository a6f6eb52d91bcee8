"""What the detectors of the sea desk may ask: positions, what was made of them, identities, places, the register."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import Protocol, TypeVar

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.bins import Bin, folded, placed, refolded
from bongsu.sea.grid import arcs_km, corners_of
from bongsu.sea.hours import hops, hourly, hourly_of_bins
from bongsu.sea.jumps import far
from bongsu.sea.model import DesignatedShip
from bongsu.sea.places import Gazetteer
from bongsu.sea.places.harbours import mooring_cells
from bongsu.sea.ships import Ships
from bongsu.sea.spells import SLOW_KN, slow, spells
from bongsu.sea.stays import EXIT_KM, callers, stays
from bongsu.sea.steps import joined, measured

R = TypeVar("R")


class Asked(Protocol):
    """What a desk needs of an engine: `tables.Engine` on one machine, `tables.SparkEngine` on many."""

    def keep(self, expression: ibis.Table) -> ibis.Table:
        """Work out once."""

    def named(self, expression: ibis.Table) -> ibis.Table:
        """Give a name, and work out what is asked of it each time."""

    def records(self, expression: ibis.Table, record: type[R]) -> list[R]:
        """The rows as records."""

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """The rows as Arrow."""


class Sea:
    """The tables of one run of the desk. What is derived is worked out when first asked for, once.

    Args:
        engine: answers.
        positions, identities: tables with the columns of `Position` and `Identity`.
        gazetteer: the places.
        designated: ships on lists.
        clock: the run's time: nothing after it counts.
        binned: the bins of these positions where they are known already (`bins.bins`), such as from earlier days; none
            of them of a report after the clock.
        since, until: the days asked about, both included; None for all. What is read around them makes what happened
            at their borders whole.
    """

    def __init__(
        self,
        engine: Asked,
        *,
        positions: ibis.Table,
        identities: ibis.Table,
        gazetteer: Gazetteer,
        designated: Sequence[DesignatedShip],
        clock: datetime,
        binned: ibis.Table | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> None:
        self.engine = engine
        self.positions = positions.filter(positions["at"] <= clock)
        self.identities = _said_until(identities, clock)
        self.gazetteer = gazetteer
        self.designated = tuple(designated)
        self.clock = clock
        self._from_s, self._to_s = _seconds_of(since, until)
        self._binned = binned
        self._folded: ibis.Table | None = None if binned is None else refolded(binned)
        self._joined: ibis.Table | None = None
        self._made: dict[Hashable, ibis.Table] = {}

    @cached_property
    def bins(self) -> ibis.Table:
        """One row per ship and ten minutes: `bins.bins`."""
        # The steps hold every bin: to keep both would be to keep most of it twice.
        return self.steps.select(*Bin.__dataclass_fields__) if self._binned is None else self._binned

    @cached_property
    def bins_asked(self) -> ibis.Table:
        """The bins of the days asked about."""
        bins = self.bins
        if self._from_s is not None:
            bins = bins.filter(bins.bin_s >= self._from_s)
        return bins if self._to_s is None else bins.filter(bins.bin_s <= self._to_s)

    def is_asked(self, from_s: int, to_s: int | None) -> bool:
        """Whether any of a time, seconds since 1970, lies in the days asked about; `to_s` None where it goes on."""
        return (self._to_s is None or from_s <= self._to_s) and (
            self._from_s is None or to_s is None or to_s >= self._from_s
        )

    @cached_property
    def steps(self) -> ibis.Table:
        """The bins of each ship in order, each with the step to it: `steps.steps`."""
        self._joined = self.engine.keep(joined(folded(self.positions) if self._folded is None else self._folded))
        # Under a name: as a part of every question it would be worked out whole before the few rows were chosen.
        return self.engine.named(measured(self._joined))

    @cached_property
    def hours(self) -> ibis.Table:
        """The hours of each ship in order, each with her last report before it: `hours.hops`.

        Of the bins where these are there already. Who asks for silences alone has the positions folded into hours at
        once, which costs half as much.
        """
        bins = self._bins_there
        return self.engine.keep(hops(hourly(self.positions) if bins is None else hourly_of_bins(bins)))

    @cached_property
    def far(self) -> ibis.Table:
        """The bins in which ships may have leapt: `jumps.far`."""
        return self.engine.keep(far(self.steps))

    @cached_property
    def slow(self) -> ibis.Table:
        """The bins in which ships were slow (`spells.slow`): `bins.bins`.

        Where the steps are not there yet, those of ships alone are made of which a bin gives no speed.
        """
        columns = tuple(Bin.__dataclass_fields__)
        if self._bins_there is not None:
            return slow(self.steps).select(*columns)
        self._folded = bins = self.engine.keep(folded(self.positions))
        mute = bins.filter(bins.most_kn.isnull())
        steps = measured(joined(bins.semi_join(mute.select("mmsi").distinct(), "mmsi")))
        by_step = slow(steps.filter(steps.most_kn.isnull()))
        return placed(bins.filter(bins.most_kn < SLOW_KN)).select(*columns).union(by_step.select(*columns))

    @cached_property
    def spells(self) -> ibis.Table:
        """Runs of slow bins: `spells.spells`."""
        return self.engine.keep(spells(self.steps))

    def stays_of(self, ships: ibis.Table) -> ibis.Table:
        """The stays of some ships at the ports of the gazetteer: `stays.stays`.

        Of some, for most of the world's ships lie in some port, and at whose berth is a long question.

        Args:
            ships: column `mmsi`.
        """
        return stays(self._steps_of(ships), self._call_cells)

    def callers(self, ports: Collection[str]) -> ibis.Table:
        """The ships that came within 3 km of some ports: column `mmsi`, each once (`stays.callers`).

        Args:
            ports: ids of the gazetteer.
        """
        cells = self._call_cells.filter(self._call_cells.port.isin(sorted(ports)))
        bins = self._bins_there
        if bins is not None:
            return callers(placed(bins), cells)
        # Every report first, of which those that begin a bin are a part: a few ships are left to be folded.
        places = {"first_lat": self.positions.latitude_deg, "first_lon": self.positions.longitude_deg}
        near = self.engine.keep(callers(self.positions.select("mmsi", "cell", **places), cells))
        return self.engine.keep(callers(self._steps_of(near), cells))

    def _steps_of(self, ships: ibis.Table) -> ibis.Table:
        """The steps of some ships: where those of all are not there, only the bins or positions of these are taken."""
        if self._joined is not None:
            return self.steps.semi_join(ships, "mmsi")
        if self._folded is not None:
            own = self._folded.semi_join(ships.mutate(mmsi=ships.mmsi.cast("int32")), "mmsi")
        else:
            own = folded(self.positions.semi_join(ships, "mmsi"))
        return self.engine.named(measured(self.engine.keep(joined(own))))

    @property
    def _bins_there(self) -> ibis.Table | None:
        """The folded bins, where they are there already."""
        return self._folded if self._joined is None else self._joined

    @cached_property
    def _call_cells(self) -> ibis.Table:
        return ibis.memtable(self.gazetteer.call_cells(EXIT_KM))

    def once(self, what: Hashable, make: Callable[[], ibis.Table]) -> ibis.Table:
        """A table that several detectors ask for: made and worked out for the first of them."""
        if what not in self._made:
            self._made[what] = self.engine.keep(make())
        return self._made[what]

    def in_port(self, within_km: float) -> ibis.Table:
        """The cells with a part within a distance of an anchorage point of the gazetteer: `latitude_deg`,
        `longitude_deg`, `limit_km`, `cell`.
        """
        return ibis.memtable(_limited(self.gazetteer.port_cells(within_km), within_km))

    def moorings(self, within_km: float) -> ibis.Table:
        """The same of every mooring of the world, ours among them. Where reports describe transfers, the limit is that
        of a port call: the roads of a port may be such an area.
        """
        return ibis.memtable(_moorings(self.gazetteer, within_km))

    def cells_at_moorings(self, within_km: float) -> ibis.Table:
        """The cells that lie wholly within the limit of one of `moorings`: column `cell`, each once."""
        return ibis.memtable(_whole_cells(self.gazetteer, within_km))

    @cached_property
    def zone_cells(self) -> ibis.Table:
        """The cells of each zone: `Gazetteer.zone_cells`."""
        return ibis.memtable(self.gazetteer.zone_cells())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a detector may look up while it makes signs of rows.

    Args:
        ships: the identities of the ships its rows name.
        gazetteer: the places.
        designated: ships on lists.
        clock: the run's time.
    """

    ships: Ships
    gazetteer: Gazetteer
    designated: tuple[DesignatedShip, ...]
    clock: datetime


def _said_until(identities: ibis.Table, clock: datetime) -> ibis.Table:
    """What was said until the clock. What was still said later is known until then."""
    said = identities.filter(identities.first_at <= clock)
    return said.mutate(last_at=ibis.least(said.last_at, ibis.literal(clock).cast(said.last_at.type())))


def _seconds_of(since: date | None, until: date | None) -> tuple[int | None, int | None]:
    """The first and the last second of some days, since 1970."""
    first, after = (None if day is None else datetime.combine(day, time(), UTC) for day in (since, until))
    return (
        None if first is None else int(first.timestamp()),
        None if after is None else int((after + timedelta(days=1)).timestamp()) - 1,
    )


def _limited(cells: pa.Table, limit_km: float) -> pa.Table:
    limits = pa.array([limit_km] * cells.num_rows, pa.float64())
    return cells.select(["latitude_deg", "longitude_deg", "cell"]).append_column("limit_km", limits)


@cache
def _moorings(gazetteer: Gazetteer, within_km: float) -> pa.Table:
    areas = [zone.id for zone in gazetteer.zones if zone.kind == "transfer_area"]
    zones = gazetteer.zone_cells()
    transfers = zones.filter(pc.is_in(zones["zone"], value_set=pa.array(areas, pa.string())))["cell"].combine_chunks()
    wide, close = _limited(mooring_cells(within_km), within_km), _limited(mooring_cells(EXIT_KM), EXIT_KM)
    outside = wide.filter(pc.invert(pc.is_in(wide["cell"], value_set=transfers)))
    return pa.concat_tables([outside, close.filter(pc.is_in(close["cell"], value_set=transfers))])


@cache
def _whole_cells(gazetteer: Gazetteer, within_km: float) -> pa.Table:
    near = _moorings(gazetteer, within_km)
    latitudes, longitudes, limits, cells = (
        near[name].to_numpy() for name in ("latitude_deg", "longitude_deg", "limit_km", "cell")
    )
    whole = [arcs_km(latitudes, longitudes, *corner) <= limits for corner in corners_of(cells)]
    return pa.table({"cell": np.unique(cells[np.all(whole, axis=0)])})
