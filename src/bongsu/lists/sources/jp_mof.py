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
from bongsu.names.identifiers import is_imo_company

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
# Remarks; some of them say by a label what has no column of its own.
NOTES: Final = "その他の情報"
# The number in its category's notice, the UN's reference, and the Foreign Ministry's notice of the same designation.
SANCTION_TEXTS: Final = (("告示番号", "recordId"), (UN_REFERENCE, "unscId"), ("外務省告示情報", "summary"))
# The day of listing by the UN, with the days of the UN's revisions in brackets; Japan's own day is the notice's.
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
# What a row of the DPRK's says somewhere; UN references are printed in few categories, and in none of the DPRK's.
_SAYS_KOREA: Final = re.compile(r"北朝鮮|朝鮮民主主義|コリア|Korea|DPRK|KP[ie]\.\d", re.IGNORECASE)
# A day in figures, up to the year of the next, the mark of a revision or the end.
_NOTICE_DAY: Final = re.compile(rf"\d{{4}}\.\d{{1,2}}\.\d{{1,2}}?(?:{REVISED}|(?=\d{{4}}\.)|$)", re.ASCII)
_REVISED_DAYS: Final = re.compile(r"\s*（[^（）]*改訂）\s*")
# Below as many rows a category may be anything.
FEWEST_ROWS: Final = 10
_DAY_OF: Final = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_LABELLED_DAY: Final = re.compile(
    rf"(?:旅券)?(?P<label>発行|発効|失効)日\s*[:：]\s*(?P<day>{_DAY_OF})|(?P<on>{_DAY_OF})(?P<said>発行|失効)"
)
_ISSUER: Final = re.compile(r"(?:^|[（(])([^（）()、，\s\d]+?)旅券")
_NUMBER_OF: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./()-]*")
# Where the number ends and what is said of it begins.
_AFTER_NUMBER: Final = re.compile(r"[、，（]|\s\(")
_SEX: Final = re.compile(r"性別\s*[:：は]\s*(男性|女性)")
_DIED: Final = re.compile(rf"({_DAY_OF})\s*死亡")
_SWIFT: Final = re.compile(r"SWIFT(?:/BIC)?\s*[:：]\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?![A-Z0-9])")
_COMPANY_IMO: Final = re.compile(r"(?:IMO番号|船舶登録証明)\s*[:：]\s*((?:(?:IMO)?\d+\s*[;；、]?\s*)+)")
_WALLETS: Final = re.compile(r"暗号資産アドレス\s*[:：]\s*((?:[A-Za-z0-9]{20,}\s*[;；、]?\s*)+)")
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
    """Refuse a copy in which most UN reference numbers of the DPRK stand in categories that are not the DPRK's, or in
    which a category of the DPRK's holds what cannot be it: another kind of listed, or hardly a word of Korea.
    """
    korean = [row for row in rows if _KOREAN.fullmatch((row.cell(UN_REFERENCE) or "").strip())]
    strays = [row for row in korean if _category(row) not in card.values[CATEGORY]]
    if len(strays) > len(korean) / 2:
        raise SourceRefusedError(
            f"holds {len(strays)} of {len(korean)} UN designations of the DPRK in other categories than are known",
            where=f"{part.name} {strays[0].locator}",
            remedy="the ministry may have counted its categories anew; compare its page with the reader's card",
        )

    for code, kind in card.values["kinds"].items():
        held = [row for row in rows if _category(row) == code]
        if len(held) < FEWEST_ROWS:
            continue
        others = sum((row.cell(KIND) or "").strip() != kind for row in held)
        korea = sum(_SAYS_KOREA.search(row.text) is not None for row in held)
        if 2 * others > len(held) or 4 * korea < len(held):
            raise SourceRefusedError(
                f"category {code} holds {len(held) - others} of {len(held)} rows of its kind ({kind}), "
                f"and {korea} that speak of Korea",
                where=f"{part.name} {held[0].locator}",
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
    _read_un_day(row.cell(UN_DAY), entry, card)
    for column, prop, lang in OTHERS:
        _read_names(row.cell(column), prop, lang, entry, column)
    for column, prop, lang in TEXTS:
        _read_text(row.cell(column), prop, lang, entry, column)
    _read_notes(row.cell(NOTES), entry, card)
    _read_birth_days(row, entry, card)
    _read_nationalities(row, entry, card)
    _read_documents(row, entry, card)
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
    """The notice's day, and the days of its revisions, which stand in the same cell: `2001.10.12 2012.3.27改訂`.

    Some cells leave out the blank between them: `2016.3.112023.7.27改訂`.
    """
    for word in (row.cell(NOTICE_DAY) or "").split():
        parted = _NOTICE_DAY.findall(word)
        for printed in parted if "".join(parted) == word else [word]:
            revised = printed.endswith(REVISED)
            made = japanese_day(printed.removesuffix(REVISED), card.values["eras"])
            entry.sanction("modifiedAt" if revised else "listingDate", printed, cleaned=made)


def _read_un_day(printed: str | None, entry: Entry, card: SourceCard) -> None:
    """The day the UN listed it; the days on which the UN revised the entry stay in the printed text."""
    if printed is not None:
        listed = _REVISED_DAYS.sub("", printed)
        entry.sanction("date", printed, cleaned=japanese_day(listed, card.values["eras"]))


def _read_notes(printed: str | None, entry: Entry, card: SourceCard) -> None:
    """The remarks as they stand, and what they say by a label: sex, death, SWIFT codes, company numbers, wallets."""
    entry.say("notes", printed)
    if printed is None:
        return
    for sex in _SEX.finditer(printed) if entry.schema == "Person" else ():
        entry.say("gender", sex[1], cleaned=Cleaned.of("male" if sex[1] == "男性" else "female"))
    for died in _DIED.finditer(printed) if entry.schema == "Person" else ():
        entry.say("deathDate", died[1], cleaned=japanese_day(died[1], card.values["eras"]))
    for code in _SWIFT.finditer(printed) if entry.schema == "Organization" else ():
        entry.say("swiftBic", code[1])
    for numbers in _COMPANY_IMO.finditer(printed) if entry.schema == "Organization" else ():
        for number in re.findall(r"\d+", numbers[1]):
            made = Cleaned.of(number) if is_imo_company(number) else Cleaned.no("not the IMO number of a company")
            entry.say("registrationNumber", number, cleaned=made)
    for wallets in _WALLETS.finditer(printed):
        for key in re.findall(r"[A-Za-z0-9]{20,}", wallets[1]):
            entry.link(entry.sub_entity("wallet", "CryptoWallet", {"publicKey": key}), "CryptoWallet", "holder")


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
        entry.say("birthDate", piece, cleaned=japanese_day(piece, card.values["eras"]))


def _territory(printed: str, card: SourceCard) -> Cleaned:
    """A territory by its English name, or by those Japanese ones the card knows."""
    code = card.values["territories"].get("".join(printed.split()))
    return Cleaned.of(code) if code is not None else clean("country", printed)


def _read_nationalities(row: Row, entry: Entry, card: SourceCard) -> None:
    prop = "nationality" if entry.schema == "Person" else "country"
    for column, lang in NATIONALITIES:
        for piece in _split(row.cell(column), entry, column):
            entry.say(prop, piece, lang=lang, cleaned=_territory(piece, card))


def _read_documents(row: Row, entry: Entry, card: SourceCard) -> None:
    for column, schema in DOCUMENTS:
        for piece in _documents(_split(row.cell(column), entry, column)):
            days = {
                "endDate" if (found["label"] or found["said"]) == "失効" else "startDate": found["day"] or found["on"]
                for found in _LABELLED_DAY.finditer(piece)
            }
            issuer = _ISSUER.search(piece)
            country = None if issuer is None or issuer[1] not in card.values["territories"] else issuer[1]
            cleaned = {prop: japanese_day(printed, card.values["eras"]) for prop, printed in days.items()}
            cleaned["number"] = _one_number(piece)
            if country is not None:
                cleaned["country"] = _territory(country, card)
            values = {"number": piece, **days, "country": country}
            entry.link(entry.sub_entity(schema.lower(), schema, values, cleaned=cleaned), schema, "holder")


def _documents(found: list[str]) -> list[str]:
    """One piece for each document: a piece that only tells a day belongs to the document before it."""
    whole: list[str] = []
    for piece in found:
        if whole and _LABELLED_DAY.fullmatch(piece):
            whole[-1] += f"; {piece}"
        else:
            whole.append(piece)
    return whole


def _one_number(printed: str) -> Cleaned:
    """The number of a document, which stands after the issuer's name and before days and brackets."""
    head = unicodedata.normalize("NFKC", _AFTER_NUMBER.split(printed.strip(), maxsplit=1)[0])
    numbers = [found for found in _NUMBER_OF.findall(head) if any(letter.isdigit() for letter in found)]
    return Cleaned.of(numbers[0]) if len(numbers) == 1 else Cleaned.no("not written as one number")


def _read_addresses(row: Row, entry: Entry, card: SourceCard) -> None:
    """Addresses by language: the one country of a row goes with each of its places.

    Of several countries and several places the list does not say which belong together, not even where there are as
    many of the one as of the other: a country is printed once for all of its places, and without any for none.
    """
    cells = [
        (
            _split(row.cell(country), entry, country),
            [place.strip(" 　,、") for place in _split(row.cell(city), entry, city)],
        )
        for country, city in ADDRESSES
    ]
    known = next((countries for countries, _ in cells if countries), [])
    for countries, places in cells:
        # Where one language prints the country and the other the place, the one is the country of the other.
        if not places and any(others and not named for named, others in cells):
            continue
        of_row = countries or (known if places else [])
        if len(of_row) == 1:
            pairs: list[tuple[str | None, str | None]] = [(of_row[0], place) for place in places] or [(of_row[0], None)]
        else:
            pairs = [(country, None) for country in countries] + [(None, place) for place in places]
        for country, place in pairs:
            made = {} if country is None else {"country": _territory(country, card)}
            address = entry.sub_entity("address", "Address", {"full": place, "country": country}, cleaned=made)
            if address is not None:
                entry.say("addressEntity", address, cleaned=Cleaned.of(address))
