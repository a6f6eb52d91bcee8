"""The invented world as files: a receiver's log, tables as archives publish them, and the rows of the sea desk."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from bongsu.kernel.canonical import digest
from bongsu.kernel.clock import stamp
from bongsu.sandbox.sea.radio import sentences, statement_lines
from bongsu.sandbox.sea.reports import NO_HEADING, NO_SPEED, NO_STATUS, Positions, Statement
from bongsu.sandbox.sea.vessels import Saying
from bongsu.sandbox.sea.world import World
from bongsu.sea.grid import CELLS_AROUND, CELLS_PER_DEGREE
from bongsu.sea.model import SANDBOX, Identity, Position
from bongsu.tables import schema_of
from bongsu.tables.parquet import ROWS_PER_GROUP, to_parquet

FORMS: Final = ("nmea", "csv", "parquet")
TRUTH_FILE: Final = "truth.json"
WORLD_FILE: Final = "world.json"
_DAY_S: Final = 86_400
_CHUNK: Final = 200_000
# So many of the sentences of a log are a little out of order, as those of several receivers are.
_SWAPS: Final = 997


def file_names(world: World, form: str) -> tuple[str, ...]:
    """The files of a world in a form: one for each day of its positions and, as Parquet, one of its identities."""
    days = [_day(world, number) for number in range(world.days + 1)]
    match form:
        case "nmea":
            return tuple(f"sandbox_{day}.nmea" for day in days)
        case "csv":
            return tuple(f"AIS_SANDBOX_{day}.csv" for day in days)
        case "parquet":
            return (*(f"positions_{day}.parquet" for day in days), "identities.parquet")
    raise ValueError(f"a form is one of {', '.join(FORMS)}, not {form}")


def files(world: World, form: str, told: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """A world in a form: names and bytes, one after the other; days in which nothing was heard are left out.

    Args:
        world: it.
        form: `nmea`: AIVDM sentences with tag blocks; `csv`: the columns of MarineCadastre; `parquet`: rows of
            `Position` and `Identity`.
        told: told the name of each file before it is made.

    Raises:
        ValueError: another form.
    """
    names = file_names(world, form)
    for number, name in enumerate(names[: world.days + 1]):
        chosen = _of_day(world, number)
        if len(chosen):
            told(name)
            yield name, _made(world, form, chosen)
    if form == "parquet":
        told(names[-1])
        yield names[-1], to_parquet(identities(world), Identity)


def _made(world: World, form: str, chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> bytes:
    some = world.positions.where(chosen)
    match form:
        case "nmea":
            first, last = int(some.at[0]) // _DAY_S * _DAY_S, int(some.at[0]) // _DAY_S * _DAY_S + _DAY_S
            said = [each for each in world.statements if first <= each.at < last]
            return nmea(some, said)
        case "csv":
            return marine_cadastre(world, some)
    return _parquet(position_table(some, exhibit=exhibit_of(world), first_row=int(chosen[0]) + 1))


def _day(world: World, number: int) -> str:
    at = int(world.start.timestamp()) // _DAY_S * _DAY_S + number * _DAY_S
    return datetime.fromtimestamp(at, tz=UTC).date().isoformat()


def _of_day(world: World, number: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    first = (int(world.start.timestamp()) // _DAY_S + number) * _DAY_S
    begin, end = np.searchsorted(world.positions.at, [first, first + _DAY_S])
    return np.arange(begin, end, dtype=np.int64)


def world_text(world: World) -> str:
    """What a world was made from, and what its registers say, as JSON."""
    record = {
        "format": "bongsu-sandbox-world/1",
        "sandbox": True,
        "seed": world.seed,
        "start": stamp(world.start),
        "days": world.days,
        "vessels": len(world.vessels),
        "positions": len(world.positions),
        "statements": len(world.statements),
        "exhibit": exhibit_of(world),
        "register": [each.record() for each in world.register],
    }
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def exhibit_of(world: World) -> str:
    """What the rows of a world cite: the SHA-256 of what it was made from."""
    made_from = f"SANDBOX seed={world.seed} vessels={len(world.vessels)} days={world.days} start={stamp(world.start)}"
    return digest(made_from.encode())


def position_table(positions: Positions, *, exhibit: str, first_row: int = 1) -> pa.Table:
    """Positions as Arrow, with the columns of `Position`, in the order they arrived."""
    latitude, longitude = positions.latitude_deg(), positions.longitude_deg()
    row = np.floor((latitude + 90.0) * CELLS_PER_DEGREE).astype(np.int64)
    column = np.floor((longitude + 180.0) * CELLS_PER_DEGREE).astype(np.int64) % CELLS_AROUND
    count = len(positions)
    columns = {
        "mmsi": positions.mmsi.astype(np.int64),
        "at": pa.array(positions.at * 1_000_000, type=pa.timestamp("us", tz="UTC")),
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "speed_kn": _known(np.round(positions.speed / 10, 1), positions.speed != NO_SPEED),
        "course_deg": np.round(positions.course / 10, 1),
        "heading_deg": _known(positions.heading.astype(np.float64), positions.heading != NO_HEADING),
        "status": _known(positions.status.astype(np.int64), positions.status != NO_STATUS),
        "cell": row * CELLS_AROUND + column,
        "source": pa.repeat(pa.scalar(SANDBOX), count),
        "exhibit": pa.repeat(pa.scalar(exhibit), count),
        "row": np.arange(first_row, first_row + count, dtype=np.int64),
        "world": pa.repeat(pa.scalar(SANDBOX), count),
    }
    schema = schema_of(Position)
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _known(values: np.ndarray, known: np.ndarray) -> pa.Array:
    return pa.array(values, mask=~known)


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd", row_group_size=ROWS_PER_GROUP, store_schema=False)
    return sink.getvalue()


def identities(world: World) -> list[Identity]:
    """What transponders said of their ships: of each MMSI a row for every run of statements that say the same."""
    exhibit = exhibit_of(world)
    by_mmsi: dict[int, list[tuple[int, Statement]]] = defaultdict(list)
    for row, statement in enumerate(world.statements, start=1):
        by_mmsi[statement.saying.mmsi].append((row, statement))
    return [
        _identity(list(run), exhibit)
        for mmsi in sorted(by_mmsi)
        for _, run in groupby(by_mmsi[mmsi], key=lambda each: _said(each[1]))
    ]


def _said(statement: Statement) -> tuple[object, ...]:
    said = statement.saying
    voyage = () if statement.class_b else (said.imo, said.draught_m, said.destination)
    return (said.name, said.call_sign, said.ship_type, said.length_m, said.beam_m, voyage)


def _identity(run: list[tuple[int, Statement]], exhibit: str) -> Identity:
    (row, first), (_, last) = run[0], run[-1]
    said, small = first.saying, first.class_b
    return Identity(
        mmsi=said.mmsi,
        first_at=datetime.fromtimestamp(first.at, tz=UTC),
        last_at=datetime.fromtimestamp(last.at, tz=UTC),
        reports=len(run),
        imo=None if small else said.imo,
        name=said.name,
        call_sign=said.call_sign,
        ship_type=said.ship_type,
        length_m=float(said.length_m),
        beam_m=float(said.beam_m),
        draught_m=None if small else said.draught_m,
        destination=None if small else said.destination,
        source=SANDBOX,
        exhibit=exhibit,
        row=row,
        world=SANDBOX,
    )


def nmea(positions: Positions, statements: list[Statement]) -> bytes:
    """A receiver's log: sentences by time, each with its tag block, some out of order by one."""
    pieces: list[bytes] = []
    waiting = 0
    for begin in range(0, len(positions), _CHUNK):
        some = positions.where(np.arange(begin, min(begin + _CHUNK, len(positions))))
        lines = sentences(some)
        times = some.at.tolist()
        for number in range(1, len(lines), _SWAPS):
            lines[number - 1], lines[number] = lines[number], lines[number - 1]
        out: list[bytes] = []
        for at, line in zip(times, lines, strict=True):
            while waiting < len(statements) and statements[waiting].at <= at:
                out += statement_lines(statements[waiting])
                waiting += 1
            out.append(line)
        pieces.append(b"\r\n".join(out))
    rest = [line for statement in statements[waiting:] for line in statement_lines(statement)]
    return b"\r\n".join([*pieces, *rest]) + b"\r\n"


