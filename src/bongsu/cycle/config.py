"""The configuration of a cycle: where the store is, which lists are watched, and where their files come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bongsu.cycle.site import SiteConfig, site_config
from bongsu.evidence import read_own_file
from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError, UsageError
from bongsu.lists.cards import PartCard, SourceCard, sources
from bongsu.names.screener import DEFAULT_SCORE, LEAST_SCORE

DEFAULT_STORE: Final = "bongsu-data"
SANDBOX_MODES: Final = frozenset({"no real copy", "always", "never"})
_AUTHORITY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCopy:
    """One copy of a list that is read from files.

    Args:
        list_date: the day it is of; None where the list prints it itself.
        parts: path by part, as written in the configuration.
    """

    list_date: date | None
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListConfig:
    """How one list is obtained.

    Args:
        list_id: the source's id.
        fetch: whether it is fetched from the network.
        urls: addresses by part, where others than the card's are meant (a mirror).
        copies: copies read from files.
    """

    list_id: str
    fetch: bool
    urls: tuple[tuple[str, str], ...]
    copies: tuple[FileCopy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityConfig:
    """One time-stamping authority.

    Args:
        name: what it is called here, lower-case letters, digits and hyphens.
        url: where it answers; None where it is asked no more and its tokens are still verified.
        root: the path of its root certificate, as written in the configuration.
        signers: the subjects of the certificates that may sign, as RFC 4514 writes them; empty for any under the root.
    """

    name: str
    url: str | None
    root: str
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A cycle's configuration.

    Args:
        store: the store's address (any fsspec URL or a local path).
        base: the folder that relative paths start from.
        timeout_s: how long one host may keep silent, in seconds.
        deadline_s: how long all fetching may take, in seconds.
        most_bytes: the largest file accepted.
        sandbox: when the invented lists take part.
        sandbox_ships: whether the invented ships take part with them, where no real positions were imported.
        customers: paths of the customer files that each cycle screens, as written in the configuration.
        min_score: the lowest score of a hit in them, 0.5 to 1.
        lists: in the order of the configuration.
        timestamps: the authorities that attest since when the custody log exists, in the order of the configuration.
        site: what the site above the watch needs to know.
    """

    store: str = DEFAULT_STORE
    base: Path = field(default_factory=Path)
    timeout_s: float = 8.0
    deadline_s: float = 60.0
    most_bytes: int = 256 * 2**20
    sandbox: str = "no real copy"
    sandbox_ships: bool = True
    customers: tuple[str, ...] = ()
    min_score: float = DEFAULT_SCORE
    lists: tuple[ListConfig, ...] = ()
    timestamps: tuple[AuthorityConfig, ...] = ()
    site: SiteConfig = field(default_factory=SiteConfig)


def default_config() -> Config:
    """Every list that is watched, fetched from its publisher; the sandbox carries the cycle where none can be had."""
    watched = (name for name, source in sources().items() if source.card.is_watched)
    lists = tuple(ListConfig(list_id=name, fetch=True, urls=(), copies=()) for name in watched)
    return Config(lists=lists)


def read_config(path: Path) -> Config:
    """The configuration of a file.

    Raises:
        UsageError: the file cannot be read, or says what no one knows.
    """
    content = read_own_file(path)
    try:
        return read_card(content, where=str(path), read=lambda card: _config(card, path.parent))
    except CardError as error:  # a card of ours is a part of the program; this one is the user's word
        raise UsageError(error.what, where=error.where, remedy="correct the configuration") from None


def _config(card: Card, base: Path) -> Config:
    default = Config()
    store = card.table_or_none("store", lambda table: table.text("url")) or default.store
    collect = card.table_or_none("collect", _collect) or (default.timeout_s, default.deadline_s, default.most_bytes)
    sandbox = card.table_or_none("sandbox", _sandbox) or (default.sandbox, default.sandbox_ships)
    screen = card.table_or_none("screen", _screen) or (default.customers, default.min_score)
    lists = card.table("lists", _lists) if "lists" in card else default_config().lists
    return Config(
        store=store if "://" in store else str((base / store).resolve()),
        base=base,
        timeout_s=collect[0],
        deadline_s=collect[1],
        most_bytes=collect[2],
        sandbox=sandbox[0],
        sandbox_ships=sandbox[1],
        customers=screen[0],
        min_score=screen[1],
        lists=lists,
        timestamps=_authorities(card),
        site=card.table_or_none("site", site_config) or default.site,
    )


