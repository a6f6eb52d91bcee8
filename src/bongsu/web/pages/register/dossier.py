"""Everything the copies in force say of one entity, each value with who prints it and where."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bongsu.lists.entities import Entity, Open
from bongsu.lists.profiles import NAMES, Profile
from bongsu.lists.register import Copy, RegisterRow
from bongsu.names.romanisation import hanja
from bongsu.names.script import folded, latin
from bongsu.web.pages.register.links import Link, links_of
from bongsu.web.pages.register.statements import exhibit_address
from bongsu.web.record.register import Register

_NUMBERS: Final = (
    *("imoNumber", "mmsi", "callSign", "registrationNumber", "idNumber", "passportNumber", "swiftBic", "leiCode"),
    *("taxNumber", "publicKey"),
)
_BIRTH: Final = ("birthDate", "birthPlace", "birthCountry", "deathDate")
_PLACES: Final = ("address", "country", "flag", "jurisdiction", "pastFlags")
_DOCUMENTS: Final = frozenset({"Passport", "Identification"})
# Of an address, in the order in which people write one.
_ADDRESS: Final = ("full", "street", "street2", "postOfficeBox", "city", "region", "state", "postalCode", "country")
_LEFT_OUT: Final = frozenset({*NAMES, "addressEntity", "firstName", "secondName", "lastName", "holder", "recordId"})
_WORD_ENDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SCRIPTS: Final = {"CJK": "Han", "HANGUL": "Hangul", "CYRILLIC": "Cyrillic", "ARABIC": "Arabic", "LATIN": "Latin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who prints a value, and the place that is cited."""

    authority: str
    address: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of one property.

    Args:
        prop: FollowTheMoney's name of the property.
        label: the same in words.
        text: as printed.
        beside: what belongs to it, such as the form it was brought into or the country of a passport; or empty.
        sources: who prints it, each place once.
    """

    prop: str
    label: str
    text: str
    beside: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NameValue:
    """One name: how its list calls it, its script, and a reading in Latin letters where it is in another script."""

    text: str
    prop: str
    script: str
    reading: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One listing: the profile, the copy that holds it, its place, and what its list says of the designation."""

    profile: Profile
    copy: Copy
    address: str
    citation: str
    designation: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One entity.

    Args:
        entity: the entity.
        listings: in its order.
        names, numbers, births, places, others: what the lists say.
        links: who it has to do with, by statements alone.
        lacking: authorities of the register that do not list it, sorted.
        waiting: pairs with one of its listings that wait for people.
        imo: the sound IMO numbers, for ships.
        mmsi: the MMSI.
    """

    entity: Entity
    listings: tuple[Listing, ...]
    names: tuple[NameValue, ...]
    numbers: tuple[Value, ...]
    births: tuple[Value, ...]
    places: tuple[Value, ...]
    others: tuple[Value, ...]
    links: tuple[Link, ...]
    lacking: tuple[str, ...]
    waiting: tuple[Open, ...]
    imo: tuple[str, ...]
    mmsi: tuple[str, ...]

    @property
    def copy_dates(self) -> tuple[date, ...]:
        """The dates of the copies it rests on, each once, in order."""
        return tuple(sorted({each.copy.list_date for each in self.listings}))


def dossier_of(
    register: Register, entity: Entity, own: Sequence[RegisterRow], others: Sequence[RegisterRow]
) -> Dossier:
    """The dossier of an entity.

    Args:
        register: what it is part of.
        entity: the entity.
        own: the statements of its listings.
        others: the links in other entries that name one of them.
    """
    said = _Said(register)
    mine = [row for row in own if row.entity == row.listing]
    parts = _parts(own)
    return Dossier(
        entity=entity,
        listings=tuple(_listing(register, profile, own, said) for profile in entity.listings),
        names=_names(mine, said),
        numbers=(*said.values(row for row in mine if row.prop in _NUMBERS), *_documents(parts, said)),
        births=said.values(row for row in mine if row.prop in _BIRTH),
        places=(*said.values(row for row in mine if row.prop in _PLACES), *_addresses(parts, said)),
        others=said.values(row for row in mine if row.prop not in {*_LEFT_OUT, *_NUMBERS, *_BIRTH, *_PLACES}),
        links=links_of(register, entity, (*own, *others)),
        lacking=tuple(each for each in register.authorities if each not in entity.authorities),
        waiting=waiting_for(register, entity),
        imo=_sorted_numbers(entity, "imo"),
        mmsi=_sorted_numbers(entity, "mmsi"),
    )


def waiting_for(register: Register, entity: Entity) -> tuple[Open, ...]:
    """The pairs with one of an entity's listings that wait for people, likeliest first."""
    mine = {profile.listing for profile in entity.listings}
    return tuple(each for each in register.joined.resolution.review if not mine.isdisjoint(each.proposal.pair))


