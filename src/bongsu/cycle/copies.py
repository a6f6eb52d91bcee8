"""From deliveries to good copies: each is read, held against the copy before it, and accepted or refused."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol

from bongsu.cycle.collect import Delivery
from bongsu.cycle.version import code_digest
from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue, canonical_json, digest, digest_of
from bongsu.kernel.errors import EvidenceError, SourceRefusedError
from bongsu.lists import register
from bongsu.lists.cards import Source, SourceCard, source
from bongsu.lists.changes import Change, change_from_record, compare
from bongsu.lists.model import Part, Reading, SetAside, Statement, Tally
from bongsu.lists.register import Copy
from bongsu.sandbox import SANDBOX_LIST, sandbox_source

COPIES_AT_HAND: Final = 6  # of about 70 MB each for OFAC's list
# A list is dated in its printer's zone, which may be a calendar day ahead of UTC and never two.
_ZONES: Final = timedelta(days=1)


class Exhibits(Protocol):
    """Where the bytes of an exhibit come from."""

    def read(self, digest: str) -> bytes:
        """The bytes, verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCopy:
    """A good copy and what was read of it.

    Args:
        prints_date: whether the list itself says of which day it is.
        said: how many statements each part gave, by the part's name, sorted.
    """

    copy: Copy
    tally: Tally
    set_aside: tuple[SetAside, ...]
    parts_missing: tuple[str, ...]
    prints_date: bool
    said: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A copy that came and is not used, with the reason."""

    list_id: str
    origin: str
    reason: str


def source_of(list_id: str) -> Source:
    """The source of a list, the sandbox's included."""
    return sandbox_source() if list_id == SANDBOX_LIST else source(list_id)


