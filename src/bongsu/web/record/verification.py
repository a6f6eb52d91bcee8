"""Verification: the journal walked from its first entry to its last, and held against heads that were remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from bongsu.cases import journal as chain
from bongsu.cases.journal import Damage
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.chain import Anchor
from bongsu.web.record import journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a walk along the journal found.

    Args:
        entries: how many rows were walked.
        heads: how many remembered heads they were held against.
        head: the last entry; None where the journal is damaged.
        damages: in their order; empty where it holds together.
    """

    entries: int
    heads: int
    head: Anchor | None
    damages: tuple[Damage, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it holds together, and holds all that was remembered."""
        return self.head is not None

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "entries": self.entries,
            "heads": self.heads,
            "head": None if self.head is None else {"number": self.head.seq, "digest": self.head.digest},
            "damages": [{"kind": each.kind, "number": each.number, "what": each.what} for each in self.damages],
            "sound": self.is_sound,
        }


def verified(remembered: Iterable[Anchor], using: str = DEFAULT_DB_ALIAS) -> Verification:
    """Walk the journal of a database.

    Args:
        remembered: heads, read before the journal, which may grow meanwhile.
        using: the database, by its name in Django's settings.
    """
    anchors = sorted(set(remembered))
    walked = _Counted(journal.entries(using))
    found = chain.verify(walked, anchors)
    head = found if isinstance(found, Anchor) else None
    damages = () if isinstance(found, Anchor) else found
    return Verification(entries=walked.count, heads=len(anchors), head=head, damages=damages)


class _Counted:
    """Entries, counted as they pass."""

    def __init__(self, entries: Iterable[chain.Entry | Damage]) -> None:
        self._entries = entries
        self.count = 0

    def __iter__(self) -> Iterator[chain.Entry | Damage]:
        for entry in self._entries:
            self.count += 1
            yield entry
