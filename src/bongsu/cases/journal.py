"""The journal: what was done, append-only, each entry chained to the one before it; it knows no kinds of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from bongsu.cases import codec
from bongsu.cases.acts import ACTS, Act, act_from, act_record
from bongsu.cases.model import Person
from bongsu.kernel.canonical import JsonValue, digest_of, is_digest
from bongsu.kernel.chain import EMPTY, Anchor, chained_line, chained_values, unmet
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import EvidenceError, UsageError

DamageKind: TypeAlias = Literal["unreadable", "gap", "fork", "edit", "order", "cut"]

_KEYS: Final = frozenset({"number", "previous", "at", "by", "kind", "body", "digest"})
_KIND: Final = re.compile(r"[a-z0-9]+(?:[_.-][a-z0-9]+)*")
_ACT_KEYS: Final = frozenset({"case", "act"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal.

    Args:
        number: counted from 1 without gaps.
        previous: the digest of the entry before it; 64 zeros for the first.
        at: when; aware, UTC, whole seconds.
        by: who, as the accounts knew the person then; None: the program itself, or someone not signed in.
        kind: what: an act's kind, or another, such as `access.refused`, `account.locked`, `export`, `sign_in`.
        body: what else is kept of it, as JSON.
    """

    number: int
    previous: str
    at: datetime
    by: Person | None
    kind: str
    body: Mapping[str, JsonValue]

    @property
    def digest(self) -> str:
        """The SHA-256 of the entry's canonical bytes."""
        return digest_of(self.record())

    @property
    def anchor(self) -> Anchor:
        """Its number and digest."""
        return Anchor(self.number, self.digest)

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, without the digest that stands beside it in a line."""
        return {
            "number": self.number,
            "previous": self.previous,
            "at": stamp(self.at),
            "by": None if self.by is None else codec.record(self.by),
            "kind": self.kind,
            "body": self.body,
        }

    def line(self) -> bytes:
        """The line of an exported journal: the canonical JSON of the record and its digest."""
        return chained_line(self.record())

    @classmethod
    def parse(cls, line: bytes) -> Entry:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAct:
    """An act as an entry keeps it: on which case, and by whom."""

    case: str
    act: Act
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing about a journal that is not as it was left.

    Args:
        kind: unreadable; gap: entries are missing; fork: two entries of one number; edit: the entry before another is
            not the one it followed; order: an entry stands after a later one; cut: a known entry is missing or another.
        number: the number of the entry, or None where it cannot be said.
        what: what is wrong, in a few words.
    """

    kind: DamageKind
    number: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.number is None else f"entry {self.number}: {self.what}"


def following(head: Anchor, *, kind: str, body: Mapping[str, JsonValue], by: Person | None, at: datetime) -> Entry:
    """The entry that comes after a head; whoever stores it sees to it that no other does.

    Args:
        head: the number and digest of the last entry; `bongsu.kernel.chain.EMPTY` before the first.
        kind: small letters and digits, joined by `_`, `.` or `-`.
        body: as JSON.
        by: who, or None.
        at: when; aware, kept in whole seconds.

    Raises:
        ValueError: a kind not written so, a time without its zone, or a body that JSON has no form for.
    """
    if not _KIND.fullmatch(kind):
        raise ValueError(f"not a kind of entry: {kind!r}")
    entry = Entry(number=head.seq + 1, previous=head.digest, at=instant(stamp(at)), by=by, kind=kind, body=body)
    entry.line()  # what cannot be written fails here, and not when it is exported
    return entry


def act_entry(head: Anchor, case: str, act: Act, by: Person, at: datetime) -> Entry:
    """The entry of an act on a case.

    Args:
        head: the number and digest of the last entry.
        case: the id of the case, also of one the act opens.
        act: what was done.
        by: by whom.
        at: when.

    Raises:
        ValueError: a time in the act is not of whole seconds, or a text is not Unicode.
    """
    body: dict[str, JsonValue] = {"case": case, "act": {k: v for k, v in act_record(act).items() if k != "kind"}}
    return following(head, kind=act.kind, body=body, by=by, at=at)


