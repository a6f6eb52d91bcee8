"""What can be made of a printed value: a date, a territory, an identifier, a name; or the reason why nothing can."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from bongsu.names.identifiers import imo, imo_check_digit

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# XML Schema's xs:date may carry a zone (2015-04-14-04:00): the day is meant, the zone is the printer's.
_ISO_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?", re.ASCII)
_ISO_PART: Final = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2}|dd|00?)[./-](\d{1,2}|mm|00?)[./-](\d{4})", re.ASCII | re.IGNORECASE)
_WORDED: Final = re.compile(r"(?:(\d{1,2}) )?([A-Z][a-z]{2}) (\d{4})", re.ASCII)
_SCRIPTS: Final = (("HANGUL", "kor"), ("HIRAGANA", "jpn"), ("KATAKANA", "jpn"), ("CJK", "zho"))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What could be made of a printed value, or why nothing could: exactly one of the two."""

    value: str | None
    rejected: str | None

    @classmethod
    def of(cls, value: str) -> Cleaned:
        """A value that was understood."""
        return cls(value, None)

    @classmethod
    def no(cls, reason: str) -> Cleaned:
        """A value that was not, and why."""
        return cls(None, reason)


def clean(prop: str, printed: str) -> Cleaned:
    """What can be made of the printed value of a property.

    Args:
        prop: FollowTheMoney property name; one without a rule of its own is a text.
        printed: as the list prints it.
    """
    return _CLEANERS.get(prop, text)(printed)


def text(printed: str) -> Cleaned:
    """A text in Unicode's composed form (NFC), with single blanks."""
    value = " ".join(unicodedata.normalize("NFC", printed).split())
    return Cleaned.of(value) if value else Cleaned.no("empty")


def day(printed: str) -> Cleaned:
    """A date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; "circa", ranges and impossible days are rejected."""
    value = " ".join(printed.split())
    lowered = value.casefold()
    if lowered.startswith(("circa", "approximately", "about ", "c. ")):
        return Cleaned.no("approximate, not a date")
    if lowered.startswith("between") or " to " in lowered:
        return Cleaned.no("a range, not a date")
    return _calendar(_iso(value))


def _iso(value: str) -> str | None:
    """ISO 8601 text of a date written `1958`, `1958-02`, `1958-02-01`, `Feb 1958` or `01 Feb 1958`."""
    if match := _ISO_DAY.fullmatch(value):
        return match[1]
    if _ISO_PART.fullmatch(value):
        return value
    match = _WORDED.fullmatch(value)
    if match is None or match[2] not in MONTHS:
        return None
    month = f"{match[3]}-{MONTHS.index(match[2]) + 1:02d}"
    return f"{month}-{int(match[1]):02d}" if match[1] else month


def day_first(printed: str) -> Cleaned:
    """A date with its day first, `03.02.1961` or `03/02/1961`; `dd/mm/1961` and `00.00.1961` tell the year only."""
    match = _DAY_FIRST.fullmatch("".join(printed.split()))
    if match is None:
        return day(printed)
    on, month, year = (part if part.isdigit() and int(part) else None for part in match.groups())
    if year is None or (on is not None and month is None):
        return Cleaned.no("not written as a date")
    known = (part for part in (year, month, on) if part is not None)
    return _calendar("-".join(part.zfill(2) for part in known))


def territory(printed: str) -> Cleaned:
    """The ISO 3166-1 alpha-2 code, in lower case as FollowTheMoney writes it, of a territory's printed name."""
    code = _territories().get(_fold(printed))
    return Cleaned.of(code) if code else Cleaned.no("names no single territory of ISO 3166-1")


def territory_code(printed: str) -> Cleaned:
    """An ISO 3166-1 alpha-2 code, in lower case, of a value printed as such a code (`KP`)."""
    code = printed.strip().lower()
    return Cleaned.of(code) if code in _territories().values() else Cleaned.no("no code of ISO 3166-1")


def state(printed: str) -> Cleaned:
    """The ISO 3166-1 alpha-2 code, in lower case, of a territory printed as a name or as such a code."""
    named = territory(printed)
    return named if named.value else territory_code(printed)


def imo_number(printed: str) -> Cleaned:
    """A ship's IMO number as `IMO` and seven digits, if its check digit holds."""
    number = imo(printed)
    if number is None:
        return Cleaned.no("not written as an IMO number (seven digits)")
    if not number.sound:
        return Cleaned.no(f"check digit is {number.value[6]}, should be {imo_check_digit(number.value)}")
    return Cleaned.of(f"IMO{number.value}")


def mmsi(printed: str) -> Cleaned:
    """A ship station's MMSI: nine digits whose first is 2 to 7 (ITU-R M.585, annex 1)."""
    value = printed.strip()
    if not (value.isascii() and value.isdigit() and len(value) == 9):
        return Cleaned.no("not written as an MMSI (nine digits)")
    if value[0] not in "234567":
        return Cleaned.no(f"begins with {value[0]}: no ship station")
    return Cleaned.of(value)


def gender(printed: str) -> Cleaned:
    """`male` or `female`."""
    value = printed.strip().casefold()
    return Cleaned.of(value) if value in {"male", "female"} else Cleaned.no("neither male nor female")


def tonnage(printed: str) -> Cleaned:
    """A tonnage as digits, thousands separators removed."""
    value = printed.replace(",", "").strip()
    return Cleaned.of(value) if value.isascii() and value.isdigit() else Cleaned.no("not a whole number")


def language_of(printed: str) -> str | None:
    """The language that a text's script tells: `kor` for Hangul, `zho` for Han alone, `jpn` for kana; else None."""
    if printed.isascii():
        return None
    names = [unicodedata.name(character, "") for character in printed if not character.isascii()]
    return next((lang for script, lang in _SCRIPTS if any(name.startswith(script) for name in names)), None)


def squeezed(printed: str) -> str:
    """A text without what is mere form: case, blanks, and Unicode's compatible spellings (NFKC)."""
    bare = "".join(unicodedata.normalize("NFKC", printed).split())
    # Blanks gone, what stood apart may compose, and case folding may take it apart again.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", bare).casefold())


def _calendar(iso: str | None) -> Cleaned:
    if iso is None:
        return Cleaned.no("not written as a date")
    try:
        on = date.fromisoformat((iso + "-01-01")[:10])  # a missing month or day is filled only to ask the calendar
    except ValueError:
        return Cleaned.no("no such day in the calendar")
    if not date(1800, 1, 1) <= on <= date(2200, 1, 1):
        return Cleaned.no("outside the years 1800 to 2200")
    return Cleaned.of(iso)


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("’", "'"))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare.casefold().replace("&", " and ")).split())


@cache
def _territories() -> Mapping[str, str]:
    card = tomllib.loads((files("bongsu.lists") / "territories.toml").read_text("utf-8"))
    return {_fold(name): code.lower() for code, names in card.items() for name in names}


_CLEANERS: Final[Mapping[str, Callable[[str], Cleaned]]] = {
    **dict.fromkeys(
        (
            "birthDate",
            "listingDate",
            "modifiedAt",
            "startDate",
            "endDate",
            "incorporationDate",
            "buildDate",
            "submittedOn",
        ),
        day,
    ),
    **dict.fromkeys(("country", "nationality", "citizenship", "birthCountry", "flag", "pastFlags"), territory),
    "imoNumber": imo_number,
    "mmsi": mmsi,
    "gender": gender,
    **dict.fromkeys(("tonnage", "grossRegisteredTonnage"), tonnage),
}