def marine_cadastre(world: World, positions: Positions) -> bytes:
    """The table as MarineCadastre publishes it: what a ship says of herself stands in every row."""
    said, which = _in_force(world, positions)
    small = positions.class_b
    heard = np.char.add(np.datetime_as_string(positions.at.astype("datetime64[s]")), "")

    def of(field: Callable[[Saying], object], none: np.ndarray | None = None) -> pa.Array:
        values = pa.array([field(each) for each in said]).take(pa.array(which))
        return values if none is None else pa.compute.if_else(pa.array(none), None, values)

    table = pa.table(
        {
            "MMSI": positions.mmsi,
            "BaseDateTime": heard,
            "LAT": positions.latitude_deg(),
            "LON": positions.longitude_deg(),
            "SOG": np.round(positions.speed / 10, 1),
            "COG": np.round(positions.course / 10, 1),
            "Heading": positions.heading.astype(np.float64),
            "VesselName": of(lambda each: each.name),
            "IMO": of(lambda each: None if each.imo is None else f"IMO{each.imo:07d}", small),
            "CallSign": of(lambda each: each.call_sign),
            "VesselType": of(lambda each: each.ship_type),
            "Status": _known(positions.status.astype(np.int64), positions.status != NO_STATUS),
            "Length": of(lambda each: each.length_m),
            "Width": of(lambda each: each.beam_m),
            "Draft": of(lambda each: each.draught_m, small),
            "Cargo": of(lambda each: each.ship_type),
            "TransceiverClass": np.where(small, "B", "A"),
        }
    )
    sink = io.BytesIO()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(quoting_style="none", quoting_header="none"))
    return sink.getvalue()


