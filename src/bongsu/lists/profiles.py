"""The profile of a listing: what tells the one listed from all others, drawn from what its list says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from bongsu.kernel.citation import Citation
from bongsu.lists.birth import Birth, births_from
from bongsu.lists.cards import SourceCard
from bongsu.lists.model import Statement, kind_of

# The kinds of identifier. `reference` is a number some authority gave; `mention` one that stands in free text only.
IDENTIFIERS: Final = (
    "imo",
    "company_imo",
    "passport",
    "reference",
    "mention",
    "wallet",
    "swift",
    "lei",
    "mmsi",
    "number",
    "false_imo",
)
NAMES: Final = ("name", "alias", "previousName", "weakAlias")
_COUNTRIES: Final = frozenset({"nationality", "citizenship"})
# The Council's committees number persons and entities so; only its own lists print them as their own reference.
_UN_REFERENCE: Final = re.compile(r"\b([A-Z]{2}[ie])[. ]?([0-9]{3,4})\b")
# Free text that others write of the one listed; a link's or an address's text speaks of someone or something else.
_FREE_TEXT: Final = frozenset({"notes", "reason", "summary", "provisions"})
_COMPANY_IMO: Final = re.compile(r"IMO\s*(?:No\.?|number)?\s*:?\s*(\d{7})", re.IGNORECASE | re.ASCII)
# An official, diplomatic or service passport: the letters tell its kind, which some lists print and others do not.
_PASSPORT: Final = re.compile(r"(?:P[DOS])?([A-Z]{0,3}[0-9][0-9A-Z]*)")
_ASIDE: Final = re.compile(r"\([^)]*\)")
SHORTEST_NUMBER: Final = 6  # shorter ones are page and serial numbers, or words such as "NA"


class Identifier(NamedTuple):
    """A number or code that is given to one alone: its kind (of `IDENTIFIERS`) and itself, in one form."""

    kind: str
    value: str


class Designation(NamedTuple):
    """Which designation a listing prints: whose numbers it bears, and its number among them.

    Two listings are of one designation if both are the same, and of one list if only the first is.
    """

    numbering: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedName:
    """One name: cleaned, and whether the list itself calls it weak."""

    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What identifies one listing.

    Args:
        listing: the id, such as `un_sc:KPi.033`.
        list_id, authority: which list, and who lists the one listed.
        kind: Person, Organization, Vessel or Airplane.
        names: each once, the main one first.
        births: the dates of birth printed, each with how sure it is.
        identifiers: what is given to one alone; false IMO numbers under a kind of their own.
        nationalities: ISO 3166-1 alpha-2, lower case.
        reference: the list's own number of the listing, as printed.
        has_authority_number: whether that is the authority's own number, the same in each list that prints it.
        listed_on: the date of listing as printed, or None.
        concerns_dprk: whether it stands under a DPRK programme.
        citation: where its list names it; None where it comes from no list.
        sandbox: whether it is invented.
    """

    listing: str
    list_id: str
    authority: str
    kind: str
    names: tuple[ListedName, ...]
    births: tuple[Birth, ...] = ()
    identifiers: frozenset[Identifier] = frozenset()
    nationalities: frozenset[str] = frozenset()
    reference: str = ""
    has_authority_number: bool = False
    listed_on: str | None = None
    concerns_dprk: bool = True
    citation: Citation | None = None
    sandbox: bool = False

    @property
    def name(self) -> str:
        """The main name."""
        return self.names[0].text

    @property
    def designation(self) -> Designation:
        """Which designation it prints; of a list that numbers its entries alone, each listing is one."""
        if self.has_authority_number:
            return Designation(self.authority, " ".join(self.reference.split()))
        return Designation(self.list_id, self.listing)

    def numbers(self, kind: str) -> frozenset[str]:
        """The identifiers of one kind."""
        return frozenset(value for found, value in self.identifiers if found == kind)


def of_one_list(one: Designation, other: Designation) -> bool:
    """Whether two designations are two entries of one list, in whatever form each is printed."""
    return one.numbering == other.numbering and one != other


def profiles_of(statements: Iterable[Statement], card: SourceCard, *, sandbox: bool = False) -> tuple[Profile, ...]:
    """The profiles of all listings of one copy, in the order of the file.

    Args:
        statements: everything the copy says.
        card: its list's card.
        sandbox: whether it is invented.
    """
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.listing].append(statement)
    return tuple(_profile(listing, rows, card, sandbox) for listing, rows in groups.items())


