"""The inspection of a store: every exhibit read and hashed, the custody log walked, leftovers cleared away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from bongsu.evidence.custody import CustodyEntry, CustodyLog, Damage
from bongsu.evidence.exhibit import FOLDER, Exhibit, digest_in, hashed, name_of, seen_by
from bongsu.evidence.folder import Folder
from bongsu.evidence.redaction import redacted_text
from bongsu.evidence.unpack import GZIP, not_unpacked_from
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import EvidenceError

Progress = Callable[[int, int], None]
_NAMED_IN_LOG: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrub:
    """What an inspection of the whole store found.

    Args:
        checked: how many exhibits were read and hashed.
        bytes_read: how many bytes they hold together.
        damaged: exhibits that are missing or changed, or not what those unpack to that the log says they were made of,
            and stray names among them, by name.
        custody: where the custody log does not hold together, in its order.
        unlogged: exhibits no entry speaks of, because the process died in between or they came during the inspection;
            harmless.
        leftovers_removed: temporary files of dead processes.
    """

    checked: int
    bytes_read: int
    damaged: tuple[Damage, ...]
    custody: tuple[Damage, ...]
    unlogged: tuple[str, ...]
    leftovers_removed: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing is damaged."""
        return not self.damaged and not self.custody

    def record(self) -> dict[str, JsonValue]:
        """The JSON form: numbers, and the first hundred damages."""
        return {
            "checked": self.checked,
            "bytes_read": self.bytes_read,
            "damaged": len(self.damaged),
            "custody_damaged": len(self.custody),
            "unlogged": len(self.unlogged),
            "leftovers_removed": self.leftovers_removed,
            "damages": [str(damage) for damage in (*self.damaged, *self.custody)[:_NAMED_IN_LOG]],
        }


def inspect(
    folder: Folder, custody: CustodyLog, *, anchors: Sequence[tuple[int, str]] = (), progress: Progress | None = None
) -> Scrub:
    """Read and hash every exhibit, unpack again what the log says was unpacked, verify the log, and remove dead
    processes' temporary files; nothing else is changed.

    Args:
        folder: the store.
        custody: its log.
        anchors: (number, digest) of custody entries known from manifests or members.
        progress: told (exhibits done, exhibits in all) after each.

    Raises:
        EvidenceError: the store cannot be listed.
    """
    leftovers = folder.sweep()
    # The log first, the names second: what is received in between must not look missing.
    logged = _Logged()
    custody_damages = tuple(custody.verify(anchors, visit=logged.visit))
    names = folder.names(FOLDER)
    damaged: list[Damage] = []
    kept: set[str] = set()
    sound: dict[str, Exhibit] = {}
    for done, name in enumerate(names, start=1):
        found = inspected(folder, name, logged.exhibits)
        digest = found.exhibit if isinstance(found, Damage) else found.digest
        kept |= {digest} if digest else set()
        if isinstance(found, Damage):
            damaged.append(found)
        else:
            sound[found.digest] = found
        if progress is not None:
            progress(done, len(names))
    damaged += [Damage(where=name_of(gone), what="missing", exhibit=gone) for gone in logged.exhibits.keys() - kept]
    damaged += _untrue_steps(folder, logged, sound)
    return Scrub(
        checked=len(kept),
        bytes_read=sum(exhibit.size for exhibit in sound.values()),
        damaged=tuple(sorted(damaged, key=lambda damage: damage.where)),
        custody=custody_damages,
        unlogged=tuple(sorted(kept - logged.exhibits.keys())),
        leftovers_removed=leftovers,
    )


