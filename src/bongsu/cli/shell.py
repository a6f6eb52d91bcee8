"""The shell: the groups of commands, and how errors reach a person."""

from __future__ import annotations

import io
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

import click

import bongsu
from bongsu.cli.deferral import Deferred, LazyGroup
from bongsu.cli.terminal import ERR, ReaderGoneError, plain
from bongsu.kernel.errors import BongsuError

EPILOG = """\b
Exit codes: 0 done; 1 a card or another part of the program is broken; 2 the question is malformed;
3 a source was refused or could not be read; 4 evidence is missing or damaged; 5 not reproduced;
6 another process works on the same store; 130 interrupted; 143 terminated."""
_STANDS: Final = "what was finished stands, run the same command again to complete it"


@click.group(
    cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(bongsu.__version__, prog_name="bongsu")
@click.option("--verbose", is_flag=True, help="Show the traceback of an error.")
def cli(verbose: bool) -> None:
    """Monitor the UN sanctions on the DPRK.

    What is forbidden (law), who is designated (lists), who may be meant (screen), what changed (run), and the evidence
    for it (evidence). An indicator is a sign found by a machine, not an accusation.
    """
    del verbose  # read by `run`, where errors end


# The help of every command, its first sentence: held equal to the command's own by a test.
cli.add_command(
    Deferred("bongsu.cli.cycle", "run", summary="Run one cycle of the watch: collect, read, compare, detect, report.")
)
cli.add_command(
    Deferred(
        "bongsu.cli.cycle",
        "reproduce",
        summary="Compute the outputs of cycles again from their exhibits and compare every byte.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.serve",
        "serve",
        summary="Serve the site: the watch, the register, the law and casework, in a browser.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.site",
        "site",
        summary="The site's own affairs: persons, links with which they sign in, backups.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.case",
        "case",
        summary="Casework: cases, what a finding still lacks, and every act, under the account of a person.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.mcp",
        "mcp",
        summary="Answer an assistant's read-only questions over the Model Context Protocol.",
    )
)
cli.add_command(Deferred("bongsu.cli.law", "law", summary="What the resolutions prohibit and require, as dated facts."))
cli.add_command(
    Deferred(
        "bongsu.cli.lists",
        "lists",
        summary="Designation lists: what a copy holds, what changed, who was designated when.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.screen",
        "screen",
        summary="Screen a NAME, or a file of names, against the lists in the store.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.register",
        "register",
        summary="All lists as one register: who is listed by whom, what joins the listings, "
        "and what still waits for people.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.sea",
        "sea",
        summary="The sea: ship positions, what ships say of themselves, and events that others published.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.evidence",
        "evidence",
        summary="The exhibits: bytes as received, kept under their SHA-256, and the log of what happened to them.",
    )
)
cli.add_command(
    Deferred(
        "bongsu.cli.cases",
        "cases",
        summary="Casework: an exported journal of acts, whether it holds together, and what cases it makes.",
    )
)
cli.add_command(Deferred("bongsu.cli.sandbox", "sandbox", summary="Invented worlds with a known truth."))


def run() -> NoReturn:
    """Run the command line and exit with a code the epilog of `bongsu --help` names."""
    verbose = "--verbose" in sys.argv[1:2]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot print Korean gets its code points, not an error.
        sys.stdout.reconfigure(errors="backslashreplace")
    terminated: list[int] = []  # what asked the process to end; click makes one exception of every interruption

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        terminated.append(number)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, end)
    try:
        code = cli.main(standalone_mode=False, prog_name="bongsu")
    except (click.exceptions.Abort, KeyboardInterrupt):
        if terminated:
            _end(f"terminated; {_STANDS}", 143)
        _end(f"interrupted; {_STANDS}", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ReaderGoneError:  # nothing is wrong, and nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except BongsuError as error:
        if verbose:
            ERR.print_exception()
        _end(_sentence(error), error.exit_code)
    except Exception as error:  # noqa: BLE001  the outermost shell: a defect of ours, said in one sentence
        if verbose:
            ERR.print_exception()
        _end(
            f"bongsu: an error in Bongsu itself: {type(error).__name__}: {error}\n"
            "  what to do: run it again as `bongsu --verbose ...` and report what it prints",
            1,
        )
    sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: BongsuError) -> str:
    where = f"{error.where}: " if error.where else ""
    remedy = f"\n  what to do: {error.remedy}" if error.remedy else ""
    return f"bongsu: {where}{error.what}{remedy}"


def _end(text: str, code: int) -> NoReturn:
    click.echo(plain(text), err=True)
    sys.exit(code)
