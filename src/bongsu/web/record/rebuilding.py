"""Rebuilding: the rows that follow from the journal made anew from it, and held against those that were there."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.conf import settings
from django.db import transaction

from bongsu.cases.journal import CaseAct, Damage, Entry, case_act_of
from bongsu.cases.model import Case
from bongsu.cases.replay import replayed
from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.kernel.errors import EvidenceError
from bongsu.web.record import journal, rows
from bongsu.web.record.changes import follow_all, take_over_all
from bongsu.web.record.decisions import keep_decisions
from bongsu.web.record.handlings import follow
from bongsu.web.record.models import (
    CaseName,
    CaseRow,
    Decision,
    DismissalRow,
    ExhibitRow,
    IndicatorRow,
    PublishedFinding,
    SearchText,
    Submission,
)
from bongsu.web.record.search import Kind
from bongsu.web.record.tokens import indexed

_FROM_CASES: Final = (Kind.CASE.value, Kind.FINDING.value)
_BATCH: Final = 500
Rows: TypeAlias = Mapping[tuple[str, str], Hashable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that was not as the journal makes it.

    Args:
        table: `case`, `name` (of a case's subject), `dismissal`, `finding` (what was published of it), `decision` (its
            key: indicator and case), `exhibit`, `giving` (by its number in the custody log) and `indicator` (their
            handling alone) or `search`.
        key: which one.
        what: `missing`, `changed`, or `made by no act`.
    """

    table: str
    key: str
    what: str

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {"table": self.table, "key": self.key, "what": self.what}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """What was made anew.

    Args:
        cases, acts: how many.
        passed_over: the numbers of the acts that count for nothing, since their case was opened twice.
        differences: what had differed, by table and key.
    """

    cases: int
    acts: int
    passed_over: tuple[int, ...]
    differences: tuple[Difference, ...]


def rebuilt(*, keep: bool) -> Rebuilding:
    """Make the rows of cases, the decisions on indicators, their handling and the search anew, in one transaction.

    Args:
        keep: whether the new rows stay; else everything is as it was, and what differs is told.

    Raises:
        EvidenceError: the journal is damaged, or holds an act that nothing can be made of.
    """
    with journal.writing():
        before = _rows()
        entries = [_sound(entry) for entry in journal.entries()]
        acts = [(entry.number, act) for entry in entries if (act := case_act_of(entry)) is not None]
        replay = replayed(entries)
        _make(replay.cases, [(number, done) for number, done in acts if number not in replay.passed_over])
        differences = _compared(before, _rows())
        transaction.set_rollback(not keep)
    return Rebuilding(cases=len(replay.cases), acts=len(acts), passed_over=replay.passed_over, differences=differences)


def _sound(entry: Entry | Damage) -> Entry:
    if isinstance(entry, Damage):
        raise EvidenceError(
            f"the journal is damaged: {entry}", remedy="bongsu site verify tells all of it; restore a backup"
        )
    return entry


def _make(cases: Mapping[str, Case], acts: list[tuple[int, CaseAct]]) -> None:
    Decision.objects.all().delete()
    SearchText.objects.filter(kind__in=_FROM_CASES).delete()
    for model in (PublishedFinding, CaseName, DismissalRow):
        model.objects.all().delete()
    CaseRow.objects.exclude(id__in=list(cases)).delete()
    made = {case.id: rows.keep_case(case) for case in cases.values()}
    for number, done in acts:
        keep_decisions(made[done.case], done.act, number)
    take_over_all()
    follow_all()
    follow(None, settings.SITE.member)
    _index_again()


def _index_again() -> None:
    """The tokens of what is found that follows from no act: indicators and exhibits, whose texts stay."""
    stale = []
    for row in SearchText.objects.exclude(kind__in=_FROM_CASES).iterator(chunk_size=_BATCH):
        title_words, words = indexed(row.title), indexed(f"{row.title}\n{row.text}")
        if (title_words, words) != (row.title_words, row.words):
            row.title_words, row.words = title_words, words
            stale.append(row)
    SearchText.objects.bulk_update(stale, ["title_words", "words"], batch_size=_BATCH)


def _rows() -> Rows:
    """Every row that follows from the journal, by table and key, as something that can be compared."""
    found: dict[tuple[str, str], Hashable] = {}
    for case in CaseRow.objects.iterator(chunk_size=_BATCH):
        columns = (case.kind, case.title, case.is_open, case.stage, case.acts, case.opened_at, case.opened_by)
        found["case", case.id] = (*columns, case.last_at, case.sandbox, case.handling_id, digest_of(case.record))
    for named, name in CaseName.objects.values_list("case", "name").iterator(chunk_size=_BATCH):
        found["name", f"{named} {name}"] = ()
    for put_aside in DismissalRow.objects.iterator(chunk_size=_BATCH):
        dismissal_columns = (put_aside.indicator, put_aside.subject, digest_of(put_aside.record))
        found["dismissal", f"{put_aside.case_id} {put_aside.place}"] = dismissal_columns
    for public in PublishedFinding.objects.iterator(chunk_size=_BATCH):
        public_columns = (public.case_id, public.title, public.state, public.published_at, public.stands)
        found["finding", public.id] = (*public_columns, public.sandbox, public.handling_id, digest_of(public.record))
    decisions = Decision.objects.values_list("indicator", "case", "state", "reason", "number", "into", "handling")
    for indicator, of, *decided in decisions.iterator(chunk_size=_BATCH):
        found["decision", f"{indicator} {of}"] = tuple(decided)
    for digest, exhibit_handling in ExhibitRow.objects.values_list("digest", "handling").iterator(chunk_size=_BATCH):
        found["exhibit", digest] = exhibit_handling
    for number, given_handling in Submission.objects.values_list("custody", "handling").iterator(chunk_size=_BATCH):
        found["giving", str(number)] = given_handling
    for indicator, handling in IndicatorRow.objects.values_list("id", "handling").iterator(chunk_size=_BATCH):
        found["indicator", indicator] = handling
    texts = SearchText.objects.values_list(
        "kind", "key", "address", "title", "text", "title_words", "words", "at", "handling"
    )
    for kind, key, *text in texts.iterator(chunk_size=_BATCH):
        found["search", f"{kind} {key}"] = tuple(text)
    return found


def _compared(before: Rows, after: Rows) -> tuple[Difference, ...]:
    found = []
    for table, key in sorted(before.keys() | after.keys()):
        kept, made = before.get((table, key)), after.get((table, key))
        if kept != made:
            what = "missing" if kept is None else "made by no act" if made is None else "changed"
            found.append(Difference(table=table, key=key, what=what))
    return tuple(found)
