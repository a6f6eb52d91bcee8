"""`bongsu case`: casework from a terminal, by the same rules and with the same refusals as the site."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bongsu.cases.acts import ACTS, act_from
from bongsu.cli.configuration import config_option
from bongsu.cli.options import as_json
from bongsu.cli.serve import enter_working_site
from bongsu.cli.terminal import say, say_bytes, say_json, table
from bongsu.evidence import read_own_file, write_own_file
from bongsu.kernel.errors import UsageError

if TYPE_CHECKING:
    from bongsu.web.accounts.models import Person

#: Those of `bongsu.web.exchange.export`, which needs the site to be loaded.
FORMS: Final = ("bag", "stix", "ftm", "json", "csv", "geojson")
as_option = click.option(
    "--as",
    "username",
    required=True,
    envvar="BONGSU_USER",
    help="The user name of the account you act under (or BONGSU_USER).",
)


@click.group()
def case() -> None:
    """Casework: cases, what a finding still lacks, and every act, under the account of a person."""


@case.command("list")
@config_option
@as_option
@click.option("--closed", is_flag=True, help="Closed cases in place of open ones.")
@as_json
def list_(config: Path | None, username: str, closed: bool, as_json: bool) -> None:
    """List the cases that the person may read, the one worked on last first."""
    person = _person(config, username)
    from bongsu.web import questions

    found = questions.cases(person.reader, is_open=not closed)["cases"]
    if as_json:
        say_json({"cases": found})
        return
    table(
        ("case", "stands at", "marking", "acts", "title"),
        [(row["id"], row["stage"], row["marking"], str(row["acts"]), row["title"]) for row in found],
        right=(3,),
    )


@case.command()
@config_option
@as_option
@click.argument("case_id", metavar="CASE")
def show(config: Path | None, username: str, case_id: str) -> None:
    """Print a case as JSON, without what the person may not read of it."""
    person = _person(config, username)
    from bongsu.web import questions

    say_json(questions.case(person.reader, case_id))


@case.command()
@config_option
@as_option
@click.argument("case_id", metavar="CASE")
@click.argument("finding_id", metavar="FINDING")
@as_json
def outstanding(config: Path | None, username: str, case_id: str, finding_id: str, as_json: bool) -> None:
    """Say what a finding still lacks for its next step: the same list as on its page."""
    person = _person(config, username)
    from bongsu.web import questions

    answer = questions.outstanding(person.reader, case_id, finding_id)
    if as_json:
        say_json(answer)
        return
    _print_missing(answer["missing"])
    if not answer["missing"]:
        say(f"ready for {answer['next_step']}" if answer["next_step"] else "at rest")


@case.command()
@config_option
@as_option
@click.argument("case_id", metavar="CASE", required=False)
@click.option(
    "--act",
    "file",
    required=True,
    type=click.Path(path_type=Path),
    help="A file with the act as JSON; - reads standard input.",
)
@click.option("--check", is_flag=True, help="Say what is missing, and do nothing.")
@as_json
def do(config: Path | None, username: str, case_id: str | None, file: Path, check: bool, as_json: bool) -> None:
    """Do an act on CASE; without CASE, the act that opens one.

    An act is a JSON object: its `kind` and its fields, as `bongsu case acts` prints them. What may not be done is
    refused with everything that is missing, and ends with exit code 2.
    """
    act = act_from(_read(file))
    person = _person(config, username)
    from bongsu.web.record import work

    if check:
        lacking = [each.record() for each in work.check(person, case_id, act)]
        say_json({"missing": lacking}) if as_json else _print_missing(lacking)
        return
    try:
        changed = work.do(person, case_id, act)
    except work.RefusedError as refused:
        if as_json:
            say_json({"missing": [each.record() for each in refused.missing]})
        else:
            _print_missing([each.record() for each in refused.missing])
        raise UsageError("the act was refused; nothing was changed", remedy="do first what is missing") from None
    say_json({"case": changed.id, "acts": changed.acts}) if as_json else say(f"case {changed.id}, act {changed.acts}")


@case.command()
@config_option
@as_option
@click.argument("words", metavar="WORDS", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True, help="At most so many.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many of the newest.")
@as_json
def search(config: Path | None, username: str, words: tuple[str, ...], limit: int, offset: int, as_json: bool) -> None:
    """Search the cases, findings, indicators and exhibits that the person may read, the newest first."""
    person = _person(config, username)
    from bongsu.web import questions

    answer = questions.searched(person.reader, " ".join(words), limit=limit, offset=offset)
    if as_json:
        say_json(answer)
        return
    table(
        ("kind", "at", "id", "title"),
        [(row["kind"], row["at"][:10], row["id"], row["title"]) for row in answer["found"]],
    )
    if answer["next"] is not None:
        say(f"there is more: --offset {answer['next']}")


@case.command()
@config_option
@as_option
@click.argument("case_id", metavar="CASE")
@click.option("--form", type=click.Choice(FORMS), default="json", show_default=True, help="What other programs read.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    required=True,
    help="The file to write; - for standard output.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
def export(config: Path | None, username: str, case_id: str, form: str, output: Path, force: bool) -> None:
    """Write a case as the person may read it, marked; the journal of the site says who took it.

    The forms are those of its page: bag (BagIt with the exhibits and their custody), stix (STIX 2.1), ftm
    (FollowTheMoney), json (the whole record), csv and geojson.
    """
    person = _person(config, username)
    from bongsu.web.exchange.export import export_case

    def blocks() -> Iterator[bytes]:  # nothing is journalled before the file can be written
        yield from export_case(person, case_id, form).blocks

    if str(output) == "-":
        say_bytes(blocks())
    else:
        write_own_file(output, blocks(), force=force)


@case.command()
def acts() -> None:
    """Print every kind of act with its fields, as JSON."""
    from dataclasses import fields

    described: dict[str, Any] = {  # Any: JSON
        kind: {field.name: str(field.type) for field in fields(act)}  # type: ignore[arg-type]  # every act is a dataclass
        for kind, act in ACTS.items()
    }
    say_json(described)


def _read(file: Path) -> object:
    text = sys.stdin.read() if str(file) == "-" else read_own_file(file).decode("utf-8", "strict")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError(
            "is not JSON", where=str(file), remedy="an act is an object with its kind and fields"
        ) from None


def _person(config: Path | None, username: str) -> Person:
    enter_working_site(config)
    from bongsu.web.accounts.models import Person

    person: Person | None = Person.objects.filter(username=username, is_active=True).select_related("member").first()
    if person is None:
        raise UsageError(f"there is no account {username!r} that may act", remedy="bongsu site person add makes one")
    return person


def _print_missing(missing: list[dict[str, Any]]) -> None:  # Any: JSON
    for each in missing:
        say(f"- {each['text']} {each['remedy']}" + (f" [{each['where']}]" if each["where"] else ""))
