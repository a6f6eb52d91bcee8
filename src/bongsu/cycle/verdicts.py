"""Verdicts: was it designated on a day? What the copies around the day and the list's own word allow to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bongsu.kernel.canonical import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one day.

    Args:
        designated: yes, no, or None where no copy tells.
        as_of: the day of the copy on which alone the answer rests, where the day asked about is later; else None.
        sentence: the answer in words, with its reason.
    """

    designated: bool | None
    as_of: date | None
    sentence: str

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "designated": self.designated,
            "as_of": None if self.as_of is None else self.as_of.isoformat(),
            "verdict": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What is known of one listing over the copies of its list.

    Args:
        days: the days that have a copy, in order; at least one.
        held: those of them whose last copy holds the listing.
        disputed: those of them that another file bears too, which says otherwise.
        last_served: the last day on which the last copy was served unchanged; None where it came from files alone.
        listed_on: the date of listing that the list prints, ISO 8601, or None.
    """

    days: Sequence[date]
    held: Collection[date]
    disputed: Collection[date]
    last_served: date | None
    listed_on: str | None


def verdict(history: History, on: date, today: date) -> Verdict:
    """Whether it was designated on a day: the copies around the day decide, and the date of listing the list prints.

    What another file says that bears the date of one of them is told beside it.

    Args:
        history: what is known.
        on: the day asked about.
        today: the clock's; what comes after it no copy can tell.
    """
    last = max((day for day in history.days if day <= on), default=None)
    following = min((day for day in history.days if day > on), default=None)
    said = _decided(history, last, following, on, today)
    doubts = [
        f" Another file that bears the date {day} {_holds(day not in history.held)} it; the one that came last counts."
        for day in (last, following)
        if day is not None and day in history.disputed
    ]
    return replace(said, sentence="".join((said.sentence, *doubts)))


def _decided(history: History, last: date | None, following: date | None, on: date, today: date) -> Verdict:
    """The verdict by the copies around the day, the last of each date counting."""
    if following is None:
        return _after_the_last(history, on, today)
    held, holds_next = last in history.held, following in history.held
    if holds_next and not held:
        word = _by_its_own_word(last, following, history.listed_on, on)
        if word is not None:
            return word
    if last is None:
        return _said(None, on, f"unknown. The first copy received is of {following}.")
    says = f"The copy of {last} {_holds(held)} it"
    if held == holds_next:
        return _said(held, on, f"{_yes(held)}. {says}, {'and so does' if held else 'nor does'} that of {following}.")
    return _said(None, on, f"unknown. {says}, the next one, of {following}, {'does' if holds_next else 'does not'}.")


def _after_the_last(history: History, on: date, today: date) -> Verdict:
    """The verdict for a day on or after that of the last copy."""
    last = history.days[-1]
    held = last in history.held
    known_until = max(last, history.last_served or last)
    if on == last:
        return _said(held, on, f"{_yes(held)}. The copy of {last} {_holds(held)} it.")
    if on <= known_until:
        served = f"it is the last one received, and was still served on {known_until}"
        return _said(held, on, f"{_yes(held)}. The copy of {last} {_holds(held)} it; {served}.")
    seen = "" if known_until == last else f", last seen unchanged on {known_until}"
    if on > today:
        return _said(None, on, f"unknown. That day is yet to come; the last copy is of {last}{seen}.")
    sentence = f"On {on}: {_yes(held)}, as of the last copy of {last}, which {_holds(held)} it{seen}."
    return Verdict(designated=held, as_of=last, sentence=sentence)


def _by_its_own_word(last: date | None, following: date, listed_on: str | None, on: date) -> Verdict | None:
    """What the printed date of listing tells of a day before the first copy that holds the entry; None: nothing."""
    try:
        listed = date.fromisoformat(listed_on or "")
    except ValueError:
        return None
    if last is not None and listed <= last:
        return None  # the earlier copy contradicts it: it was fetched after that day and does not hold the entry
    return _said(
        listed <= on,
        on,
        f"{_yes(listed <= on)}, by the list's own word: the copy of {following} says it was listed on {listed}. "
        "No copy of those days was received.",
    )


def _said(designated: bool | None, on: date, sentence: str) -> Verdict:
    return Verdict(designated=designated, as_of=None, sentence=f"On {on}: {sentence}")


def _yes(designated: bool) -> str:
    return "yes" if designated else "no"


def _holds(held: bool) -> str:
    return "holds" if held else "does not hold"
