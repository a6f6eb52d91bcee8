"""The cards of the list sources: who publishes a list, where, what it may hold, and what it must not lack."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Final, Protocol

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError, UsageError
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.model import Part, Reading, part_counts

ENCODINGS: Final = frozenset({"utf-8", "binary"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PartCard:
    """One file of a source.

    Args:
        name: how the reader calls it.
        url: where the publisher offers it; None where no stable address serves it, and it is read from a file only.
        file_word: the word in a file's name that tells this part from the others; None where a source has one part.
        required: whether the list can be read without it.
    """

    name: str
    url: str | None
    file_word: str | None
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """A list source.

    Args:
        id: the module's name, such as `un_sc`.
        authority: short name of who lists, such as `UN` or `OFAC`; `authority_of` tells it of one entry.
        authority_numbers: whether entries bear their authority's own numbers, the same in each list that prints them.
        binding: `un` where the listing is the Council's own, `national` where one state or union decided it.
        encoding: `utf-8` for text; `binary` for a workbook or a PDF.
        prints_date: whether the list itself says of which day it is.
        watched: False where another source brings the same designations, or the file is large and rarely wanted: then
            it is read only where a configuration names it.
        least_entries, most_entries: a copy outside of these is refused.
        least_share_of_previous: a copy with fewer entries than this share of the last good one is refused.
        least_dprk_share_of_previous: the same for its DPRK entries alone; a loss of two or fewer is always believed.
        most_set_aside_share: a copy with a larger share of broken records is refused.
        programmes: every programme code known, with what it means.
        dprk_programmes: those that concern the DPRK.
        dprk_prefixes: how they begin, each in one of these ways; a code that begins so and is not known yet concerns
            the DPRK too.
        ignored: fields that are known and deliberately not taken.
        values: values of coded fields and what they become, by field.
        limits: numbers of the format, such as the length at which a field is cut.
    """

    id: str
    title: str
    authority: str
    authority_name: str
    authority_numbers: bool
    country: str | None
    binding: str
    homepage: str
    licence: str
    parts: tuple[PartCard, ...]
    encoding: str
    prints_date: bool
    watched: bool
    least_entries: int
    most_entries: int
    least_share_of_previous: float
    least_dprk_share_of_previous: float
    most_set_aside_share: float
    programmes: frozenset[str]
    dprk_programmes: frozenset[str]
    dprk_prefixes: tuple[str, ...]
    ignored: frozenset[str]
    values: dict[str, dict[str, str]]
    limits: dict[str, int]

    @property
    def is_watched(self) -> bool:
        """Whether a cycle without a configuration fetches it."""
        return self.watched and all(part.url is not None for part in self.parts if part.required)

    def is_dprk(self, programmes: Iterable[str]) -> bool:
        """Whether one of these programme codes concerns the DPRK."""
        return any(code.startswith(self.dprk_prefixes) for code in programmes)

    def authority_of(self, printed: Iterable[str]) -> str:
        """Short name of who lists an entry.

        Args:
            printed: what the list prints of it; the first that the card has a word for counts (`values.authority`).

        Returns:
            The list's own authority where none has.
        """
        known = self.values.get("authority", {})
        return next((known[text] for text in printed if text in known), self.authority)

    def unknown_programme(self, code: str) -> tuple[Cleaned, str]:
        """What to make of a programme code that the card does not know, and what the quarantine says of it.

        The entry is kept in any case: someone designated must not go missing for want of a code.
        """
        if self.is_dprk([code]):
            return Cleaned.of(code), "a programme code that the card does not know; by its beginning it counts as DPRK"
        return (
            Cleaned.no("a programme code that the card does not know"),
            "a programme code that the card does not know; the entry is kept, its programme is not counted",
        )


class Reader(Protocol):
    """What a module of `lists/sources` offers."""

    def read(self, parts: tuple[Part, ...], card: SourceCard) -> Reading:
        """Statements from the bytes of one copy; SourceRefusedError where it is structurally unsound."""

    def recognises(self, content: bytes) -> bool:
        """Whether the first bytes of a file look like this source's main part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A card and the reader that goes with it."""

    card: SourceCard
    reader: Reader

    def read(self, parts: tuple[Part, ...]) -> Reading:
        """Statements from the bytes of one copy.

        Raises:
            SourceRefusedError: the copy is structurally unsound.
            CardError: the card is wrong about the date.
        """
        read = self.reader.read(parts, self.card)
        reading = replace(read, said=part_counts(read.statements, parts))
        if (reading.printed_on is not None) is not self.card.prints_date:
            raise CardError(
                f"says prints_date = {str(self.card.prints_date).lower()}, and the reader found the contrary",
                where=f"lists/sources/{self.card.id}.toml",
                remedy="correct the card, or let the reader refuse a copy without its date",
            )
        return reading


