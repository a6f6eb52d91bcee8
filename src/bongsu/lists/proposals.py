"""Proposals: pairs of listings that may be one, each with what speaks for it and against it, and who may decide it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import exp
from typing import Any, Final

from bongsu.kernel.canonical import JsonValue
from bongsu.lists.birth import Birth, agreement
from bongsu.lists.blocking import NameIndex
from bongsu.lists.profiles import Designation, Identifier, ListedName, Profile, of_one_list
from bongsu.lists.resolution import Rules
from bongsu.names import similarity

SCORE_DECIMALS: Final = 4
Pair = tuple[str, str]
_CALLED: Final = {
    "imo": "IMO number",
    "company_imo": "IMO company number",
    "passport": "passport",
    "reference": "list reference",
    "mention": "list reference, in the remarks of one",
    "wallet": "wallet",
    "swift": "SWIFT code",
    "lei": "LEI",
    "mmsi": "MMSI",
    "number": "document or registration number",
    "false_imo": "false IMO number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that speaks for or against: in words, and its weight as the logarithm of odds."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two listings that may be one.

    Args:
        left, right: the listings, in the order of their ids.
        score: how likely it is by the card, 0 to 1.
        verdict: `same` where the machine may join them by itself, `review` where people decide, `apart` where nothing
            speaks for it.
        signs: what speaks for and against, the heaviest first.
        conflicts: what keeps the machine from joining them, in words.
        has_identifier: whether they share one of which the machine needs one.
    """

    left: str
    right: str
    score: float
    verdict: str
    signs: tuple[Sign, ...]
    conflicts: tuple[str, ...]
    has_identifier: bool

    @property
    def pair(self) -> Pair:
        """Both listings."""
        return self.left, self.right

    @property
    def why(self) -> str:
        """What speaks for it, in one line."""
        return "; ".join(sign.text for sign in self.signs if sign.weight > 0)

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "left": self.left,
            "right": self.right,
            "score": self.score,
            "verdict": self.verdict,
            "signs": [{"text": sign.text, "weight": sign.weight} for sign in self.signs],
            "conflicts": list(self.conflicts),
            "has_identifier": self.has_identifier,
        }


def proposal_from_record(record: Any) -> Proposal:
    """The proposal of a JSON form (Any: JSON of our own making)."""
    return Proposal(
        left=record["left"],
        right=record["right"],
        score=record["score"],
        verdict=record["verdict"],
        signs=tuple(Sign(text=sign["text"], weight=sign["weight"]) for sign in record["signs"]),
        conflicts=tuple(record["conflicts"]),
        has_identifier=record["has_identifier"],
    )


def pair_of(one: str, other: str) -> Pair:
    """Two listings in the order of their ids."""
    return (one, other) if one < other else (other, one)


def propose(profiles: Sequence[Profile], rules: Rules) -> tuple[Proposal, ...]:
    """All pairs that the machine joins or that people should look at, likeliest first, then by their ids.

    Pairs are compared of which one at least stands under a DPRK programme, and which meet by an identifier or by names
    that may be alike; of one list, in whatever form, only those that share a decisive identifier. The forms of one
    designation are compared under whatever programme, where one of them is in any pair. What is invented meets only its
    like.

    Args:
        profiles: of all listings of all lists, each once.
        rules: the card.
    """
    found = (compare(profiles[one], profiles[other], rules) for one, other in sorted(_candidates(profiles, rules)))
    return _with_forms(found, profiles, rules)


def propose_by_comparing_all(profiles: Sequence[Profile], rules: Rules) -> tuple[Proposal, ...]:
    """The same without an index, for the test that nothing is lost by it."""
    pairs = combinations(range(len(profiles)), 2)
    found = (
        compare(profiles[one], profiles[other], rules) for one, other in pairs if _meet(profiles, one, other, rules)
    )
    return _with_forms(found, profiles, rules)


def _with_forms(found: Iterable[Proposal], profiles: Sequence[Profile], rules: Rules) -> tuple[Proposal, ...]:
    """What was found and is not apart, with the pairs of forms of each designation in it; in their order."""
    wanted = {proposal.pair: proposal for proposal in found if proposal.verdict != "apart"}
    named = {listing for pair in wanted for listing in pair}
    forms: dict[Designation, list[Profile]] = defaultdict(list)
    for profile in profiles:
        forms[profile.designation].append(profile)
    for alike in forms.values():
        if len(alike) > 1 and any(profile.listing in named for profile in alike):
            for one, other in combinations(alike, 2):
                pair = pair_of(one.listing, other.listing)
                if pair not in wanted and one.sandbox == other.sandbox:
                    wanted[pair] = compare(one, other, rules)
    kept = (proposal for proposal in wanted.values() if proposal.verdict != "apart")
    return tuple(sorted(kept, key=lambda proposal: (-proposal.score, proposal.pair)))


