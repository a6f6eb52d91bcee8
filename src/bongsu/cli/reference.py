"""Writes the reference pages of the documentation from the code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from inspect import getdoc
from pathlib import Path

import click

from bongsu.cli.reference_api import api_page
from bongsu.cli.shell import cli
from bongsu.law import load_regime
from bongsu.lists import desk as lists_desk
from bongsu.lists.cards import SourceCard, sources
from bongsu.sea import desk as sea_desk
from bongsu.sea.cards import sources as sea_sources

_MADE = "<!-- Made from the code by `make reference`; change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Every reference page by its file name."""
    return {
        "cli.md": _command_line(),
        "api.md": "\n".join((_MADE, *api_page())),
        "law.md": _law(),
        "lists.md": _lists(),
        "positions.md": _positions(),
        "detectors.md": _detectors(),
    }


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pages().items():
        (folder / name).write_text(content, encoding="utf-8")


def _command_line() -> str:
    parts = [_MADE, "# The command line", ""]
    for context in _contexts(cli, "bongsu", None):
        parts += [f"## `{context.command_path}`", "", "```text", context.get_help(), "```", ""]
    return "\n".join(parts)


def _contexts(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    """Every command as it is called: below its group, whose settings it inherits."""
    settings = {**command.context_settings, "max_content_width": 100, "terminal_width": 100}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from _contexts(found, below, context)


def _law() -> str:
    regime = load_regime()
    total = regime.verification()
    parts = [
        _MADE,
        "# The law",
        "",
        f"{len(regime.measures())} measures of {len(regime.resolutions)} resolutions and drafts. "
        f"{total.verified} values were held against a public text, {total.unverified} are marked unverified "
        "(`bongsu law verification --all` names them with the reason). "
        "In our words; the resolutions' own text is the authority.",
        "",
    ]
    for resolution in regime.resolutions:
        state = "not adopted" if resolution.kind == "draft" else "adopted"
        parts += [
            f"## {resolution.document}, {state} {resolution.adopted} ({resolution.vote})",
            "",
            resolution.summary,
            "",
        ]
        if resolution.measures:
            parts += ["| key | kind | direction | from | until | what |", "|---|---|---|---|---|---|"]
            parts += [
                f"| `{m.key}` | {m.kind} | {m.direction or ''} | {m.binds_from} | {m.binds_until or ''} | {m.title} |"
                for m in resolution.measures
            ]
            parts.append("")
    return "\n".join(parts)


def _lists() -> str:
    parts = [_MADE, "# The lists", ""]
    for source in sources().values():
        card = source.card
        parts += [
            f"## `{card.id}`: {card.title}",
            "",
            f"Published by the {card.authority_name}; <{card.homepage}>. {card.licence}.",
            "",
        ]
        parts += ["| part | address | needed |", "|---|---|---|"]
        parts += [
            f"| `{part.name}` | {f'<{part.url}>' if part.url else 'from a file'} | {'yes' if part.required else 'no'} |"
            for part in card.parts
        ]
        parts += [
            "",
            *_whose(card),
            f"Expected entries: {card.least_entries:,} to {card.most_entries:,}, and at least "
            f"{card.least_share_of_previous:.0%} of the copy before "
            f"({card.least_dprk_share_of_previous:.0%} of its DPRK entries). "
            f"DPRK programmes: {', '.join(sorted(card.dprk_programmes))}.",
            "",
        ]
    return "\n".join(parts)


def _positions() -> str:
    parts = [_MADE, "# The sources of ship positions", ""]
    for source in sea_sources().values():
        card = source.card
        parts += [
            f"## `{card.id}`: {card.title}",
            "",
            f"Published by {card.publisher}; <{card.homepage}>. {card.licence}. Gives {', '.join(sorted(card.gives))}.",
            "",
        ]
    return "\n".join(parts)


def _whose(card: SourceCard) -> list[str]:
    """Whose entries a list prints, where it is not its authority's alone or where the numbers tell it."""
    listed = sorted(set(card.values.get("authority", {}).values()))
    told = [f"Its entries are designations of {', '.join(listed)}."] if listed else []
    if card.authority_numbers:
        told.append("A number of one authority is one designation, whichever list prints it.")
    return [" ".join(told), ""] if told else []


def _detectors() -> str:
    parts = [_MADE, "# The detectors", ""]
    for desk, names in (("lists", lists_desk.detector_names()), ("sea", sea_desk.detector_names())):
        for name in names:
            parts += _detector(desk, name)
    card = (files("bongsu.sea") / "ships.toml").read_text("utf-8").strip()
    parts += ["## What a ship is taken to be", "", "For every detector of the sea.", "", "```toml", card, "```", ""]
    return "\n".join(parts)


def _detector(desk: str, name: str) -> list[str]:
    """A detector's own words and its card; of the sea's the examples by title alone, for their tracks fill pages."""
    module = import_module(f"bongsu.{desk}.detectors.{name}")
    described = (getdoc(module.detect) or "").partition("\nArgs:")[0].strip()
    card = (files(f"bongsu.{desk}.detectors") / f"{name}.toml").read_text("utf-8").strip()
    shown, found, _ = card.partition("\n[[example]]")
    if desk != "sea" or not found:
        return [f"## `{desk}.{name}`", "", described, "", "```toml", card, "```", ""]
    examples = [f"- {each.outcome}: {each.title}" for each in sea_desk.parameters_of(name).common.examples]
    return [
        f"## `{desk}.{name}`",
        "",
        described,
        "",
        "```toml",
        shown.strip(),
        "```",
        "",
        "Examples of the card, run as tests:",
        "",
        *examples,
        "",
    ]


if __name__ == "__main__":
    write(Path(sys.argv[1]))
