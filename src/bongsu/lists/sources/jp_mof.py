"""Reads the list of those whose assets Japan has frozen: a CSV file of 32 columns, Japanese and English cells."""

from __future__ import annotations

import re
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import date
from typing import Final

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, clean, day
from bongsu.lists.model import Part, Reading
from bongsu.lists.rows import MAY_BE_CUT, Row, csv_rows
from bongsu.lists.transcript import Entry, Transcript

CATEGORY, NUMBER, KIND, NOTICE_DAY = "区分", "番号", "個人・団体", "告示日付"
UN_REFERENCE = "国連参照番号"
# Both languages of a name, the English first: it is the one other lists can be held against.
NAMES: Final = (("氏名（英語）", "eng"), ("氏名（日本語）", "jpn"))
OTHERS: Final = (
    ("別名・別称（英語）", "alias", "eng"),
    ("別名・別称（日本語）", "alias", "jpn"),
    ("旧称（英語）", "previousName", "eng"),
    ("旧称（日本語）", "previousName", "jpn"),
    ("確定に十分でない別名（英語）", "weakAlias", "eng"),
    ("確定に十分でない別名（日本語）", "weakAlias", "jpn"),
)
TEXTS: Final = (
    ("称号（英語）", "title", "eng"),
    ("称号（日本語）", "title", "jpn"),
    ("役職（英語）", "position", "eng"),
    ("役職（日本語）", "position", "jpn"),
    ("出生地（英語）", "birthPlace", "eng"),
    ("出生地（日本語）", "birthPlace", "jpn"),
)
NATIONALITIES: Final = (("国籍（英語）", "eng"), ("国籍（日本語）", "jpn"))
ADDRESSES: Final = (
    ("住所・所在地（国）（英語）", "住所・所在地（都市その他の情報）（英語）"),
    ("住所・所在地（国）（日本語）", "住所・所在地（都市その他の情報）（日本語）"),
)
DOCUMENTS: Final = (("旅券番号", "Passport"), ("身分証番号", "Identification"))
# Remarks, and the Foreign Ministry's own notice of the same designation.
NOTES: Final = (("その他の情報", "notes"),)
SANCTION_TEXTS: Final = (("告示番号", "recordId"), (UN_REFERENCE, "unscId"), ("外務省告示情報", "summary"))
# The day of listing by the UN, as far as the column's name tells; Japan's own day is the notice's.
UN_DAY: Final = "リスト掲載日"
BIRTH_DAY: Final = "生年月日"
COLUMNS: Final = (
    *(CATEGORY, NUMBER, NOTICE_DAY, "告示番号", KIND, "氏名（日本語）", "氏名（英語）"),
    *("別名・別称（日本語）", "別名・別称（英語）", "旧称（日本語）", "旧称（英語）"),
    *("確定に十分でない別名（日本語）", "確定に十分でない別名（英語）", "称号（日本語）", "称号（英語）"),
    *(
        "役職（日本語）",
        "役職（英語）",
        BIRTH_DAY,
        "出生地（日本語）",
        "出生地（英語）",
        "国籍（日本語）",
        "国籍（英語）",
    ),
    *("旅券番号", "身分証番号", "住所・所在地（国）（日本語）", "住所・所在地（都市その他の情報）（日本語）"),
    *("住所・所在地（国）（英語）", "住所・所在地（都市その他の情報）（英語）"),
    *(UN_REFERENCE, UN_DAY, "その他の情報", "外務省告示情報"),
)
REVISED: Final = "改訂"
_NUMBER: Final = re.compile(r"\d{3}-\d{6}", re.ASCII)
_WESTERN: Final = re.compile(
    r"(\d{4})(?:年(?:(\d{1,2})月(?:(\d{1,2})日)?)?|[./](\d{1,2})(?:[./](\d{1,2}))?)?", re.ASCII
)
_ERA: Final = re.compile(r"(\D{2})(\d{1,2}|元)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?", re.ASCII)
_UNSURE: Final = re.compile(r"頃|ごろ|およそ|おおよそ|おおむね|約|から|間|[~～〜]|\d{4}年?-\d{4}")
# A bracket at the end of a name that tells about its bearer and is no name.
_ABOUT: Final = re.compile(
    r"\s*[（(]([^（）()]*(?:生年月日|出生地|国籍|旅券|DOB|POB|born)[^（）()]*)[）)]\s*", re.IGNORECASE
)
_OPEN, _CLOSE = "（([「『“", "）)]」』”"
_KOREAN: Final = re.compile(r"KP[ie]\.\d+")
_UN: Final = re.compile(r"[A-Z]{2}[ie]\.\d+")


