"""Two who act at once, without threads and clocks: the second acts in the moment before the first begins to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def first_to_the_lock(act: Callable[[], object]) -> Iterator[list[object]]:
    """Whatever is done inside finds, when it begins to write, that someone else came first and has written.

    Args:
        act: what the other does.

    Returns:
        What came of it, once it is done: a list of one.
    """
    begun: list[bool] = []
    done: list[object] = []

    def before(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]) -> Any:
        if sql.startswith("SAVEPOINT") and not begun:
            begun.append(True)
            done.append(act())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(before):
        yield done
