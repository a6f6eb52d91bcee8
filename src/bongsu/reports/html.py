"""The page of a report: one file, no network, made from the canonical record alone."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from bongsu.kernel.canonical import JsonValue, canonical_json

KIND_WORDS: Final = {
    "Person": ("person", "persons"),
    "Organization": ("organisation", "organisations"),
    "Vessel": ("vessel", "vessels"),
    "Airplane": ("aircraft", "aircraft"),
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


def html_page(record: dict[str, JsonValue]) -> bytes:
    """The self-contained page of a record, UTF-8; every text of a source is escaped.

    Args:
        record: what `report_record` gave.
    """
    page: str = _template().render(
        report=record, kind_words=KIND_WORDS, change_words=CHANGE_WORDS, field_words=FIELD_WORDS
    )
    return page.encode("utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("bongsu.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["alike"] = _alike
    environment.filters["count"] = _count
    environment.filters["short"] = _short
    environment.filters["exhibit_id"] = _exhibit_id
    environment.filters["locator"] = _locator
    return environment.get_template("report.html")


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
