"""The inspection of a store: every exhibit read and hashed, the custody log walked, leftovers cleared away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bongsu.evidence.custody import CustodyEntry, CustodyLog, Damage
from bongsu.evidence.exhibit import FOLDER, Exhibit, digest_in, hashed, name_of, seen_by
from bongsu.evidence.folder import Folder
from bongsu.evidence.redaction import redacted_text
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
        damaged: exhibits that are missing or changed, and stray names among them, by name.
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
    """Read and hash every exhibit, verify the log, and remove dead processes' temporary files; nothing else is changed.

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
    logged, custody_damages = _logged(custody, anchors)
    names = folder.names(FOLDER)
    damaged: list[Damage] = []
    kept: set[str] = set()
    bytes_read = 0
    for done, name in enumerate(names, start=1):
        found = inspected(folder, name, logged)
        digest = found.exhibit if isinstance(found, Damage) else found.digest
        kept |= {digest} if digest else set()
        if isinstance(found, Damage):
            damaged.append(found)
        else:
            bytes_read += found.size
        if progress is not None:
            progress(done, len(names))
    damaged += [Damage(where=name_of(gone), what="missing", exhibit=gone) for gone in logged.keys() - kept]
    return Scrub(
        checked=len(kept),
        bytes_read=bytes_read,
        damaged=tuple(sorted(damaged, key=lambda damage: damage.where)),
        custody=custody_damages,
        unlogged=tuple(sorted(kept - logged.keys())),
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


def _logged(custody: CustodyLog, anchors: Sequence[tuple[int, str]]) -> tuple[dict[str, set[str]], tuple[Damage, ...]]:
    """The exhibits the log speaks of, each with the SHA-512 it names where it does, and its damages."""
    logged: dict[str, set[str]] = {}

    def visit(entry: CustodyEntry) -> None:
        if entry.exhibit is not None:
            sha512 = entry.detail.get("sha512")  # entries of earlier versions name none
            logged.setdefault(entry.exhibit, set()).update([sha512] if isinstance(sha512, str) else [])

    return logged, tuple(custody.verify(anchors, visit=visit))


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