def _collect(card: Card) -> tuple[float, float, int]:
    default = Config()
    return (
        card.number("timeout_seconds", least=0.1, most=600) if "timeout_seconds" in card else default.timeout_s,
        card.number("deadline_seconds", least=0.1, most=7200) if "deadline_seconds" in card else default.deadline_s,
        card.integer("most_bytes", least=1) if "most_bytes" in card else default.most_bytes,
    )


def _sandbox(card: Card) -> tuple[str, bool]:
    default = Config()
    when = card.text("when", one_of=SANDBOX_MODES) if "when" in card else default.sandbox
    return when, card.flag("ships", default=default.sandbox_ships)


def _screen(card: Card) -> tuple[tuple[str, ...], float]:
    score = card.number("min_score", least=LEAST_SCORE, most=1) if "min_score" in card else DEFAULT_SCORE
    return card.texts("customers", at_least=1), score


def _authorities(card: Card) -> tuple[AuthorityConfig, ...]:
    found = card.tables("timestamps", _authority)
    names = [authority.name for authority in found]
    if len(set(names)) < len(names):
        raise card.error("names an authority twice", "timestamps")
    return found


def _authority(card: Card) -> AuthorityConfig:
    name = card.text("name")
    if not _AUTHORITY.fullmatch(name):
        raise card.error("is written in at most 32 lower-case letters, digits and hyphens", "name")
    return AuthorityConfig(
        name=name,
        url=_address(card, "url") if "url" in card else None,
        root=card.text("root"),
        signers=card.texts("signers"),
    )


def _lists(card: Card) -> tuple[ListConfig, ...]:
    unknown = set(card.keys_left()) - set(sources())
    if unknown:
        raise card.error(f"there is no list source {', '.join(sorted(unknown))}; there are {', '.join(sources())}")
    return tuple(card.table(name, partial(_list, name)) for name in card.keys_left())


def _list(name: str, card: Card) -> ListConfig:
    source = sources()[name].card
    parts = source.parts
    copies = card.tables("copy", lambda table: _copy(table, source))
    fetch = card.flag("fetch", default=not copies)
    if "urls" in card and not fetch:
        raise card.error("is of no use where the list is not fetched; add fetch = true", "urls")
    urls = card.table_or_none("urls", lambda table: _addresses(table, parts)) or ()
    if fetch:
        _check_addresses(card, source, dict(urls))
    return ListConfig(list_id=name, fetch=fetch, urls=urls, copies=copies)


def _check_addresses(card: Card, source: SourceCard, urls: Mapping[str, str]) -> None:
    """Refuse to fetch a list that has no address of its own and is given none."""
    lacking = [part.name for part in source.parts if part.required and part.url is None and part.name not in urls]
    if lacking:
        raise card.error(f"cannot be fetched: no address is known of {', '.join(lacking)}; name it in urls, or a copy")


def _copy(card: Card, source: SourceCard) -> FileCopy:
    list_date = card.day_or_none("list_date")
    if list_date is None and not source.prints_date:
        raise card.error(
            "is missing: this list prints no date, and only you know of which day the file is", "list_date"
        )
    return FileCopy(list_date=list_date, parts=card.table("parts", lambda table: _paths(table, source.parts)))


def _paths(card: Card, parts: tuple[PartCard, ...]) -> tuple[tuple[str, str], ...]:
    missing = [part.name for part in parts if part.required and part.name not in card]
    if missing:
        raise card.error(f"lacks {', '.join(missing)}, without which the list cannot be read")
    return tuple((part.name, card.text(part.name)) for part in parts if part.name in card)


def _addresses(card: Card, parts: tuple[PartCard, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((part.name, _address(card, part.name)) for part in parts if part.name in card)


def _address(card: Card, key: str) -> str:
    url = card.text(key)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise card.error("is not an address such as https://host/file; a file is a [[...copy]]", key)
    return url