def source_names() -> tuple[str, ...]:
    """The id of every source in our own folder, sorted; no card is read for it."""
    folder = files("bongsu.lists.sources")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


@cache
def sources() -> dict[str, Source]:
    """Every source in our own folder, by id, sorted."""
    return {name: _load(name) for name in source_names()}


def source(name: str) -> Source:
    """The source of an id.

    Raises:
        UsageError: no such source.
    """
    found = sources().get(name)
    if found is None:
        raise UsageError(f"no list source is called {name!r}", remedy=f"there are: {', '.join(sources())}")
    return found


def looks_like(content: bytes) -> tuple[Source, ...]:
    """The sources whose main part a file looks like, sorted by id; a byte order mark tells nothing."""
    unmarked = content.removeprefix(BOM_UTF8)
    return tuple(candidate for candidate in sources().values() if candidate.reader.recognises(unmarked))


def recognise(content: bytes, *, where: str) -> Source:
    """The source whose main part a file looks like.

    Raises:
        UsageError: none, or more than one.
    """
    found = looks_like(content)
    if len(found) != 1:
        there = ", ".join(f"{each.card.id} ({each.card.authority})" for each in sources().values())
        raise UsageError(
            "is not recognised as one of the lists",
            where=where,
            remedy=f"if it is one of {there}, name it with --source {'|'.join(sources())}",
        )
    return found[0]


def _load(name: str) -> Source:
    content = (files("bongsu.lists.sources") / f"{name}.toml").read_bytes()
    card = read_card(content, where=f"lists/sources/{name}.toml", read=lambda card: _source_card(card, name))
    reader: Reader = import_module(f"bongsu.lists.sources.{name}")
    return Source(card=card, reader=reader)


def _source_card(card: Card, name: str) -> SourceCard:
    programmes = frozenset(card.texts("programmes"))
    dprk = frozenset(card.texts("dprk_programmes", at_least=1))
    least_share = card.number("least_share_of_previous", least=0, most=1)
    least_dprk_share = card.number_or_none("least_dprk_share_of_previous", least=0, most=1)
    return SourceCard(
        id=name,
        title=card.text("title"),
        authority=card.text("authority"),
        authority_name=card.text("authority_name"),
        authority_numbers=card.flag("authority_numbers", default=False),
        country=card.text_or_none("country"),
        binding=card.text("binding", one_of={"un", "national"}),
        homepage=card.text("homepage"),
        licence=card.text("licence"),
        parts=card.tables("part", _part, at_least=1),
        encoding=card.text("encoding", one_of=ENCODINGS),
        prints_date=card.flag("prints_date"),
        watched=card.flag("watched", default=True),
        least_entries=card.integer("least_entries", least=1),
        most_entries=card.integer("most_entries", least=1),
        least_share_of_previous=least_share,
        least_dprk_share_of_previous=least_share if least_dprk_share is None else least_dprk_share,
        most_set_aside_share=card.number("most_set_aside_share", least=0, most=1),
        programmes=programmes | dprk,
        dprk_programmes=dprk,
        dprk_prefixes=_prefixes(card, dprk),
        ignored=frozenset(card.texts("ignored")),
        values=card.named_tables("values", _codes),
        limits=card.table_or_none("limits", _limits) or {},
    )


def _prefixes(card: Card, programmes: frozenset[str]) -> tuple[str, ...]:
    """The card's `dprk_prefix` and, where the codes do not all begin alike, its `more_dprk_prefixes`."""
    prefixes = (card.text("dprk_prefix"), *card.texts("more_dprk_prefixes"))
    if not all(code.startswith(prefixes) for code in programmes):
        raise card.error(
            f"is {' or '.join(map(repr, prefixes))}, with which not all DPRK programmes begin", "dprk_prefix"
        )
    return prefixes


def _part(card: Card) -> PartCard:
    return PartCard(
        name=card.text("name"),
        url=card.text_or_none("url"),
        file_word=card.text_or_none("file_word"),
        required=card.flag("required"),
    )


def _codes(card: Card) -> dict[str, str]:
    return {key: card.text(key) for key in card.keys_left()}


def _limits(card: Card) -> dict[str, int]:
    return {key: card.integer(key) for key in card.keys_left()}
