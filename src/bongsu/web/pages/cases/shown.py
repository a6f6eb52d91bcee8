"""What the pages of casework show: the board's rows, claims with their evidence, entries of the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.functional import Promise

from bongsu.cases.finding import Claim, EvidenceLink, FindingVersion
from bongsu.cases.finding_acts import LinkEvidence
from bongsu.cases.handling import Reader
from bongsu.cases.model import Case
from bongsu.cases.readable import TAKEN, WITHHELD
from bongsu.cases.situation import Known
from bongsu.kernel.citation import Citation
from bongsu.web.accounts.models import Person
from bongsu.web.asked import page_number
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.mending import Lack
from bongsu.web.record.models import CaseRow, Entry, IndicatorRow
from bongsu.web.record.rows import STAGES
from bongsu.web.record.seen import hidden_from

PAGE: Final = 50
COLUMN: Final = 8
_UNTOLD: Final = frozenset({"kind", "salt", "finding", "claim", "item", "request", "notice", "point", "link"})  # ids


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """Evidence of a claim: the link, where it leads, and whether its bytes were looked at and are whole."""

    link: EvidenceLink
    address: str
    stance: str
    tone: str
    reliability: str
    credibility: str
    note: str
    sound: bool | None
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClaim:
    """A claim with the name of its subject, its evidence, and what is missing of either."""

    claim: Claim
    number: int
    subject: str
    links: tuple[ShownLink, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEntry:
    """One act of the history."""

    number: int
    at: datetime
    by: str
    title: str | Promise
    words: tuple[tuple[str, str], ...]
    digest: str


def board_of(reader: Reader, asked: Mapping[str, str]) -> dict[str, Any]:  # Any: what a template takes
    """The rows of the board and how many stand where, of what the reader may read alone.

    Args:
        reader: who asks.
        asked: the query: `stage`, `open` (`yes`, the default, or `no`), `q` in titles, `page`.
    """
    rows = CaseRow.objects.readable_by(reader).select_related("handling").defer("record")
    is_open = asked.get("open") != "no"
    rows = rows.filter(is_open=is_open)
    text = asked.get("q", "").strip()
    if text:
        rows = rows.filter(title__icontains=text)
    counts = dict(rows.order_by().values_list("stage").annotate(Count("id")))
    stage = asked.get("stage", "")
    if stage in STAGES:
        rows = rows.filter(stage=stage)
    page = page_number(asked.get("page", ""))
    in_columns = asked.get("view") == "columns"
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    return {
        "rows": found[:PAGE],
        "stages": [(each, words.CHOICES[each], counts.get(each, 0)) for each in STAGES],
        "stage": stage,
        "is_open": is_open,
        "query_title": text,
        "page": page,
        "more": len(found) > PAGE,
        "in_columns": in_columns,
        "columns": _columns(rows, counts, stage) if in_columns else [],
    }


def _columns(rows: Any, counts: Mapping[str, int], stage: str) -> list[dict[str, Any]]:  # Any: a query, a template's
    """The stages that hold cases, each with the cases worked on last."""
    return [
        {"stage": each, "count": counts[each], "rows": list(rows.filter(stage=each)[:COLUMN])}
        for each in STAGES
        if counts.get(each) and stage in ("", each)
    ]


def indicators_of(case: Case, reader: Reader) -> list[IndicatorRow]:
    """The indicators of a case that the reader may read."""
    return list(IndicatorRow.objects.readable_by(reader).filter(id__in=case.indicators))


def shown_claims(case: Case, version: FindingVersion, known: Known, lacking: Sequence[Lack] = ()) -> list[ShownClaim]:
    """The claims of a version with their evidence, each piece with its address in the exhibit.

    Args:
        case: the case.
        version: what is shown.
        known: the exhibits, as the last look at their bytes left them.
        lacking: what the version lacks; each claim is shown with what is about it or its evidence.
    """
    names = {subject.id: subject.name for subject in (*case.subjects, *version.subjects)}
    return [
        ShownClaim(
            claim=claim,
            number=number,
            subject=names.get(claim.subject, claim.subject),
            links=tuple(_link(link, known) for link in claim.links),
            lacks=tuple(each for each in lacking if each.place in {claim.id, *(link.id for link in claim.links)}),
        )
        for number, claim in enumerate(version.claims, start=1)
    ]


def _link(link: EvidenceLink, known: Known) -> ShownLink:
    exhibit = known.exhibits.get(link.citation.exhibit)
    return ShownLink(
        link=link,
        address=exhibit_address(link.citation.exhibit, link.citation.locator),
        stance=words.choice_words(link.stance),
        tone={"supports": "good", "contradicts": "bad"}.get(link.stance.value, ""),
        reliability=words.choice_words(link.reliability),
        credibility=words.choice_words(link.credibility),
        note=str(words.CHOICES.get(link.note or "", link.note or "")),
        sound=None if exhibit is None else exhibit.sound,
        known=exhibit is not None,
    )


def exhibit_address(digest: str, locator: str) -> str:
    """Where the cited place of an exhibit is shown and highlighted."""
    return f"/exhibits/{digest}/" + (f"?{urlencode({'at': locator})}#here" if locator else "")


def shown_entries(case: Case, numbers: Iterable[int], reader: Reader) -> list[ShownEntry]:
    """Entries of the journal on a case, newest first.

    Args:
        case: as the reader may know it.
        numbers: of the entries that the reader may know of.
        reader: who reads: the words of exhibits that the reader may not read are withheld.
    """
    people = names_of_people()
    entries = list(Entry.objects.filter(number__in=list(numbers)).order_by("-number"))
    cited = {each.number: exhibit for each in entries if (exhibit := _cited(each)) is not None}
    hidden = hidden_from(reader, cited.values())
    return [
        ShownEntry(
            number=entry.number,
            at=entry.at,
            by=people.get(entry.by, entry.by),
            title=words.ACTS.get(entry.kind, entry.kind),
            words=tuple(_told(case, _readable(entry.body.get("act", {}), hidden=cited.get(entry.number) in hidden))),
            digest=entry.digest,
        )
        for entry in entries
    ]


def _cited(entry: Entry) -> str | None:
    """The digest of the exhibit whose words an act holds, or None."""
    return Citation.parse(entry.body["act"]["citation"]).exhibit if entry.kind == LinkEvidence.kind else None


def _readable(act: Mapping[str, Any], *, hidden: bool) -> Mapping[str, Any]:  # Any: JSON of our own making
    """An act without the words of its exhibit, where that is hidden."""
    return {**act, "quote": None, "note": WITHHELD} if hidden and (act.get("quote") or act.get("note")) else act


def _told(case: Case, act: Mapping[str, Any]) -> Iterable[tuple[str, str]]:  # Any: JSON of our own making
    names = {subject.id: subject.name for subject in case.subjects}
    for name, value in _naming_no_hidden_case(case, act).items():
        if isinstance(value, str) and value and name not in _UNTOLD:
            shown = names.get(value, value) if name == "subject" else str(words.CHOICES.get(value, value))
            yield str(words.FIELDS.get(name, name)), shown


def _naming_no_hidden_case(case: Case, act: Mapping[str, Any]) -> Mapping[str, Any]:  # Any: as above
    into, other = act.get("merged_into"), act.get("other")
    if into is not None and (case.closing is None or case.closing.merged_into != into):
        return {**act, "merged_into": None, "reason": TAKEN}
    return {**act, "other": None} if other is not None and other not in case.merged else act


def names_of_people() -> dict[str, str]:
    """The names of all persons by user name, as acts carry it. Who may change a name cannot take over another's acts by
    it: the user name stands beside it.
    """
    people = Person.objects.values_list("username", "name")
    return {username: f"{name} ({username})" if name not in {"", username} else username for username, name in people}
