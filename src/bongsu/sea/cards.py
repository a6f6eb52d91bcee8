"""The cards of the sea sources: who publishes positions, under which terms, what is taken of them and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import BinaryIO, Final, Protocol
from zoneinfo import ZoneInfo, available_timezones

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import UsageError
from bongsu.sea.cleaning import NOTES, share_set_aside
from bongsu.sea.model import Batch

GIVES: Final = frozenset({"positions", "identities", "events"})
#: Below so many lines a share says nothing.
_LEAST_LINES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """A source of positions, identities or events.

    Args:
        id: the card's name, such as `nmea`.
        reader: the module of `sea/sources` that reads it: its own, or one that several cards share.
        title: what it is called.
        publisher: who makes it; `anyone` for a format that many record in.
        homepage: where it is described.
        licence: the terms, in words.
        gives: what it can hold: `positions`, `identities`, `events`.
        takes: the columns, keys or message types that are taken.
        ignored: those that are known and deliberately not taken; whatever else stands there is refused.
        columns: for each known shape of a table, its columns and the field each becomes.
        values: values of coded columns and what they become, by column.
        time_zone: of times that do not name their zone (IANA).
        time_formats: how times are written (strptime), tried in order; empty where the format has but one.
        least_set_aside_share, most_set_aside_share: outside of these a file is unlike all that were seen.
        limits: numbers of the format, such as the length of a line.
    """

    id: str
    reader: str
    title: str
    publisher: str
    homepage: str
    licence: str
    gives: frozenset[str]
    takes: tuple[str, ...]
    ignored: frozenset[str]
    columns: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Mapping[str, str]]
    time_zone: str
    time_formats: tuple[str, ...]
    least_set_aside_share: float
    most_set_aside_share: float
    limits: Mapping[str, int]

    @property
    def zone(self) -> ZoneInfo:
        """The time zone, to compute with."""
        return ZoneInfo(self.time_zone)

    def surprise(self, counted: Mapping[str, int]) -> str | None:
        """Why the counts of a whole file are unlike this source, in a sentence; None where they are not, or the file is
        too short to tell.
        """
        share = share_set_aside(counted)
        lines = sum(number for words, number in counted.items() if not words.startswith(NOTES))
        if share is None or lines < _LEAST_LINES:
            return None
        if self.least_set_aside_share <= share <= self.most_set_aside_share:
            return None
        usual = f"{self.least_set_aside_share:.0%} to {self.most_set_aside_share:.0%}"
        return f"{share:.1%} of the records were set aside; of this source {usual} are usual"


class Reader(Protocol):
    """What a module of `sea/sources` offers."""

    def read(
        self,
        stream: BinaryIO,
        *,
        card: SourceCard,
        exhibit: str,
        clock: datetime,
        from_line: int = 1,
        at: datetime | None = None,
        world: str = "",
    ) -> Iterator[Batch]:
        """What a file holds, batch by batch, in memory that does not grow with the file.

        Args:
            stream: the exhibit, from its first byte; packed ones (gzip) are unpacked here. Not closed.
            card: the source's.
            exhibit: its SHA-256.
            clock: the latest moment that is not the future (`cleaning.latest`).
            from_line: the first line to take: 1, or the one after the `last_line` of the last batch that landed.
                Batches end at the same lines wherever reading begins: an interrupted import gives the same batches.
            at: the time of reports that bear none, where the caller knows one; without it they are set aside.
            world: `sandbox` where the whole file is invented; a file may also say so itself.

        Raises:
            SourceRefusedError: the file is structurally unsound as a whole.
        """

    def recognises(self, start: bytes) -> bool:
        """Whether the first bytes of a file (unpacked) look like this source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A card and the reader that goes with it."""

    card: SourceCard
    reader: Reader

    def read(
        self,
        stream: BinaryIO,
        *,
        exhibit: str,
        clock: datetime,
        from_line: int = 1,
        at: datetime | None = None,
        world: str = "",
    ) -> Iterator[Batch]:
        """What a file holds, batch by batch (`Reader.read`)."""
        return self.reader.read(
            stream, card=self.card, exhibit=exhibit, clock=clock, from_line=from_line, at=at, world=world
        )


@cache
def sources() -> dict[str, Source]:
    """Every source in our own folder, by id, sorted."""
    return {name: _load(name) for name in _names()}


def source(name: str) -> Source:
    """The source of an id.

    Raises:
        UsageError: no such source.
    """
    found = sources().get(name)
    if found is None:
        raise UsageError(f"no source of positions is called {name!r}", remedy=f"there are: {', '.join(sources())}")
    return found


def recognise(start: bytes, *, where: str) -> Source:
    """The source that the first bytes of a file, unpacked, look like.

    Raises:
        UsageError: none, or more than one.
    """
    found = [candidate for candidate in sources().values() if candidate.reader.recognises(start)]
    if len(found) != 1:
        what = "looks like more than one source" if found else "is not recognised as a source of positions"
        raise UsageError(what, where=where, remedy=f"name it with --source {'|'.join(sources())}")
    return found[0]


def source_from(content: bytes, *, name: str, where: str) -> Source:
    """The source of a card that someone wrote for files of their own.

    Args:
        content: the card (TOML).
        name: the id it shall have.
        where: the card's file, for errors.

    Raises:
        CardError: the card says something unknown, or names a reader that there is not.
    """
    card = read_card(content, where=where, read=lambda card: read_source_card(card, name))
    reader: Reader = import_module(f"bongsu.sea.sources.{card.reader}")
    return Source(card=card, reader=reader)


def read_source_card(card: Card, name: str) -> SourceCard:
    """A source card from its table.

    Raises:
        CardError: a key too many or too few, or a value of another kind.
    """
    gives = frozenset(card.texts("gives", at_least=1, one_of=GIVES))
    zone = card.text("time_zone")
    if zone not in available_timezones():
        raise card.error(f"is {zone!r}, no time zone", "time_zone")
    least = card.number("least_set_aside_share", least=0, most=1)
    return SourceCard(
        id=name,
        reader=_reader(card, name),
        title=card.text("title"),
        publisher=card.text("publisher"),
        homepage=card.text("homepage"),
        licence=card.text("licence"),
        gives=gives,
        takes=card.texts("takes", at_least=1),
        ignored=frozenset(card.texts("ignored")),
        columns=card.named_tables("columns", _texts),
        values=card.named_tables("values", _texts),
        time_zone=zone,
        time_formats=card.texts("time_formats"),
        least_set_aside_share=least,
        most_set_aside_share=card.number("most_set_aside_share", least=least, most=1),
        limits=card.table_or_none("limits", _integers) or {},
    )


def _names() -> Iterator[str]:
    folder = files("bongsu.sea.sources")
    yield from sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))


def _modules() -> set[str]:
    folder = files("bongsu.sea.sources")
    return {item.name.removesuffix(".py") for item in folder.iterdir() if item.name.endswith(".py")} - {"__init__"}


def _load(name: str) -> Source:
    content = (files("bongsu.sea.sources") / f"{name}.toml").read_bytes()
    return source_from(content, name=name, where=f"sea/sources/{name}.toml")


def _reader(card: Card, name: str) -> str:
    reader = card.text_or_none("reader") or name
    if reader not in _modules():
        raise card.error(f"is {reader!r}, and no module of sea/sources is called so", "reader")
    return reader


def _texts(card: Card) -> dict[str, str]:
    return {key: card.text(key) for key in card.keys_left()}


def _integers(card: Card) -> dict[str, int]:
    return {key: card.integer(key) for key in card.keys_left()}