def compare(left: Profile, right: Profile, rules: Rules) -> Proposal:
    """What speaks for two listings being one, and against it."""
    if right.listing < left.listing:
        left, right = right, left
    shared = _shared(left, right)
    likeness, name_signs = _of_names(left, right, rules)
    birth = agreement(left.births, right.births) if left.kind == right.kind == "Person" else None
    signs = [
        *(Sign(text=f"same {_CALLED[kind]} {value}", weight=rules.identifiers[kind]) for kind, value in sorted(shared)),
        *name_signs,
        *_of_births(left, right, birth, rules),
        *_against(left, right, rules),
    ]
    conflicts = _conflicts(left, right, birth)
    score = 1 / (1 + exp(-(rules.prior + sum(sign.weight for sign in signs))))
    decisive = any(kind in rules.decisive for kind, _ in shared)
    # A row whose number and birth date slipped in from the next one has another name: a birth date bears out names that
    # are near, and none that are other.
    borne_out = likeness >= (rules.likeness["near"] if birth == "equal" else rules.corroborates)
    return Proposal(
        left=left.listing,
        right=right.listing,
        score=round(score, SCORE_DECIMALS),
        verdict=_verdict(
            joins=decisive and borne_out and not conflicts,
            asks=score >= rules.review_from
            or (not _on_one_list(left, right) and any(kind in rules.decisive - {"mention"} for kind, _ in shared)),
        ),
        signs=tuple(sorted(signs, key=lambda sign: -abs(sign.weight))),
        conflicts=conflicts,
        has_identifier=decisive,
    )


def _verdict(*, joins: bool, asks: bool) -> str:
    return "same" if joins else "review" if asks else "apart"


def _candidates(profiles: Sequence[Profile], rules: Rules) -> set[tuple[int, int]]:
    """Pairs of places that meet by an identifier or a name."""
    return {
        (one, other)
        for one, other in {*_by_identifier(profiles), *_by_name(profiles, rules)}
        if _meet(profiles, one, other, rules)
    }


def _meet(profiles: Sequence[Profile], one: int, other: int, rules: Rules) -> bool:
    left, right = profiles[one], profiles[other]
    if left.sandbox != right.sandbox or not (left.concerns_dprk or right.concerns_dprk):
        return False
    return not _on_one_list(left, right) or any(kind in rules.decisive for kind, _ in _shared(left, right))


def _on_one_list(left: Profile, right: Profile) -> bool:
    return of_one_list(left.designation, right.designation)


