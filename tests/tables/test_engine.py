"""One table over many files, wherever they lie, and nothing in it that is not in them."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import asdict, dataclass, make_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import ibis
import pytest

from bongsu.evidence import Folder
from bongsu.kernel.errors import EvidenceError
from bongsu.tables import to_parquet
from bongsu.tables.engine import Engine, OverdueError
from bongsu.tables.moments import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An invented row with a field of each kind."""

    list: str
    count: int | None
    share: float
    sandbox: bool
    day: date
    seen_at: datetime | None


ONE = Row(
    list="SANDBOX",
    count=1,
    share=0.5,
    sandbox=True,
    day=date(2026, 11, 24),
    seen_at=datetime(2026, 11, 24, 6, 0, 0, 1, tzinfo=UTC),
)
TWO = replace(ONE, list="SANDBOX 둘", count=None, seen_at=None)
THREE = replace(ONE, list="", count=0, share=-0.0)


def keep(folder: Folder, name: str, *rows: Row) -> str:
    folder.write_once(name, to_parquet(rows, Row))
    return name


def rows_of(engine: Engine, table: ibis.Table) -> list[Row]:
    return [Row(**row) for row in engine.rows(table.order_by("list"))]


def test_the_rows_of_all_files_are_one_table(engine: Engine, folder: Folder) -> None:
    names = [keep(folder, "a/one.parquet", ONE), keep(folder, "b/two.parquet", TWO, THREE)]
    keep(folder, "a/not-asked.parquet", ONE)
    assert rows_of(engine, engine.table(folder, names, Row)) == [THREE, ONE, TWO]


def test_without_files_the_table_is_empty_and_has_the_columns(engine: Engine, folder: Folder) -> None:
    table = engine.table(folder, [], Row)
    assert list(table.columns) == list(Row.__slots__)
    assert engine.rows(table) == []
    assert engine.rows(table.filter(table.list == "SANDBOX").select("day").distinct()) == []


def test_a_file_without_rows_adds_none(engine: Engine, folder: Folder) -> None:
    names = [keep(folder, "empty.parquet"), keep(folder, "one.parquet", ONE)]
    assert rows_of(engine, engine.table(folder, names, Row)) == [ONE]
    assert rows_of(engine, engine.table(folder, names[:1], Row)) == []


def test_the_columns_have_the_same_types_wherever_the_files_lie(tmp_path: Path, engine: Engine) -> None:
    disk, elsewhere = Folder.open(str(tmp_path / "store")), Folder.open("memory://types")
    keep(disk, "one.parquet", ONE)
    keep(elsewhere, "one.parquet", ONE)
    tables = [
        engine.table(disk, ["one.parquet"], Row),
        engine.table(elsewhere, ["one.parquet"], Row),
        engine.table(disk, [], Row),
    ]
    types = [{name: kind.copy(nullable=True) for name, kind in table.schema().items()} for table in tables]
    assert types[0] == types[1] == types[2]


