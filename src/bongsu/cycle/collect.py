"""Collecting: fetches or opens the files of every list, keeps the bytes as exhibits, and records what did not come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import PurePosixPath

from bongsu.cycle.config import Config, FileCopy, ListConfig
from bongsu.cycle.fetch import Answer, fetch_all
from bongsu.cycle.version import TOOL
from bongsu.cycle.waters import SeaFile
from bongsu.evidence import GZIP, Capture, ExhibitStore, own_file, read_own_file, redacted_text, redacted_url, unpack
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import PartCard, SourceCard, sources
from bongsu.lists.register import CopyPart
from bongsu.lists.sightings import CustomerFile
from bongsu.sandbox import (
    SANDBOX_CUSTOMERS,
    SANDBOX_LIST,
    sandbox_copies,
    sandbox_customers,
    sandbox_source,
)
from bongsu.sandbox.ships import (
    SANDBOX_SHIPS,
    SANDBOX_SHIPS_REGISTER,
    SANDBOX_SHIPS_SOURCE,
    SANDBOX_SHIPS_UNTIL,
    sandbox_log,
    sandbox_register,
)
from bongsu.sea.model import SANDBOX

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A copy of a list as it came, before anyone looked into it.

    Args:
        list_id: the list.
        dated: the day the configuration says it is of; None where the list prints it.
        parts: its files, kept as exhibits.
        received_at: the cycle's clock.
        fetched: whether its address served it now; a file of a person's own says nothing about the day it is read.
        sandbox: whether it is invented.
    """

    list_id: str
    dated: date | None
    parts: tuple[CopyPart, ...]
    received_at: datetime
    fetched: bool
    sandbox: bool

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "list": self.list_id,
            "dated": None if self.dated is None else self.dated.isoformat(),
            "parts": [
                {"name": part.name, "exhibit": part.exhibit, "received": part.received, "origin": part.origin}
                for part in self.parts
            ],
            "received_at": stamp(self.received_at),
            "fetched": self.fetched,
            "sandbox": self.sandbox,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Something that was to come and did not.

    Args:
        list_id: the list.
        part: its file.
        origin: the address or path, secrets removed.
        problem: why, in words.
        required: whether the list cannot be read without it.
    """

    list_id: str
    part: str
    origin: str
    problem: str
    required: bool

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "list": self.list_id,
            "part": self.part,
            "origin": self.origin,
            "problem": self.problem,
            "required": self.required,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """All that came and all that did not, sorted by list; and the customer files, in the order of the configuration."""

    deliveries: tuple[Delivery, ...]
    shortfalls: tuple[Shortfall, ...]
    customers: tuple[CustomerFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """One file of one copy, and how asking for it went."""

    part: PartCard
    answer: Answer


def collect(
    config: Config, store: ExhibitStore, clock: datetime, now: Callable[[], datetime], tell: Tell
) -> Collection:
    """Fetch or open everything the configuration names. A host may be silent; a file that is named must be there.

    Hosts are asked side by side; one that is silent costs the configured seconds and no more. Every file that comes is
    an exhibit before it is parsed; every one that does not is in the custody log with its reason.

    Args:
        config: what to collect.
        store: where exhibits are kept.
        clock: the cycle's clock: when the copies count as received.
        now: the wall clock, for the custody log.
        tell: told in a few words what is being done.

    Returns:
        Deliveries and shortfalls, sorted by list.

    Raises:
        UsageError: a file the configuration names is not there or cannot be read; then nothing was received.
        EvidenceError: the store cannot be written.
    """
    _check_files(config)
    desk = _Desk(store=store, clock=clock, now=now, most_bytes=config.most_bytes)
    for settings in config.lists:
        card = sources()[settings.list_id].card
        for copy in settings.copies:
            tell(f"opening {card.id} {copy.list_date or ''}".rstrip())
            desk.take(card, copy.list_date, _opened(config, card, copy), fetched=False)
    online = [settings for settings in config.lists if settings.fetch]
    if online:
        tell(f"asking {', '.join(settings.list_id for settings in online)}")
        _take_online(online, config, desk)
    return Collection(
        deliveries=tuple(sorted(desk.deliveries, key=lambda d: (d.list_id, d.dated or clock.date(), str(d.parts)))),
        shortfalls=tuple(sorted(desk.shortfalls, key=lambda s: (s.list_id, s.part, s.origin))),
        customers=tuple(desk.customers(name, _content(config, name), sandbox=False) for name in config.customers),
    )


def keep_sandbox(store: ExhibitStore, clock: datetime, now: Callable[[], datetime]) -> tuple[Delivery, ...]:
    """The sandbox's copies, kept as exhibits like any other."""
    desk = _Desk(store=store, clock=clock, now=now, most_bytes=2**30)
    part = sandbox_source().card.parts[0]
    deliveries = []
    for name, content in sandbox_copies():
        kept = desk.keep(SANDBOX_LIST, part, Answer(url=f"sandbox/{name}", content=content))
        assert isinstance(kept, CopyPart)  # noqa: S101  embedded bytes are there, and are not packed
        deliveries.append(
            Delivery(list_id=SANDBOX_LIST, dated=None, parts=(kept,), received_at=clock, fetched=False, sandbox=True)
        )
    return tuple(deliveries)


