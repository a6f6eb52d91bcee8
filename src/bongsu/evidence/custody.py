"""The custody log: what happened to every exhibit, append-only, each entry chained to the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias, cast, get_args

from bongsu.evidence.folder import Folder
from bongsu.kernel.canonical import JsonValue, digest_of, is_digest
from bongsu.kernel.chain import EMPTY, Anchor, chained_line, chained_values, unmet
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import BusyError, EvidenceError, UsageError

EventKind: TypeAlias = Literal["received", "failed", "derived", "exported", "scrubbed", "held back", "revealed"]

_FOLDER: Final = "custody/"
#: The file that every store has that anything was ever received in.
FIRST_SEGMENT: Final = f"{_FOLDER}{1:012d}.jsonl"
_TRIES: Final = 1000
_RESTORE: Final = "restore the custody log from a backup or a member's mirror, and compare the manifests' anchors"
_KEYS: Final = frozenset({"seq", "at", "event", "exhibit", "detail", "previous", "digest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing that is not as it was left.

    Args:
        where: the name in the store, with the line where there is one.
        what: what is wrong, in a few words.
        exhibit: the digest of the exhibit concerned, or None.
    """

    where: str
    what: str
    exhibit: str | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEvent:
    """What happened, before it has its place in the log.

    Args:
        event: received, failed, derived, exported, scrubbed, held back or revealed.
        exhibit: the digest of the exhibit, or None where there is none.
        detail: what else is known of it, as JSON.
    """

    event: EventKind
    exhibit: str | None = None
    detail: Mapping[str, JsonValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.event not in get_args(EventKind):
            raise ValueError(f"no such event: {self.event!r}")
        if self.exhibit is not None and not is_digest(self.exhibit):
            raise ValueError(f"not a SHA-256: {self.exhibit!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyEntry:
    """One line of the log.

    Args:
        seq: its number, counted from 1 without gaps.
        at: when it happened; aware, UTC, whole seconds.
        event: what happened.
        exhibit: to which exhibit, or None.
        detail: what else is known of it, as JSON.
        previous: the digest of the entry before it; 64 zeros for the first.
    """

    seq: int
    at: datetime
    event: EventKind
    exhibit: str | None
    detail: Mapping[str, JsonValue]
    previous: str

    @property
    def digest(self) -> str:
        """The SHA-256 of the entry's canonical bytes."""
        return digest_of(self.record())

    @property
    def anchor(self) -> Anchor:
        """Its number and digest."""
        return Anchor(self.seq, self.digest)

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, without the digest that stands beside it in the log."""
        return {
            "seq": self.seq,
            "at": stamp(self.at),
            "event": self.event,
            "exhibit": self.exhibit,
            "detail": self.detail,
            "previous": self.previous,
        }

    def line(self) -> bytes:
        """The line of the log: the canonical JSON of the record and its digest."""
        return chained_line(self.record())

    @classmethod
    def parse(cls, line: bytes) -> CustodyEntry:
        """An entry from its line, without the line break.

        Raises:
            ValueError: anything but the exact bytes `line` writes.
        """
        try:
            entry = _entry(chained_values(line, _KEYS))
            exact = entry.line() == line + b"\n"
        except (RecursionError, TypeError, UsageError) as error:
            raise ValueError(f"not an entry: {error}") from error
        if not exact:
            raise ValueError("changed: its digest is of other content")
        return entry


class CustodyLog:
    """The log in `custody/` of a folder.

    Segments `custody/000000000001.jsonl`, ... hold one or more entries each and are written once: exclusive
    creation decides which of two writers comes first, and the other follows it. Each entry carries its own digest and
    the digest of the one before it.

    What the chain sees: any entry changed, taken out, put in or moved. What it cannot see by itself: a tail cut off,
    or rewritten together with all its digests. So the manifest of every cycle anchors the head, members keep signed
    manifests, and `verify` compares the log with such anchors.

    Args:
        folder: the store.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._seen = 0  # the last segment seen: where to begin looking for newer ones

    def append(self, events: Sequence[CustodyEvent], at: datetime) -> str:
        """Write events as one segment, all or none of them; only the last segment is read for it.

        An object store that took the segment but whose answer was lost makes it appear twice: better twice than never.

        Args:
            events: in their order; none leaves the log as it is.
            at: when they happened; aware.

        Returns:
            The digest of the log's last entry.

        Raises:
            EvidenceError: the last segment is damaged, or the store cannot be written.
            BusyError: others kept winning.
            ValueError: a time without its zone, or a detail that JSON has no form for.
        """
        for _ in range(_TRIES):
            number = self._last_segment()
            head = self._head_of(number)
            lines: list[bytes] = []
            for event in events:
                entry = _following(head, event, at)
                head = entry.anchor
                lines.append(entry.line())
            if not lines or self._folder.write_once(_name(number + 1), b"".join(lines)):
                return head.digest
        raise BusyError("others keep writing to the custody log", where=_FOLDER, remedy="run it again")

    def head(self) -> Anchor:
        """The last entry's number and digest; (0, 64 zeros) for an empty log.

        Raises:
            EvidenceError: the last segment is damaged.
        """
        return self._head_of(self._last_segment())

    def last(self) -> CustodyEntry | None:
        """The last entry; None in an empty log. Raises as `head` does."""
        return self._last_of(self._last_segment())

    def expect(self, anchor: Anchor) -> None:
        """Be sure that the log still holds an entry someone remembered; it is read from its end back to there only.

        Raises:
            EvidenceError: it was cut off or rewritten, or what was read is damaged.
        """
        following: CustodyEntry | None = None
        for where, entry in self._backwards():
            if following is not None and (entry.seq + 1, entry.digest) != (following.seq, following.previous):
                raise EvidenceError(
                    f"entry {following.seq} does not follow entry {entry.seq}", where=where, remedy=_RESTORE
                )
            if entry.seq <= anchor.seq:
                _meet(anchor, entry.anchor)
                return
            following = entry
        _meet(anchor, EMPTY)

    def since(self, anchor: Anchor) -> Iterator[CustodyEntry]:
        """Every entry after one that someone remembered, in order; the log is read from its end back to there only.

        Raises:
            EvidenceError: the remembered entry is not there any more, or what was read does not hold together.
        """
        if anchor == EMPTY:
            yield from self.entries()
            return
        self.expect(anchor)
        newer = []
        for _, entry in self._backwards():
            if entry.seq <= anchor.seq:
                break
            newer.append(entry)
        yield from reversed(newer)

    def entries(self) -> Iterator[CustodyEntry]:
        """Every entry from the first, verified on the way.

        Raises:
            EvidenceError: on reaching what does not hold together; names the segment and line.
        """
        for found in self.walk():
            if isinstance(found, Damage):
                raise EvidenceError(found.what, where=found.where, remedy=_RESTORE)
            yield found

    def verify(
        self, anchors: Sequence[tuple[int, str]] = (), *, visit: Callable[[CustodyEntry], None] | None = None
    ) -> list[Damage]:
        """Every place where the log does not hold together, in its order; empty for a sound log.

        Args:
            anchors: (number, digest) of entries known from manifests or members; one that is missing or differs is
                reported.
            visit: told every readable entry on the way, so that the log need not be read twice.

        Raises:
            EvidenceError: the store cannot be listed.
        """
        damages: list[Damage] = []
        wanted = {seq for seq, _ in anchors}
        known = {EMPTY.seq: EMPTY.digest}
        last = 0
        for found in self.walk():
            if isinstance(found, Damage):
                damages.append(found)
                continue
            last = found.seq
            if visit is not None:
                visit(found)
            if found.seq in wanted:
                known[found.seq] = found.digest
        return damages + _unmet(sorted(anchors), known, last)

    def walk(self) -> Iterator[CustodyEntry | Damage]:
        """Every readable entry and every damage, in the order of the log; a misplaced entry follows its damage.

        Raises:
            EvidenceError: the store cannot be listed.
        """
        numbers, strays = self._segments()
        yield from (Damage(where=name, what="does not belong to the custody log") for name in strays)
        before: Anchor | None = EMPTY  # None: unknown, because damage hides it
        for expected, number in zip([1, *(number + 1 for number in numbers)], numbers, strict=False):
            if number != expected:
                yield Damage(where=_FOLDER, what=_missing(expected, number - 1))
                before = None
            for found in self._segment(number):
                if isinstance(found, Damage):
                    before = None
                    yield found
                    continue
                where, entry = found
                if before is not None and (entry.seq, entry.previous) != (before.seq + 1, before.digest):
                    yield Damage(where=where, what=f"entry {entry.seq} does not follow entry {before.seq}")
                before = entry.anchor
                yield entry

    def _backwards(self) -> Iterator[tuple[str, CustodyEntry]]:
        """Every entry with its place, from the last to the first.

        Raises:
            EvidenceError: on reaching a segment that is missing or damaged.
        """
        for number in range(self._last_segment(), 0, -1):
            found = list(self._segment(number))
            for each in reversed(found):
                if isinstance(each, Damage):
                    raise EvidenceError(each.what, where=each.where, remedy=_RESTORE)
                yield each

    def _segment(self, number: int) -> Iterator[tuple[str, CustodyEntry] | Damage]:
        name = _name(number)
        try:
            content = self._folder.read(name)
        except EvidenceError as error:
            yield Damage(where=name, what=error.what)
            return
        *lines, rest = content.split(b"\n")
        if rest or not lines:
            yield Damage(where=name, what="does not end with a whole line" if content else "is empty")
        for index, line in enumerate(lines, start=1):
            where = f"{name}, line {index}"
            try:
                yield where, CustodyEntry.parse(line)
            except ValueError as error:
                yield Damage(where=where, what=str(error))

    def _segments(self) -> tuple[list[int], list[str]]:
        """The numbers of the segments in their order, and the names that are none."""
        numbers, strays = [], []
        for name in self._folder.names(_FOLDER):
            middle = name.removeprefix(_FOLDER).removesuffix(".jsonl")
            number = int(middle) if middle.isascii() and middle.isdigit() else 0
            if number > 0 and name == _name(number):
                numbers.append(number)
            else:
                strays.append(name)
        return sorted(numbers), strays

    def _last_segment(self) -> int:
        if not self._seen:
            numbers, _ = self._segments()
            self._seen = max(numbers, default=0)
        while self._folder.exists(_name(self._seen + 1)):
            self._seen += 1
        return self._seen

    def _head_of(self, number: int) -> Anchor:
        last = self._last_of(number)
        return EMPTY if last is None else last.anchor

    def _last_of(self, number: int) -> CustodyEntry | None:
        if not number:
            return None
        *_, last = self._segment(number)  # an empty segment is a damage of its own
        if isinstance(last, Damage):
            raise EvidenceError(last.what, where=last.where, remedy=_RESTORE)
        return last[1]


def _name(number: int) -> str:
    return f"{_FOLDER}{number:012d}.jsonl"


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"segment {first:012d}.jsonl is missing"
    return f"segments {first:012d}.jsonl to {last:012d}.jsonl are missing"


def _following(head: Anchor, event: CustodyEvent, at: datetime) -> CustodyEntry:
    return CustodyEntry(
        seq=head.seq + 1, at=at, event=event.event, exhibit=event.exhibit, detail=event.detail, previous=head.digest
    )


def _meet(anchor: Anchor, found: Anchor) -> None:
    """Raise unless the last entry at or before a remembered one is that very entry."""
    damages = _unmet([anchor], {found.seq: found.digest}, found.seq)
    if damages:
        raise EvidenceError(damages[0].what, where=damages[0].where, remedy=_RESTORE)


def _unmet(anchors: Sequence[tuple[int, str]], known: Mapping[int, str], last: int) -> list[Damage]:
    """One damage for each anchor the log does not meet."""
    return [Damage(where=_FOLDER, what=what) for what in unmet(anchors, known, last)]


def _entry(values: dict[str, object]) -> CustodyEntry:
    """An entry from the values of a line.

    Raises:
        ValueError: a value of another kind.
        UsageError: a time that is none.
    """
    seq, at, event = values["seq"], values["at"], values["event"]
    exhibit, detail, previous = values["exhibit"], values["detail"], values["previous"]
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
        raise ValueError("its number is none")
    if not isinstance(at, str) or event not in get_args(EventKind) or not isinstance(detail, dict):
        raise ValueError("its time, event or detail is none")
    if not isinstance(previous, str) or not is_digest(previous):
        raise ValueError("the digest before it is none")
    if exhibit is not None and not (isinstance(exhibit, str) and is_digest(exhibit)):
        raise ValueError("its exhibit is none")
    return CustodyEntry(
        seq=seq, at=instant(at), event=cast(EventKind, event), exhibit=exhibit, detail=detail, previous=previous
    )