def exhibit_states(entries: Iterable[CustodyEntry]) -> dict[str, str]:
    """What the last inspection found of each exhibit that the log speaks of.

    Args:
        entries: all of the log, in its order.

    Returns:
        By digest: `sound`, `damaged: ...`, `mended` where good bytes came since, `not inspected` where it came since,
        or `unknown` where the inspection found more damages than its entry names.
    """
    states: dict[str, str] = {}
    for entry in entries:
        if entry.event == "scrubbed":
            found, unnamed = _found_by(entry.detail)
            states = {exhibit: found.get(exhibit, unnamed) for exhibit in states | found}
        elif entry.exhibit is not None:
            states.setdefault(entry.exhibit, "not inspected")
            came_back = states[entry.exhibit] == "damaged: missing" and entry.event in {"received", "derived"}
            if came_back or entry.detail.get("mended") is True:
                states[entry.exhibit] = "mended"
    return states


def _found_by(scrub: Mapping[str, JsonValue]) -> tuple[dict[str, str], str]:
    """The damages a record of an inspection names, by digest, and what is to be thought of the exhibits it does not."""
    damages = scrub.get("damages")
    damaged = scrub.get("damaged")
    named: dict[str, str] = {}
    for line in damages if isinstance(damages, list | tuple) else ():
        where, _, what = str(line).partition(": ")
        digest = digest_in(where)
        if digest is not None:
            named[digest] = f"damaged: {what}"
    return named, "sound" if isinstance(damaged, int) and damaged <= _NAMED_IN_LOG else "unknown"


@dataclass(slots=True)
class _Logged:
    """What the log says of exhibits.

    Args:
        exhibits: those it speaks of, each with the SHA-512 it names where it does.
        unpacked: (parent, exhibit) where it says that one was unpacked from the other.
    """

    exhibits: dict[str, set[str]] = field(default_factory=dict)
    unpacked: set[tuple[str, str]] = field(default_factory=set)

    def visit(self, entry: CustodyEntry) -> None:
        """Take in one entry."""
        if entry.exhibit is None:
            return
        sha512 = entry.detail.get("sha512")  # entries of earlier versions name none
        self.exhibits.setdefault(entry.exhibit, set()).update([sha512] if isinstance(sha512, str) else [])
        if entry.event == "derived" and entry.detail.get("how") == GZIP:
            self.unpacked.add((str(entry.detail.get("parent")), entry.exhibit))


def _untrue_steps(folder: Folder, logged: _Logged, sound: Mapping[str, Exhibit]) -> Iterator[Damage]:
    """The exhibits that are not what the log says they were unpacked from; what is damaged was told already."""
    for parent, digest in sorted(logged.unpacked):
        why: str | None = None
        if parent not in sound and parent not in logged.exhibits:
            why = "it is no exhibit here"
        elif parent in sound and digest in sound:
            try:
                with folder.open_read(name_of(parent)) as packed:
                    why = not_unpacked_from(packed, sound[digest])
            except EvidenceError as error:
                why = error.what
        if why is not None:
            what = f"not what the log says it was unpacked from, {redacted_text(parent)}: {why}"
            yield Damage(where=name_of(digest), what=what, exhibit=digest)


def inspected(folder: Folder, name: str, logged: Mapping[str, Set[str]] = MappingProxyType({})) -> Exhibit | Damage:
    """The exhibit kept under a name, read and hashed; or what is wrong with it.

    Args:
        folder: the store.
        name: where it is kept.
        logged: by digest the SHA-512 the log names of it; one that is named is computed too.
    """
    digest = digest_in(name)
    if digest is None:
        return Damage(where=redacted_text(name), what="stray name: no exhibit is kept so")
    wanted = logged.get(digest, frozenset())
    running = hashlib.sha512()
    try:
        found = hashed(seen_by(folder.blocks(name), running.update) if wanted else folder.blocks(name))
    except EvidenceError as error:
        return Damage(where=name, what=error.what, exhibit=digest)
    if found.digest == digest and wanted <= {running.hexdigest()}:
        return found
    if found.digest == digest:
        what = "changed: its SHA-256 is as logged, and its SHA-512 is another"
        return Damage(where=name, what=what, exhibit=digest)
    what = "size 0" if not found.size else f"changed: its SHA-256 is now {found.digest}"
    return Damage(where=name, what=what, exhibit=digest)