def keep_sandbox_customers(store: ExhibitStore, clock: datetime, now: Callable[[], datetime]) -> CustomerFile:
    """The sandbox's customer file, kept as an exhibit like any other."""
    desk = _Desk(store=store, clock=clock, now=now, most_bytes=2**30)
    return desk.customers(SANDBOX_CUSTOMERS, sandbox_customers(), sandbox=True)


def keep_sandbox_sea(store: ExhibitStore, clock: datetime, now: Callable[[], datetime]) -> SeaFile:
    """What was heard of the sandbox's ships, and their register, kept as exhibits like any other."""
    kept = {
        name: store.receive(
            content, Capture(source=SANDBOX_SHIPS_SOURCE, url=f"sandbox/{name}", retrieved_at=now(), tool=TOOL)
        ).digest
        for name, content in ((SANDBOX_SHIPS, sandbox_log()), (SANDBOX_SHIPS_REGISTER, sandbox_register()))
    }
    return SeaFile(
        exhibit=kept[SANDBOX_SHIPS],
        source=SANDBOX_SHIPS_SOURCE,
        reading=f"world {SANDBOX}, register {kept[SANDBOX_SHIPS_REGISTER]}",
        clock=stamp(min(clock, SANDBOX_SHIPS_UNTIL)),
    )


def _opened(config: Config, card: SourceCard, copy: FileCopy) -> list[_Arrival]:
    """The files of a configured copy; optional parts that it does not name were not asked for."""
    named = dict(copy.parts)
    return [
        _Arrival(part=part, answer=Answer(url=named[part.name], content=_content(config, named[part.name])))
        for part in card.parts
        if part.name in named
    ]


def _content(config: Config, name: str) -> bytes:
    return read_own_file(config.base / name, limit_bytes=config.most_bytes)


def _check_files(config: Config) -> None:
    """Open every file the configuration names, before anything is received.

    Raises:
        UsageError: one of them is not there, or is no file that can be read.
    """
    named = [
        (f"lists.{row.list_id}.copy", name) for row in config.lists for copy in row.copies for _, name in copy.parts
    ]
    for place, name in (*named, *(("screen.customers", name) for name in config.customers)):
        try:
            with own_file(config.base / name):
                pass
        except UsageError as error:
            raise UsageError(
                f"{name}: {error.what}",
                where=place,
                remedy="correct the configuration, or put the file there",
            ) from None


