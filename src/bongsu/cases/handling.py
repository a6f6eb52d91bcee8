"""Handling: who may read something, who alone may loosen that, and what follows for what is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import reduce
from typing import Self

from bongsu.cases import codec
from bongsu.kernel.canonical import JsonValue


class Tlp(IntEnum):
    """The Traffic Light Protocol, version 2.0 (FIRST, August 2022), from the most open to the strictest marking."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    @property
    def label(self) -> str:
        """As it is printed: `TLP:AMBER+STRICT`."""
        return "TLP:" + self.name.replace("_", "+")

    @classmethod
    def parse(cls, text: str) -> Self:
        """A marking from its printed form; letters of any case, blanks around it are nothing.

        Raises:
            ValueError: not one of the five labels of version 2.0; `TLP:WHITE` was of version 1.
        """
        for marking in cls:
            if marking.label == text.strip().upper():
                return marking
        raise ValueError(f"not a marking of TLP 2.0: {text!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Someone who would read.

    Args:
        person: the person's id.
        member: the id of the member the person is of.
        clearance: the strictest marking the person may read.
    """

    person: str
    member: str
    clearance: Tlp


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The conditions under which something was given.

    Args:
        tlp: its marking.
        originators: the members whose consent every loosening needs, all of them together; at least one. A sole
            originator's persons may read whatever the list and the expiry say. Of what several gave, none is master:
            each reads it where the list names it.
        releasable_to: ids of the members it may go to, or None: the marking alone says it.
        named: ids of the persons it is for; with TLP:RED only.
        purposes: what it may be used for, each a limit of its own; empty where there is none.
        expires_on: the last day others than the sole originator may read it, or None.

    Raises:
        ValueError: no originator, or named persons under another marking than TLP:RED.
    """

    tlp: Tlp
    originators: frozenset[str]
    releasable_to: frozenset[str] | None = None
    named: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()
    expires_on: date | None = None

    def __post_init__(self) -> None:
        if not self.originators or not all(member.strip() for member in self.originators):
            raise ValueError("a handling has an originator")
        if self.named and self.tlp is not Tlp.RED:
            raise ValueError("persons are named with TLP:RED only")

    @property
    def audience(self) -> frozenset[str] | None:
        """The members whose persons may read it until it expires; None where it is all of them."""
        if self.releasable_to is None and self.tlp < Tlp.AMBER_STRICT:
            return None
        listed = self.releasable_to or frozenset()
        return listed | self.originators if len(self.originators) == 1 else listed

    def is_sole(self, member: str) -> bool:
        """Whether it is one member's alone."""
        return self.originators == {member}

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return codec.record(self)

    @classmethod
    def from_record(cls, record: object) -> Self:
        """A handling from its JSON form.

        Raises:
            UsageError: an unknown key, a value of another kind, or one that cannot be.
        """
        return codec.value_of(cls, record)


def may_read(reader: Reader, handling: Handling, on: date) -> bool:
    """Whether a person may read something on a day.

    The clearance reaches the marking, the audience holds the person's member, with TLP:RED the person is named, and
    the day is not after the expiry, after which a sole originator's persons alone may read.
    """
    if reader.clearance < handling.tlp:
        return False
    if handling.tlp is Tlp.RED and reader.person not in handling.named:
        return False
    if handling.is_sole(reader.member):
        return True
    if handling.expires_on is not None and on > handling.expires_on:
        return False
    return handling.audience is None or reader.member in handling.audience


def covers(derived: Handling, given: Handling) -> bool:
    """Whether something handled as `derived` may hold what was given as `given`.

    True only where every person who may ever read the first may then read the second, and every limit of use stands.
    """
    return (
        derived.tlp >= given.tlp
        and _within(derived.audience, given.audience)
        and (given.tlp is not Tlp.RED or derived.named <= given.named)
        and _ends_with_it(derived, given)
        and given.purposes <= derived.purposes
    )


def strictest(handlings: Iterable[Handling]) -> Handling:
    """The handling of what is made of several things: of every part the strictest.

    The highest marking, the members in every audience, the persons named by all that name any, all purposes, the
    earliest expiry; and all originators, who can loosen it only together. Whoever may read what was made may read all
    that it was made of.

    Args:
        handlings: at least one; their order is nothing.

    Raises:
        ValueError: none is given.
    """
    several = tuple(handlings)
    if not several:
        raise ValueError("nothing inherits from nothing")
    return reduce(_both, several)


def holding(chosen: Handling, given: Iterable[Handling]) -> Handling:
    """How something is handled that holds what was given: as chosen, where that covers it all; else the strictest."""
    several = tuple(given)
    return chosen if all(covers(chosen, each) for each in several) else strictest((chosen, *several))


def _both(left: Handling, right: Handling) -> Handling:
    if left == right:
        return left
    tlp = max(left.tlp, right.tlp)
    naming = [handling.named for handling in (left, right) if handling.tlp is Tlp.RED]
    days = [day for day in (left.expires_on, right.expires_on) if day is not None]
    return Handling(
        tlp=tlp,
        originators=left.originators | right.originators,
        releasable_to=_shared(left.audience, right.audience),
        named=frozenset.intersection(*naming) if naming else frozenset(),
        purposes=left.purposes | right.purposes,
        expires_on=min(days, default=None),
    )


def _shared(left: frozenset[str] | None, right: frozenset[str] | None) -> frozenset[str] | None:
    if left is None or right is None:
        return right if left is None else left
    return left & right


def _within(inner: frozenset[str] | None, outer: frozenset[str] | None) -> bool:
    return outer is None or (inner is not None and inner <= outer)


def _ends_with_it(derived: Handling, given: Handling) -> bool:
    """Whether nobody reads the first on a day on which the second is closed to them."""
    if given.expires_on is None:
        return True
    if len(derived.originators) == 1 and derived.originators != given.originators:
        return False  # the sole originator of the first reads it for ever
    return derived.expires_on is not None and derived.expires_on <= given.expires_on
