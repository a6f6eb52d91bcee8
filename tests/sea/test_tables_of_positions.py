"""Tables of positions, identities and events: what each source says, what is set aside, and every line counted."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import CardError, SourceRefusedError
from bongsu.sandbox.sea.world import World, make_world
from bongsu.sandbox.sea.writing import files
from bongsu.sea.cards import Source, recognise, source, source_from
from bongsu.sea.journal import lines_in
from bongsu.sea.model import Batch

FIXTURES = Path(__file__).parent / "fixtures"
CLOCK = datetime(2026, 11, 26, tzinfo=UTC)
MIDNIGHT_S = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp())
EXHIBIT = digest(b"SANDBOX exhibit")
FILES = {
    "marine_cadastre_sandbox.csv": "marine_cadastre",
    "marine_cadastre_broken_sandbox.csv": "marine_cadastre",
    "danish_sandbox.csv": "danish",
    "danish_broken_sandbox.csv": "danish",
    "gfw_encounters_sandbox.csv": "gfw_events",
    "gfw_answer_sandbox.json": "gfw_events",
    "gfw_vessels_sandbox.csv": "gfw_vessels",
    "columns_sandbox.csv": "columns",
    "columns_json_sandbox.json": "columns",
}
every_file = pytest.mark.parametrize("name", FILES)


def source_for(name: str) -> Source:
    if FILES[name] == "columns":
        content = (FIXTURES / name).with_suffix(".toml").read_bytes()
        return source_from(content, name="columns", where="columns.toml")
    return source(FILES[name])


def read(where: Source, content: bytes, from_line: int = 1) -> list[Batch]:
    stream = io.BytesIO(content)
    return list(where.read(stream, exhibit=EXHIBIT, clock=CLOCK, from_line=from_line, world="sandbox"))


def rows(batches: Iterable[Batch], kind: str) -> list[dict[str, Any]]:
    tables = [getattr(batch, kind) for batch in batches]
    return [row for table in tables if table is not None for row in table.to_pylist()]


def counts(batches: Iterable[Batch]) -> Counter[str]:
    total: Counter[str] = Counter()
    for batch in batches:
        total.update(batch.counted)
    return total


def golden(batches: list[Batch]) -> str:
    """All that was read, one JSON text a line, times as text."""
    lines: list[Any] = [{kind: row} for kind in ("positions", "identities", "events") for row in rows(batches, kind)]
    lines += [{"set_aside": [row.line, row.field, row.reason, row.value]} for b in batches for row in b.set_aside]
    lines.append({"counted": dict(sorted(counts(batches).items()))})
    return "".join(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)


@every_file
def test_a_file_says_what_its_golden_copy_says(name: str) -> None:
    batches = read(source_for(name), (FIXTURES / name).read_bytes())
    assert golden(batches) == (FIXTURES / f"{Path(name).stem}.golden.jsonl").read_text("utf-8")


@every_file
def test_every_line_is_in_exactly_one_count(name: str) -> None:
    content = (FIXTURES / name).read_bytes()
    batches = read(source_for(name), content)
    parsed = json.loads(content) if name.endswith(".json") else content.splitlines()
    lines = len(parsed["entries"] if isinstance(parsed, dict) else parsed)
    assert lines_in(counts(batches)) == batches[-1].last_line == lines


@every_file
def test_a_file_is_recognised_by_its_first_line(name: str) -> None:
    if FILES[name] != "columns":
        assert recognise((FIXTURES / name).read_bytes(), where=name).card.id == FILES[name]


@every_file
def test_reading_goes_on_from_any_line(name: str) -> None:
    content = (FIXTURES / name).read_bytes()
    where = source_for(name)
    (whole,) = read(where, content)
    for line in range(1, whole.last_line + 1):
        batches = read(where, content, from_line=line)
        assert lines_in(counts(batches)) == whole.last_line - line + 1
        for kind in ("positions", "events"):
            assert [row["row"] for row in rows(batches, kind)] == [
                row["row"] for row in rows([whole], kind) if row["row"] >= line
            ] or "the same report again" in str(whole.counted)


def test_a_row_is_cited_by_its_line_in_the_file() -> None:
    batches = read(source("marine_cadastre"), (FIXTURES / "marine_cadastre_sandbox.csv").read_bytes())
    lines = (FIXTURES / "marine_cadastre_sandbox.csv").read_text().splitlines()
    for row in rows(batches, "positions"):
        assert lines[row["row"] - 1].startswith(f"{row['mmsi']},{row['at']:%Y-%m-%dT%H:%M:%S}")


def packed(content: bytes) -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("sandbox.csv", content)
    return {
        "gzip": gzip.compress(content),
        "zip": archive.getvalue(),
        "zstd": pa.compress(content, codec="zstd", asbytes=True),
        "marked": b"\xef\xbb\xbf" + content,
        "dos": content.replace(b"\n", b"\r\n"),
    }


@pytest.mark.parametrize("how", ["gzip", "zip", "zstd", "marked", "dos"])
def test_packing_changes_nothing(how: str) -> None:
    content = (FIXTURES / "danish_sandbox.csv").read_bytes()
    assert golden(read(source("danish"), packed(content)[how])) == golden(read(source("danish"), content))


def test_the_members_of_a_zip_file_follow_one_another() -> None:
    first = (FIXTURES / "danish_sandbox.csv").read_bytes().removesuffix(b"\n")
    second = first.replace(b"02/01/2026", b"03/01/2026")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("aisdk-2026-01-02.csv", first)
        file.writestr("aisdk-2026-01-03.csv", second)
    batches = read(source("danish"), archive.getvalue())
    assert counts(batches)["headers"] == 2
    assert [row["row"] for row in rows(batches, "positions")] == [2, 3, 5, 6, 9, 10, 12, 13]
    assert lines_in(counts(batches)) == 14


@pytest.mark.parametrize("how", ["gzip", "zip", "zstd"])
def test_a_packed_file_that_is_cut_off_is_refused(how: str) -> None:
    content = (FIXTURES / "danish_sandbox.csv").read_bytes() * 50
    whole = packed(content)[how]
    with pytest.raises(SourceRefusedError, match=r"cut off|corrupt"):
        read(source("danish"), whole[: len(whole) // 2])


def test_a_zip_file_of_too_many_members_is_refused() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for number in range(10_001):
            file.writestr(f"{number}.csv", b"")
    with pytest.raises(SourceRefusedError, match="more than 10000 members"):
        read(source("danish"), archive.getvalue())


@pytest.mark.parametrize("how", ["gzip", "zip", "zstd"])
def test_a_bomb_is_refused(how: str) -> None:
    header = (FIXTURES / "danish_sandbox.csv").read_bytes().partition(b"\n")[0] + b"\n"
    with pytest.raises(SourceRefusedError, match="times its size"):
        read(source("danish"), packed(header + b"\n" * 2**26)[how])


def test_a_line_without_end_is_one_line_and_memory_stays_small() -> None:
    content = (FIXTURES / "danish_sandbox.csv").read_bytes()
    batches = read(source("danish"), content + b"x" * 2**22 + b"\n" + content.splitlines()[1] + b"\n")
    assert counts(batches)["set aside: line is too long"] == 1
    assert lines_in(counts(batches)) == 9


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("MMSI,BaseDateTime,LAT,LON,Horoscope", "does not know: 'Horoscope'"),
        ("MMSI,BaseDateTime,LAT", "lacks a column"),
        ("MMSI,MMSI,BaseDateTime,LAT,LON", "'MMSI' twice"),
        ("", "lacks a column|no header|does not know"),
    ],
)
def test_a_header_that_is_not_known_is_refused(header: str, why: str) -> None:
    with pytest.raises(SourceRefusedError, match=why):
        read(source("marine_cadastre"), f"{header}\n199000001,2026-01-02T00:00:01,38.5,124.5,1\n".encode())


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="is empty"):
        read(source("marine_cadastre"), b"")


def test_a_mapping_that_makes_what_there_is_not_is_refused() -> None:
    content = (FIXTURES / "columns_sandbox.toml").read_bytes().replace(b'"speed_m_s"', b'"speed_furlongs"')
    wrong = source_from(content, name="columns", where="columns.toml")
    with pytest.raises(CardError, match="speed_furlongs"):
        read(wrong, (FIXTURES / "columns_sandbox.csv").read_bytes())


def test_a_mapping_gives_units_zone_and_the_order_of_a_place() -> None:
    first, *_ = rows(
        read(source_for("columns_sandbox.csv"), (FIXTURES / "columns_sandbox.csv").read_bytes()), "positions"
    )
    assert first["at"] == datetime(2026, 1, 2, 8, 0, tzinfo=UTC)  # nine o'clock in Berlin, in winter
    assert (first["latitude_deg"], first["longitude_deg"]) == (38.5, 124.5)
    assert first["speed_kn"] == pytest.approx(9.7192, abs=1e-4)  # 5 m/s


def test_parquet_is_read_by_the_same_rules() -> None:
    table = pa.table(
        {
            "mmsi": pa.array([199_000_001, 199_000_001, None], pa.int64()),
            "at": pa.array(
                [datetime(2026, 1, 2, 0, minute, tzinfo=UTC) for minute in range(3)], pa.timestamp("us", "UTC")
            ),
            "latitude_deg": [38.123456789, 91.0, 38.0],
            "longitude_deg": [124.5, 124.5, 124.5],
            "speed_kn": pa.array([9.5, 1.0, 1.0], pa.float32()),
            "world": ["sandbox"] * 3,
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    batches = read(source("columns"), sink.getvalue())
    assert [(row["row"], row["latitude_deg"], row["speed_kn"]) for row in rows(batches, "positions")] == [
        (1, 38.123456789, 9.5)
    ]
    assert lines_in(counts(batches)) == 3
    with pytest.raises(SourceRefusedError, match="corrupt"):
        read(source("columns"), sink.getvalue()[:-20])


class Watched(io.BytesIO):
    """A file that remembers the most bytes that were asked for at once."""

    most = 0

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size)
        self.most = max(self.most, len(content))
        return content


def test_a_column_of_parquet_is_read_piece_by_piece_however_many_rows_are_in_a_group() -> None:
    count = 300_000
    table = pa.table(
        {
            "mmsi": pa.repeat(199_000_001, count),
            "at": pa.array(range(MIDNIGHT_S, MIDNIGHT_S + count), pa.timestamp("s", "UTC")),
            "latitude_deg": [number * 1e-4 for number in range(count)],
            "longitude_deg": pa.repeat(124.5, count),
            "world": pa.repeat("sandbox", count),
        }
    )
    sink = Watched()
    pq.write_table(table, sink, row_group_size=count, use_dictionary=False, compression="none")
    assert sink.tell() > 6 * 2**20
    sink.seek(0)
    assert counts(source("columns").read(sink, exhibit=EXHIBIT, clock=CLOCK))["positions"] == count
    assert sink.most <= 2**20


def test_records_a_line_each_say_what_an_array_of_them_says() -> None:
    content = (FIXTURES / "columns_json_sandbox.json").read_bytes()
    lines = b"".join(json.dumps(record).encode() + b"\n" for record in json.loads(content))
    where = source_for("columns_json_sandbox.json")
    assert golden(read(where, lines)) == golden(read(where, content))
    more = read(where, lines + b"\n{broken\n" + b'{"MMSI": "' + b"9" * 5000 + b'"}\n')
    assert counts(more)["blank lines"] == counts(more)["set aside: line is too long"] == 1
    assert counts(more)["set aside: record is no JSON object"] == 2
    assert lines_in(counts(more)) == 11


@pytest.fixture(scope="module")
def world() -> World:
    """An invented world of a week."""
    return make_world(vessels=100, days=7, seed=7)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_the_sandbox_writes_is_read_and_says_that_it_is_invented(form: str, world: World) -> None:
    """Without being told: its ships have names, or its rows a column, that say so."""
    taken: Counter[str] = Counter()
    for name, content in files(world, form):
        batches = list(recognise(content[:65536], where=name).read(io.BytesIO(content), exhibit=EXHIBIT, clock=CLOCK))
        taken += counts(batches)
        assert {row["world"] for kind in ("positions", "identities") for row in rows(batches, kind)} == {"sandbox"}
    aside = sum(count for words, count in taken.items() if words.startswith("set aside: "))
    assert taken["positions"] + aside == len(world.positions)
    assert taken["positions"] > 0.9 * len(world.positions)


BIG = {
    name: (FIXTURES / name).read_bytes()
    for name in (
        "marine_cadastre_sandbox.csv",
        "danish_broken_sandbox.csv",
        "gfw_encounters_sandbox.csv",
        "columns_sandbox.csv",
    )
}


@settings(max_examples=150)
@given(data=st.data())
def test_any_bytes_altered_never_crash_and_every_line_is_counted(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(BIG)))
    header, _, body = BIG[name].partition(b"\n")
    altered = bytearray(body)
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(altered) - 1))
        if data.draw(st.booleans()):
            altered[place] = data.draw(st.sampled_from([*b'",;\r\n\0\xff\xc3 0-.', *range(256)]))
        else:
            del altered[place]
    content = header + b"\n" + bytes(altered)
    batches = read(source_for(name), content)
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert lines_in(counts(batches)) == batches[-1].last_line == lines


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for name in ("marine_cadastre", "danish", "gfw_events", "gfw_vessels", "columns"):
        try:
            read(source(name), content)
        except SourceRefusedError as error:
            assert error.what  # noqa: PT017 - it may also be read


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 1, 1)))  # noqa: DTZ001 - hypothesis wants it so
def test_times_are_read_as_the_standard_library_reads_them(moment: datetime) -> None:
    from zoneinfo import ZoneInfo

    from bongsu.sea.fields import times

    moment = moment.replace(microsecond=0)
    for form in ("%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%b %d %Y, %H:%M:%S"):
        found = times(pa.array([moment.strftime(form), "nonsense", None]), [form], ZoneInfo("UTC"))
        assert found.values.to_pylist() == [moment.replace(tzinfo=UTC), None, None]
        assert found.bad.to_pylist() == [False, True, False]
