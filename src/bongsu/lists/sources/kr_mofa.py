"""Reads the Republic of Korea's list of those under financial restriction: the numbered items of a notice's annex."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element  # the type only; parsing is defusedxml's

from bongsu.kernel.canonical import digest_of
from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, day, language_of, squeezed
from bongsu.lists.markup import xml_root
from bongsu.lists.model import Part, Reading
from bongsu.lists.transcript import Entry, Transcript

ROOT: Final = "AdmRulService"
HEAD, TITLE, IN_FORCE = "행정규칙기본정보", "행정규칙명", "시행일자"
ANNEXES, ANNEX, ANNEX_TITLE, ANNEX_TEXT = "별표", "별표단위", "별표제목", "별표내용"
LIST_NAME: Final = "금융거래등제한대상자"
_COUNT: Final = re.compile(r"\(\s*([\d,]{1,6})\s*명\s*\)")
# An item's number is the one that must come next, and a name follows it; days (2022. 12. 2. 지정) only look alike.
_ITEM: Final = re.compile(r"(?<!\d)(\d{1,4})\. (?=[A-Z가-힣\"'“‘(])(?!지정)")
# What follows the last item: an explanation of the codes, or a table drawn with lines.
_TRAILER: Final = re.compile(r"◇\s*참고|┌")
_OWN: Final = re.compile(r"\(\s*(\d{4})\.\s*(\d{1,2})\.\s*(\d{1,2})\.?\s*지정\s*\)")
_CODE: Final = re.compile(r"\[([^\[\]]+)\]")
_PERSON: Final = re.compile(r"\(individual\)", re.IGNORECASE)
_HANGUL: Final = re.compile(r"\(\s*([가-힣](?:[가-힣 ·]*[가-힣])?)\s*\)")
_LEADING: Final = re.compile(rf"\s*{_HANGUL.pattern}")
# A name in another script, with what it is: (Chinese Traditional: ...).
_SCRIPT: Final = re.compile(r"\(\s*([A-Z][A-Za-z ]+):\s*([^()]+)\)")
_OTHER: Final = re.compile(r"\((?=(?:a|f|n)\.k\.a\.)", re.IGNORECASE)
_MARKER: Final = re.compile(r"(?:[(;,]\s*)?\b((?:a|f|n)\.k\.a\.)\s*", re.IGNORECASE)
_LATIN: Final = re.compile(r"\(\s*([A-Z][^()]+)\)")
_LABELLED: Final = re.compile(r",?\s*\b(?:alt\. )?(?=(?:DOB|POB|Gender|nationality|citizen|Passport)\b)")
_FIRM: Final = re.compile(r"(?:Co|Corp|Inc|Ltd|Limited|LLC|L\.L\.C|S\.A|GmbH|Pte|Plc)\b\.?", re.IGNORECASE)
_KOREAN: Final = re.compile(
    r"North Korea|Korea,? North|\bDPRK\b|Democratic People.s Republic of Korea|Pyongyang|북한|평양", re.IGNORECASE
)


def recognises(content: bytes) -> bool:
    """Whether the first bytes are those of a notice of the law information service about this list."""
    start = content[:4000].decode("utf-8", "ignore")
    return f"<{ROOT}" in start and LIST_NAME in "".join(start.split())


def read(parts: tuple[Part, ...], card: SourceCard) -> Reading:
    """Statements from one copy.

    Args:
        parts: the one part, `notice`.
        card: the source's card.

    Raises:
        SourceRefusedError: not UTF-8, not well-formed, another root or notice, no day, no annex with items, or as many
            items as the annex does not say.
    """
    part = parts[0]
    root = xml_root(_in_lines(part), tag=ROOT)
    printed_on = _printed_on(root)
    transcript = Transcript()
    items = list(_items(root, part, card, transcript))
    seen: set[str] = set()
    for item in items:
        _read_item(item, part, card, transcript, seen)
    return transcript.reading(card, in_file=len(items), printed_on=printed_on)


def _in_lines(part: Part) -> Part:
    """The part with a line break wherever two character sections touch: each is a line, and its words end with it."""
    return replace(part, content=part.content.replace(b"]]><![CDATA[", b"]]>\n<![CDATA["))


def _printed_on(root: Element) -> date:
    """The day the notice came into force."""
    title = "".join((root.findtext(f"{HEAD}/{TITLE}") or "").split())
    if LIST_NAME not in title:
        raise SourceRefusedError(f"is the notice {title or 'without a name'!r}, not that of {LIST_NAME}", where=ROOT)
    printed = (root.findtext(f"{HEAD}/{IN_FORCE}") or "").strip()
    try:
        return date.fromisoformat(printed)
    except ValueError:
        raise SourceRefusedError(f"does not say when it came into force ({IN_FORCE} {printed!r})", where=ROOT) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    number: int
    text: str
    at: str


def _items(root: Element, part: Part, card: SourceCard, transcript: Transcript) -> Iterator[_Item]:
    """The items of every annex that says how many it holds; what else stands in the notice is ignored or set aside."""
    found = False
    for child in root:
        if child.tag not in card.ignored and child.tag != ANNEXES:
            _stray(child, f"/{ROOT}/{child.tag}", part, transcript)
    for index, annex in enumerate(root.findall(f"{ANNEXES}/{ANNEX}"), start=1):
        at = f"xpath=/{ROOT}/{ANNEXES}/{ANNEX}[{index}]"
        for child in annex:
            if child.tag not in card.ignored and child.tag != ANNEX_TEXT:
                _stray(child, f"{at.removeprefix('xpath=')}/{child.tag}", part, transcript)
        # The text comes in pieces, one a line; a table or a second piece of text must not be lost.
        text = " ".join(" ".join("".join(piece.itertext()) for piece in annex.findall(ANNEX_TEXT)).split())
        title = " ".join((annex.findtext(ANNEX_TITLE) or "").split())
        count = _COUNT.search(title) or _COUNT.search(text)
        if count is None:
            transcript.aside(
                part, at, "an annex that does not say how many it lists", field=ANNEX, value=f"{title} {text}"
            )
            continue
        found = True
        yield from _numbered(text, int(count[1].replace(",", "")), at, part, transcript)
    if not found:
        raise SourceRefusedError(
            "has no annex that says how many it lists",
            where=part.name,
            remedy="the service may have left out the annex; fetch the notice with its annexes",
        )


def _stray(element: Element, path: str, part: Part, transcript: Transcript) -> None:
    value = "".join(element.itertext())
    if value.strip():
        transcript.aside(part, f"xpath={path}", "a field no reader knows", field=element.tag, value=value)


def _numbered(text: str, count: int, at: str, part: Part, transcript: Transcript) -> Iterator[_Item]:
    """The items of an annex's text, by their numbers, which must run from 1 to the count."""
    starts: list[re.Match[str]] = []
    for match in _ITEM.finditer(text):
        if int(match[1]) == len(starts) + 1:
            starts.append(match)
    if len(starts) != count:
        raise SourceRefusedError(
            f"says that it lists {count:,}, and {len(starts):,} items were found",
            where=part.name,
            remedy="the text may be cut, or the annex's form may have changed; compare it with the annex's PDF",
        )
    if starts and (preface := _COUNT.sub("", text[: starts[0].start()]).strip()):
        transcript.aside(part, at, "stands before the first item", field=ANNEX_TEXT, value=preface)
    for match, end in zip(starts, [*(following.start() for following in starts[1:]), len(text)], strict=True):
        body = text[match.end() : end]
        trailer = _TRAILER.search(body) if end == len(text) else None
        if trailer is not None:
            reason = "stands after the last item: the publisher's explanations"
            transcript.aside(part, at, reason, field=ANNEX_TEXT, value=body[trailer.start() :])
            body = body[: trailer.start()]
        yield _Item(number=int(match[1]), text=body.strip(), at=f"{at};item={match[1]}")


