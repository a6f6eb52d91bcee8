"""The invented world as files: whoever decodes them gets the positions that were heard."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import numpy as np
import pyais
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from bongsu.sandbox.sea.radio import sentences, statement_lines
from bongsu.sandbox.sea.world import World
from bongsu.sandbox.sea.writing import (
    files,
    generic_csv,
    identities,
    marine_cadastre,
    position_table,
    world_text,
)
from bongsu.sea.grid import cell_of
from bongsu.sea.model import Identity, Position
from bongsu.tables import from_parquet, schema_of

EXHIBIT = "a" * 64


def first_of_each_class(world: World) -> Iterator[int]:
    for small in (False, True):
        yield from np.flatnonzero(world.positions.class_b == small)[:2000:4].tolist()


def test_a_sentence_decodes_to_the_position_that_was_heard(world: World) -> None:
    chosen = np.array(list(first_of_each_class(world)))
    some = world.positions.where(chosen)
    latitude, longitude = some.latitude_deg(), some.longitude_deg()
    for number, line in enumerate(sentences(some)):
        tag, sentence = line[1:].split(b"\\")
        decoded = pyais.decode(sentence)
        assert (decoded.lat, decoded.lon) == (latitude[number], longitude[number])
        assert decoded.mmsi == some.mmsi[number]
        assert decoded.msg_type == (18 if some.class_b[number] else 1)
        assert (decoded.speed, decoded.course) == (some.speed[number] / 10, some.course[number] / 10)
        assert decoded.heading == some.heading[number]
        assert decoded.second == some.at[number] % 60
        assert f"s:SANDBOX,c:{some.at[number]}*".encode() in tag + b"*"


def test_check_sums_of_sentence_and_tag_block_hold(world: World) -> None:
    def total(text: bytes) -> str:
        return f"{np.bitwise_xor.reduce(np.frombuffer(text, dtype=np.uint8)):02X}"

    lines = [*sentences(world.positions.where(np.arange(50))), *statement_lines(world.statements[0])]
    for line in lines:
        tag, sentence = line[1:].split(b"\\")
        for part, skipped in ((tag, 0), (sentence, 1)):
            body, _, given = part.partition(b"*")
            assert total(body[skipped:]) == given.decode()


def test_a_static_report_decodes_to_what_the_ship_says_of_herself(world: World) -> None:
    for small in (False, True):
        statement = next(each for each in world.statements if each.class_b == small)
        said = statement.saying
        parts = [line.split(b"\\")[2] for line in statement_lines(statement)]
        if small:
            part_a, part_b = (pyais.decode(part) for part in parts)
            assert part_a.shipname == said.name
            assert (part_b.callsign, part_b.ship_type) == (said.call_sign, said.ship_type)
            assert part_b.to_bow + part_b.to_stern == said.length_m
        else:
            decoded = pyais.decode(*parts)
            assert (decoded.imo, decoded.shipname, decoded.callsign) == (said.imo or 0, said.name, said.call_sign)
            assert decoded.to_bow + decoded.to_stern == said.length_m
            assert decoded.to_port + decoded.to_starboard == said.beam_m
            assert decoded.draught == said.draught_m
            assert decoded.destination == said.destination


def test_every_report_is_in_the_log_of_its_day(world: World) -> None:
    logs = dict(files(world, "nmea"))
    lines = sum(log.count(b"\r\n") for log in logs.values())
    statements = sum(len(statement_lines(each)) for each in world.statements)
    assert lines == len(world.positions) + statements
    assert next(iter(logs)) == "sandbox_2026-01-05.nmea"
    assert all(line.startswith(b"\\s:SANDBOX,") for line in logs["sandbox_2026-01-06.nmea"].splitlines())


def test_the_rows_of_the_desk_hold_the_same_positions(world: World) -> None:
    made = dict(files(world, "parquet"))
    tables = [pq.read_table(pa.BufferReader(content)) for name, content in made.items() if name.startswith("positions")]
    whole = pa.concat_tables(tables)
    assert whole.schema.equals(schema_of(Position))
    assert whole.num_rows == len(world.positions)
    assert whole.column("row").to_pylist() == list(range(1, whole.num_rows + 1))
    assert set(whole.column("world").to_pylist()) == {"sandbox"}
    row = whole.slice(1000, 1).to_pylist()[0]
    assert row["cell"] == cell_of(row["latitude_deg"], row["longitude_deg"])
    assert int(row["at"].timestamp()) == world.positions.at[1000]
    assert row["latitude_deg"] == world.positions.latitude_deg()[1000]
    assert from_parquet(made["identities.parquet"], Identity) == identities(world)


def test_the_small_transponder_says_nothing_of_status_and_heading(world: World) -> None:
    small = position_table(world.positions.where(world.positions.class_b), exhibit=EXHIBIT)
    assert small.num_rows
    assert set(small.column("status").to_pylist()) == {None}
    assert set(small.column("heading_deg").to_pylist()) == {None}


def test_an_identity_is_one_row_for_as_long_as_it_is_sent(world: World) -> None:
    rows = identities(world)
    assert sum(row.reports for row in rows) == len(world.statements)
    assert all(row.first_at <= row.last_at for row in rows)
    changed = [each.mmsis[0] for each in world.truth if each.rule == "change" and each.role == "planted"]
    names = {row.name for row in rows if row.mmsi == changed[0]}
    assert len(names) == 2


def test_the_table_of_an_archive_has_its_columns_and_the_same_positions(world: World) -> None:
    some = world.positions.where(np.arange(3000))
    table = pa_csv.read_csv(io.BytesIO(marine_cadastre(world, some)))
    assert table.column_names[:7] == ["MMSI", "BaseDateTime", "LAT", "LON", "SOG", "COG", "Heading"]
    assert table.column_names[7:] == [
        *("VesselName", "IMO", "CallSign", "VesselType", "Status", "Length", "Width", "Draft", "Cargo"),
        "TransceiverClass",
    ]
    assert table.column("LAT").to_pylist() == some.latitude_deg().tolist()
    assert table.column("MMSI").to_pylist() == some.mmsi.tolist()
    names = {vessel.hull.mmsi: vessel.hull.name for vessel in world.vessels}
    shown = dict(zip(table.column("MMSI").to_pylist(), table.column("VesselName").to_pylist(), strict=True))
    assert sum(shown[mmsi] == names.get(mmsi) for mmsi in shown) > 0.8 * len(shown)


def test_the_plain_table_says_of_every_row_that_it_is_invented(world: World) -> None:
    lines = generic_csv(world.positions.where(np.arange(10))).decode().splitlines()
    assert lines[0] == "mmsi,at,latitude_deg,longitude_deg,speed_kn,course_deg,heading_deg,status,world"
    assert len(lines) == 11
    assert all(line.endswith(",sandbox") for line in lines[1:])


def test_the_world_file_names_seed_and_register(world: World) -> None:
    record = json.loads(world_text(world))
    assert record["seed"] == world.seed
    assert record["sandbox"] is True
    assert any(ship["designated"] for ship in record["register"])
    assert all(ship["imo"].startswith("0") and "SANDBOX" in ship["name"] for ship in record["register"])


def test_another_form_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="nmea, csv, parquet, not xml"):
        list(files(world, "xml"))
