"""The log of judgements: who ruled that two listings are one, or are not, and why; appended to, never changed.

A ruling names listings by their list's own references (`un_sc:KPi.033`), so every new copy of a list keeps it. It is
taken back by a later entry that undoes it; what stood before then stands again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue, canonical_json, digest_of
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import BusyError, EvidenceError, UsageError
from bongsu.lists.proposals import Pair, pair_of

VERDICTS: Final = ("same", "different", "unsure")
ID_LENGTH: Final = 16
_FOLDER: Final = "judgements/"
_NAME: Final = re.compile(r"judgements/([0-9]{9})\.json")
_LISTING: Final = re.compile(r"[a-z0-9_]+:\S(?:.*\S)?")
_TRIES: Final = 100
_RESTORE: Final = "restore it from a backup or a member's mirror"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One entry of the log.

    Args:
        number: its place in the log, from 1.
        left, right: the two listings, in the order of their ids.
        verdict: `same`, `different` or `unsure`; None where the entry takes another back.
        by: who ruled.
        why: for what reason.
        at: when; aware, UTC, whole seconds.
        undoes: the id of the entry that this one takes back, or None.
    """

    number: int
    left: str
    right: str
    verdict: str | None
    by: str
    why: str
    at: datetime
    undoes: str | None = None

    @property
    def id(self) -> str:
        """A content hash."""
        return digest_of(self._content())[:ID_LENGTH]

    @property
    def pair(self) -> Pair:
        """Both listings."""
        return self.left, self.right

    def record(self) -> dict[str, JsonValue]:
        """The JSON form, id included."""
        return {"id": self.id, **self._content()}

    def _content(self) -> dict[str, JsonValue]:
        return {
            "number": self.number,
            "left": self.left,
            "right": self.right,
            "verdict": self.verdict,
            "by": self.by,
            "why": self.why,
            "at": stamp(self.at),
            "undoes": self.undoes,
        }


def ruling(left: str, right: str, verdict: str, *, by: str, why: str, at: datetime) -> Judgement:
    """A ruling on two listings, before it has its place in the log.

    Raises:
        UsageError: no verdict, not two listings, or nobody and no reason named.
    """
    if verdict not in VERDICTS:
        raise UsageError(f"not a verdict: {verdict!r}", remedy=f"say one of {', '.join(VERDICTS)}")
    for listing in (left, right):
        if not _LISTING.fullmatch(listing):
            raise UsageError(f"not a listing: {listing!r}", remedy="name it with its list, such as un_sc:KPi.033")
    if left == right:
        raise UsageError(f"{left} is one listing: there is nothing to rule on")
    one, other = pair_of(left, right)
    return Judgement(number=0, left=one, right=other, verdict=verdict, **_signed(by, why), at=at.replace(microsecond=0))


def undoing(judgement: Judgement, *, by: str, why: str, at: datetime) -> Judgement:
    """An entry that takes another back, before it has its place in the log.

    Raises:
        UsageError: nobody or no reason is named.
    """
    signed = _signed(by, why)
    at = at.replace(microsecond=0)
    return replace(judgement, number=0, verdict=None, undoes=judgement.id, at=at, **signed)


def standing(log: Iterable[Judgement]) -> dict[Pair, Judgement]:
    """The ruling in force on each pair: the last one that is not taken back.

    An entry that takes another back may be taken back itself.

    Args:
        log: in its order.
    """
    undone: set[str] = set()
    found: dict[Pair, Judgement] = {}
    for entry in reversed(list(log)):
        if entry.id in undone:
            continue
        if entry.undoes is not None:
            undone.add(entry.undoes)
        else:
            found.setdefault(entry.pair, entry)
    return found


class JudgementLog:
    """The log in `judgements/` of a store: one file an entry, each written once, numbered without gaps.

    Args:
        folder: the store.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def entries(self) -> tuple[Judgement, ...]:
        """Every entry in its order, verified.

        Raises:
            EvidenceError: one is missing, changed, or does not belong there.
        """
        names = self._folder.names(_FOLDER)
        for number, name in enumerate(names, start=1):
            if name != _name(number):
                what = "an entry before it is missing" if _NAME.fullmatch(name) else "does not belong to the log"
                raise EvidenceError(what, where=self._folder.url(name), remedy=_RESTORE)
        return tuple(self._entry(number) for number in range(1, len(names) + 1))

    def find(self, id_or_beginning: str) -> Judgement:
        """The entry of an id, or of its beginning where only one begins so.

        Raises:
            UsageError: none or several.
        """
        found = [entry for entry in self.entries() if id_or_beginning and entry.id.startswith(id_or_beginning)]
        if len(found) != 1:
            how_many = "no" if not found else "more than one"
            raise UsageError(
                f"{how_many} judgement has an id that begins with {id_or_beginning!r}",
                remedy="see the ids in `bongsu register log`",
            )
        return found[0]

    def append(self, entry: Judgement) -> Judgement:
        """Write an entry at the end of the log.

        Returns:
            The entry with its place, and so with its id.

        Raises:
            EvidenceError: the store cannot be written.
            BusyError: others kept winning.
        """
        for _ in range(_TRIES):
            placed = replace(entry, number=len(self._folder.names(_FOLDER)) + 1)
            if self._folder.write_once(_name(placed.number), canonical_json(placed.record())):
                return placed
        raise BusyError("others keep writing to the log of judgements", where=_FOLDER, remedy="run it again")

    def _entry(self, number: int) -> Judgement:
        name = _name(number)
        content = self._folder.read(name)
        try:
            record = json.loads(content)
            entry = judgement_from_record(record)
            sound = canonical_json(entry.record()) == content and entry.number == number
        except (ValueError, KeyError, TypeError, UsageError, AttributeError):
            sound = False
        if not sound:
            raise EvidenceError("changed: not as it was written", where=self._folder.url(name), remedy=_RESTORE)
        return entry


def log_record(log: Sequence[Judgement]) -> list[JsonValue]:
    """The JSON form of a log, each entry with whether it stands."""
    in_force = {entry.id for entry in standing(log).values()}
    return [{**entry.record(), "stands": entry.id in in_force} for entry in log]


def _signed(by: str, why: str) -> dict[str, str]:
    if not by.strip() or not why.strip():
        raise UsageError("a judgement says who ruled and why", remedy="give --by and --why")
    return {"by": " ".join(by.split()), "why": " ".join(why.split())}


def judgement_from_record(record: Mapping[str, Any]) -> Judgement:
    """The entry of a JSON form (Any: JSON of our own making)."""
    return Judgement(
        number=record["number"],
        left=record["left"],
        right=record["right"],
        verdict=record["verdict"],
        by=record["by"],
        why=record["why"],
        at=instant(record["at"]),
        undoes=record["undoes"],
    )


def _name(number: int) -> str:
    return f"{_FOLDER}{number:09d}.json"
