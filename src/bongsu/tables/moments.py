"""Moments: seconds since 1970 of a column of times, in a word that both engines know."""

from __future__ import annotations

from typing import Final

import ibis

_WORD: Final = "unix_seconds"
#: The word is Spark's own; the engine of this machine learns it when it opens.
FOR_DUCKDB: Final = f"create temp macro {_WORD}(moment) as epoch_us(moment) // 1000000"


@ibis.udf.scalar.builtin(name=_WORD, signature=(("timestamp('UTC')",), "int64"))
def _unix_seconds(moment):  # type: ignore[no-untyped-def] # only its name counts
    """What the engine works out."""


def seconds(moments: ibis.Value) -> ibis.Value:
    """Whole seconds since 1970.

    Not by `epoch_seconds`: that makes DuckDB look up the calendar of a time zone for every row, which costs more than
    all the reading.
    """
    return _unix_seconds(moments)
