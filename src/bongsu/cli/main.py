"""The entry point: so light that Ctrl-C is answered in one line even while the commands are still being loaded."""

from __future__ import annotations

from typing import NoReturn

from bongsu.cli.interruption import nothing_begun


def main() -> NoReturn:
    """Run the command line and exit with a code the epilog of `bongsu --help` names."""
    with nothing_begun():
        from bongsu.cli.shell import run
    run()


if __name__ == "__main__":
    main()
