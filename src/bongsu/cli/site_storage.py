"""What the site keeps: `bongsu site verify`, `rebuild`, `journal`, `backup`, `restore`, `take-in`."""

from __future__ import annotations

from pathlib import Path

import click

from bongsu.cli.cases import say_passed_over
from bongsu.cli.configuration import config_option
from bongsu.cli.options import as_json, now
from bongsu.cli.serve import enter_made_site, enter_site, enter_working_site
from bongsu.cli.terminal import counted, pairs, say, say_json, several
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import EvidenceError, NotReproducedError, UsageError

_MOST_SAID = 50


@click.command()
@click.option(
    "--heads",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Heads kept elsewhere: a copy of the site's own journal.heads, or of another.",
)
@config_option
@as_json
def verify(heads: Path | None, config: Path | None, as_json: bool) -> None:
    """Walk the journal from its first entry to its last, and report any damage.

    It is held against the heads that the site remembered in its folder, in journal.heads, so that a cut or rewritten
    journal is seen. Whoever can change the database can often change that file too: copies kept elsewhere say more.
    """
    enter_made_site(config)
    from django.conf import settings

    from bongsu.web.record.heads import HEADS, note, remembered
    from bongsu.web.record.verification import verified

    if heads is not None and not heads.exists():
        raise UsageError("there is no such file", where=str(heads))
    own = settings.FOLDER / HEADS
    found = verified([*remembered(own), *(remembered(heads) if heads is not None else ())])
    if as_json:
        say_json(found.record())
    else:
        pairs(
            {
                "entries walked": counted(found.entries),
                "heads remembered": counted(found.heads),
                "damaged": counted(len(found.damages)),
                "head": "unknown" if found.head is None else f"{found.head.seq} {found.head.digest}",
            }
        )
        for damage in found.damages[:_MOST_SAID]:
            say(f"  {damage}")
        if len(found.damages) > _MOST_SAID:
            say(f"  and {len(found.damages) - _MOST_SAID} more; --json tells all")
    if found.head is None:
        raise EvidenceError("the journal is damaged", where=str(own.parent), remedy="put a backup back")
    note(settings.FOLDER, found.head, now())


@click.command()
@click.option("--check", is_flag=True, help="Only say what differs; change nothing.")
@config_option
@as_json
def rebuild(check: bool, config: Path | None, as_json: bool) -> None:
    """Make cases, decisions on indicators and the search anew from the journal, and say what differed.

    The journal is the record; these rows only follow from it. Exhibits are handled anew as what they were made from,
    and indicators as the exhibits they cite. Nothing differs unless someone or something went past the site, or
    an earlier release kept the rows otherwise.
    """
    enter_made_site(config)
    from bongsu.web.record.rebuilding import rebuilt

    done = rebuilt(keep=not check)
    if as_json:
        say_json(
            {
                "cases": done.cases,
                "acts": done.acts,
                "passed_over": list(done.passed_over),
                "differences": [each.record() for each in done.differences],
                "changed": bool(done.differences) and not check,
            }
        )
    else:
        pairs({"cases": counted(done.cases), "acts": counted(done.acts), "differed": counted(len(done.differences))})
        say_passed_over(done.passed_over)
        for each in done.differences[:_MOST_SAID]:
            say(f"  {each.table} {each.key}: {each.what}")
        if len(done.differences) > _MOST_SAID:
            say(f"  and {len(done.differences) - _MOST_SAID} more; --json tells all")
    if check and done.differences:
        raise NotReproducedError(
            "the rows are not what the journal makes", remedy="bongsu site rebuild makes them anew"
        )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@config_option
@as_json
def backup(file: Path, force: bool, config: Path | None, as_json: bool) -> None:
    """Write one archive of the site to FILE, as one moment saw it, while the site serves.

    It holds the database, the journal as lines, and the journal's heads; not the site's key, no sessions, and not the
    store of exhibits, which is backed up by itself. It holds all that anyone may read here: keep it as the strictest
    of it asks, and keep its SHA-256 elsewhere.
    """
    enter_made_site(config)
    from bongsu.web.record.backup import back_up

    made = back_up(file, now(), force=force)
    if as_json:
        say_json({"sha256": made.sha256, "entries": made.manifest.entries, "head": made.manifest.head})
        return
    pairs(
        {
            "archive": str(file),
            "sha256": made.sha256,
            "entries": counted(made.manifest.entries),
            "head": made.manifest.head,
        }
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Put it in the place of a site that holds something.")
@click.option("--sha256", help="The SHA-256 that the backup printed; another archive is refused.")
@config_option
@as_json
def restore(file: Path, force: bool, sha256: str | None, config: Path | None, as_json: bool) -> None:
    """Put the archive FILE in the place of the site's database. Stop the site first.

    Its digests, its chain and its head are verified before anything is changed. Restore only what you backed up
    yourself: who can write an archive decides who may sign in.
    """
    enter_site(config)
    from bongsu.web.record.backup import put_back

    made = put_back(file, now(), force=force, expected=None if sha256 is None else sha256.lower())
    if as_json:
        say_json({"sha256": made.sha256, "entries": made.manifest.entries, "lost": made.lost})
        return
    say(f"the site is as it was at {stamp(made.manifest.made_at)}; entry {made.manifest.entries} is its last")
    if made.lost:
        say(f"entries that came later are gone: {made.lost}; the heads that know of them are kept beside")
    say("everyone signs in again")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@config_option
@as_json
def journal(file: Path, force: bool, config: Path | None, as_json: bool) -> None:
    """Write the journal to FILE, one entry a line, for `bongsu cases verify` and `bongsu cases show`.

    It is verified before, and that it was written is its last entry. It holds all that anyone may read here: only its
    owner can read the file, and it is kept as the strictest of it asks. The head is an anchor to keep elsewhere.
    """
    enter_made_site(config)
    from bongsu.web.record.journal_file import export_journal

    head = export_journal(file, now(), force=force)
    if as_json:
        say_json({"entries": head.seq, "digest": head.digest})
        return
    pairs({"journal": str(file), "entries": counted(head.seq), "head": f"{head.seq}:{head.digest}"})


@click.command(name="take-in")
@config_option
@as_json
def take_in(config: Path | None, as_json: bool) -> None:
    """Take in what the cycles of the store found since: for cron, where another server than `bongsu serve` serves.

    `bongsu serve` does it by itself, once a minute.
    """
    enter_working_site(config)
    from bongsu.web.configuration import site_configuration
    from bongsu.web.intake import take_in_all

    taken = take_in_all(site_configuration())
    say_json({"cycles": list(taken)}) if as_json else say(f"{several(len(taken), 'cycle')} taken in")


COMMANDS = (verify, rebuild, journal, backup, restore, take_in)