def generic_csv(positions: Positions) -> bytes:
    """The table with our own names of columns, and the world each row belongs to."""
    columns = (
        "mmsi",
        "at",
        "latitude_deg",
        "longitude_deg",
        "speed_kn",
        "course_deg",
        "heading_deg",
        "status",
        "world",
    )
    table = position_table(positions, exhibit=digest(b"SANDBOX")).select(list(columns))
    heard = pa.compute.strftime(table.column("at").cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    table = table.set_column(1, "at", heard)
    sink = io.BytesIO()
    pa_csv.write_csv(table, sink, pa_csv.WriteOptions(quoting_style="none", quoting_header="none"))
    return sink.getvalue()


def _in_force(world: World, positions: Positions) -> tuple[list[Saying], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Every saying of the world, and for each position the number of the one that was in force."""
    said = [each for vessel in world.vessels for each in vessel.sayings]
    firsts = np.cumsum([0, *(len(vessel.sayings) for vessel in world.vessels)])
    epoch = int(world.start.timestamp())
    # One number that rises by ship and time, so that all are looked up at once.
    span = 10 * 400 * _DAY_S
    turns = np.concatenate(
        [
            number * span + np.array([each.from_s for each in vessel.sayings], dtype=np.int64) + span // 2
            for number, vessel in enumerate(world.vessels)
        ]
    )
    asked = positions.vessel.astype(np.int64) * span + (positions.at - epoch) + span // 2
    which = np.searchsorted(turns, asked, side="right") - 1
    return said, np.maximum(which, firsts[positions.vessel])