def _read_item(item: _Item, part: Part, card: SourceCard, transcript: Transcript, seen: set[str]) -> None:
    names, others, rest = _parted(item.text)
    if not names:
        transcript.aside(part, item.at, f"item {item.number} has no name", value=item.text, whole=True)
        return
    # The items are numbered anew with every revision, and bear no reference. A name and a day of birth stay; two items
    # that share both are told apart by their order.
    birth = re.search(r"\bDOB ([^;(\[]+)", item.text)
    reference = digest_of([squeezed(names[0]), "" if birth is None else squeezed(birth[1])])[:12]
    while reference in seen:
        reference += "-2"
    seen.add(reference)
    entry = transcript.entry(part, listing=f"{card.id}:{reference}", schema=_schema(item.text), locator=item.at)
    if item.text.count("(") != item.text.count(")"):
        entry.aside("brackets that do not pair; the names may be cut wrongly", value=item.text)
    for name in names:
        entry.say("name", name)
    for marker, name in others:
        entry.say(card.values["markers"][marker.lower()], name)
    entry.sanction("authority", card.authority_name, cleaned=Cleaned.of(card.authority_name))
    entry.sanction("authorityId", reference)
    _read_programme(item.text, entry, card)
    for field in rest:
        _read_field(field, entry, card)


def _schema(text: str) -> str:
    """What an item is of: the annex marks some persons; others only their day of birth or sex tells; bodies nothing."""
    if _PERSON.search(text) or re.search(r"\bDOB\b|\bGender (?:Male|Female)\b", text):
        return "Person"
    return "Vessel" if re.search(r"\bVessel\b|\bIMO\b", text) else "LegalEntity"


