"""What an interruption does while nothing is begun yet: it ends the process at once, in one line."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

_WORDS: Final[dict[int, bytes]] = {signal.SIGINT: b"interrupted", signal.SIGTERM: b"terminated"}


@contextmanager
def nothing_begun() -> Iterator[None]:
    """A time in which Ctrl-C or a request to end (SIGTERM) ends the process at once: nothing is open yet, and a library
    that is loading might swallow the exception or make another error of it.
    """
    usual = {number: signal.getsignal(number) for number in _WORDS} if _may_set_handlers() else {}
    answered = {number: handler for number, handler in usual.items() if _is_answered(handler)}
    for number in answered:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in answered.items():
            signal.signal(number, handler)


def _may_set_handlers() -> bool:
    return threading.current_thread() is threading.main_thread()


def _is_answered(handler: object) -> bool:
    """Whether the signal does something; where it is ignored, as under nohup, it stays so."""
    return handler is signal.SIG_DFL or callable(handler)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"\n%s; nothing was begun\n" % _WORDS[number])
    os._exit(128 + number)
