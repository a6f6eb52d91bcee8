"""Merging: runs of rows, each in order, made into one run in order, of which only a little is in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa

#: One array of whole numbers for each key, the first key first; together they tell any two rows apart.
Keys: TypeAlias = tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]
KeysOf: TypeAlias = Callable[[pa.Table], Keys]


def in_order(table: pa.Table, keys_of: KeysOf) -> pa.Table:
    """The rows of a table by its keys.

    Args:
        table: all in memory.
        keys_of: the keys of its rows.
    """
    return table.take(pa.array(_order(keys_of(table))))


def merged(runs: Sequence[Iterable[pa.Table]], keys_of: KeysOf) -> Iterator[pa.Table]:
    """The rows of several runs in one order.

    Args:
        runs: each a stream of tables whose rows are in order by the keys, within a table and from one to the next. One
            table of each is in memory at a time.
        keys_of: the keys of a table's rows.

    Returns:
        Tables of any length but 0, in order; none where the runs are empty.
    """
    left = [run for run in (_Run(tables, keys_of) for tables in runs) if run.has_rows()]
    while left:
        # Whatever is not above the least of the last rows in memory: nothing still to come can be below it.
        bound = min(run.last() for run in left)
        pieces = [run.take(count) for run in left if (count := run.count_up_to(bound))]
        yield _together(pieces)
        left = [run for run in left if run.has_rows()]


class _Run:
    """A stream of tables with the rows of it that are in memory."""

    def __init__(self, tables: Iterable[pa.Table], keys_of: KeysOf) -> None:
        self._tables = iter(tables)
        self._keys_of = keys_of
        self._table: pa.Table = None
        self._keys: Keys = ()
        self._at = 0

    def has_rows(self) -> bool:
        """Whether rows are in memory, fetched now if need be."""
        while self._table is None or self._at == self._table.num_rows:
            self._table, self._at = next(self._tables, None), 0
            if self._table is None:
                return False
            self._keys = self._keys_of(self._table)
        return True

    def last(self) -> tuple[int, ...]:
        """The keys of the last row in memory."""
        return self._key(self._table.num_rows - 1)

    def count_up_to(self, bound: tuple[int, ...]) -> int:
        """How many of the rows in memory are not above a bound."""
        low, high = self._at, self._table.num_rows
        while low < high:
            middle = (low + high) // 2
            if self._key(middle) <= bound:
                low = middle + 1
            else:
                high = middle
        return low - self._at

    def take(self, count: int) -> tuple[pa.Table, Keys]:
        """The next rows in memory, with their keys."""
        start, self._at = self._at, self._at + count
        return self._table.slice(start, count), tuple(key[start : start + count] for key in self._keys)

    def _key(self, index: int) -> tuple[int, ...]:
        return tuple(int(key[index]) for key in self._keys)


def _together(pieces: list[tuple[pa.Table, Keys]]) -> pa.Table:
    if len(pieces) == 1:
        return pieces[0][0]
    table = pa.concat_tables([piece for piece, _ in pieces])
    keys = tuple(np.concatenate(columns) for columns in zip(*(keys for _, keys in pieces), strict=True))
    return table.take(pa.array(_order(keys)))


def _order(keys: Keys) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.lexsort(keys[::-1])
