"""The entry point: so light that Ctrl-C is answered in one line even while the commands are still being loaded."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and exit with a code the epilog of `bongsu --help` names."""
    with _nothing_begun():
        from bongsu.cli.shell import run
    run()


@contextmanager
def _nothing_begun() -> Iterator[None]:
    """A time in which Ctrl-C ends the process at once: nothing is open yet, and a library that is loading might
    swallow the exception or make another error of it.
    """
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.default_int_handler:  # else it is ignored, as under nohup, and stays so
        signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"\ninterrupted; nothing was begun\n")
    os._exit(130)


if __name__ == "__main__":
    main()
