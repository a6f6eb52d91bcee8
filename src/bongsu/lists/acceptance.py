"""Whether a copy is believed: by itself, and beside the copy before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bongsu.lists.cards import SourceCard
from bongsu.lists.model import Reading, Tally

# A loss of more than this share is told even where it is believed. It is a choice: true lists do lose as much in two
# years (the UN's lost 7 % from 2018 to 2020), and hardly in a day.
TOLD_LOSS: Final = 0.05
# So many DPRK entries may leave at once by a decision, however short the list: OFAC's copy of 2021 lacks two of 2019's.
FEW: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much a copy holds.

    Args:
        tally: its counts.
        parts_missing: optional parts that were not there.
        said: how many statements each part gave, by the part's name.
    """

    tally: Tally
    parts_missing: Sequence[str]
    said: Sequence[tuple[str, int]]

    @classmethod
    def of(cls, reading: Reading) -> Size:
        """The size of what was read."""
        return cls(tally=reading.tally, parts_missing=reading.parts_missing, said=reading.said)


def unbelievable(tally: Tally, card: SourceCard) -> str | None:
    """Why a copy is not believed by itself; None where it is."""
    if not card.least_entries <= tally.in_file <= card.most_entries:
        return f"holds {tally.in_file} entries; the card expects {card.least_entries} to {card.most_entries}"
    if tally.entries_set_aside > card.most_set_aside_share * tally.in_file:
        return f"{tally.entries_set_aside} of {tally.in_file} entries cannot be read"
    return None


def unbelievable_beside(before: Size, now: Size, card: SourceCard, *, earlier: str) -> str | None:
    """Why a copy is not believed beside the one before it; None where it is.

    Beside the entries, and those of the DPRK among them, each file is held against the same file of the copy before:
    without its aliases a list would look as if hundreds of entries had lost theirs.

    Args:
        before: the size of the earlier copy.
        now: the size of the later copy.
        card: the list's.
        earlier: the earlier copy in words, such as `the copy of 2026-01-15`.
    """
    lost = [part for part in now.parts_missing if part not in before.parts_missing]
    if lost:
        return f"came without {', '.join(lost)}, which {earlier} had"
    least, least_dprk = card.least_share_of_previous, card.least_dprk_share_of_previous
    old, new = before.tally.in_file, now.tally.in_file
    if new < least * old:
        return f"holds {new} entries where {earlier} held {old}: fewer than {least:.0%} of them"
    old, new = before.tally.dprk, now.tally.dprk
    if new < least_dprk * old and old - new > FEW:
        return f"holds {new} DPRK entries where {earlier} held {old}: fewer than {least_dprk:.0%} of them"
    told = dict(now.said)
    for part, count in before.said:
        if told.get(part, 0) < least * count:
            return f"{part} says {told.get(part, 0)} things where {earlier} said {count}: fewer than {least:.0%}"
    return None


def loss(before: Size, now: Size, *, earlier: str) -> str | None:
    """A loss that is believed and so large that a person should look; None where there is none."""
    counts = {
        "entries": (before.tally.in_file, now.tally.in_file),
        "DPRK entries": (before.tally.dprk, now.tally.dprk),
    }
    lost = [
        f"{new} {what} where {earlier} held {old} ({1 - new / old:.0%} fewer)"
        for what, (old, new) in counts.items()
        if old and old - new > TOLD_LOSS * old
    ]
    return f"holds {' and '.join(lost)}: look at it before you trust what it lacks" if lost else None
