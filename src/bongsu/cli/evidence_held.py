"""`bongsu evidence hold-back`, `reveal` and `verify-opening`: evidence nobody may know of until later."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option, store_option
from bongsu.cli.exhibits import attested_record, attested_words, open_exhibits, open_timestamps
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import pairs, say_json
from bongsu.cycle.anchors import expect_last_anchor
from bongsu.cycle.version import TOOL
from bongsu.evidence import (
    SALT_BYTES,
    Capture,
    CustodyEntry,
    ExhibitStore,
    Opening,
    held_since,
    log_commitment,
    log_revealed,
    own_file,
    read_own_file,
    write_own_file,
)
from bongsu.kernel.clock import stamp as written
from bongsu.kernel.errors import EvidenceError

_FILE = click.Path(dir_okay=False, path_type=Path)
_OWNER_ONLY: Final = 0o600
_MOST_OPENING_BYTES: Final = 4096


@click.command(name="hold-back")
@click.argument("file", type=_FILE)
@click.option("--opening", type=_FILE, help="Where salt and digest are written; by default FILE with .opening added.")
@config_option
@store_option
@as_json
def hold_back(file: Path, opening: Path | None, config: Path | None, store: str | None, as_json: bool) -> None:
    """Commit to a file that must not be known yet: the log receives a salted commitment alone.

    The file stays where it is. Salt and digest are written to a file that its owner alone may read. Keep both: without
    them nothing can be proved later.
    """
    exhibits = open_exhibits(store, config)
    expect_last_anchor(exhibits)
    with own_file(file) as stream:
        found = Opening.of(stream, salt=secrets.token_bytes(SALT_BYTES))
    target = opening or file.with_name(f"{file.name}.opening")
    # The opening first: a commitment that nobody can open is of no use, an opening without one does no harm.
    write_own_file(target, [found.content()], force=False, mode=_OWNER_ONLY)
    entry = log_commitment(exhibits.custody, found, now())
    if as_json:
        say_json({"commitment": found.commitment, "seq": entry.seq, "opening": str(target)})
    else:
        pairs({"commitment": found.commitment, "entry": entry.seq, "opening": target})


@click.command()
@click.argument("opening", type=_FILE)
@click.argument("file", type=_FILE)
@config_option
@store_option
@as_json
def reveal(opening: Path, file: Path, config: Path | None, store: str | None, as_json: bool) -> None:
    """Receive a file that was held back, and log which commitment it opens.

    OPENING is what `bongsu evidence hold-back` wrote. Other bytes, another salt or a changed log are refused.
    """
    exhibits = open_exhibits(store, config)
    expect_last_anchor(exhibits)
    found = _read(opening)
    entry = held_since(exhibits.custody, found)
    with own_file(file) as stream:
        found.expect(stream, where=str(file))
        stream.seek(0)
        capture = Capture(source="held_back", url=file.name, retrieved_at=now(), tool=TOOL)
        if exhibits.receive(stream, capture).digest != found.digest:
            raise EvidenceError("was changed while it was read", where=str(file), remedy="take the copy you kept")
    log_revealed(exhibits.custody, found, entry, now())
    _say(exhibits, found, entry, config, as_json=as_json, first="exhibit")


@click.command(name="verify-opening")
@click.argument("opening", type=_FILE)
@click.option(
    "--file", type=_FILE, help="The bytes that were held back; without it only the opening and the log are verified."
)
@config_option
@store_option
@as_json
def verify_opening(opening: Path, file: Path | None, config: Path | None, store: str | None, as_json: bool) -> None:
    """Verify that a commitment was in the custody log, and since when; nothing is received or written."""
    exhibits = open_exhibits(store, config)
    expect_last_anchor(exhibits)
    found = _read(opening)
    entry = held_since(exhibits.custody, found)
    if file is not None:
        with own_file(file) as stream:
            found.expect(stream, where=str(file))
    _say(exhibits, found, entry, config, as_json=as_json, first="sha256")


def _read(opening: Path) -> Opening:
    return Opening.parse(read_own_file(opening, limit_bytes=_MOST_OPENING_BYTES), where=str(opening))


def _say(
    exhibits: ExhibitStore, opening: Opening, entry: CustodyEntry, config: Path | None, *, as_json: bool, first: str
) -> None:
    timestamps = open_timestamps(exhibits, config)
    if as_json:
        say_json(
            {
                "sha256": opening.digest,
                "commitment": opening.commitment,
                "seq": entry.seq,
                "at": written(entry.at),
                "timestamp": attested_record(timestamps, entry.seq),
            }
        )
        return
    pairs(
        {
            first: opening.digest,
            "commitment": opening.commitment,
            "held since": f"{written(entry.at)} by the log's own clock, entry {entry.seq}",
            "time stamp": attested_words(timestamps, entry.seq),
        }
    )
