"""The time stamps of a store: tokens beside the custody log, each over a head of it, verified whenever read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from bongsu.evidence.custody import CustodyEntry, CustodyLog, Damage
from bongsu.evidence.folder import Folder
from bongsu.evidence.token import Authority, TokenError, attested
from bongsu.kernel.canonical import digest
from bongsu.kernel.chain import Anchor
from bongsu.kernel.errors import EvidenceError, UsageError

StampState: TypeAlias = Literal["none", "pending", "one", "two"]

_FOLDER: Final = "timestamps/"
_NAME: Final = re.compile(rf"{_FOLDER}([0-9]{{12}})/([a-z0-9-]+)/([0-9a-f]{{64}})\.tsr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A verified token over a head of the log.

    Args:
        authority: whose it is, by name.
        head: the entry it is over: this one and all before it existed at that time.
        at: when the authority signed, by its own clock.
        where: the name in the store.
    """

    authority: str
    head: Anchor
    at: datetime
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamps:
    """The tokens of a store, read and verified.

    Args:
        authorities: the names of those that are configured.
        stamps: verified tokens in the order of their times.
        damaged: tokens that are changed, are over another log, or are none; and stray names among them.
        unknown: tokens of authorities that are not configured, which nobody here can verify, by name.
    """

    authorities: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    damaged: tuple[Damage, ...] = ()
    unknown: tuple[str, ...] = ()

    def over(self, seq: int) -> list[Stamp]:
        """By authority the earliest token that covers an entry, the earliest first."""
        earliest: dict[str, Stamp] = {}
        for stamp in self.stamps:
            if stamp.head.seq >= seq:
                earliest.setdefault(stamp.authority, stamp)
        return list(earliest.values())

    def state(self, seq: int) -> StampState:
        """How far an entry is attested."""
        match len(self.over(seq)):
            case 0:
                return "pending" if self.authorities else "none"
            case 1:
                return "one"
            case _:
                return "two"

    def reach(self, least: int) -> int:
        """The last entry that at least so many authorities attest; 0 where there is none."""
        furthest: dict[str, int] = {}
        for stamp in self.stamps:
            furthest[stamp.authority] = max(stamp.head.seq, furthest.get(stamp.authority, 0))
        reached = sorted(furthest.values(), reverse=True)
        return reached[least - 1] if len(reached) >= least else 0


def checked_authorities(authorities: Sequence[Authority]) -> tuple[Authority, ...]:
    """Authorities that are as many as they look.

    Raises:
        UsageError: two whose roots have one key, whatever the certificates call it: either could answer for the other.
    """
    first: dict[bytes, str] = {}
    for each in authorities:
        other = first.setdefault(each.key, each.name)
        if other != each.name:
            remedy = "choose authorities that do not depend on each other"
            raise UsageError(f"{other} and {each.name} have the same root, and count as one", remedy=remedy)
    return tuple(authorities)


def keep_token(
    folder: Folder, entry: CustodyEntry, response: bytes, authority: Authority, *, nonce: int | None
) -> Stamp:
    """Verify an authority's answer over an entry of the log, and keep it as it came.

    Args:
        folder: the store.
        entry: what was asked about.
        response: the answer, as received.
        authority: who was asked.
        nonce: what was sent.

    Raises:
        TokenError: it is not what was asked for; nothing is kept.
        EvidenceError: the store cannot be written.
    """
    found = attested(response, authority, nonce=nonce)
    if found.digest != entry.digest:
        raise TokenError("the token is over other bytes than were sent")
    name = f"{_FOLDER}{entry.seq:012d}/{authority.name}/{digest(response)}.tsr"
    folder.write_once(name, response)
    return Stamp(authority=authority.name, head=entry.anchor, at=found.at, where=name)


def read_timestamps(folder: Folder, custody: CustodyLog, authorities: Sequence[Authority]) -> Timestamps:
    """Every token of a store, verified offline and held against the log.

    Args:
        folder: the store.
        custody: its log.
        authorities: those that are configured, whether they are still asked or not.

    Raises:
        EvidenceError: the store cannot be listed.
        UsageError: there are tokens, and the library is not installed.
    """
    pinned = {authority.name: authority for authority in authorities}
    stamps: list[Stamp] = []
    damaged: list[Damage] = []
    unknown: list[str] = []
    for name in folder.names(_FOLDER):
        found = _read(folder, name, pinned)
        match found:
            case Stamp():
                stamps.append(found)
            case Damage():
                damaged.append(found)
            case None:
                unknown.append(name)
    sound, foreign = _held_against(custody, stamps)
    return Timestamps(
        authorities=tuple(pinned),
        stamps=tuple(sorted(sound, key=lambda stamp: (stamp.at, stamp.where))),
        damaged=(*damaged, *foreign),
        unknown=tuple(unknown),
    )


def _read(folder: Folder, name: str, pinned: Mapping[str, Authority]) -> Stamp | Damage | None:
    """A token, what is wrong with it, or None where its authority is not known."""
    match = _NAME.fullmatch(name)
    if match is None:
        return Damage(where=name, what="stray name: no token is kept so")
    try:
        response = folder.read(name)
        if digest(response) != match[3]:
            return Damage(where=name, what="changed: these are not the bytes received")
        if match[2] not in pinned:
            return None
        found = attested(response, pinned[match[2]])
    except EvidenceError as error:
        return Damage(where=name, what=error.what)
    return Stamp(authority=match[2], head=Anchor(int(match[1]), found.digest), at=found.at, where=name)


def _held_against(custody: CustodyLog, stamps: Sequence[Stamp]) -> tuple[list[Stamp], list[Damage]]:
    """Those tokens whose head is in the log, and a damage for each of the others."""
    wanted = {stamp.head.seq for stamp in stamps}
    readable = (found for found in custody.walk() if isinstance(found, CustodyEntry)) if wanted else ()
    heads = {entry.anchor for entry in readable if entry.seq in wanted}
    foreign = [
        Damage(where=stamp.where, what=f"proves another log: entry {stamp.head.seq} is not the one it is over")
        for stamp in stamps
        if stamp.head not in heads
    ]
    return [stamp for stamp in stamps if stamp.head in heads], foreign
