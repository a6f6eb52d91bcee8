"""From deliveries to good copies: each is read, held against the copy before it, and accepted or refused."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Protocol

from bongsu.cycle.collect import Delivery
from bongsu.cycle.version import code_digest
from bongsu.evidence import Folder
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import EvidenceError, SourceRefusedError
from bongsu.lists import register
from bongsu.lists.cards import Source, SourceCard, source
from bongsu.lists.changes import Change, change_from_record, compare
from bongsu.lists.model import Part, Reading, SetAside, Statement, Tally
from bongsu.lists.register import Copy
from bongsu.sandbox import SANDBOX_LIST, sandbox_source

COPIES_AT_HAND: Final = 6  # of about 70 MB each for OFAC's list


class Exhibits(Protocol):
    """Where the bytes of an exhibit come from."""

    def read(self, digest: str) -> bytes:
        """The bytes, verified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCopy:
    """A good copy and what was read of it."""

    copy: Copy
    tally: Tally
    set_aside: tuple[SetAside, ...]
    parts_missing: tuple[str, ...]


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
        shelf: where the register's files are kept, or None to read everything from the bytes (to reproduce).
    """

    def __init__(self, exhibits: Exhibits, shelf: Folder | None) -> None:
        self._exhibits = exhibits
        self._shelf = shelf
        self._reader_version = code_digest(("kernel/", "lists/", "tables/"))
        self._at_hand: OrderedDict[str, tuple[Statement, ...]] = OrderedDict()

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
        name = f"{self.register_name(copy)}.json"
        if self._shelf is None or not self._shelf.exists(name):
            return self._kept(copy, self._read(copy.list_id, copy.parts))
        summary: dict[str, Any] = json.loads(self._shelf.read(name))  # Any: JSON of our own making
        return ReadCopy(
            copy=copy,
            tally=Tally(**summary["tally"]),
            set_aside=tuple(SetAside(**row) for row in summary["set_aside"]),
            parts_missing=tuple(summary["parts_missing"]),
        )

    def statements(self, copy: Copy) -> tuple[Statement, ...]:
        """What a copy says, in the order of the file."""
        found = self._at_hand.get(copy.key)
        if found is None:
            shelved = self._shelf is not None and self._shelf.exists(f"{self.register_name(copy)}.json")
            found = (
                register.load(self._shelf, self.register_name(copy))
                if self._shelf is not None and shelved
                else self._read(copy.list_id, copy.parts).statements
            )
        return self._hold(copy, found)

    def changes(self, old: Copy, new: Copy) -> tuple[Change, ...]:
        """What differs between two copies of a list; compared once and kept."""
        name = f"register/{old.list_id}/steps/{old.key}-to-{new.key}-{self._reader_version[: register.SHORT]}.json"
        if self._shelf is not None and self._shelf.exists(name):
            return tuple(change_from_record(row) for row in json.loads(self._shelf.read(name)))
        found = compare(self.statements(old), self.statements(new))
        if self._shelf is not None:
            self._shelf.write_once(name, canonical_json([change.record() for change in found]))
        return found

    def _read(self, list_id: str, parts: Sequence[register.CopyPart]) -> Reading:
        given = (
            Part(name=part.name, exhibit=part.exhibit, content=self._exhibits.read(part.exhibit)) for part in parts
        )
        return source_of(list_id).read(tuple(given))

    def _kept(self, copy: Copy, reading: Reading) -> ReadCopy:
        """What was read, put on the shelf. The summary comes last: its presence says that the statements are whole."""
        read = ReadCopy(
            copy=copy, tally=reading.tally, set_aside=reading.set_aside, parts_missing=reading.parts_missing
        )
        self._hold(copy, reading.statements)
        name = self.register_name(copy)
        if self._shelf is not None and not self._shelf.exists(f"{name}.json"):
            register.store(self._shelf, copy, reading.statements, self._reader_version)
            self._shelf.write_once(f"{name}.json", canonical_json(_summary(read)))
        return read

    def _hold(self, copy: Copy, statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
        self._at_hand[copy.key] = statements
        self._at_hand.move_to_end(copy.key)
        while len(self._at_hand) > COPIES_AT_HAND:
            self._at_hand.popitem(last=False)
        return statements


def accept(
    library: Library, known: Sequence[Copy], deliveries: Sequence[Delivery], tell: Callable[[str], None]
) -> tuple[tuple[ReadCopy, ...], tuple[Refusal, ...]]:
    """All good copies, old and new, in the order of their dates, and the deliveries that are refused.

    A delivery of bytes already known is no new copy. One that is refused leaves the good copies as they were.

    Args:
        library: reads copies.
        known: good copies of earlier cycles.
        deliveries: what this cycle brought.
        tell: told what is being read.
    """
    refusals: list[Refusal] = []
    good: dict[tuple[str, str], ReadCopy] = {}
    for copy in known:
        try:
            good[copy.list_id, copy.content] = library.read_copy(copy)
        except (SourceRefusedError, EvidenceError) as error:  # a stricter reader, or damage: said, never hidden
            refusals.append(Refusal(list_id=copy.list_id, origin=_origin(copy), reason=str(error)))
    arrived: list[ReadCopy] = []
    for delivery in deliveries:
        if (delivery.list_id, register.content_of(delivery.parts)) in good:
            continue
        tell(f"reading {delivery.list_id}")
        try:
            arrived.append(library.read_delivery(delivery))
        except SourceRefusedError as error:
            refusals.append(Refusal(list_id=delivery.list_id, origin=_origin(delivery), reason=str(error)))
    for read in sorted(arrived, key=lambda read: (read.copy.list_id, read.copy.list_date, read.copy.key)):
        identity = (read.copy.list_id, read.copy.content)
        if identity in good:
            continue
        reason = _judge_against(_before(read.copy, good.values()), read)
        if reason is None:
            good[identity] = read
        else:
            refusals.append(Refusal(list_id=read.copy.list_id, origin=_origin(read.copy), reason=reason))
    by_copy = {read.copy: read for read in good.values()}
    return tuple(by_copy[copy] for copy in register.ordered(by_copy)), tuple(refusals)


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
    """Why a copy is not believed beside the one before it; None where it is."""
    if before is None:
        return None
    least = source_of(read.copy.list_id).card.least_share_of_previous
    old, new = before.tally.in_file, read.tally.in_file
    if new >= least * old:
        return None
    return f"holds {new} entries where the copy of {before.copy.list_date} held {old}: fewer than {least:.0%} of them"


def _before(copy: Copy, good: Iterable[ReadCopy]) -> ReadCopy | None:
    earlier = [read for read in good if read.copy.list_id == copy.list_id and read.copy.list_date <= copy.list_date]
    return max(earlier, key=lambda read: (read.copy.list_date, read.copy.received_at, read.copy.key), default=None)


def _list_date(reading: Reading, delivery: Delivery) -> date:
    printed, dated = reading.printed_on, delivery.dated
    if printed is not None and dated is not None and printed != dated:
        raise SourceRefusedError(
            f"prints the date {printed}; the configuration says {dated}",
            where=delivery.list_id,
            remedy="correct one of them",
        )
    return printed or dated or delivery.received_at.date()


def _origin(item: Delivery | Copy) -> str:
    return ", ".join(part.origin for part in item.parts)


def _summary(read: ReadCopy) -> dict[str, Any]:
    return {
        "tally": asdict(read.tally),
        "set_aside": [asdict(row) for row in read.set_aside],
        "parts_missing": list(read.parts_missing),
    }