class Library:
    """Copies read once: the register keeps what was read, under the digest of the code that read it.

    The register holds what was read, refused copies too; which of them count, a cycle's manifest says. Statements are
    fetched when they are asked for, a few copies at a time, so that years of daily copies need no more memory than two.

    Args:
        exhibits: where bytes come from.
        shelf: where the register's files are kept, or None to read everything from the bytes (to reproduce); then
            absent or damaged bytes are an error, never a refusal.
    """

    def __init__(self, exhibits: Exhibits, shelf: Folder | None) -> None:
        self._exhibits = exhibits
        self._shelf = shelf
        self._reader_version = code_digest(("kernel/", "lists/", "tables/", "cycle/copies.py"))
        self._at_hand: OrderedDict[str, tuple[Statement, ...]] = OrderedDict()

    @property
    def reads_bytes_only(self) -> bool:
        """Whether nothing is taken from the register."""
        return self._shelf is None

    def register_name(self, copy: Copy) -> str:
        """The register's file for a copy."""
        return register.file_name(copy, self._reader_version)

    def read_delivery(self, delivery: Delivery) -> ReadCopy:
        """A delivery as a copy, judged by itself.

        Raises:
            SourceRefusedError: the reader refuses it, its date contradicts the configuration, or too much is broken.
        """
        reading = self._read(delivery.list_id, delivery.parts)
        copy = Copy(
            list_id=delivery.list_id,
            list_date=_list_date(reading, delivery),
            parts=delivery.parts,
            received_at=delivery.received_at,
            sandbox=delivery.sandbox,
        )
        _judge_alone(reading, source_of(delivery.list_id).card)
        return self._kept(copy, reading)

    def read_copy(self, copy: Copy) -> ReadCopy:
        """A copy that was accepted before: from the register where this very code read it, else from the bytes.

        Raises:
            SourceRefusedError: the reader of today refuses it.
            EvidenceError: its bytes are absent or damaged.
        """
        summary = self._shelved(f"{self.register_name(copy)}.json")
        if summary is None:
            return self._kept(copy, self._read(copy.list_id, copy.parts))
        return ReadCopy(
            copy=copy,
            tally=Tally(**summary["tally"]),
            set_aside=tuple(SetAside(**row) for row in summary["set_aside"]),
            parts_missing=tuple(summary["parts_missing"]),
            prints_date=summary["prints_date"],
            said=tuple(sorted(summary["said"].items())),
        )

    def statements(self, copy: Copy) -> tuple[Statement, ...]:
        """What a copy says, in the order of the file."""
        found = self._at_hand.get(copy.key)
        if found is None:
            found = self._loaded(copy)
        if found is None:
            reading = self._read(copy.list_id, copy.parts)
            self._kept(copy, reading)
            found = reading.statements
        return self._hold(copy, found)

    def changes(self, old: Copy, new: Copy) -> tuple[Change, ...]:
        """What differs between two copies of a list; compared once and kept."""
        name = f"register/{old.list_id}/steps/{old.key}-to-{new.key}-{self._reader_version[: register.SHORT]}.json"
        shelved = self._shelved(name)
        if shelved is not None:
            return tuple(change_from_record(row) for row in shelved)
        found = compare(self.statements(old), self.statements(new))
        if self._shelf is not None:
            self._shelf.replace(name, _sealed([change.record() for change in found]))
        return found

    def _loaded(self, copy: Copy) -> tuple[Statement, ...] | None:
        """The register's statements of a copy; None where they are absent or damaged, and so read from the bytes."""
        name = self.register_name(copy)
        summary = self._shelved(f"{name}.json")
        if self._shelf is None or summary is None:
            return None
        if self._shelf.exists(name) and digest(self._shelf.read(name)) == summary["register"]:
            return register.load(self._shelf, name)
        self._shelf.delete(f"{name}.json")
        return None

    def _shelved(self, name: str) -> Any | None:  # Any: JSON of our own making
        """What a file of the register says; None where it is absent or not as written: it is made anew then."""
        if self._shelf is None or not self._shelf.exists(name):
            return None
        try:
            sealed = json.loads(self._shelf.read(name))
            return sealed["content"] if digest_of(sealed["content"]) == sealed["sha256"] else None
        except (ValueError, KeyError, TypeError):
            return None

    def _read(self, list_id: str, parts: Sequence[register.CopyPart]) -> Reading:
        given = (
            Part(name=part.name, exhibit=part.exhibit, content=self._exhibits.read(part.exhibit)) for part in parts
        )
        return source_of(list_id).read(tuple(given))

    def _kept(self, copy: Copy, reading: Reading) -> ReadCopy:
        """What was read, put on the shelf. The summary comes last: its presence says that the statements are whole."""
        statements = Counter(statement.exhibit for statement in reading.statements)
        read = ReadCopy(
            copy=copy,
            tally=reading.tally,
            set_aside=reading.set_aside,
            parts_missing=reading.parts_missing,
            prints_date=reading.printed_on is not None,
            said=tuple(sorted((part.name, statements[part.exhibit]) for part in copy.parts)),
        )
        self._hold(copy, reading.statements)
        name = self.register_name(copy)
        if self._shelf is not None and self._shelved(f"{name}.json") is None:
            register.store(self._shelf, copy, reading.statements, self._reader_version)
            stored = digest(self._shelf.read(name))
            self._shelf.replace(f"{name}.json", _sealed({**_summary(read), "register": stored}))
        return read

    def _hold(self, copy: Copy, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        self._at_hand[copy.key] = statements
        self._at_hand.move_to_end(copy.key)
        while len(self._at_hand) > COPIES_AT_HAND:
            self._at_hand.popitem(last=False)
        return statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is left standing of all copies, old and new.

    Args:
        good: by list and date.
        refusals: copies that are not used, each with the reason.
        unread: copies of earlier cycles among the refused: a later reader, or restored bytes, may bring them back.
    """

    good: tuple[ReadCopy, ...]
    refusals: tuple[Refusal, ...]
    unread: tuple[Copy, ...]


def accept(
    library: Library, known: Sequence[Copy], deliveries: Sequence[Delivery], tell: Callable[[str], None]
) -> Accepted:
    """All good copies, old and new, and the deliveries that are refused.

    A delivery of the bytes that are in force already is no new copy. One that is refused leaves the good copies as they
    were.

    Args:
        library: reads copies.
        known: good copies of earlier cycles.
        deliveries: what this cycle brought.
        tell: told what is being read.

    Raises:
        EvidenceError: the library reads from the bytes alone, and they are absent or damaged.
    """
    good, unread, refusals = _known(library, known)
    arrived = _arrived(library, [each for each in deliveries if not _is_known(each, good)], refusals, tell)
    for read in sorted(arrived, key=lambda read: (read.copy.list_id, read.copy.list_date, read.copy.key)):
        before = _before(read.copy.list_id, read.copy.list_date, good)
        if before is not None and before.copy.content == read.copy.content:
            continue
        reason = _judge_against(before, read)
        if reason is None:
            good.append(read)
        else:
            refusals.append(Refusal(list_id=read.copy.list_id, origin=_origin(read.copy), reason=reason))
    by_copy = {read.copy: read for read in good}
    keys = {(copy.list_id, copy.key) for copy in by_copy}
    return Accepted(
        good=tuple(by_copy[copy] for copy in register.ordered(by_copy)),
        refusals=tuple(refusals),
        unread=tuple(copy for copy in unread if (copy.list_id, copy.key) not in keys),
    )


def _known(library: Library, known: Iterable[Copy]) -> tuple[list[ReadCopy], list[Copy], list[Refusal]]:
    """The copies of earlier cycles: those that can still be read, those that cannot, and why."""
    good: list[ReadCopy] = []
    unread: list[Copy] = []
    refusals: list[Refusal] = []
    for copy in known:
        try:
            good.append(library.read_copy(copy))
        except (SourceRefusedError, EvidenceError) as error:  # a stricter reader, or damage: said, never hidden
            if library.reads_bytes_only and isinstance(error, EvidenceError):
                raise
            unread.append(copy)
            refusals.append(Refusal(list_id=copy.list_id, origin=_origin(copy), reason=str(error)))
    return good, unread, refusals


def _arrived(
    library: Library, deliveries: Iterable[Delivery], refusals: list[Refusal], tell: Callable[[str], None]
) -> list[ReadCopy]:
    """The deliveries that can be read; the others are added to the refusals."""
    arrived: list[ReadCopy] = []
    for delivery in deliveries:
        tell(f"reading {delivery.list_id}")
        try:
            arrived.append(library.read_delivery(delivery))
        except SourceRefusedError as error:
            refusals.append(Refusal(list_id=delivery.list_id, origin=_origin(delivery), reason=str(error)))
    return arrived


def _is_known(delivery: Delivery, good: Iterable[ReadCopy]) -> bool:
    """Whether a delivery is a copy we have, seen without reading it.

    The same bytes with the same printed date are one copy. Where a list prints no date, bytes that came before count
    again if other bytes came in between: the list then went back to what it was.
    """
    content = register.content_of(delivery.parts)
    mine = [read for read in good if read.copy.list_id == delivery.list_id]
    if any(read.prints_date and read.copy.content == content for read in mine):
        return True
    before = _before(delivery.list_id, delivery.dated or delivery.received_at.date(), mine)
    return before is not None and before.copy.content == content


def _judge_alone(reading: Reading, card: SourceCard) -> None:
    tally = reading.tally
    if not card.least_entries <= tally.in_file <= card.most_entries:
        raise SourceRefusedError(
            f"holds {tally.in_file} entries; the card expects {card.least_entries} to {card.most_entries}",
            where=card.id,
            remedy="look at the file; if the list truly changed so much, change the card",
        )
    if tally.entries_set_aside > card.most_set_aside_share * tally.in_file:
        raise SourceRefusedError(
            f"{tally.entries_set_aside} of {tally.in_file} entries cannot be read",
            where=card.id,
            remedy="look at the file",
        )


def _judge_against(before: ReadCopy | None, read: ReadCopy) -> str | None:
    """Why a copy is not believed beside the one before it; None where it is.

    Beside the entries, each file is held against the same file of the copy before: without its aliases a list would
    look as if hundreds of entries had lost theirs.
    """
    if before is None:
        return None
    day = before.copy.list_date
    lost = [part for part in read.parts_missing if part not in before.parts_missing]
    if lost:
        return f"came without {', '.join(lost)}, which the copy of {day} had"
    least = source_of(read.copy.list_id).card.least_share_of_previous
    old, new = before.tally.in_file, read.tally.in_file
    if new < least * old:
        return f"holds {new} entries where the copy of {day} held {old}: fewer than {least:.0%} of them"
    told = dict(read.said)
    for part, count in before.said:
        if told.get(part, 0) < least * count:
            return f"{part} says {told.get(part, 0)} things where that of {day} said {count}: fewer than {least:.0%}"
    return None


def _before(list_id: str, day: date, good: Iterable[ReadCopy]) -> ReadCopy | None:
    """The good copy of a list that was in force on a day, or None."""
    earlier = [read for read in good if read.copy.list_id == list_id and read.copy.list_date <= day]
    return max(earlier, key=lambda read: (read.copy.list_date, read.copy.received_at, read.copy.key), default=None)


def _list_date(reading: Reading, delivery: Delivery) -> date:
    printed, dated = reading.printed_on, delivery.dated
    if printed is not None and dated is not None and printed != dated:
        raise SourceRefusedError(
            f"prints the date {printed}; the configuration says {dated}",
            where=delivery.list_id,
            remedy="correct one of them",
        )
    day = printed or dated or delivery.received_at.date()
    if day > delivery.received_at.date() + _ZONES:
        # In force for ever, since no true copy would ever be later.
        raise SourceRefusedError(
            f"is dated {day}, after the day of this cycle, {delivery.received_at.date()}",
            where=delivery.list_id,
            remedy="correct the date, or the clock",
        )
    return day


def _origin(item: Delivery | Copy) -> str:
    return ", ".join(part.origin for part in item.parts)


def _sealed(content: JsonValue) -> bytes:
    """A file of the register with its own digest, so that a changed one is made anew and never believed."""
    return canonical_json({"content": content, "sha256": digest_of(content)})


def _summary(read: ReadCopy) -> dict[str, Any]:
    return {
        "tally": asdict(read.tally),
        "set_aside": [asdict(row) for row in read.set_aside],
        "parts_missing": list(read.parts_missing),
        "prints_date": read.prints_date,
        "said": dict(read.said),
    }