def case_act_of(entry: Entry) -> CaseAct | None:
    """The act an entry keeps; None for an entry of another kind.

    Raises:
        EvidenceError: it looks like an act and is none that can be read here.
    """
    if entry.kind not in ACTS and set(entry.body) != _ACT_KEYS:
        return None
    case, act = entry.body.get("case"), entry.body.get("act")
    where = f"entry {entry.number}"
    if set(entry.body) != _ACT_KEYS or entry.by is None or not isinstance(case, str) or not isinstance(act, dict):
        raise EvidenceError("an act without its case, its content or its person", where=where)
    try:
        return CaseAct(case=case, act=act_from({**act, "kind": entry.kind}), by=entry.by)
    except UsageError as error:
        raise EvidenceError(f"an act that cannot be read: {error}", where=where) from None


def read(lines: Iterable[bytes]) -> Iterator[Entry | Damage]:
    """The entries of an exported journal, and a damage for every line that is none.

    Args:
        lines: with or without their line breaks; each line must end with exactly one or none.
    """
    for number, line in enumerate(lines, start=1):
        try:
            yield Entry.parse(line.removesuffix(b"\n"))
        except ValueError as error:
            yield Damage(kind="unreadable", number=None, what=f"line {number}: {error}")


def verify(entries: Iterable[Entry | Damage], anchors: Sequence[tuple[int, str]] = ()) -> Anchor | tuple[Damage, ...]:
    """Whether a journal holds together: its head, or else every damage in its order.

    The chain sees every entry changed, taken out, put in or moved. A tail cut off, or written anew with all its
    digests, is seen by anchors only.

    Args:
        entries: in the order of the journal.
        anchors: (number, digest) of entries someone remembered.
    """
    damages: list[Damage] = []
    digests: dict[int, str] = {EMPTY.seq: EMPTY.digest}
    before: Anchor | None = EMPTY  # None: unknown, because damage hides it
    for found in entries:
        if isinstance(found, Damage):
            damages.append(found)
            before = None
            continue
        damage = _misplaced(found, before, digests)
        if damage is not None:
            damages.append(damage)
        digests.setdefault(found.number, found.digest)
        before = found.anchor
    last = max(digests)
    damages += (Damage(kind="cut", number=None, what=what) for what in unmet(sorted(anchors), digests, last))
    return tuple(damages) or Anchor(last, digests[last])


def _misplaced(entry: Entry, before: Anchor | None, digests: Mapping[int, str]) -> Damage | None:
    """What is wrong with an entry where it stands, or None."""
    number, last = entry.number, max(digests)
    if number in digests and digests[number] != entry.digest:
        return Damage(kind="fork", number=number, what="is there twice, with different content")
    if number in digests:
        return Damage(kind="order", number=number, what="stands there twice")
    if number < last:
        return Damage(kind="order", number=number, what=f"stands after entry {last}")
    if before is not None and number > before.seq + 1:
        return Damage(kind="gap", number=number, what=f"follows entry {before.seq}: what lay between is missing")
    if before is not None and entry.previous != before.digest:
        return Damage(kind="edit", number=number, what=f"entry {before.seq} is not the one it followed")
    return None


def _entry(values: dict[str, object]) -> Entry:
    """An entry from the values of a line.

    Raises:
        ValueError: a value of another kind.
        UsageError: a time or a person that is none.
    """
    number, previous, at, by = values["number"], values["previous"], values["at"], values["by"]
    kind, body = values["kind"], values["body"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError("its number is none")
    if not isinstance(previous, str) or not is_digest(previous):
        raise ValueError("the digest before it is none")
    if not (isinstance(at, str) and isinstance(kind, str) and isinstance(body, dict) and _KIND.fullmatch(kind)):
        raise ValueError("its time, kind or body is none")
    person = None if by is None else codec.value_of(Person, by, "by")
    return Entry(number=number, previous=previous, at=instant(at), by=person, kind=kind, body=body)
