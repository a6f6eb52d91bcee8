"""`bongsu evidence`: what is kept, whether it is whole, and its custody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click
from rich.progress import Progress

from bongsu.cli.configuration import config_option, store_option
from bongsu.cli.evidence_held import hold_back, reveal, verify_opening
from bongsu.cli.evidence_stamp import stamp_log
from bongsu.cli.exhibits import (
    attested_record,
    attested_words,
    open_exhibits,
    open_timestamps,
    stamp_record,
    verified_timestamps,
)
from bongsu.cli.options import as_json, now
from bongsu.cli.terminal import ERR, counted, pairs, say, say_json, table
from bongsu.cycle.anchors import anchors
from bongsu.cycle.library import Shelf, inspect_register
from bongsu.evidence import CustodyEntry, Folder, Scrub, Timestamps, exhibit_states
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import EvidenceError, UsageError


@click.group()
def evidence() -> None:
    """The exhibits: bytes as received, kept under their SHA-256, and the log of what happened to them."""


for _command in (stamp_log, hold_back, reveal, verify_opening):
    evidence.add_command(_command)


@evidence.command()
@config_option
@store_option
@as_json
def scrub(config: Path | None, store: str | None, as_json: bool) -> None:
    """Hash every exhibit again, verify the custody log, and report any damage.

    The log is held against the anchors every cycle left, so that a cut or rewritten log is seen. The files of the
    register are hashed too: they are made from the exhibits, and a damaged one is no lost evidence. The next command
    that needs it makes it anew. Time stamps are verified without a network.
    """
    exhibits = open_exhibits(store, config)
    known, damaged = anchors(exhibits.folder)
    timestamps = verified_timestamps(exhibits, config)
    with exhibits.folder.exclusive(), Progress(console=ERR, transient=True, disable=not ERR.is_terminal) as bar:
        task = bar.add_task("hashing", total=None)
        result = exhibits.scrub(now(), lambda done, total: bar.update(task, completed=done, total=total), anchors=known)
        shelf = inspect_register(exhibits.folder)
    result = replace(result, custody=(*result.custody, *damaged, *timestamps.damaged))
    if as_json:
        register: JsonValue = {"checked": shelf.checked, "damaged": list(shelf.damaged)}
        figures = {**result.record(), "sound": result.is_sound, "register": register}
        say_json({**figures, "timestamps": _timestamps_record(timestamps)})
    else:
        _print_scrub(result, shelf, timestamps)
    if not result.is_sound:
        raise EvidenceError(
            "the evidence is damaged",
            where=exhibits.folder.url(""),
            remedy="restore what is named from a backup or a mirror",
        )


def _timestamps_record(timestamps: Timestamps) -> JsonValue:
    return {
        "two_to": timestamps.reach(2),
        "one_to": timestamps.reach(1),
        "stamps": [stamp_record(each) for each in timestamps.stamps],
        "damaged": [str(each) for each in timestamps.damaged],
        "unknown": list(timestamps.unknown),
    }


def _reach_words(timestamps: Timestamps) -> str:
    """How far the log is attested: `two to entry 40, one to entry 41`."""
    reached = ((word, timestamps.reach(least)) for word, least in (("two", 2), ("one", 1)))
    return ", ".join(f"{word} to entry {seq}" for word, seq in reached if seq) or timestamps.state(1)


def _print_scrub(result: Scrub, shelf: Shelf, timestamps: Timestamps) -> None:
    pairs(
        {
            "exhibits hashed": counted(result.checked),
            "bytes": counted(result.bytes_read),
            "damaged": counted(len(result.damaged)),
            "custody log problems": counted(len(result.custody)),
            "not in the log": counted(len(result.unlogged)),
            "leftovers removed": counted(result.leftovers_removed),
            "register files": counted(shelf.checked),
            "time stamps": _reach_words(timestamps),
        }
    )
    for each in timestamps.stamps:
        say(f"  {each.authority}: entry {each.head.seq} and all before it existed at {stamp(each.at)}")
    for name in timestamps.unknown:
        say(f"  {name}: not verified: no authority of this name is configured")
    for damage in (*result.damaged, *result.custody):
        say(f"  {damage.where}: {damage.what}")
    for name in shelf.damaged:
        say(f"  {name}: not as written; it is made from the exhibits, and made anew by the next command that needs it")


@evidence.command()
@click.argument("digest")
@config_option
@store_option
@as_json
def show(digest: str, config: Path | None, store: str | None, as_json: bool) -> None:
    """Show the record of an exhibit: how, when and from where it came, and all that happened to it.

    DIGEST is its SHA-256, its first digits, or a whole citation (sha256:...#row=12).
    """
    exhibits = open_exhibits(store, config)
    record = exhibits.record(_whole(exhibits.folder, digest))
    timestamps = open_timestamps(exhibits, config)
    if as_json:
        say_json(
            {
                "sha256": record.digest,
                "bytes": record.size,
                "media_type": record.media_type,
                "parents": list(record.parents),
                "origins": [entry.record() for entry in record.origins],
                "set_aside": list(record.set_aside),
                "custody": [
                    {**entry.record(), "timestamp": attested_record(timestamps, entry.seq)} for entry in record.entries
                ],
            }
        )
        return
    pairs({"sha256": record.digest, "bytes": counted(record.size), "looks like": record.media_type})
    for parent in record.parents:
        say(f"made from      {parent}")
        for entry in record.origins:
            if entry.exhibit == parent:
                say(f"  {stamp(entry.at)}  {entry.event}  {_words(entry)}")
    for name in record.set_aside:
        say(f"was damaged    and mended; the damaged bytes are kept as {name}")
    for entry in record.entries:
        say(f"  {stamp(entry.at)}  {entry.event}  {_words(entry)}")
        say(f"    time stamp: {attested_words(timestamps, entry.seq)}")


@evidence.command(name="list")
@config_option
@store_option
@as_json
def list_(config: Path | None, store: str | None, as_json: bool) -> None:
    """List everything received, made or not received, from the custody log.

    The state of an exhibit is what the last `evidence scrub` found of it. The time stamp is how many authorities attest
    the entry: none, pending, one or two.
    """
    exhibits = open_exhibits(store, config)
    entries = list(exhibits.custody.entries())
    timestamps = open_timestamps(exhibits, config)
    states = exhibit_states(entries)
    if as_json:
        say_json(
            [
                {
                    **entry.record(),
                    "state": states.get(entry.exhibit or ""),
                    "timestamp": timestamps.state(entry.seq),
                }
                for entry in entries
            ]
        )
        return
    rows = [
        (
            stamp(entry.at),
            entry.event,
            (entry.exhibit or "")[:12],
            states.get(entry.exhibit or "", ""),
            timestamps.state(entry.seq),
            _words(entry),
        )
        for entry in entries
    ]
    table(("when", "what", "exhibit", "state", "time stamp", "how"), rows)


@evidence.command()
@click.argument("digest")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--by", help="Who takes the copy; it is written into the custody log.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@config_option
@store_option
def export(digest: str, output: Path, by: str | None, force: bool, config: Path | None, store: str | None) -> None:
    """Write a verified copy of an exhibit to a file, and log it."""
    exhibits = open_exhibits(store, config)
    whole = _whole(exhibits.folder, digest)
    exhibits.export(whole, output, now(), by=by, force=force)
    say(f"{output} is exhibit {whole}")


def _whole(folder: Folder, text: str) -> str:
    """The digest that a citation, a digest or its beginning names.

    Raises:
        UsageError: none or several begin so.
    """
    start = (text.replace("#", " ").split() or [""])[0].removeprefix("sha256:").lower()
    if len(start) < 6 or not all(character in "0123456789abcdef" for character in start):
        raise UsageError(f"not the name of an exhibit: {text!r}", remedy="give at least six digits of its SHA-256")
    found = [name.rpartition("/")[2] for name in folder.names(f"exhibits/{start[:2]}/{start}")]
    if len(found) != 1:
        raise UsageError(f"{len(found)} exhibits begin with {start}", remedy="bongsu evidence list names them")
    return found[0]


def _words(entry: CustodyEntry) -> str:
    return f"{_how(entry)}{'; mended a damaged copy' if entry.detail.get('mended') is True else ''}"


def _how(entry: CustodyEntry) -> str:
    detail = entry.detail
    capture = detail.get("capture")
    if isinstance(capture, dict):
        problem = f": {capture['problem']}" if capture.get("problem") else ""
        final = capture.get("final_url")
        answered = f", which led to {final}" if final not in {None, capture["url"]} else ""
        return f"{capture['source']} {capture['part']} from {capture['url']}{answered}{problem}"
    if entry.event == "derived":
        return f"{detail.get('how')} of {str(detail.get('parent'))[:12]}"
    if entry.event == "exported":
        return f"to {detail.get('target')} by {detail.get('by') or 'unknown'}"
    if entry.event in {"held back", "revealed"}:
        return f"commitment {str(detail.get('commitment'))[:12]}"
    checked: JsonValue = detail.get("checked")
    return f"{checked} exhibits hashed" if entry.event == "scrubbed" else ""
