"""The page of a report: one file, no network, made from the canonical record alone."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from bongsu.kernel.canonical import JsonValue, canonical_json
from bongsu.reports.map import map_of_report

if TYPE_CHECKING:
    from jinja2 import Environment, Template

KIND_WORDS: Final = {
    "Person": ("person", "persons"),
    "Organization": ("organisation", "organisations"),
    "Vessel": ("vessel", "vessels"),
    "Airplane": ("aircraft", "aircraft"),
}
# Schemata that some lists use beside these four.
OTHER_KINDS: Final = {
    "PublicBody": "authority",
    "Company": "company",
    "LegalEntity": "person or body",
    "CryptoWallet": "wallet",
    "Security": "security",
}
CHANGE_WORDS: Final = {
    "listed": "listed",
    "delisted": "delisted",
    "amended": "amended",
    "bookkeeping": "keeper's dates only",
    "formatting": "formatting only",
}
FIELD_WORDS: Final = {
    "alias": "also known as",
    "weakAlias": "also known as (weak)",
    "previousName": "formerly",
    "birthDate": "date of birth",
    "birthPlace": "place of birth",
    "birthCountry": "country of birth",
    "imoNumber": "IMO number",
    "mmsi": "MMSI",
    "callSign": "call sign",
    "swiftBic": "SWIFT/BIC",
    "firstName": "first name",
    "secondName": "second name",
    "middleName": "further name",
    "registrationNumber": "registration number",
    "Sanction.modifiedAt": "last updated",
    "Sanction.recordId": "record number",
    "Sanction.authorityId": "reference number",
    "Sanction.program": "programme",
    "Sanction.provisions": "provisions",
    "Sanction.listingDate": "listed on",
    "UnknownLink": "linked to",
    "CryptoWallet": "wallet",
    "Identification": "identity document",
}

# Control characters, and the signs that turn the reading of a line around (Unicode Standard Annex 9): a hostile name
# could print as another one, or move the text beside it.
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def html_page(record: dict[str, JsonValue]) -> bytes:
    """The self-contained page of a record, UTF-8; every text of a source is escaped, its hidden signs shown.

    Args:
        record: what `report_record` gave.
    """
    page: str = _template().render(
        report=record,
        map=map_of_report(record),
        kind_words=KIND_WORDS,
        change_words=CHANGE_WORDS,
        field_words=FIELD_WORDS,
    )
    return page.encode("utf-8")


@cache
def _template() -> Template:
    return environment().get_template("report.html")


@cache
def environment() -> Environment:
    """Where our pages' templates live: texts of sources are escaped, and what is not defined is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("bongsu.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages.filters["kind"] = _kind
    pages.filters["alike"] = _alike
    pages.filters["count"] = _count
    pages.filters["short"] = _short
    pages.filters["exhibit_id"] = _exhibit_id
    pages.filters["locator"] = _locator
    pages.filters["span"] = _span
    pages.filters["place"] = _place
    pages.filters["quantity"] = _quantity
    return pages


def _shown(value: object) -> object:
    """A text with its hidden signs by their number, such as `[U+202E]`; markup of our own as it is."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return _HIDDEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", value)


def _kind(schema: str) -> str:
    """What a FollowTheMoney schema is called; one without a word of ours by its own name."""
    return KIND_WORDS[schema][0] if schema in KIND_WORDS else OTHER_KINDS.get(schema, schema)


def _alike(changes: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Changes in groups of the same before and after, so that one notice to 386 entries is read once.

    Groups stand where their first change stood; a change without fields stands alone.
    """
    groups: dict[bytes, list[dict[str, Any]]] = {}
    for index, change in enumerate(changes):
        key = canonical_json(change["fields"]) if change["fields"] else str(index).encode()
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def _count(number: int) -> str:
    """A number with thin spaces between thousands, as ISO 80000-1 writes it."""
    return f"{number:,}".replace(",", "\u202f")


def _short(digest: str) -> str:
    return digest[:12]


def _exhibit_id(citation: str) -> str:
    return citation.removeprefix("sha256:").partition("#")[0]


def _locator(citation: str) -> str:
    return citation.partition("#")[2]


def _span(when: dict[str, str | None]) -> str:
    """The days an indicator covers, in words; an end may be open."""
    first, last = when["from"], when["to"]
    if first and last:
        return f"between {first[:10]} and {last[:10]}"
    if first:
        return f"since {first[:10]}"
    return f"until {last[:10]}" if last else "at no known time"


def _place(place: dict[str, Any]) -> str:
    """A place with its name where it has one, degrees to four decimals (about ten metres)."""
    degrees = f"{place['latitude_deg']:.4f}, {place['longitude_deg']:.4f}"
    return f"{place['name']} ({degrees})" if place["name"] else degrees


def _quantity(quantity: dict[str, str]) -> str:
    """An amount, exact or from low to high, with its unit."""
    low, high, unit = quantity["low"], quantity["high"], quantity["unit"]
    return f"{low} {unit}" if low == high else f"{low} to {high} {unit}"
