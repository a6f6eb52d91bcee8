"""A register of names and the question whose name a given one is: indexed, explained, as good as comparing all."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from bongsu.kernel.errors import UsageError
from bongsu.names.atoms import asked_run_atoms, run_atoms, slip_atoms
from bongsu.names.filing import (
    Filed,
    Vocabulary,
    enough_words,
    filed_organisation,
    filed_person,
    filed_vessel,
    letter_likeness,
    word_likeness,
)
from bongsu.names.identifiers import Identifier, held_as, identifier_reason, is_proof, read_identifier
from bongsu.names.organisations import NameWord, organisation_name, organisation_similarity
from bongsu.names.persons import person_name, person_similarity
from bongsu.names.script import MOST_LETTERS, folded
from bongsu.names.several import asked_of, check_name
from bongsu.names.similarity import explain
from bongsu.names.vessels import vessel_name, vessel_similarity

KINDS: Final = ("Person", "Organization", "Vessel")
# FollowTheMoney's schemata under which one may ask, in lower case, and the kind each is.
_ASKED: Final = {
    **{kind.lower(): kind for kind in KINDS},
    **dict.fromkeys(("organisation", "company", "legalentity", "publicbody"), "Organization"),
}
# Below this no two names are one (`similarity`), and the index does not look.
LEAST_SCORE: Final = 0.5
DEFAULT_SCORE: Final = 0.7
# What is not the same by its identifiers or dates, whatever the name.
OTHER_SHIP: Final = 0.4
OTHER_BIRTH_DATE: Final = 0.75
WEAK_ALIAS: Final = 0.95
# The very name, but of another kind than is asked about: whoever wrote the kind may be wrong, the name is not.
OTHER_KIND: Final = 0.95
_CALLED: Final = {"Person": "a person", "Organization": "a firm or office", "Vessel": "a ship"}
_WORD: Final = re.compile(r"\w+")
# The same number, though its check digit fails or nobody says which State issued it: a lead, no proof. It is shown, at
# the default score, whatever else differs: who borrows a number bears another name and another birth date.
LEAD_NUMBER: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """One name of an entity: as printed, and whether the list itself calls it weak."""

    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Someone or something a register holds.

    Args:
        id: the register's.
        schema: FollowTheMoney's; all but `Person` and `Vessel` are compared as organisations.
        caption: what to call it.
        names: all its names.
        identifiers: IMO numbers, passports, wallets and the like.
        birth_dates: ISO 8601, whole or the year alone.
        source: where it stands, such as `UN, OFAC`.
        sandbox: whether it is invented.
    """

    id: str
    schema: str
    caption: str
    names: tuple[ListedName, ...]
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[str, ...] = ()
    source: str = ""
    sandbox: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Who is asked about.

    Args:
        name: in any script and order; it may be an identifier alone.
        schema: `Person`, `Organization`, `Vessel`, in any case, or a schema of firms such as `Company`; None asks about
            all three.
        identifiers: what is known besides the name; they beat it.
        birth_dates: ISO 8601, whole or the year alone.
        other_names: asked as well as the name; the one that fits best counts.
    """

    name: str
    schema: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    birth_dates: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the other names, but for blank ones."""
        return tuple(name for name in (self.name, *self.other_names) if name.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entity that may be meant. No verdict: it says why, and a person decides.

    Args:
        entity: the register's.
        name: which of its names fits best; None where an identifier alone does.
        score: from `LEAST_SCORE` to 1.
        reasons: in plain words, what weighs most first.
    """

    entity: Entity
    name: str | None
    score: float
    reasons: tuple[str, ...]


class Screener:
    """A register ready to be asked. It is built once and changes nothing it is given.

    Args:
        entities: the register.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._entities = tuple(entities)
        self._indexes = {kind: _Index(kind) for kind in KINDS}
        self._by_identifier: dict[str, list[int]] = defaultdict(list)
        self._by_exact_words: dict[str, list[_Filed]] = defaultdict(list)
        for place, entity in enumerate(self._entities):
            kind = kind_of(entity.schema)
            for name in entity.names:
                self._indexes[kind].add(place, name)
                self._by_exact_words[_exact_words(name.text)].append(_Filed(place, kind, name))
            for key in {identifier.key for identifier in entity.identifiers}:
                self._by_identifier[key].append(place)

    def __len__(self) -> int:
        """How many entities there are."""
        return len(self._entities)

    def screen(self, query: Query, *, min_score: float = DEFAULT_SCORE, limit: int | None = None) -> tuple[Hit, ...]:
        """The entities that may be meant.

        Args:
            query: who is asked about.
            min_score: 0.5 to 1.
            limit: at most so many hits; None for all.

        Returns:
            Each entity once, by the name that fits best; the highest score first, then by the entity's id. One of
            another kind than is asked about is among them where it bears the very name, and the reasons say so.

        Raises:
            UsageError: a score below 0.5 or above 1, a limit below 1, a kind that is not known, neither a name nor a
                number, or a name that is no text, has no letter or figure, or holds more names than are asked.
        """
        if not LEAST_SCORE <= min_score <= 1:
            raise UsageError(f"a score of {min_score} cannot be asked for", remedy=f"ask for {LEAST_SCORE} to 1")
        if limit is not None and limit < 1:
            raise UsageError(f"a limit of {limit} hits would hide all of them", remedy="ask for 1 at least")
        kinds = _kinds_of(query)
        for name in query.names:
            check_name(name)
        if not query.names and not query.identifiers:
            raise UsageError("neither a name nor a number is asked about", remedy="give one")
        asked = _with_read(query)
        judged = [each for each in self._judged(asked, kinds, min_score) if each.score >= min_score]
        judged.sort(key=lambda each: (-each.score, each.entity.id))
        return tuple(each.hit(asked) for each in judged[:limit])

    def screen_many(
        self, queries: Iterable[Query], *, min_score: float = DEFAULT_SCORE, limit: int | None = None
    ) -> Iterator[tuple[Query, tuple[Hit, ...]]]:
        """Each query with its hits, one by one: a file of any size needs no more memory than one row."""
        for query in queries:
            yield query, self.screen(query, min_score=min_score, limit=limit)

    def _judged(self, asked: Query, kinds: Sequence[str], min_score: float) -> Iterator[_Judged]:
        same = self._same_identifier(asked)
        best: dict[int, _Named] = {}
        for kind in kinds:
            for name in asked_of(kind, asked.names):
                for place, score, listed in self._indexes[kind].search(name, min_score):
                    if score > best.get(place, NOT_NAMED).score:
                        best[place] = _Named(score=score, asked=name, listed=listed)
                for filed in self._by_exact_words.get(_exact_words(name), ()):
                    score = OTHER_KIND * (WEAK_ALIAS if filed.name.weak else 1)
                    if filed.kind not in kinds and score > best.get(filed.place, NOT_NAMED).score:
                        best[filed.place] = _Named(score=score, asked=name, listed=filed.name.text, asked_kind=kind)
        for place in same.keys() | best.keys():
            yield _judged(asked, self._entities[place], best.get(place, NOT_NAMED), same.get(place))

    def _same_identifier(self, query: Query) -> dict[int, _SameNumber]:
        """The places that hold a number asked about, each with one that is proof before one that is not."""
        found: dict[int, _SameNumber] = {}
        for asked in query.identifiers:
            for place in self._by_identifier.get(asked.key, ()):
                held = held_as(asked, self._entities[place].identifiers)
                if held is not None and (place not in found or is_proof(asked, held)):
                    found[place] = _SameNumber(asked=asked, held=held)
        return found


class _Index:
    """The names of one kind, filed so that every one that could reach `LEAST_SCORE` is found."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._compare = _COMPARE[kind]
        self._holds_slips = kind != "Person"  # a wrong letter in a person's name makes another name
        self._numbers: dict[str, int] = {}
        self._texts: list[str] = []
        self._strong: list[array[int]] = []  # the owners of each name, and those whose list calls it weak
        self._weak: list[array[int]] = []
        self._size: list[float] = []
        self._by_run: dict[str, array[int]] = {}
        likeness = word_likeness if kind == "Organization" else letter_likeness
        # Two Korean names of people are compared by their syllables alone: a Korean one is sought among the words of
        # others only, and those are few.
        self._words = {is_korean: _Postings(likeness) for is_korean in (False, True)}
        self._wholes = {is_korean: _Postings(letter_likeness) for is_korean in (False, True)}
        self._by_initials: dict[str, array[int]] = {}
        self._nameless = array("I")

    def add(self, owner: int, name: ListedName) -> None:
        """File one name; many may bear it."""
        number = self._numbers.get(name.text)
        if number is None:
            number = self._numbers[name.text] = len(self._texts)
            self._texts.append(name.text)
            self._strong.append(array("I"))
            self._weak.append(array("I"))
            self._file(number, _FILED[self._kind](name.text))
        (self._weak if name.weak else self._strong)[number].append(owner)

    def _file(self, number: int, filed: Filed) -> None:
        self._size.append(filed.size)
        if filed.is_nameless:
            self._nameless.append(number)
        for atom in run_atoms(filed.runs) | (slip_atoms(filed.runs) if self._holds_slips else frozenset()):
            self._by_run.setdefault(atom, array("I")).append(number)
        for short in filed.initials:
            self._by_initials.setdefault(short, array("I")).append(number)
        for word in filed.words:
            self._words[filed.is_korean].add(word, number)
        if filed.whole is not None:
            self._wholes[filed.is_korean].add(filed.whole, number)

    def search(self, asked: str, min_score: float) -> Iterator[tuple[int, float, str]]:
        """The owners of names that reach a score, with it and the name; an owner may come more than once."""
        left = _PARSE[self._kind](asked)
        for number in self._candidates(_FILED[self._kind](asked), min_score):
            text = self._texts[number]
            score = self._compare(left, _PARSE[self._kind](text))
            if score >= LEAST_SCORE:
                yield from ((owner, score, text) for owner in self._strong[number])
                if score * WEAK_ALIAS >= LEAST_SCORE:
                    yield from ((owner, score * WEAK_ALIAS, text) for owner in self._weak[number])

    def _candidates(self, asked: Filed, min_score: float) -> set[int]:
        found = set(self._nameless) if asked.is_nameless else set[int]()
        for atom in asked_run_atoms(asked.runs) | (slip_atoms(asked.runs) if self._holds_slips else frozenset()):
            found.update(self._by_run.get(atom, ()))
        for short in asked.initials:
            found.update(self._by_initials.get(short, ()))
        for is_korean in (False,) if asked.is_korean else (False, True):
            if asked.whole is not None:
                for numbers in self._wholes[is_korean].alike(asked.whole):
                    found.update(numbers)
            found.update(self._by_words(asked, self._words[is_korean], min_score))
        return found

    def _by_words(self, asked: Filed, words: _Postings, min_score: float) -> Iterator[int]:
        """Names that share enough of their words to reach the score, whatever else they say."""
        met: Counter[int] = Counter()
        for word in asked.words:
            seen: set[int] = set()
            for numbers in words.alike(word):
                seen.update(numbers)
            met.update(seen)
        enough = enough_words(self._kind, asked.size, min_score)
        return (number for number, shared in met.items() if enough(shared, self._size[number]))


class _Postings:
    """The words of names, and for each the names that have it."""

    def __init__(self, likeness: Callable[[NameWord, NameWord], float]) -> None:
        self._words = Vocabulary(likeness)
        self._names: list[array[int]] = []

    def add(self, word: NameWord, name: int) -> None:
        """File a name under a word."""
        place = self._words.number(word)
        if place == len(self._names):
            self._names.append(array("I"))
        self._names[place].append(name)

    def alike(self, word: NameWord) -> Iterator[array[int]]:
        """The names of each word that is like one."""
        return (self._names[number] for number in self._words.alike(word))


def kind_of(schema: str) -> str:
    """The kind of names under which a schema is compared."""
    return schema if schema in {"Person", "Vessel"} else "Organization"


# Any: each kind has a class of its own, met by its own comparison.
_PARSE: Final[Mapping[str, Callable[[str], Any]]] = {
    "Person": person_name,
    "Organization": organisation_name,
    "Vessel": vessel_name,
}
_COMPARE: Final[Mapping[str, Callable[[Any, Any], float]]] = {
    "Person": person_similarity,
    "Organization": organisation_similarity,
    "Vessel": vessel_similarity,
}
_FILED: Final[Mapping[str, Callable[[str], Filed]]] = {
    "Person": filed_person,
    "Organization": filed_organisation,
    "Vessel": filed_vessel,
}


def _exact_words(name: str) -> str:
    """The words of a name in one order: two names that share them are the same but for order, case and signs."""
    return " ".join(sorted(_WORD.findall(folded(name[:MOST_LETTERS]))))


def _kinds_of(query: Query) -> tuple[str, ...]:
    """The kinds of names a query is about.

    Raises:
        UsageError: it names one that is not known.
    """
    if query.schema is None:
        return KINDS
    kind = _ASKED.get(query.schema.lower())
    if kind is None:
        raise UsageError(f"{query.schema!r} is no kind that can be asked about", remedy=f"one of {', '.join(KINDS)}")
    return (kind,)


def _with_read(query: Query) -> Query:
    """The query, with the identifiers that its names turn out to be."""
    read = tuple(number for name in query.names if (number := read_identifier(name)) is not None)
    return replace(query, identifiers=(*query.identifiers, *read)) if read else query


@dataclass(frozen=True, slots=True, kw_only=True)
class _SameNumber:
    """A number as it is asked about and as a register holds it."""

    asked: Identifier
    held: Identifier


class _Filed(NamedTuple):
    """One name of an entity, with its place among the entities and its kind."""

    place: int
    kind: str
    name: ListedName


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """Two names that fit, one of those asked and one of those listed, how well, and the kind asked about where the
    entity is of another.
    """

    score: float
    asked: str
    listed: str
    asked_kind: str | None = None


NOT_NAMED: Final = _Named(score=0.0, asked="", listed="")


@dataclass(frozen=True, slots=True)
class _Judged:
    """A hit before its reasons are put into words: `told` are those that beat the name."""

    entity: Entity
    named: _Named
    score: float
    told: tuple[str, ...]

    def hit(self, query: Query) -> Hit:
        named = self.named
        reasons = explain(named.asked, named.listed, self.entity.schema) if named.listed else ()
        several = (f"of the names asked, {named.asked}",) if named.listed and named.asked != query.name else ()
        return Hit(
            entity=self.entity,
            name=named.listed or None,
            score=self.score,
            reasons=(*self.told, *self._other_kind(), *several, *reasons),
        )

    def _other_kind(self) -> Iterator[str]:
        if self.named.asked_kind is not None:
            listed = _CALLED[kind_of(self.entity.schema)]
            yield f"asked about as {_CALLED[self.named.asked_kind]}, listed as {listed}"


def _judged(query: Query, entity: Entity, name: _Named, same: _SameNumber | None) -> _Judged:
    """What identifiers and birth dates make of a name's score."""
    score = name.score
    factor, dates = _birth_dates(query, entity)
    if same is not None:
        told = (identifier_reason(same.asked, same.held), *dates)
        lead = max(max(score, LEAD_NUMBER) * factor, DEFAULT_SCORE)
        return _Judged(entity, name, 1.0 if is_proof(same.asked, same.held) else lead, told)
    other = _other_ship(query, entity)
    if other is not None:
        return _Judged(entity, name, score * OTHER_SHIP, (other,))
    return _Judged(entity, name, score * factor, dates)


def _birth_dates(query: Query, entity: Entity) -> tuple[float, tuple[str, ...]]:
    """What the birth dates take from a score, and say; 1 and nothing where one side has none."""
    if not query.birth_dates or not entity.birth_dates:
        return 1.0, ()
    if any(_same_day(one, two) for one in query.birth_dates for two in entity.birth_dates):
        return 1.0, ("a birth date is the same as far as both are known",)
    return OTHER_BIRTH_DATE, ("the birth dates differ",)


def _other_ship(query: Query, entity: Entity) -> str | None:
    """Why a ship of the same name is another: both IMO numbers are sound and differ. None where nothing says so."""
    asked = {one.key: one.value for one in query.identifiers if one.kind == "imo" and one.sound}
    held = {one.key: one.value for one in entity.identifiers if one.kind == "imo" and one.sound}
    if not asked or not held or asked.keys() & held.keys():
        return None
    return f"other IMO numbers ({', '.join(asked.values())} and {', '.join(held.values())}): two ships"


def _same_day(one: str, other: str) -> bool:
    """Whether two dates agree as far as both are known: 1958 and 1958-02-01 do."""
    return one.startswith(other) or other.startswith(one)