def test_times_come_back_in_utc_whatever_the_machine_s_zone(
    engine: Engine, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Pyongyang")
    with Engine() as abroad:
        (row,) = abroad.rows(abroad.table(folder, [keep(folder, "one.parquet", ONE)], Row))
    assert row == asdict(ONE)
    assert row["seen_at"].utcoffset().total_seconds() == 0


def test_questions_are_answered(engine: Engine, folder: Folder) -> None:
    table = engine.table(folder, [keep(folder, "x.parquet", ONE, TWO, THREE)], Row)
    asked = table.aggregate(rows=table.count(), known=table["count"].count(), last=table.day.max())
    assert engine.rows(asked) == [{"rows": 3, "known": 2, "last": date(2026, 11, 24)}]


def test_of_what_has_a_name_no_more_is_answered_than_is_asked(engine: Engine, folder: Folder) -> None:
    table = engine.keep(engine.table(folder, [keep(folder, "x.parquet", ONE, TWO, THREE)], Row))
    named = engine.named(table.mutate(twice=table["count"] * 2))
    assert engine.rows(named.filter(named.share > 0).select("list", "twice").order_by("list")) == [
        {"list": "SANDBOX", "twice": 2},
        {"list": "SANDBOX 둘", "twice": None},
    ]
    assert engine.rows(named.aggregate(rows=named.count())) == [{"rows": 3}]


def test_the_seconds_of_a_moment_are_whole_and_unknown_where_it_is(engine: Engine, folder: Folder) -> None:
    table = engine.table(folder, [keep(folder, "x.parquet", ONE, TWO)], Row)
    asked = table.select("list", second=seconds(table.seen_at)).order_by("list")
    assert asked.schema()["second"].is_int64()
    assert engine.rows(asked) == [
        {"list": "SANDBOX", "second": int(datetime(2026, 11, 24, 6, 0, 0, tzinfo=UTC).timestamp())},
        {"list": "SANDBOX 둘", "second": None},
    ]


def test_two_tables_can_be_joined_wherever_they_lie(tmp_path: Path, engine: Engine) -> None:
    disk, elsewhere = Folder.open(str(tmp_path / "store")), Folder.open("memory://joins")
    keep(disk, "x.parquet", ONE, TWO)
    keep(elsewhere, "x.parquet", TWO, THREE)
    left, right = (engine.table(each, ["x.parquet"], Row) for each in (disk, elsewhere))
    assert [row["list"] for row in engine.rows(left.semi_join(right, "list"))] == ["SANDBOX 둘"]


@pytest.mark.parametrize("place", ["list=INVENTED", "count=7/day=2020-01-01", "new=column"])
def test_a_folder_that_looks_like_a_partition_changes_no_value(tmp_path: Path, engine: Engine, place: str) -> None:
    """DuckDB would put `INVENTED` over what the files say in the column `list`, and add a column `new`."""
    folder = Folder.open(str(tmp_path / place))
    table = engine.table(folder, [keep(folder, "one.parquet", ONE)], Row)
    assert engine.rows(table) == [asdict(ONE)]


@pytest.mark.parametrize(
    ("place", "neighbour"),
    [("store[1]", "store1"), ("store*", "store-of-others"), ("st?re", "store"), ("store{1,2}", "store1"), ("**", "x")],
)
def test_a_path_that_looks_like_a_pattern_reads_no_neighbour(
    tmp_path: Path, engine: Engine, place: str, neighbour: str
) -> None:
    """DuckDB would read the files of the store beside it, too or instead."""
    folder, other = Folder.open(str(tmp_path / place)), Folder.open(str(tmp_path / neighbour))
    keep(other, "one.parquet", TWO)
    assert engine.rows(engine.table(folder, [keep(folder, "one.parquet", ONE)], Row)) == [asdict(ONE)]


def test_a_name_that_looks_like_a_pattern_reads_no_neighbour(engine: Engine, folder: Folder) -> None:
    keep(folder, "1.parquet", TWO)
    assert engine.rows(engine.table(folder, [keep(folder, "[1].parquet", ONE)], Row)) == [asdict(ONE)]


@pytest.mark.parametrize("place", ["with blank", "한글", "qu'ote", 'dou"ble', "100%", "a#b", "a;b", "~", "back\\slash"])
def test_a_store_may_lie_at_any_path(tmp_path: Path, engine: Engine, place: str) -> None:
    folder = Folder.open(str(tmp_path / place))
    assert engine.rows(engine.table(folder, [keep(folder, "one.parquet", ONE)], Row)) == [asdict(ONE)]


def test_a_file_of_other_columns_is_refused(engine: Engine, folder: Folder) -> None:
    other = make_dataclass("Other", [("list", str), ("count", str)])
    folder.write_once("other.parquet", to_parquet([other("SANDBOX", "1")], other))
    with pytest.raises(ValueError, match="are meant"):
        engine.table(folder, ["other.parquet"], Row)


def test_a_file_that_is_not_there_is_said(engine: Engine, folder: Folder) -> None:
    names = [keep(folder, "one.parquet", ONE), "absent.parquet"]
    with pytest.raises(EvidenceError, match=r"absent\.parquet: is not there"):
        engine.table(folder, names, Row)


@pytest.mark.parametrize("damaged", ["a.parquet", "b.parquet"])
@pytest.mark.parametrize("kept_bytes", [0, 4, 200])
def test_a_damaged_file_is_said_in_words(engine: Engine, folder: Folder, damaged: str, kept_bytes: int) -> None:
    names = [keep(folder, name, *[ONE] * 100) for name in ("a.parquet", "b.parquet")]
    folder.replace(damaged, folder.read(damaged)[:kept_bytes])
    with pytest.raises(EvidenceError, match="cannot be read"):
        engine.rows(engine.table(folder, names, Row))


def test_the_engine_fetches_no_extension_from_the_network(engine: Engine) -> None:
    settings = engine._connection.raw_sql(
        "select value from duckdb_settings() where name = 'autoinstall_known_extensions'"
    ).fetchall()
    assert settings == [("false",)]


def test_a_question_whose_time_is_over_is_stopped_and_the_engine_answers_the_next(engine: Engine) -> None:
    numbers = ibis.range(0, 200_000).unnest().name("number").as_table()
    every = numbers.cross_join(numbers.view()).filter(
        ibis._.number * ibis._.number_right % 1_000_003 == 7
    )  # for minutes
    with pytest.raises(OverdueError, match=r"no answer within 0.1 seconds"), engine.within(0.1):
        engine.rows(every.count().as_table())
    with engine.within(60):
        assert engine.rows(numbers.count().name("count").as_table()) == [{"count": 200_000}]


@pytest.mark.parametrize("asked", ["rows", "arrow", "keep"])
def test_ctrl_c_in_the_midst_of_a_question_is_an_interruption(asked: str) -> None:
    """In a process of its own: a worker would die of it, and one begun in the background does not heed it."""
    with subprocess.Popen([sys.executable, "-c", INTERRUPTED, asked], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "asking\n"
            process.send_signal(signal.SIGINT)
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (said, process.returncode) == ("interrupted; then 45000\n", 0)


# Asks for what takes some seconds, and says so once DuckDB has been at it for a moment. Of one task, as it is for up to
# 122,880 rows: for several DuckDB waits without looking for signals.
INTERRUPTED = """
import signal, sys, threading
import ibis
from bongsu.tables.engine import Engine

signal.signal(signal.SIGINT, signal.default_int_handler)
with Engine() as engine:
    numbers = engine.keep(ibis.range(45_000).unnest().name("n").as_table())
    every = numbers.cross_join(numbers.view()).filter((ibis._.n + ibis._.n_right) % 1_003 == 7).count().as_table()
    threading.Timer(1.0, lambda: print("asking", flush=True)).start()
    try:
        getattr(engine, sys.argv[1])(every)
    except KeyboardInterrupt:
        print("interrupted; then", engine.rows(numbers.count().name("count").as_table())[0]["count"], flush=True)
"""
