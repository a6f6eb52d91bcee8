"""Ahead: work on the next item begins while the last one is still being used, on another core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def ahead(items: Iterable[T], work: Callable[[T], R]) -> Iterator[R]:
    """What work makes of items, in their order, one item ahead of who asks.

    Args:
        items: asked for one by one, here and not on the other core.
        work: lets the interpreter go for most of its time, as Arrow does; what it raises is raised here.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting: Future[R] | None = None
        for item in items:
            behind, waiting = waiting, pool.submit(work, item)
            if behind is not None:
                yield behind.result()
        if waiting is not None:
            yield waiting.result()
