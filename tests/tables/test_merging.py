"""Runs in order made into one: the same rows as sorting them all, with little of them in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bongsu.tables.merging import Keys, in_order, merged

ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=30)


def keys_of(table: pa.Table) -> Keys:
    return tuple(table.column(name).to_numpy() for name in ("ship", "at", "row"))


def table(rows: list[tuple[int, int]], run: int) -> pa.Table:
    numbered = [(ship, at, 1000 * run + index) for index, (ship, at) in enumerate(rows)]
    columns = list(zip(*numbered, strict=True)) or [(), (), ()]
    return pa.table(
        {name: pa.array(column, pa.int64()) for name, column in zip(("ship", "at", "row"), columns, strict=True)}
    )


def in_pieces(whole: pa.Table, size: int) -> Iterator[pa.Table]:
    for start in range(0, whole.num_rows, size):
        yield whole.slice(start, size)


@given(runs=st.lists(ROWS, max_size=5), size=st.integers(1, 7))
def test_merging_runs_gives_what_sorting_all_rows_gives(runs: list[list[tuple[int, int]]], size: int) -> None:
    tables = [in_order(table(rows, run), keys_of) for run, rows in enumerate(runs)]
    made = list(merged([in_pieces(each, size) for each in tables], keys_of))
    assert all(piece.num_rows for piece in made)
    found = [tuple(row.values()) for piece in made for row in piece.to_pylist()]
    assert found == sorted(tuple(row.values()) for each in tables for row in each.to_pylist())


def test_only_one_table_of_each_run_is_asked_for_before_the_first_is_given() -> None:
    asked = []

    def run(number: int) -> Iterator[pa.Table]:
        for start in range(0, 100, 10):
            asked.append((number, start))
            yield table([(at, number) for at in range(start, start + 10)], number)

    first = next(merged([run(0), run(1)], lambda rows: keys_of(rows)[:2]))
    assert asked == [(0, 0), (1, 0)]
    assert first.num_rows == 19  # up to the last row in memory of the first run, (9, 0)
