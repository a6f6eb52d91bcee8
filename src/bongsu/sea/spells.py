"""Spells: runs of bins in which a ship was slow."""

from __future__ import annotations

from typing import Final

import ibis

from bongsu.sea.grid import middles_of

# Miller et al. 2018 (see `bins`): an encounter and a loitering are slower than two knots.
SLOW_KN: Final = 2.0
# A silence of more than this ends a spell: what happened in it, no one saw. Satellites hear a ship in the open sea
# every one to three hours (Welch et al., Hot spots of unseen fishing vessels, Science Advances 8 (2022), reception
# section).
MOST_SILENT_S: Final = 4 * 3600


def slow(steps: ibis.Table) -> ibis.Table:
    """The steps to bins in which a ship was slow: by the fastest report in it or, where none gave a speed, by the step
    to it.
    """
    # By what a bin says first: an engine leaves the others out while it reads, before it works out a step.
    rows = steps.filter((steps.most_kn < SLOW_KN).fill_null(True))
    return rows.filter(ibis.coalesce(rows.most_kn, rows.hop_kn, SLOW_KN) < SLOW_KN)


def spells(steps: ibis.Table) -> ibis.Table:
    """Runs of bins in a row in which a ship was slow and never silent for more than four hours.

    Args:
        steps: what `steps.steps` gave.

    Returns:
        A table of
        `mmsi`; `from_s`, `to_s`, the first and last report; `first_n`, `last_n`, the numbers of its first and last bin;
        `heard`, in how many bins she was heard; `south`, `north`, `west`, `east`; `lat`, `lon`, the middle of these;
        `moored`, whether a report said at anchor or moored; `longest_silence_s`, between its bins; `cell` of the middle
        is not given: a spell may drift through many.
    """
    rows = slow(steps).select("mmsi", "n", "first_s", "last_s", "south", "north", "west", "east", "moored", "silent_s")
    # Both numbers by one order of the rows: an engine sorts once for all windows that are alike.
    track = ibis.window(group_by=rows.mmsi, order_by=rows.n)
    upto = ibis.cumulative_window(group_by=rows.mmsi, order_by=rows.n)
    cut = (rows.silent_s > MOST_SILENT_S).fill_null(False)
    numbered = rows.mutate(
        begin=((rows.n.lag().over(track) != rows.n - 1) | cut).fill_null(True),
        row=rows.n - ibis.row_number().over(track),
        cuts=cut.cast("int64").sum().over(upto),
    )
    runs = numbered.group_by("mmsi", "row", "cuts").aggregate(
        from_s=numbered.first_s.min(),
        to_s=numbered.last_s.max(),
        first_n=numbered.n.min(),
        last_n=numbered.n.max(),
        heard=numbered.count(),
        south=numbered.south.min(),
        north=numbered.north.max(),
        west=numbered.west.min(),
        east=numbered.east.max(),
        moored=numbered.moored.cast("int8").max() == 1,
        longest_silence_s=ibis.ifelse(numbered.begin, 0, numbered.silent_s).max(),
    )
    return runs.drop("row", "cuts").mutate(lat=(runs.south + runs.north) / 2, lon=middles_of(runs.west, runs.east))
