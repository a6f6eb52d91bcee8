"""The columns of a customer file: how people head them, and the names that a row holds under them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

# How people head the columns, in lower case and without signs; a column of another heading is not used, and told.
_HEADED: Final = {
    "name": "name|full name|fullname|names|customer name|client name|company name|entity name|legal name|vessel name|"
    "ship name|이름|성명|고객명|상호|회사명|선박명",
    "who": "customer|client|party|counterparty|account holder",  # a name, or a number beside the name
    "other_name": "alias|aliases|aka|a k a|also known as|other name|other names|former name|former names|previous name|"
    "maiden name|native name|original name|korean name|english name|chinese name|name in korean|name in english|"
    "trading name|trade name|dba|한글명|한글 이름|한글 성명|영문명|영문 이름|영문 성명|한자명|별명",
    "given": "given name|given names|given|first name|first names|firstname|first|forename|forenames",
    "middle": "middle name|middle names|middlename|middle|patronymic",
    "family": "family name|family names|family|last name|last names|lastname|last|surname|surnames|성",
    "id": "id|customer id|client id|customer number|customer no|number|no|ref|reference|고객번호",
    "schema": "schema|type|kind|entity type",
    "imo": "imo|imo number|imonumber|imo no",
    "mmsi": "mmsi|mmsi number",
    "passport": "passport|passport number|passport no",
    "passport_country": "passport country|passport issuing country|issuing country|issuing state|"
    "country of issue|발급국",
    "wallet": "wallet|wallet address|crypto address",
    "birth_date": "birth date|birthdate|date of birth|dob|생년월일",
}
_HEADINGS: Final = {heading: column for column, headings in _HEADED.items() for heading in headings.split("|")}
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SIGN: Final = re.compile(r"[\W_]+")

DELIMITERS: Final = ",;\t|"
# So many lines at most stand above the header: what the file is, of whom, of what day.
MOST_TITLES: Final = 10

Said = Mapping[str, Sequence[str]]


def column(heading: str) -> str | None:
    """Which column a heading names, whatever its case and signs; None for one that is not known.

    `Date of birth (YYYY-MM-DD)` and `성명 / Name` are known by what stands before the bracket and on either side.
    """
    text = unicodedata.normalize("NFKC", heading).casefold()
    for each in (text, _ASIDE.sub(" ", text)):
        found = _HEADINGS.get(" ".join(_SIGN.sub(" ", each).split()))
        if found is not None:
            return found
    sides = {column(side) for side in text.split("/")} if "/" in text else set[str | None]()
    return sides.pop() if len(sides) == 1 else None


def columns_of(cells: Iterable[str]) -> set[str]:
    """The columns that some cells head."""
    return {found for cell in cells if (found := column(cell)) is not None}


def heads_names(cells: Iterable[str]) -> bool:
    """Whether a row heads columns that hold whole names: one for names, or one for given and one for family names."""
    columns = columns_of(cells)
    return bool(columns & {"name", "who", "other_name"}) or {"given", "family"} <= columns


def header_delimiter(lines: Sequence[str]) -> str | None:
    """What parts the columns of the first line that heads names; None where none of some lines does.

    Args:
        lines: the first of a file. All above the header are titles, of one cell each.
    """
    for place, line in enumerate(lines):
        delimiter = most_headed(line)
        cells = cells_of(line, delimiter)
        if heads_names(cells) and (place == 0 or len(cells) > 1):
            titles = (cells_of(above, delimiter) for above in lines[:place])
            return delimiter if all(sum(map(bool, title)) <= 1 for title in titles) else None
    return None


def most_headed(line: str) -> str:
    """The delimiter by which a line falls into most known headings; where none is known, the one it has most of."""
    return max(DELIMITERS, key=lambda sign: (len(columns_of(cells_of(line, sign))), line.count(sign)))


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line that has no cell with a delimiter in it, as headings have none."""
    return [cell.strip().strip('"') for cell in line.split(delimiter)]


def unused(cells: Iterable[str]) -> tuple[str, ...]:
    """The headings of columns that are not used, in their order."""
    return tuple(cell.strip() for cell in cells if cell.strip() and column(cell) is None)


def names_under(said: Said) -> tuple[str, ...]:
    """All names of a row, the one to print first; empty where it has none.

    Args:
        said: the filled cells of each column.

    Returns:
        Every name as printed; given, middle and family names joined with the family name first, and with it last. Where
        a row has only given or only family names, which `name` does not hold, `name` is taken for the other part.
    """
    first = [*said.get("name", ()), *said.get("who", ())][:1]
    whole = [*said.get("name", ()), *said.get("who", ()), *said.get("other_name", ())]
    given = [*said.get("given", ()), *said.get("middle", ())]
    family = list(said.get("family", ()))
    if not given and not family:
        return tuple(dict.fromkeys(whole))
    if given and family:
        return tuple(dict.fromkeys([*said.get("name", ()), *_both_orders(family, given), *whole]))
    parts = given or family
    if set(" ".join(parts).casefold().split()) <= set(" ".join(first).casefold().split()):
        return tuple(dict.fromkeys(whole))
    if not first:
        return tuple(dict.fromkeys([" ".join(parts), *whole]))
    orders = _both_orders(first, parts) if given else _both_orders(parts, first)
    return tuple(dict.fromkeys([*orders, *whole]))


def _both_orders(family: Sequence[str], given: Sequence[str]) -> tuple[str, str]:
    return " ".join((*family, *given)), " ".join((*given, *family))