def _parted(text: str) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """The names of an item, its other names with their markers, and its other fields."""
    bare = _PERSON.sub(" ; ", _CODE.sub(" ; ", _OWN.sub(" ; ", text)))
    bare, others = _without_others(bare)
    head, _, tail = bare.partition(";")
    labelled = _LABELLED.search(head)
    if labelled is not None:
        head, tail = head[: labelled.start()], f"{head[labelled.start() :].strip(' ,')};{tail}"
    scripts = _SCRIPT.findall(head)
    others += [("a.k.a.", name.strip()) for _, name in scripts]
    names, more = _names(_SCRIPT.sub(" ", head), person=_schema(text) == "Person")
    fields = [more, *(f"{label}: {name}" for label, name in scripts), *tail.split(";")]
    return names, others, [kept for field in fields if (kept := " ".join(field.split()).strip(" ,."))]


def _names(head: str, *, person: bool) -> tuple[list[str], str]:
    """The names at an item's head, Latin and Hangul, and what follows them after a comma."""
    hangul = _HANGUL.findall(head)
    leading = _LEADING.match(head)
    if leading is not None:  # (김샌드), China: what follows is where, not who
        return hangul, _HANGUL.sub(" ", head[leading.end() :])
    outside = " ".join(_HANGUL.sub(" ", head).split()).strip(" ,.")
    latin = _LATIN.search(outside)
    if latin is not None and language_of(outside[: latin.start()]) == "kor":
        return [outside[: latin.start()].strip(), latin[1].strip()], outside[latin.end() :]
    name, more = _name_and_address(outside, person=person)
    return [each for each in (name, *hangul) if each], more


def _without_others(text: str) -> tuple[str, list[tuple[str, str]]]:
    """A text without its brackets of other names, and these names with the marker of each."""
    others: list[tuple[str, str]] = []
    while (start := _OTHER.search(text)) is not None:
        end = _closing(text, start.start())
        pieces = _MARKER.split(text[start.start() : end])[1:]
        others += [
            (marker, name.strip(' ;,"“”'))
            for marker, name in zip(pieces[::2], pieces[1::2], strict=True)
            if name.strip(' ;,"“”')
        ]
        text = f"{text[: start.start()]} ; {text[end + 1 :]}"
    return text, others


def _closing(text: str, start: int) -> int:
    """Where the bracket that opens at a place closes; where it never does, the end of its field."""
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place
    end = text.find(" ; ", start)
    return len(text) if end < 0 else end


def _name_and_address(head: str, *, person: bool) -> tuple[str, str]:
    """A name and what follows it after a comma: a person's name has one comma in it, a body's only before `Ltd.`."""
    pieces = [piece.strip() for piece in head.split(",")]
    own = 2 if person else 1
    while own < len(pieces) and _FIRM.match(pieces[own]):
        own += 1
    return ", ".join(pieces[:own]), ", ".join(pieces[own:])


def _read_programme(text: str, entry: Entry, card: SourceCard) -> None:
    for code in _CODE.findall(text):
        printed = code.strip()
        if printed in card.programmes:
            entry.sanction("program", printed)
            continue
        made, reason = card.unknown_programme(printed)
        entry.sanction("program", printed, cleaned=made)
        entry.aside(reason, field="[]", value=printed)
    own = _OWN.search(text)
    if own is None and not _CODE.search(text):
        entry.aside("neither a programme nor a day of designation", value=text)
    if own is None and (_CODE.search(text) or not _KOREAN.search(text)):
        return
    made = Cleaned.no("no day of designation") if own is None else _day(own)
    if own is not None:
        entry.sanction("listingDate", own[0].strip("() "), cleaned=made)
    _read_own(text, own[0].strip("() ") if own is not None else "own", made, entry, card)


def _day(own: re.Match[str]) -> Cleaned:
    return day(f"{own[1]}-{int(own[2]):02d}-{int(own[3]):02d}")


def _read_own(text: str, printed: str, made: Cleaned, entry: Entry, card: SourceCard) -> None:
    """The programme of one whom the Republic designated itself: the annex prints none."""
    known = made.value in card.values["dprk_days"]
    dprk = known or _KOREAN.search(text) is not None
    entry.sanction("program", printed, cleaned=Cleaned.of("DPRK own designation" if dprk else "own"))
    if not known:
        meaning = "by its text it counts as DPRK" if dprk else "its text names no programme"
        entry.aside(f"of a day that the card does not know for DPRK designations; {meaning}", value=text)


def _read_field(field: str, entry: Entry, card: SourceCard) -> None:
    labels = card.values["labels"]
    bare = re.sub(r"^alt\. ", "", field)
    label = next((label for label in labels if re.match(rf"{re.escape(label)}(?:\b|\s|:)", bare)), None)
    if label is None:
        entry.say("notes", field)
        return
    prop, value = labels[label], bare[len(label) :].strip(" :")
    if prop == "birthDate":  # DOB 19 Jan 1972, Pyongyang
        value, _, more = value.partition(",")
        entry.say("notes", more.strip())
    if prop in {"Passport", "Identification"}:
        document = entry.sub_entity(prop.lower(), prop, {"number": value})
        entry.link(document, prop, "holder")
    elif entry.schema == "Person" or prop in {"imoNumber", "address"}:
        entry.say(prop, value)
    else:
        entry.say("notes", field)
