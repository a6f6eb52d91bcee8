"""What people do with an indicator: take it into a case that is there or a new one, or dismiss it with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from bongsu.cases.acts import may_ever
from bongsu.cases.case_acts import AcceptIndicators, DismissIndicator, OpenCase
from bongsu.cases.handling import Handling, Tlp, holding
from bongsu.cases.model import Case, CaseSubject
from bongsu.cases.words import CaseKind, Standard
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal, work
from bongsu.web.record.models import CaseRow, HandlingRow, IndicatorRow
from bongsu.web.record.states import counting

#: The title of the register in which a member's persons dismiss what no case was opened for.
REGISTER_TITLE: Final = "Indicators dismissed without a case"
_REGISTER_SUMMARY: Final = (
    "The standing register of indicators that people of this member looked at and dismissed, each with its reason."
)
_OFFERED: Final = 50
_SALT_BYTES: Final = 24
NEW: Final = "new"


def may_act(person: Person) -> bool:
    """Whether the person's role takes indicators into cases and dismisses them."""
    return may_ever(person.role_held, AcceptIndicators)


class Taking(forms.Form):
    """Into which case an indicator is taken."""

    case = forms.ChoiceField(label=_("Case"))
    title = forms.CharField(label=_("Title of the new case"), required=False, max_length=300, strip=True)
    marking = forms.ChoiceField(label=_("Marking of the new case"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where it was dismissed before."),
    )

    def __init__(self, person: Person, row: IndicatorRow, given: object = None) -> None:
        super().__init__(given, auto_id="take_%s")  # type: ignore[arg-type]  # a QueryDict or None
        cases = [(case.id, case.title) for case in open_cases(person)]
        self.fields["case"].choices = [(NEW, _("a new case")), *cases]  # type: ignore[attr-defined]
        self.fields["marking"].choices = markings(person, [row])  # type: ignore[attr-defined]
        self.fields["title"].initial = row.subject_name
        self.fields["marking"].initial = str(int(first_marking(person, [row])))

    def clean(self) -> dict[str, object]:
        """What was chosen; a new case needs its title."""
        asked: dict[str, object] = super().clean() or {}
        if asked.get("case") == NEW and not asked.get("title"):
            self.add_error("title", _("A new case needs a title."))
        return asked


class Dismissing(forms.Form):
    """Why an indicator is dismissed."""

    reason = forms.CharField(
        label=_("Reason"),
        strip=True,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is shown again when something like it is found."),
    )

    def __init__(self, given: object = None) -> None:
        super().__init__(given, auto_id="dismiss_%s")  # type: ignore[arg-type]  # a QueryDict or None


def open_cases(person: Person) -> list[CaseRow]:
    """The open inquiries that a person may read, the last worked on first."""
    rows = CaseRow.objects.readable_by(person.reader).filter(is_open=True, kind=CaseKind.INQUIRY.value)
    return list(rows.only("id", "title")[:_OFFERED])


def _least_marking(rows: Iterable[IndicatorRow]) -> int:
    return max((row.handling.tlp for row in rows), default=0)


def markings(person: Person, rows: Sequence[IndicatorRow]) -> list[tuple[str, str]]:
    """The markings a new case may have: not below the indicators', not above the person's clearance.

    TLP:RED, which names persons, only where an indicator is so, for those whom that names.
    """
    least = _least_marking(rows)
    offered = (tlp for tlp in Tlp if least <= tlp <= person.clearance and (tlp is not Tlp.RED or tlp == least))
    return [(str(int(tlp)), tlp.label) for tlp in offered]


def first_marking(person: Person, rows: Sequence[IndicatorRow], most: Tlp = Tlp.AMBER_STRICT) -> Tlp:
    """The marking a new case is offered: as strict as `most`, as far as the clearance reaches.

    Args:
        person: who would open it.
        rows: the indicators it would hold, below which it is not marked.
        most: TLP:AMBER+STRICT is for the person's member alone.
    """
    return Tlp(max(_least_marking(rows), min(person.clearance, most)))


def handling_with(person: Person, rows: Sequence[IndicatorRow], tlp: Tlp) -> Handling:
    """How a new case is handled that holds some indicators: as marked, or as strictly as these are, whichever is more.

    So those it may go to, the persons named, the purposes and the expiry of what an exhibit was given under come along.
    """
    chosen = Handling(tlp=min(tlp, Tlp.AMBER_STRICT), originators=frozenset({person.member_id}))
    return holding(chosen, [row.handling.handling for row in rows])


def take_into(person: Person, rows: Sequence[IndicatorRow], case_id: str, reason: str = "") -> Case:
    """Take indicators into a case.

    Raises:
        NotThereError: the case is not there for the person.
        RefusedError: something is missing.
    """
    return work.do(person, case_id, AcceptIndicators(indicators=tuple(row.id for row in rows), reason=reason or None))


def take_into_new(person: Person, rows: Sequence[IndicatorRow], title: str, tlp: Tlp) -> Case:
    """Open a case with indicators, at least one, and their subjects.

    Raises:
        RefusedError: something is missing.
    """
    subjects = {row.subject_id: _subject(row) for row in rows}
    act = OpenCase(
        salt=secrets.token_urlsafe(_SALT_BYTES),
        case_kind=CaseKind.INQUIRY,
        title=title,
        summary="\n".join(row.title for row in rows),
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling_with(person, rows, tlp),
        subjects=tuple(subjects.values()),
        indicators=tuple(row.id for row in rows),
    )
    return work.do(person, None, act)


def _subject(row: IndicatorRow) -> CaseSubject:
    numbers = frozenset({row.subject_id}) if row.subject_id.startswith(("imo:", "mmsi:")) else frozenset[str]()
    return CaseSubject(id=row.subject_id, schema=row.subject_schema, name=row.subject_name, identifiers=numbers)


def dismiss(person: Person, row: IndicatorRow, reason: str) -> Case:
    """Dismiss an indicator in the open case that took it in last, else in the register of the person's member.

    Raises:
        RefusedError: something is missing.
    """
    act = DismissIndicator(indicator=row.id, subject=row.subject_id, reason=reason)
    with journal.writing():  # so that two at once do not open two registers, and a refusal opens none
        return work.do(person, _holder(person, row) or _register(person, row), act)


def _holder(person: Person, row: IndicatorRow) -> str | None:
    """The id of the open case in which an indicator was decided on: one that took it in, the last, before others."""
    decided = counting(person.reader).filter(indicator=row, case__is_open=True).order_by("state", "-number")
    return decided.values_list("case", flat=True).first()


def _register(person: Person, row: IndicatorRow) -> str:
    """The id of the member's register that may hold an indicator, opened where there is none yet."""
    handling = handling_with(person, [row], Tlp.AMBER_STRICT)
    known = CaseRow.objects.readable_by(person.reader).filter(
        kind=CaseKind.REGISTER.value, is_open=True, title=REGISTER_TITLE, handling=HandlingRow.of(handling)
    )
    there = known.order_by("opened_at", "id").first()
    if there is not None:
        return there.id
    act = OpenCase(
        salt=secrets.token_urlsafe(_SALT_BYTES),
        case_kind=CaseKind.REGISTER,
        title=REGISTER_TITLE,
        summary=_REGISTER_SUMMARY,
        standard=Standard.REASONABLE_GROUNDS,
        handling=handling,
    )
    return work.do(person, None, act).id
