"""Casework: the one way in which an act is done, for pages, the API and the command line alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from bongsu.cases.acts import Act, act_record, may_ever
from bongsu.cases.case_acts import CloseCase, MergeCases, OpenCase
from bongsu.cases.finding import Finding
from bongsu.cases.handling import Reader
from bongsu.cases.model import Case
from bongsu.cases.progress import applied, opened_id
from bongsu.cases.readable import TAKEN
from bongsu.cases.rules import Known, Missing, missing, next_step, outstanding
from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal, rows
from bongsu.web.record.knowledge import known_for
from bongsu.web.record.models import CaseRow, Entry


class RefusedError(BongsuError):
    """An act that may not be done, with everything that is missing for it."""

    def __init__(self, missing: Iterable[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__("; ".join(each.text for each in self.missing))


class NotThereError(BongsuError):
    """There is nothing there, or nothing for the one who asks: the answer is the same."""

    exit_code = 2

    def __init__(self, what: str = "there is nothing here for you") -> None:
        super().__init__(what)


def case_of(case_id: str, reader: Reader) -> Case:
    """A case that a person may read, as the person may know it.

    Raises:
        NotThereError: there is none, or not for the person.
    """
    return rows.readable_part(_whole(case_id, reader), reader)


def _whole(case_id: str, reader: Reader) -> Case:
    """A case with what its reader may not read: an act on the rest must not lose it."""
    row = CaseRow.objects.readable_by(reader).select_related("handling").filter(id=case_id).first()
    if row is None:
        raise NotThereError
    return row.whole()


def check(person: Person, case_id: str | None, act: Act) -> tuple[Missing, ...]:
    """What is missing for an act; empty where it may be done.

    Raises:
        NotThereError: the case is not there for the person.
    """
    case = None if case_id is None else _whole(case_id, person.reader)
    at = _now()
    return missing(case, act, by=person.actor, at=at, known=_known(case, act, person, at))


def do(person: Person, case_id: str | None, act: Act, *, seen_acts: int | None = None) -> Case:
    """Do an act: the rules, the journal, the case, its search and its decisions in one transaction.

    Who acts is asked with the journal's lock held: one who was stopped or lowered a moment before acts no more.

    A case that is taken into another is closed in the same transaction, naming the other. A person who opens a case by
    the very same act again, as a program does that got no answer, is given the case that is there; nothing is done.

    Args:
        person: who does it.
        case_id: the case; None for the act that opens one.
        act: what is done.
        seen_acts: how many acts the case had when the person looked at it; None does not ask.

    Returns:
        The case as it is now, as the person may know it.

    Raises:
        NotThereError: the case is not there for the person, or the person may not sign in any more.
        RefusedError: something is missing.
        ConflictError: someone else did an act, that the person may know of, since the person looked.
    """
    with journal.writing():
        if not journal.still_here(person):
            raise NotThereError
        case = None if case_id is None else _whole(case_id, person.reader)
        if case is not None and seen_acts is not None and rows.readable_part(case, person.reader).acts != seen_acts:
            raise ConflictError
        at = _now()
        if isinstance(act, OpenCase) and may_ever(person.role_held, OpenCase):
            there = _opened_before(act, person)
            if there is not None and case is None:
                return case_of(there, person.reader)
            case = case or _of_id(opened_id(act, person.actor, at))
        lacking = missing(case, act, by=person.actor, at=at, known=_known(case, act, person, at))
        if lacking:
            raise RefusedError(lacking)
        changed = applied(case, act, by=person.actor, at=at)
        entry = journal.append_act(changed.id, act, by=person.actor, at=at)
        rows.keep(changed, act, entry.number)
        if isinstance(act, MergeCases):
            do(person, act.other, CloseCase(reason=TAKEN, merged_into=changed.id))
        return rows.readable_part(changed, person.reader)


def _opened_before(act: OpenCase, person: Person) -> str | None:
    """The id of the case that a person opened by the very same act, or None."""
    written = act_record(act)
    opened = Entry.objects.filter(kind=act.kind, by=person.username, body__act__salt=act.salt).order_by("number")
    return next((each.subject for each in opened if {**each.body["act"], "kind": act.kind} == written), None)


def _of_id(case_id: str) -> Case | None:
    row = CaseRow.objects.filter(id=case_id).first()
    return None if row is None else row.whole()


def _known(case: Case | None, act: Act, person: Person, at: datetime) -> Known:
    """What is looked up for an act; for one that the person's role may never do, nothing of what it names."""
    return known_for(case, act if may_ever(person.role_held, type(act)) else None, person.reader, at)


class ConflictError(BongsuError):
    """Someone else did an act on the case since the person looked at it."""

    def __init__(self) -> None:
        super().__init__(
            "someone else changed this case since you looked at it", remedy="look at it again, then repeat what you did"
        )


def _now() -> datetime:
    return timezone.now().replace(microsecond=0)


def moment() -> datetime:
    """The time of an act done now, in whole seconds."""
    return _now()


def next_step_of(finding: Finding) -> str | None:
    """The kind of the act that moves a finding on, or None where it is at rest."""
    return next_step(finding.current)


def outstanding_of(case: Case, finding_id: str, reader: Reader) -> tuple[Missing, ...]:
    """What a finding still lacks for its next step: the same list on pages, in the API and on the command line."""
    at = _now()
    return outstanding(case, finding_id, on=at.date(), known=known_for(case, None, reader, at))