def words_of(prop: str) -> str:
    """A property's name as words: `listingDate` is `listing date`."""
    return _WORD_ENDS.sub(" ", prop).lower()


def script_of(text: str) -> str:
    """The script most of a text's letters are of; empty where it has none we tell apart."""
    named = (unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    found = Counter(_SCRIPTS[name] for name in named if name in _SCRIPTS)
    return found.most_common(1)[0][0] if found else ""


def reading_of(text: str) -> str:
    """A reading in Latin letters of a text in another script; Chinese characters by their first Korean reading."""
    if text.isascii() or script_of(text) in {"", "Latin"}:
        return ""
    heard = "".join(hanja().get(letter, (letter,))[0] for letter in text) if script_of(text) == "Han" else text
    read = latin(folded(heard))
    return f"{heard}, {read}" if heard != text else read


class _Said:
    """Puts statements together: one value for all lists that print it."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def source(self, row: RegisterRow) -> Source:
        """Who says a statement, and where."""
        profile = self._register.profiles.get(row.listing)
        return Source(
            authority=row.list if profile is None else profile.authority,
            address=exhibit_address(row.exhibit, row.locator),
            citation=f"sha256:{row.exhibit}#{row.locator}",
        )

    def sources(self, rows: Iterable[RegisterRow]) -> tuple[Source, ...]:
        """The sources of some statements, each once."""
        return tuple(dict.fromkeys(map(self.source, rows)))

    def values(self, rows: Iterable[RegisterRow]) -> tuple[Value, ...]:
        """Statements as values, by property, in the order in which they came."""
        groups: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
        for row in rows:
            groups[row.prop, row.value].append(row)
        found = [self.value(prop, text, group) for (prop, text), group in groups.items()]
        return tuple(sorted(found, key=lambda value: value.prop))

    def value(self, prop: str, text: str, rows: Sequence[RegisterRow], beside: str = "") -> Value:
        """One value that some statements print."""
        first = rows[0]
        made = first.cleaned if first.cleaned not in {None, first.value} else ""
        refused = "" if first.rejected is None else first.rejected
        said = beside or made or refused or ""
        return Value(prop=prop, label=words_of(prop), text=text, beside=said, sources=self.sources(rows))


def _parts(own: Iterable[RegisterRow]) -> list[list[RegisterRow]]:
    """The statements of each sub-entity: an address, a passport, a wallet."""
    parts: dict[str, list[RegisterRow]] = defaultdict(list)
    for row in own:
        if row.entity != row.listing:
            parts[row.entity].append(row)
    return list(parts.values())


def _names(mine: Iterable[RegisterRow], said: _Said) -> tuple[NameValue, ...]:
    groups: dict[tuple[str, str], list[RegisterRow]] = defaultdict(list)
    for row in mine:
        if row.prop in NAMES:
            groups[row.prop, row.cleaned or row.value].append(row)
    return tuple(
        NameValue(
            text=text, prop=words_of(prop), script=script_of(text), reading=reading_of(text), sources=said.sources(rows)
        )
        for (prop, text), rows in sorted(groups.items(), key=lambda each: NAMES.index(each[0][0]))
    )


def _documents(parts: Iterable[Sequence[RegisterRow]], said: _Said) -> Iterable[Value]:
    for part in parts:
        printed: Mapping[str, str] = {row.prop: row.value for row in part}
        if part[0].schema in _DOCUMENTS and "number" in printed:
            beside = ", ".join(printed[prop] for prop in ("type", "country", "startDate", "endDate") if prop in printed)
            yield said.value(part[0].schema, printed["number"], part[:1], beside)
        elif part[0].schema == "CryptoWallet" and "publicKey" in printed:
            yield said.value("wallet", printed["publicKey"], part[:1], printed.get("currency", ""))


def _addresses(parts: Iterable[Sequence[RegisterRow]], said: _Said) -> Iterable[Value]:
    for part in parts:
        if part[0].schema == "Address":
            printed: Mapping[str, str] = {row.prop: row.value for row in part}
            line = ", ".join(printed[prop] for prop in _ADDRESS if prop in printed)
            if line:
                yield said.value("address", line, part[:1], printed.get("remarks", " "))


def _listing(register: Register, profile: Profile, own: Iterable[RegisterRow], said: _Said) -> Listing:
    copy = next(each for each in register.joined.copies if each.list_id == profile.list_id)
    rows = [
        row for row in own if row.listing == profile.listing and row.schema == "Sanction" and row.prop != "recordId"
    ]
    cited = profile.citation
    return Listing(
        profile=profile,
        copy=copy,
        address="" if cited is None else exhibit_address(cited.exhibit, cited.locator),
        citation="" if cited is None else str(cited),
        designation=said.values(row for row in rows if row.prop not in {"authorityId", "listingDate"}),
    )


def _sorted_numbers(entity: Entity, kind: str) -> tuple[str, ...]:
    return tuple(sorted({number for each in entity.listings for number in each.numbers(kind)}))