def recognises(content: bytes) -> bool:
    """Whether the first line is this list's header."""
    return content.removeprefix(BOM_UTF8).startswith(",".join(COLUMNS[:5]).encode())


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `list`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, cut inside quotes, other columns, or categories that were counted anew.
    """
    part = parts[0]
    rows = list(csv_rows(part, COLUMNS))
    _check_categories(part, rows, card)
    transcript = Transcript()
    seen: set[str] = set()
    for row in rows:
        entry = _entry(row, part, card, transcript, seen)
        if entry is not None:
            _read_row(row, entry, card)
    return transcript.reading(card, in_file=len(rows))


def japanese_day(printed: str, eras: Mapping[str, str]) -> Cleaned:
    """A date as Japan writes it: `1963/4/11`, `2001.10.12`, `1963年4月`, or by the era, `昭和38年4月11日` (元: year 1).

    Args:
        printed: as the list prints it.
        eras: the first day of each era, ISO 8601. A day outside its era is rejected; the last one has no end.
    """
    bare = "".join(unicodedata.normalize("NFKC", printed).split())
    if _UNSURE.search(bare):
        return Cleaned.no("approximate or a range, not a date")
    if match := _WESTERN.fullmatch(bare):
        year, *rest = match.groups()
        return _day_of(int(year), *(part for part in rest if part))
    match = _ERA.fullmatch(bare)
    if match is None or match[1] not in eras:
        return day(printed)
    years = 1 if match[2] == "元" else int(match[2])
    made = _day_of(date.fromisoformat(eras[match[1]]).year + years - 1, *(part for part in match.groups()[2:] if part))
    return (
        made if made.value is None or _in_era(made.value, match[1], eras) else Cleaned.no(f"not in the era {match[1]}")
    )


def pieces(printed: str) -> list[str] | None:
    """The values of a cell, divided by semicolons outside of brackets; None where a bracket does not close."""
    depth, found = 0, [""]
    for character in printed:
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth < 0:
            return None
        if depth == 0 and character in ";；":
            found.append("")
        else:
            found[-1] += character
    return None if depth else [piece.strip() for piece in found if piece.strip()]


def _day_of(year: int, *rest: str) -> Cleaned:
    return day("-".join([f"{year:04d}", *(part.zfill(2) for part in rest)]))


def _in_era(iso: str, era: str, eras: Mapping[str, str]) -> bool:
    """Whether a day, or part of a month or year, lies in an era: from its first day to the day before the next."""
    first = eras[era]
    following = min((start for start in eras.values() if start > first), default="9999")
    return first[: len(iso)] <= iso <= following[: len(iso)] and iso != following


def _check_categories(part: Part, rows: list[Row], card: SourceCard) -> None:
    """Refuse a copy in which most UN reference numbers of the DPRK stand in categories that are not the DPRK's."""
    korean = [row for row in rows if _KOREAN.fullmatch((row.cell(UN_REFERENCE) or "").strip())]
    strays = [row for row in korean if _category(row) not in card.values[CATEGORY]]
    if len(strays) > len(korean) / 2:
        raise SourceRefusedError(
            f"holds {len(strays)} of {len(korean)} UN designations of the DPRK in other categories than are known",
            where=f"{part.name} {strays[0].locator}",
            remedy="the ministry may have counted its categories anew; compare its page with the reader's card",
        )


def _category(row: Row) -> str:
    return (row.cell(CATEGORY) or "").strip()


def _entry(row: Row, part: Part, card: SourceCard, transcript: Transcript, seen: set[str]) -> Entry | None:
    """The page of a row, or None where it is set aside whole."""
    number = (row.cell(NUMBER) or "").strip()
    reason = None
    if len(row.cells) < len(COLUMNS) or row.surplus:
        reason = f"has {len(row.cells) + len(row.surplus)} columns where {len(COLUMNS)} are known"
    elif row.may_be_cut:
        reason = MAY_BE_CUT
    elif not _NUMBER.fullmatch(number):
        reason = f"number {number!r} is not one such as 015-000001"
    elif not any(row.cell(column) for column, _ in NAMES):
        reason = f"{number} has no name"
    elif number in seen:
        reason = f"{number} stands twice in this copy"
    if reason is not None:
        transcript.aside(part, row.locator, reason, value=row.text, whole=True)
        return None
    seen.add(number)
    kind = (row.cell(KIND) or "").strip()
    schema = card.values[KIND].get(kind, "Organization")
    entry = transcript.entry(part, listing=f"{card.id}:{number}", schema=schema, locator=row.locator)
    if kind not in card.values[KIND]:
        entry.aside("a kind of entry that the card does not know; taken as Organization", field=KIND, value=kind)
    return entry


def _read_row(row: Row, entry: Entry, card: SourceCard) -> None:
    for column, lang in NAMES:
        entry.say("name", row.cell(column), lang=lang)
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", row.cell(NUMBER))
    _read_category(row, entry, card)
    _read_notice_day(row, entry, card)
    for column, prop in SANCTION_TEXTS:
        entry.sanction(prop, row.cell(column))
    _say_day(row.cell(UN_DAY), "date", entry, card, of_sanction=True)
    for column, prop, lang in OTHERS:
        _read_names(row.cell(column), prop, lang, entry, column)
    for column, prop, lang in TEXTS:
        _read_text(row.cell(column), prop, lang, entry, column)
    for column, prop in NOTES:
        entry.say(prop, row.cell(column))
    _read_birth_days(row, entry, card)
    _read_nationalities(row, entry, card)
    _read_documents(row, entry)
    _read_addresses(row, entry, card)


