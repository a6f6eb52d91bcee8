"""The entry point: so light that Ctrl-C is answered in one line even while the commands are still being loaded."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

_WORDS: Final[dict[int, bytes]] = {signal.SIGINT: b"interrupted", signal.SIGTERM: b"terminated"}


def main() -> NoReturn:
    """Run the command line and exit with a code the epilog of `bongsu --help` names."""
    with _nothing_begun():
        from bongsu.cli.shell import run
    run()


@contextmanager
def _nothing_begun() -> Iterator[None]:
    """A time in which Ctrl-C or a request to end (SIGTERM) ends the process at once: nothing is open yet, and a library
    that is loading might swallow the exception or make another error of it.
    """
    usual = {number: signal.getsignal(number) for number in _WORDS}
    for number, handler in usual.items():
        if handler in {signal.default_int_handler, signal.SIG_DFL}:  # else it is ignored, as under nohup, and stays so
            signal.signal(number, _leave)
    try:
        yield
    finally:
        for number, handler in usual.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"\n%s; nothing was begun\n" % _WORDS[number])
    os._exit(128 + number)


if __name__ == "__main__":
    main()
