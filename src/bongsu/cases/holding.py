"""Holding: which handling binds whom, of bytes that several members gave, each with a word of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bongsu.cases.handling import Handling, Reader, may_read, strictest


@dataclass(frozen=True, slots=True, kw_only=True)
class Giving:
    """One time that the bytes were given.

    Args:
        number: by which givings are told apart and ordered.
        givers: the members for which they were given; one, but for records that do not tell which.
        handling: as was said of them, and as strict as what they were made from.
        parents: digests of what they were made from.
        by_source: whether a source of the watch gave them, and no person.
    """

    number: int
    givers: frozenset[str]
    handling: Handling
    parents: frozenset[str] = frozenset()
    by_source: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Bytes, with what was said of them.

    Args:
        handling: of the exhibit: as the member that gave it first said, and changed since. It binds everyone, that
            member's own persons too.
        first: the member that gave it first; several only where that is not known. Of what a source decides, the member
            that runs the watch.
        givings: all of them, in order.
    """

    handling: Handling
    first: frozenset[str]
    givings: tuple[Giving, ...]

    def own_givings(self, member: str) -> tuple[Giving, ...]:
        """The givings by which a member has the bytes of its own; none for whoever gave the exhibit first.

        What its watch collected it has by that, whatever one of its persons says of the same bytes.
        """
        own = () if member in self.first else tuple(each for each in self.givings if member in each.givers)
        return tuple(each for each in own if each.by_source) or own

    def own(self, member: str) -> Handling | None:
        """How a member's persons handle bytes that the member has of its own, whatever others said of them.

        None where it has none of its own: then the exhibit's handling alone binds.
        """
        givings = self.own_givings(member)
        return said(each.handling for each in givings) if givings else None

    def binding(self, member: str) -> Handling:
        """What binds a member in what it makes of the bytes."""
        return self.own(member) or self.handling

    def read_under(self, reader: Reader, on: date) -> Handling | None:
        """The handling under which a person reads the bytes on a day: the exhibit's before the member's own; or None.

        The member's own opens to its persons what it gave itself; it tells them nothing of what others said.
        """
        own = self.own(reader.member)
        return next((each for each in (self.handling, own) if each is not None and may_read(reader, each, on)), None)


def said(handlings: Iterable[Handling]) -> Handling:
    """What several givings of one member come to: the first, made stricter by each later one of the same originators.

    Args:
        handlings: at least one, in the order they were said.
    """
    first, *later = handlings
    held = first
    for each in later:
        held = bound_by(held, each)
    return held


def bound_by(held: Handling, later: Handling) -> Handling:
    """A handling made as strict as another, where that brings in no originator.

    One that brings others in would take it from those who have it: they could never loosen it again.
    """
    return strictest((held, later)) if later.originators <= held.originators else held
