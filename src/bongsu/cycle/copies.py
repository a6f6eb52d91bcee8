"""From deliveries to good copies: each is read, held against the copy before it, and accepted or refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from bongsu.cycle.collect import Delivery
from bongsu.cycle.library import Library, ReadCopy, source_of
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists import register
from bongsu.lists.acceptance import unbelievable, unbelievable_beside
from bongsu.lists.cards import SourceCard
from bongsu.lists.model import Reading
from bongsu.lists.register import Copy

# A list is dated in its printer's zone, which may be a calendar day ahead of UTC and never two.
_ZONES: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A copy that came and is not used, with the reason."""

    list_id: str
    origin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What is left standing of all copies, old and new.

    Args:
        good: by list and date.
        refusals: copies that are not used, each with the reason.
        unread: copies of earlier cycles among the refused: a later reader, or restored bytes, may bring them back.
    """

    good: tuple[ReadCopy, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unread: tuple[Copy, ...] = ()

    def __add__(self, other: Accepted) -> Accepted:
        """Both, one after the other."""
        return Accepted(
            good=self.good + other.good, refusals=self.refusals + other.refusals, unread=self.unread + other.unread
        )


def damaged_exhibits(library: Library, known: Iterable[Copy], is_sound: Callable[[str], bool]) -> frozenset[str]:
    """The exhibits of known copies that a cycle would use and that are missing or changed.

    Of each list the copy in force is hashed again, and every copy that must be read from its bytes. The register serves
    the others, and its files carry their own digests; to hash all there is, is an inspection (`bongsu evidence scrub`).

    Args:
        library: knows which copies the register serves.
        known: good copies of earlier cycles.
        is_sound: reads and hashes the exhibit of a digest.
    """
    damaged: set[str] = set()
    in_force: set[str] = set()
    for copy in reversed(register.ordered(known)):
        if copy.list_id in in_force and library.holds(copy):
            continue
        broken = {part.exhibit for part in copy.parts if not is_sound(part.exhibit)}
        damaged |= broken
        if not broken:
            in_force.add(copy.list_id)
    return frozenset(damaged)


def accept(
    library: Library,
    known: Iterable[Copy],
    deliveries: Iterable[Delivery],
    damaged: Collection[str],
    tell: Callable[[str], None],
) -> Accepted:
    """All good copies, old and new, and the deliveries that are refused.

    A delivery of a good copy's bytes is that copy, come once more. Of one date, the copy that came last is in force: so
    a bad one that was believed for a day gives way when the true one is served again. A delivery that is refused leaves
    the good copies as they were.

    Args:
        library: reads copies.
        known: good copies of earlier cycles.
        deliveries: what this cycle brought.
        damaged: exhibits that are missing or changed; the known copies made of them cannot be used.
        tell: told what is being read.

    Raises:
        EvidenceError: another exhibit is absent or damaged.
    """
    good, unread, refusals = _known(library, known, damaged)
    arrived: list[tuple[Delivery, ReadCopy]] = []
    for delivery in deliveries:
        before = _same(delivery, good)
        if before is not None:
            good[before.copy.id] = _served(before, delivery)
            continue
        tell(f"reading {delivery.list_id}")
        try:
            arrived.append((delivery, _read(library, delivery)))
        except SourceRefusedError as error:
            refusals.append(Refusal(list_id=delivery.list_id, origin=_origin(delivery), reason=str(error)))
    for delivery, read in sorted(arrived, key=lambda each: each[1].copy.id):
        before = _before(read.copy.list_id, read.copy.list_date, good.values())
        reason = _judge_against(before, read)
        again = good.get(read.copy.id)
        if before is not None and before.copy.content == read.copy.content:
            again = before
        if again is not None:
            good[again.copy.id] = _served(again, delivery)
        elif reason is None:
            good[read.copy.id] = read
        else:
            refusals.append(Refusal(list_id=read.copy.list_id, origin=_origin(read.copy), reason=reason))
    by_copy = {read.copy: read for read in good.values()}
    return Accepted(
        good=tuple(by_copy[copy] for copy in register.ordered(by_copy)),
        refusals=tuple(refusals),
        unread=tuple(copy for copy in unread if copy.id not in good),
    )


def _known(
    library: Library, known: Iterable[Copy], damaged: Collection[str]
) -> tuple[dict[str, ReadCopy], list[Copy], list[Refusal]]:
    """The copies of earlier cycles: those that can still be read, by id; those that cannot, and why."""
    good: dict[str, ReadCopy] = {}
    unread: list[Copy] = []
    refusals: list[Refusal] = []
    for copy in known:
        broken = sorted(part.exhibit for part in copy.parts if part.exhibit in damaged)
        if broken:
            reason = f"the copy of {copy.list_date} is not used: missing or damaged: exhibit {', '.join(broken)}"
        else:
            try:
                good[copy.id] = library.read_copy(copy)
                continue
            except SourceRefusedError as error:  # a stricter reader: said, never hidden
                reason = str(error)
        unread.append(copy)
        refusals.append(Refusal(list_id=copy.list_id, origin=_origin(copy), reason=reason))
    return good, unread, refusals


def _same(delivery: Delivery, good: dict[str, ReadCopy]) -> ReadCopy | None:
    """The copy that a delivery is once more, seen without reading it; None where it is a new one.

    The same bytes with the same printed date are one copy. Where a list prints no date, bytes that came before count
    again if other bytes came in between: the list then went back to what it was.
    """
    content = register.content_of(delivery.parts)
    if source_of(delivery.list_id).card.prints_date:
        mine = (read for read in good.values() if read.copy.list_id == delivery.list_id)
        return next((read for read in mine if read.copy.content == content), None)
    before = _before(delivery.list_id, delivery.dated or delivery.received_at.date(), good.values())
    return before if before is not None and before.copy.content == content else None


def _served(read: ReadCopy, delivery: Delivery) -> ReadCopy:
    """A copy that came once more: if its address served it, the list was still the same."""
    return replace(read, copy=read.copy.served(delivery.received_at)) if delivery.fetched else read


def _read(library: Library, delivery: Delivery) -> ReadCopy:
    """A delivery as a copy, judged by itself.

    Raises:
        SourceRefusedError: the reader refuses it, its date contradicts the configuration, or too much is broken.
    """
    reading = library.read(delivery.list_id, delivery.parts)
    copy = Copy(
        list_id=delivery.list_id,
        list_date=_list_date(reading, delivery),
        parts=delivery.parts,
        received_at=delivery.received_at,
        last_served_at=delivery.received_at if delivery.fetched else None,
        sandbox=delivery.sandbox,
    )
    _judge_alone(reading, source_of(delivery.list_id).card)
    return library.keep(copy, reading)


def _judge_alone(reading: Reading, card: SourceCard) -> None:
    reason = unbelievable(reading.tally, card)
    if reason is not None:
        raise SourceRefusedError(
            reason, where=card.id, remedy="look at the file; if the list truly changed so much, change the card"
        )


def _judge_against(before: ReadCopy | None, read: ReadCopy) -> str | None:
    """Why a copy is not believed beside the one before it; None where it is."""
    if before is None:
        return None
    card, earlier = source_of(read.copy.list_id).card, f"the copy of {before.copy.list_date}"
    return unbelievable_beside(before.size, read.size, card, earlier=earlier)


def _before(list_id: str, day: date, good: Iterable[ReadCopy]) -> ReadCopy | None:
    """The good copy of a list that was in force on a day, or None."""
    earlier = [read for read in good if read.copy.list_id == list_id and read.copy.list_date <= day]
    return max(earlier, key=lambda read: (read.copy.list_date, read.copy.last_came), default=None)


def _list_date(reading: Reading, delivery: Delivery) -> date:
    printed, dated = reading.printed_on, delivery.dated
    if printed is not None and dated is not None and printed != dated:
        raise SourceRefusedError(
            f"prints the date {printed}; the configuration says {dated}",
            where=delivery.list_id,
            remedy="correct one of them",
        )
    # A list that prints no date is of the day it was fetched; a file may be of any day, and only a person knows which.
    day = printed or dated or (delivery.received_at.date() if delivery.fetched else None)
    if day is None:
        raise SourceRefusedError(
            "is of no known day: the list prints none, and the configuration gives none",
            where=delivery.list_id,
            remedy="add list_date to the copy",
        )
    if day > delivery.received_at.date() + _ZONES:
        # In force for ever, since no true copy would ever be later.
        raise SourceRefusedError(
            f"is dated {day}, after the day of this cycle, {delivery.received_at.date()}",
            where=delivery.list_id,
            remedy="correct the date, or the clock",
        )
    return day


def _origin(item: Delivery | Copy) -> str:
    return ", ".join(part.origin for part in item.parts)
