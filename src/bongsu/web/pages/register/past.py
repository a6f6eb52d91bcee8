"""What changed over time, as the copies ever received show it: listings, and every value that came or went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from bongsu.cycle.answers import Answer
from bongsu.web.pages.register.dossier import words_of

MOST_CHANGES: Final = 300
_UNTOLD: Final = frozenset({"recordId", "addressEntity", "holder", "firstName", "secondName"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that came onto a list or left it: the day of the first copy that has it, or of the last that had it."""

    on: date
    listing: str
    words: str
    text: str
    came: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The changes, and the same as the timeline draws them."""

    changes: tuple[Change, ...]
    left_out: int
    drawn: dict[str, Any]  # Any: JSON for the element

    @property
    def is_span(self) -> bool:
        """Whether there is more than one day to draw."""
        return len({day for item in self.drawn["items"] for day in (item["start"], item["end"]) if day}) > 1


def timeline_of(answers: Iterable[Answer]) -> Past:
    """The changes that some answers tell, oldest first.

    Args:
        answers: of one entity, or of one reference.
    """
    asked = list(answers)
    found = sorted({change for answer in asked for change in _changes(answer)}, key=lambda each: (each.on, each.words))
    shown = found[:MOST_CHANGES]
    items: list[dict[str, str | None]] = [
        {"group": answer.listing, "label": answer.name, "start": str(answer.first_seen), "end": _end(answer)}
        for answer in asked
    ]
    items += [
        {
            "group": change.listing,
            "label": f"{'+' if change.came else '−'} {change.words}: {change.text[:60]}",
            "start": str(change.on),
            "end": None,
            "tone": "good" if change.came else "warn",
        }
        for change in shown
    ]
    groups = [{"id": answer.listing, "label": answer.listing} for answer in asked]
    return Past(changes=tuple(shown), left_out=len(found) - len(shown), drawn={"groups": groups, "items": items})


def _end(answer: Answer) -> str:
    last = answer.last_served or answer.last_seen
    return str(max(last, answer.last_seen))


def _changes(answer: Answer) -> Iterable[Change]:
    """What was not in the first copy that holds the listing, or is not in the last."""
    for row in answer.rows:
        words, text = words_of(row.prop), row.cleaned or row.value
        if row.prop in _UNTOLD:
            continue
        if row.first_seen > answer.first_seen:
            yield Change(on=row.first_seen, listing=answer.listing, words=words, text=text, came=True)
        if row.last_seen < answer.last_seen:
            yield Change(on=row.last_seen, listing=answer.listing, words=words, text=text, came=False)
    yield Change(
        on=answer.first_seen, listing=answer.listing, words=_("first copy that holds it"), text=answer.name, came=True
    )