def _by_identifier(profiles: Sequence[Profile]) -> Iterator[tuple[int, int]]:
    places: dict[Identifier, list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        for key in {_meeting(identifier) for identifier in profile.identifiers}:
            places[key].append(place)
    for found in places.values():
        concerned = {place for place in found if profiles[place].concerns_dprk}
        yield from ((min(one, other), max(one, other)) for one in concerned for other in found if one != other)


def _by_name(profiles: Sequence[Profile], rules: Rules) -> Iterator[tuple[int, int]]:
    """Pairs with names that are near at least, one of them under a DPRK programme: those are the names in the index."""
    indexes: dict[str, NameIndex] = {}
    for place, profile in enumerate(profiles):
        if profile.concerns_dprk:
            index = indexes.setdefault(profile.kind, NameIndex(profile.kind))
            for name in profile.names:
                index.add(name.text, place)
    for place, profile in enumerate(profiles):
        if profile.kind in indexes:
            yield from _near_ones(place, profiles, indexes[profile.kind], rules.likeness["near"])


def _near_ones(place: int, profiles: Sequence[Profile], index: NameIndex, least: float) -> Iterator[tuple[int, int]]:
    mine = profiles[place]
    found: set[int] = set()
    for name in mine.names:
        for other, text in index.meeting(name.text):
            if other in found or other == place or _on_one_list(profiles[other], mine):
                continue
            if similarity(name.text, text, mine.kind) >= least:
                found.add(other)
    yield from ((min(place, other), max(place, other)) for other in found)


def _meeting(identifier: Identifier) -> Identifier:
    """A reference in free text meets the same reference in its field."""
    return Identifier("reference", identifier.value) if identifier.kind == "mention" else identifier


def _shared(left: Profile, right: Profile) -> set[Identifier]:
    """The identifiers of both; a reference that stands only in the free text of one is a mention."""
    both = set(left.identifiers & right.identifiers)
    for one, other in ((left, right), (right, left)):
        both |= {Identifier("mention", value) for value in one.numbers("mention") & other.numbers("reference")}
    references = {value for kind, value in both if kind == "reference"}
    # Two that mention a third are not thereby one.
    named = {value for one in (left, right) for value in one.numbers("reference")}
    return {
        found for found in both if found.kind != "mention" or (found.value in named and found.value not in references)
    }


def _of_names(left: Profile, right: Profile, rules: Rules) -> tuple[float, list[Sign]]:
    """The likeness of the names that fit best, strong names before weak ones, and what it weighs."""
    if left.kind != right.kind:
        return 0.0, []
    likeness, weak, one, other = _best_names(left, right)
    weight = rules.names[left.kind][rules.tier(likeness)]
    if rules.tier(likeness) == "other":
        return likeness, [Sign(text=f"other names: {one.text!r}, {other.text!r}", weight=weight)]
    word = {"equal": "same name", "alike": "names alike", "near": "names near"}[rules.tier(likeness)]
    signs = [Sign(text=f"{word}: {one.text!r}, {other.text!r}", weight=weight)]
    if weak:
        signs.append(Sign(text="a name its list calls weak", weight=rules.other["weak_name"]))
    return likeness, signs


def _best_names(left: Profile, right: Profile) -> tuple[float, bool, ListedName, ListedName]:
    best = (-1.0, True, left.names[0], right.names[0])
    for one, other in product(left.names, right.names):
        likeness, weak = similarity(one.text, other.text, left.kind), one.weak or other.weak
        if (likeness, not weak) > (best[0], not best[1]):
            best = (likeness, weak, one, other)
    return best


def _of_births(left: Profile, right: Profile, degree: str | None, rules: Rules) -> list[Sign]:
    if degree is None:
        return []
    words = {
        "equal": "same date of birth",
        "year": "dates of birth do not contradict each other",
        "near": "dates of birth one slip apart",
        "other": "other dates of birth",
    }
    if degree == "equal":
        days = {birth.day for birth in left.births} & {birth.day for birth in right.births} - {None}
        return [Sign(text=f"{words[degree]} {min(day for day in days if day)}", weight=rules.births[degree])]
    return [
        Sign(text=f"{words[degree]}: {_printed(left.births)}; {_printed(right.births)}", weight=rules.births[degree])
    ]


def _printed(births: Iterable[Birth]) -> str:
    return ", ".join(birth.printed for birth in births)


def _against(left: Profile, right: Profile, rules: Rules) -> Iterator[Sign]:
    if left.kind != right.kind:
        yield Sign(text=f"a {left.kind} here, a {right.kind} there", weight=rules.other["another_kind"])
    if _other_numbers(left, right, "imo"):
        yield Sign(text=_numbers_differ(left, right), weight=rules.other["another_imo"])
    if _other_references(left, right):
        yield Sign(text=_references_differ(left, right), weight=rules.other["another_reference"])
    if left.nationalities and right.nationalities and left.nationalities.isdisjoint(right.nationalities):
        yield Sign(text="no nationality in common", weight=rules.other["nationality"])


def _conflicts(left: Profile, right: Profile, birth: str | None) -> tuple[str, ...]:
    """What keeps the machine from joining, whatever speaks for it."""
    found = []
    if _on_one_list(left, right):
        found.append(f"both stand on one list ({left.designation.numbering})")
    if left.kind != right.kind:
        found.append(f"a {left.kind} here, a {right.kind} there")
    if birth in {"other", "near"}:
        found.append("the dates of birth differ")
    if _other_numbers(left, right, "imo"):
        found.append(_numbers_differ(left, right))
    if _other_references(left, right):
        found.append(_references_differ(left, right))
    return tuple(found)


def _other_numbers(left: Profile, right: Profile, kind: str) -> bool:
    one, other = left.numbers(kind), right.numbers(kind)
    return bool(one and other) and one.isdisjoint(other)


def _other_references(left: Profile, right: Profile) -> bool:
    one, other = _un(left), _un(right)
    return bool(one and other) and one.isdisjoint(other)


def _un(profile: Profile) -> frozenset[str]:
    """The UN references that it bears or cites: every list has a number of its own, and only the UN's are cited."""
    return frozenset(value for value in profile.numbers("reference") if " " not in value)


def _numbers_differ(left: Profile, right: Profile) -> str:
    return f"other IMO numbers: {', '.join(sorted(left.numbers('imo')))}; {', '.join(sorted(right.numbers('imo')))}"


def _references_differ(left: Profile, right: Profile) -> str:
    return f"other UN references: {', '.join(sorted(_un(left)))}; {', '.join(sorted(_un(right)))}"