def _profile(listing: str, rows: Sequence[Statement], card: SourceCard, sandbox: bool) -> Profile:
    said: dict[str, list[str]] = defaultdict(list)
    printed: list[str] = []
    for row in rows:
        if row.entity == listing or row.schema == "Sanction":
            said[row.prop].append(row.cleaned or row.value)
            if row.prop == "birthDate" and row.entity == listing:
                printed.append(row.cleaned or row.value)
    own = [row for row in rows if row.entity == listing]
    kind = kind_of(own[0].schema if own else "")
    authority = card.authority_of(row.value for row in rows if row.prop == "authority" and row.schema == "Sanction")
    reference = next(iter(said["authorityId"]), "")
    return Profile(
        listing=listing,
        list_id=card.id,
        authority=authority,
        kind=kind,
        names=_names(own) or (ListedName(text=listing),),
        births=births_from(printed),
        identifiers=frozenset(_identifiers(rows, kind, authority)),
        nationalities=frozenset(row.cleaned for row in own if row.prop in _COUNTRIES and row.cleaned is not None),
        reference=reference,
        has_authority_number=card.authority_numbers and bool(reference),
        listed_on=next(iter(said["listingDate"]), None),
        concerns_dprk=card.is_dprk(row.cleaned for row in rows if row.prop == "program" and row.cleaned),
        citation=Citation(exhibit=rows[0].exhibit, locator=rows[0].locator),
        sandbox=sandbox,
    )


def _names(own: Sequence[Statement]) -> tuple[ListedName, ...]:
    """Every name once; a name printed both as a good and as a weak one is good."""
    found: dict[str, bool] = {}
    for prop in NAMES:
        for row in own:
            if row.prop == prop:
                found.setdefault(row.cleaned or row.value, prop == "weakAlias")
    return tuple(ListedName(text=text, weak=weak) for text, weak in found.items())


def _identifiers(rows: Sequence[Statement], kind: str, authority: str) -> Iterable[Identifier]:
    for row in rows:
        if row.schema in {"Passport", "Identification"}:
            if row.prop == "number":
                yield from document_number(row.value, passport=row.schema == "Passport")
        elif row.schema == "CryptoWallet":
            if row.prop == "publicKey":
                yield Identifier("wallet", (row.cleaned or row.value).strip())
        elif row.schema == "Sanction":
            yield from _references(row, authority)
        elif row.entity == row.listing:
            yield from _own_numbers(row, kind)


def _own_numbers(row: Statement, kind: str) -> Iterable[Identifier]:
    if row.prop == "imoNumber":
        yield from imo_number(row.cleaned or row.value, sound=row.cleaned is not None, vessel=kind == "Vessel")
    elif row.prop == "registrationNumber":
        match = _COMPANY_IMO.fullmatch(row.value.strip())
        yield from ([Identifier("company_imo", match[1])] if match else document_number(row.value, passport=False))
    elif row.prop == "swiftBic":
        # The first eight characters name the bank, three more a branch (ISO 9362).
        yield Identifier("swift", "".join(row.value.upper().split())[:8])
    elif row.prop == "leiCode":
        yield Identifier("lei", "".join(row.value.upper().split()))
    elif row.prop == "mmsi" and row.cleaned is not None:
        yield Identifier("mmsi", row.cleaned)
    elif row.prop in _FREE_TEXT:
        yield from _mentions(row.value)


def _references(row: Statement, authority: str) -> Iterable[Identifier]:
    """The list's own number, the UN's where the list has a field for it, and UN numbers in the list's remarks."""
    if row.prop == "authorityId":
        own = " ".join((row.cleaned or row.value).split())
        yield Identifier("reference", un_reference(own) or f"{authority} {own}")
    elif row.prop == "unscId":
        yield from (Identifier("reference", found) for found in _un_references(row.value))
    elif row.prop in _FREE_TEXT:
        yield from _mentions(row.value)


def un_reference(printed: str) -> str | None:
    """`KPi.033` from a UN reference number in any usual spelling; None where it is none."""
    found = _un_references(printed)
    return found[0] if len(found) == 1 and len(printed.strip()) <= len(found[0]) + 1 else None


def _un_references(printed: str) -> list[str]:
    return [f"{letters}.{digits}" for letters, digits in _UN_REFERENCE.findall(printed)]


def _mentions(text: str) -> Iterable[Identifier]:
    return (Identifier("mention", found) for found in _un_references(text))


def imo_number(printed: str, *, sound: bool, vessel: bool) -> Iterable[Identifier]:
    """An IMO number as an identifier; one whose check digit is wrong is a false one, which proves nothing.

    Args:
        printed: cleaned where it is sound, else as printed.
        sound: whether its check digit holds.
        vessel: whether a ship bears it; companies are numbered by another scheme, with another check digit.
    """
    digits = "".join(re.findall(r"[0-9]", printed))
    if not vessel:
        return [Identifier("company_imo", digits)] if len(digits) == 7 else []
    if sound:
        return [Identifier("imo", digits)]
    return [Identifier("false_imo", digits)] if len(digits) >= SHORTEST_NUMBER else []


def document_number(printed: str, *, passport: bool) -> Iterable[Identifier]:
    """The number of a document without blanks, dashes and what stands in brackets; too short a one says nothing."""
    bare = "".join(re.findall(r"[0-9A-Z]", _ASIDE.sub("", printed).upper()))
    match = _PASSPORT.fullmatch(bare) if passport else None
    number = match[1] if match else bare
    if sum(character.isdigit() for character in number) < SHORTEST_NUMBER - 1 or len(number) < SHORTEST_NUMBER:
        return []
    return [Identifier("passport" if passport else "number", number)]