def _read_category(row: Row, entry: Entry, card: SourceCard) -> None:
    printed = row.cell(CATEGORY)
    code = _category(row)
    meaning = card.values[CATEGORY].get(code)
    reference = (row.cell(UN_REFERENCE) or "").strip()
    if meaning is not None:
        entry.sanction("program", printed, cleaned=Cleaned.of(meaning))
        if _UN.fullmatch(reference) and not _KOREAN.fullmatch(reference):
            entry.aside("a DPRK category, and a UN reference of another list", field=UN_REFERENCE, value=reference)
    elif code in card.programmes:
        entry.sanction("program", printed)
        if _KOREAN.fullmatch(reference):
            entry.aside("a UN reference of the DPRK list, and another category", field=UN_REFERENCE, value=reference)
    elif not code:
        entry.aside("no programme", field=CATEGORY)
    else:
        made, reason = card.unknown_programme(code)
        entry.sanction("program", printed, cleaned=made)
        entry.aside(reason, field=CATEGORY, value=code)


def _read_notice_day(row: Row, entry: Entry, card: SourceCard) -> None:
    """The notice's day, and the days of its revisions, which stand in the same cell: `2001.10.12 2012.3.27改訂`."""
    for printed in (row.cell(NOTICE_DAY) or "").split():
        revised = printed.endswith(REVISED)
        made = japanese_day(printed.removesuffix(REVISED), card.values["eras"])
        entry.sanction("modifiedAt" if revised else "listingDate", printed, cleaned=made)


def _say_day(
    printed: str | None, prop: str, entry: Entry, card: SourceCard, *, of_sanction: bool = False, at: str | None = None
) -> None:
    if printed is not None:
        made = japanese_day(printed, card.values["eras"])
        (entry.sanction if of_sanction else entry.say)(prop, printed, cleaned=made, at=at)


def _split(printed: str | None, entry: Entry, column: str) -> list[str]:
    """The values of a cell; the whole cell where its brackets do not close, which the quarantine notes."""
    if printed is None:
        return []
    found = pieces(printed)
    if found is None:
        entry.aside("a bracket that does not close; the cell is taken as one value", field=column, value=printed)
        return [printed]
    return found


def _read_names(printed: str | None, prop: str, lang: str, entry: Entry, column: str) -> None:
    for piece in _split(printed, entry, column):
        about = _ABOUT.search(piece)
        name = piece if about is None or about.start() == 0 else piece[: about.start()] + piece[about.end() :]
        entry.say(prop, name, lang=lang)
        if name is not piece and about is not None:
            entry.say("aliasNote", about[1], lang=lang)


def _read_text(printed: str | None, prop: str, lang: str, entry: Entry, column: str) -> None:
    # What only persons have is a note where the list prints it of an organisation.
    meant = prop if entry.schema == "Person" else "notes"
    for piece in _split(printed, entry, column):
        entry.say(meant, piece, lang=lang)


def _read_birth_days(row: Row, entry: Entry, card: SourceCard) -> None:
    printed = row.cell(BIRTH_DAY)
    if printed is not None and entry.schema != "Person":
        entry.aside("a day of birth, and the entry is no person", field=BIRTH_DAY, value=printed)
        return
    for piece in _split(printed, entry, BIRTH_DAY):
        _say_day(piece, "birthDate", entry, card)


def _territory(printed: str, card: SourceCard) -> Cleaned:
    """A territory by its English name, or by those Japanese ones the card knows."""
    code = card.values["territories"].get("".join(printed.split()))
    return Cleaned.of(code) if code is not None else clean("country", printed)


def _read_nationalities(row: Row, entry: Entry, card: SourceCard) -> None:
    prop = "nationality" if entry.schema == "Person" else "country"
    for column, lang in NATIONALITIES:
        for piece in _split(row.cell(column), entry, column):
            entry.say(prop, piece, lang=lang, cleaned=_territory(piece, card))


def _read_documents(row: Row, entry: Entry) -> None:
    for column, schema in DOCUMENTS:
        for piece in _split(row.cell(column), entry, column):
            document = entry.sub_entity(schema.lower(), schema, {"number": piece})
            entry.link(document, schema, "holder")


def _read_addresses(row: Row, entry: Entry, card: SourceCard) -> None:
    """Addresses by language: the countries of one cell go with the places of the other where there is one for each."""
    for country_column, place_column in ADDRESSES:
        countries = _split(row.cell(country_column), entry, country_column)
        places = _split(row.cell(place_column), entry, place_column)
        if len(countries) == len(places):
            pairs: list[tuple[str | None, str | None]] = list(zip(countries, places, strict=True))
        elif len(countries) == 1:
            pairs = [(countries[0], place) for place in places] or [(countries[0], None)]
        else:
            pairs = [(country, None) for country in countries] + [(None, place) for place in places]
        for country, place in pairs:
            made = {} if country is None else {"country": _territory(country, card)}
            address = entry.sub_entity("address", "Address", {"full": place, "country": country}, cleaned=made)
            if address is not None:
                entry.say("addressEntity", address, cleaned=Cleaned.of(address))