def _take_online(online: Sequence[ListConfig], config: Config, desk: _Desk) -> None:
    addresses = (
        ((settings.list_id, part.name), dict(settings.urls).get(part.name, part.url))
        for settings in online
        for part in sources()[settings.list_id].card.parts
    )
    wanted = {key: url for key, url in addresses if url is not None}
    answers = fetch_all(wanted, timeout_s=config.timeout_s, deadline_s=config.deadline_s, most_bytes=config.most_bytes)
    for settings in online:
        card = sources()[settings.list_id].card
        asked = [part for part in card.parts if (card.id, part.name) in answers]
        arrivals = [_Arrival(part=part, answer=answers[card.id, part.name]) for part in asked]
        desk.take(card, None, arrivals, fetched=True)


class _Desk:
    """Where arrivals are kept as exhibits and what did not arrive is noted."""

    def __init__(self, *, store: ExhibitStore, clock: datetime, now: Callable[[], datetime], most_bytes: int) -> None:
        self.deliveries: list[Delivery] = []
        self.shortfalls: list[Shortfall] = []
        self._store = store
        self._clock = clock
        self._now = now
        self._most_bytes = most_bytes

    def take(self, card: SourceCard, dated: date | None, arrivals: Sequence[_Arrival], *, fetched: bool) -> None:
        """Keep what came of one copy and note what did not; a copy without a required part is no delivery.

        Args:
            card: the list's.
            dated: the day the configuration says the copy is of.
            arrivals: its files.
            fetched: whether they were asked of addresses; of files every one is required: a person named each of them.
        """
        parts = [replace(each.part, required=each.part.required or not fetched) for each in arrivals]
        kept = [self.keep(card.id, part, each.answer) for part, each in zip(parts, arrivals, strict=True)]
        short = [item for item in kept if isinstance(item, Shortfall)]
        self.shortfalls.extend(short)
        if not any(item.required for item in short):
            self.deliveries.append(
                Delivery(
                    list_id=card.id,
                    dated=dated,
                    parts=tuple(item for item in kept if isinstance(item, CopyPart)),
                    received_at=self._clock,
                    fetched=fetched,
                    sandbox=False,
                )
            )

    def keep(self, list_id: str, part: PartCard, answer: Answer) -> CopyPart | Shortfall:
        """One file as an exhibit, unpacked where it came packed; or why there is none."""
        origin = redacted_url(answer.url)
        if answer.content is None or answer.problem is not None:
            problem = redacted_text(answer.problem or "nothing came")
            self._store.fail(self._capture(list_id, part, answer, problem))
            return Shortfall(list_id=list_id, part=part.name, origin=origin, problem=problem, required=part.required)
        received = self._store.receive(answer.content, self._capture(list_id, part, answer, None))
        try:
            unpacked = unpack(answer.content, limit_bytes=self._most_bytes)
        except SourceRefusedError as error:
            return Shortfall(list_id=list_id, part=part.name, origin=origin, problem=error.what, required=part.required)
        exhibit = received
        if unpacked is not None:
            exhibit = self._store.derive(unpacked, received.digest, GZIP, self._now())
        return CopyPart(name=part.name, exhibit=exhibit.digest, received=received.digest, origin=origin)

    def customers(self, name: str, content: bytes, *, sandbox: bool) -> CustomerFile:
        """A customer file as an exhibit, unpacked where it came packed.

        Raises:
            SourceRefusedError: it is packed and cannot be unpacked.
        """
        part = PartCard(name="customers", url=None, file_word=None, required=True)
        kept = self.keep("customers", part, Answer(url=name, content=content))
        if isinstance(kept, Shortfall):
            raise SourceRefusedError(kept.problem, where=name)
        return CustomerFile(
            name=PurePosixPath(name).name,
            exhibit=kept.exhibit,
            received=kept.received,
            origin=kept.origin,
            sandbox=sandbox,
        )

    def _capture(self, list_id: str, part: PartCard, answer: Answer, problem: str | None) -> Capture:
        return Capture(
            source=list_id,
            part=part.name,
            url=answer.url,
            final_url=answer.final_url,
            hosts=answer.hosts,
            retrieved_at=self._now(),
            status="ok" if problem is None else "failed",
            http_status=answer.http_status,
            headers=answer.headers,
            tool=TOOL,
            problem=problem,
        )
