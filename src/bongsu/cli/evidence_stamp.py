"""`bongsu evidence stamp`: the head of the custody log, attested by others."""

from __future__ import annotations

from pathlib import Path

import click

from bongsu.cli.configuration import config_option, configuration, store_option
from bongsu.cli.exhibits import open_exhibits, stamp_record
from bongsu.cli.options import as_json
from bongsu.cli.terminal import pairs, progress, say, say_json, several, table
from bongsu.cycle.anchors import expect_last_anchor
from bongsu.cycle.stamping import authorities_of, stamp_head
from bongsu.evidence import read_timestamps
from bongsu.kernel.clock import stamp as written
from bongsu.kernel.errors import NotReachedError, UsageError


@click.command(name="stamp")
@config_option
@store_option
@as_json
def stamp_log(config: Path | None, store: str | None, as_json: bool) -> None:
    """Let time-stamping authorities attest the head of the custody log, and through it all before it.

    Every authority of the configuration is asked (RFC 3161), and its token verified before it is kept. Where one does
    not answer, or answers with what is no token of its own, it stays pending and the others count; running this again
    asks only those that are pending.
    """
    settings = configuration(config)
    authorities = authorities_of(settings)
    if not any(each.url for each in settings.timestamps):
        remedy = "add [[timestamps]] with name, url and root to bongsu.toml"
        raise UsageError("no time-stamping authority is configured", remedy=remedy)
    exhibits = open_exhibits(store, config)
    expect_last_anchor(exhibits)
    with progress() as tell:
        tell("asking for time stamps")
        head, results = stamp_head(exhibits, settings, authorities)
    state = read_timestamps(exhibits.folder, exhibits.custody, authorities).state(head.seq)
    if as_json:
        say_json(
            {
                "seq": head.seq,
                "digest": head.digest,
                "state": state,
                "authorities": [
                    {
                        "authority": each.authority,
                        "stamp": None if each.stamp is None else stamp_record(each.stamp),
                        "problem": each.problem,
                    }
                    for each in results
                ],
            }
        )
    else:
        pairs({"entry": head.seq, "digest": head.digest, "state": state})
        say()
        rows = [
            (
                each.authority,
                "stamped" if each.stamp else "pending",
                written(each.stamp.at) if each.stamp else "",
                each.problem or "",
            )
            for each in results
        ]
        table(("authority", "state", "since", "problem"), rows)
    pending = [each.authority for each in results if each.stamp is None]
    if pending:
        raise NotReachedError(
            f"{several(len(pending), 'time stamp')} pending: {', '.join(pending)}", remedy="run it again later"
        )
