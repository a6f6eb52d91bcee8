"""Entities: listings of several authorities joined into one, by people's rulings first and by the machine's after them.

An entity is what links of `same` hold together and no ruling of `different` keeps apart. Two designations of one list
are never in it, unless people ruled these very two to be the same: the strongest links are followed first, and one that
would bring such two together is left to review. One designation may be printed by several lists: OFAC's number is the
same in each form of its list.

Its id is made of one of its listings, the anchor: one of the Council's own where it has one, else the first by its id.
Every listing has such an id of its own; those of the listings that are no anchor still name the entity
(`Resolution.find`). So an id once printed always finds the entity that holds its listing, however it has grown or been
split since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.kernel.clock import stamp
from bongsu.lists.judgements import Judgement
from bongsu.lists.profiles import Designation, Profile, of_one_list
from bongsu.lists.proposals import Pair, Proposal

MACHINE: Final = "machine"
ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two listings of one entity, and who says so.

    Args:
        left, right: the listings.
        who: `machine`, or the person who ruled.
        why: in words.
        at: when a person ruled; None for the machine, which decides anew each time.
        judgement: the id of the ruling; None for the machine.
    """

    left: str
    right: str
    who: str
    why: str
    at: datetime | None
    judgement: str | None

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "left": self.left,
            "right": self.right,
            "who": self.who,
            "why": self.why,
            "at": None if self.at is None else stamp(self.at),
            "judgement": self.judgement,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One person, body, ship or aircraft, and who lists it.

    Args:
        id: made of the anchor.
        listings: the anchor first, then by id.
        links: what joins them, by pair.
    """

    id: str
    listings: tuple[Profile, ...]
    links: tuple[Link, ...]

    @property
    def name(self) -> str:
        """The anchor's main name."""
        return self.listings[0].name

    @property
    def kind(self) -> str:
        """The anchor's kind."""
        return self.listings[0].kind

    @property
    def authorities(self) -> frozenset[str]:
        """Who lists it."""
        return frozenset(profile.authority for profile in self.listings)

    @property
    def concerns_dprk(self) -> bool:
        """Whether one of its listings stands under a DPRK programme."""
        return any(profile.concerns_dprk for profile in self.listings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A proposal that waits for people.

    Args:
        proposal: the pair.
        hindrance: why following it would need a further ruling; None where nothing hinders it.
        ruling: the ruling of `unsure` on it; None where no one has looked.
    """

    proposal: Proposal
    hindrance: str | None
    ruling: Judgement | None


@dataclass(frozen=True)
class Resolution:
    """All listings as entities, and what waits for people.

    Args:
        entities: by id.
        review: what nothing hinders first, then likeliest first.
        unfollowed: rulings of `same` that another ruling, or one list's two entries, keep from being followed.
    """

    entities: tuple[Entity, ...]
    review: tuple[Open, ...]
    unfollowed: tuple[Judgement, ...]

    @cached_property
    def by_listing(self) -> Mapping[str, Entity]:
        """The entity that holds a listing."""
        return {profile.listing: entity for entity in self.entities for profile in entity.listings}

    @cached_property
    def by_id(self) -> Mapping[str, Entity]:
        """The entity that an id names: its own, or one made of another of its listings."""
        return {entity_id(listing): entity for listing, entity in self.by_listing.items()}

    def find(self, asked: str) -> tuple[Entity, ...]:
        """The entities that bear an id, a listing's id, a list's reference or an exact name (case and blanks aside)."""
        wanted = " ".join(asked.casefold().split())
        if asked in self.by_id:
            return (self.by_id[asked],)
        return tuple(entity for entity in self.entities if any(_bears(each, wanted) for each in entity.listings))


def entity_id(listing: str) -> str:
    """The id that a listing gives to an entity."""
    return f"bs-{digest_of(listing)[:ID_LENGTH]}"


def resolve(
    profiles: Sequence[Profile], proposals: Sequence[Proposal], rulings: Mapping[Pair, Judgement]
) -> Resolution:
    """Listings joined into entities.

    Args:
        profiles: of all listings, each once.
        proposals: as `propose` gives them.
        rulings: those in force (`judgements.standing`); of listings that no list holds any more they still join what
            else was joined to them.
    """
    joining = _Joining(profiles, rulings)
    followed, unfollowed = joining.follow_people()
    for proposal in sorted(proposals, key=lambda each: (-each.score, each.pair)):
        if proposal.verdict == "same" and proposal.pair not in rulings and joining.follow(proposal.pair) is None:
            followed.append(_by_machine(proposal))
    return Resolution(
        entities=_entities(profiles, joining, followed),
        review=_open(proposals, rulings, joining),
        unfollowed=tuple(unfollowed),
    )


class _Joining:
    """Listings in groups that grow link by link.

    Args:
        profiles: of all listings.
        rulings: in force; listings that no list holds any more take part by them.
    """

    def __init__(self, profiles: Sequence[Profile], rulings: Mapping[Pair, Judgement]) -> None:
        self.of = {profile.listing: profile.designation for profile in profiles}
        numberings = {each.list_id: each.authority for each in profiles if each.has_authority_number}
        self._rulings = rulings
        self._group: dict[str, set[str]] = {listing: {listing} for listing in self.of}
        self._apart: dict[str, set[str]] = {}
        for (left, right), ruling in rulings.items():
            for listing in (left, right):
                self._group.setdefault(listing, {listing})
                self.of.setdefault(listing, _designation_of_one_gone(listing, numberings))
            if ruling.verdict == "different":
                self._apart.setdefault(left, set()).add(right)
                self._apart.setdefault(right, set()).add(left)
        self._twins = _twins(rulings, self.of)

    def group(self, listing: str) -> set[str]:
        """All that are joined to a listing, itself included."""
        return self._group[listing]

    def follow_people(self) -> tuple[list[Link], list[Judgement]]:
        """Join what people ruled to be the same, the newest ruling first; and the rulings that cannot be followed."""
        same = [ruling for ruling in self._rulings.values() if ruling.verdict == "same"]
        # Two entries of one list first: only then may what is joined to each of them come together.
        order = sorted(same, key=lambda each: (each.at, each.pair), reverse=True)
        order.sort(key=lambda each: not self.are_of_one_list(each.pair))
        links: list[Link] = []
        unfollowed: list[Judgement] = []
        for ruling in order:
            if self.follow(ruling.pair) is None:
                links.append(_by_person(ruling))
            else:
                unfollowed.append(ruling)
        return links, unfollowed

    def follow(self, pair: Pair) -> str | None:
        """Join two groups; None where it is done, else why it is not."""
        one, other = self._group[pair[0]], self._group[pair[1]]
        if one is other:
            return None
        hindrance = self.hindrance(pair)
        if hindrance is None:
            one |= other
            self._group.update(dict.fromkeys(other, one))
        return hindrance

    def hindrance(self, pair: Pair) -> str | None:
        """Why two groups may not be joined; None where they may."""
        one, other = self._group[pair[0]], self._group[pair[1]]
        for listing in sorted(one):
            barred = self._apart.get(listing, set()) & other
            if barred:
                return f"{listing} and {min(barred)} were ruled to be different"
        by_numbering: dict[str, list[str]] = {}
        for listing in sorted(one):
            by_numbering.setdefault(self.of[listing].numbering, []).append(listing)
        for listing in sorted(other):
            mine = self._twin(self.of[listing])
            for mate in by_numbering.get(mine.numbering, ()):
                if self._twin(self.of[mate]) != mine:
                    return f"it would join {mate} and {listing}, which stand on one list"
        return None

    def are_of_one_list(self, pair: Pair) -> bool:
        """Whether two listings are two entries of one list."""
        return of_one_list(self.of[pair[0]], self.of[pair[1]])

    def question(self, pair: Pair) -> frozenset[tuple[int, Designation]]:
        """What a pair asks: whether two designations are one, each in the group that it stands in."""
        return frozenset((id(self._group[listing]), self.of[listing]) for listing in pair)

    def _twin(self, designation: Designation) -> Designation:
        """The designation itself, or the first of those that people ruled to be the same as it."""
        return self._twins.get(designation, designation)


def _designation_of_one_gone(listing: str, numberings: Mapping[str, str]) -> Designation:
    """Which designation a listing printed that no copy holds any more, by its id alone.

    Args:
        listing: the id, such as `ofac_sdn:12218`.
        numberings: the authority of each list that prints its authority's own numbers.
    """
    list_id, _, number = listing.partition(":")
    return Designation(numberings[list_id], number) if list_id in numberings else Designation(list_id, listing)


def _twins(rulings: Mapping[Pair, Judgement], of: Mapping[str, Designation]) -> dict[Designation, Designation]:
    """Designations of one list that people ruled to be the same: each with the first of its group."""
    group: dict[Designation, set[Designation]] = {}
    for pair, ruling in rulings.items():
        left, right = (of[listing] for listing in pair)
        if ruling.verdict == "same" and of_one_list(left, right):
            joined = group.get(left, {left}) | group.get(right, {right})
            group.update(dict.fromkeys(joined, joined))
    return {designation: min(joined) for designation, joined in group.items()}


def _entities(profiles: Sequence[Profile], joining: _Joining, links: Iterable[Link]) -> tuple[Entity, ...]:
    groups: dict[int, list[Profile]] = {}
    for profile in profiles:
        groups.setdefault(id(joining.group(profile.listing)), []).append(profile)
    of_group: dict[int, list[Link]] = {}
    for link in links:
        of_group.setdefault(id(joining.group(link.left)), []).append(link)
    found = []
    for key, members in groups.items():
        ordered = sorted(members, key=_anchor_first)
        joined = sorted(of_group.get(key, ()), key=lambda link: (link.left, link.right))
        found.append(Entity(id=entity_id(ordered[0].listing), listings=tuple(ordered), links=tuple(joined)))
    return tuple(sorted(found, key=lambda entity: entity.id))


def _anchor_first(profile: Profile) -> tuple[bool, str]:
    """The Council's own listing first: it has had one number for each entry for ever."""
    return profile.authority != "UN", profile.listing


def _open(
    proposals: Sequence[Proposal],
    rulings: Mapping[Pair, Judgement],
    joining: _Joining,
) -> tuple[Open, ...]:
    """What people may still decide: not ruled on, or unsure; and not settled by what else is joined.

    A name that fits an entity which already has another entry of that list is most likely a namesake's: it is settled,
    and comes back by itself when what settles it is undone. A pair with an identifier in common is never settled so,
    nor one of a single list, on which only people can rule. What several forms of one designation ask is asked once.
    """
    found = []
    for proposal in proposals:
        ruling = rulings.get(proposal.pair)
        if ruling is not None and ruling.verdict != "unsure":
            continue
        if joining.group(proposal.left) is joining.group(proposal.right):
            continue
        hindrance = joining.hindrance(proposal.pair)
        one_list = joining.are_of_one_list(proposal.pair)
        if hindrance is None or one_list or proposal.has_identifier:
            found.append(Open(proposal=proposal, hindrance=None if one_list else hindrance, ruling=ruling))
    found.sort(key=lambda each: (each.hindrance is not None, -each.proposal.score, each.proposal.pair))
    return tuple(_each_once(found, joining))


def _each_once(found: Sequence[Open], joining: _Joining) -> Iterator[Open]:
    """What waits, without pairs whose two designations wait already in other forms that are joined to these."""
    asked = {joining.question(each.proposal.pair) for each in found if each.ruling is not None}
    for each in found:
        question = joining.question(each.proposal.pair)
        if each.ruling is not None or question not in asked:
            asked.add(question)
            yield each


def _by_machine(proposal: Proposal) -> Link:
    return Link(left=proposal.left, right=proposal.right, who=MACHINE, why=proposal.why, at=None, judgement=None)


def _by_person(ruling: Judgement) -> Link:
    return Link(left=ruling.left, right=ruling.right, who=ruling.by, why=ruling.why, at=ruling.at, judgement=ruling.id)


def _bears(profile: Profile, wanted: str) -> bool:
    texts = (profile.listing, profile.reference, *(name.text for name in profile.names))
    return any(" ".join(text.casefold().split()) == wanted for text in texts)
