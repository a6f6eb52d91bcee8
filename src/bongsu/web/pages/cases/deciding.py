"""The page of suggestions: cases to open, indicators to take in, and indicators to dismiss, each with all its signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bongsu.cases.acts import may_ever
from bongsu.cases.case_acts import AcceptIndicators
from bongsu.cases.handling import Tlp
from bongsu.cases.suggestions import Suggestion
from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import Person
from bongsu.web.asked import page_number
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.suggesting import (
    GROUPED,
    Shown,
    dismiss_all,
    open_with,
    shown,
    suggestions_for,
    take_into,
)
from bongsu.web.pages.indicators.acting import first_marking, markings, open_cases
from bongsu.web.record import work
from bongsu.web.record.models import IndicatorRow, IndicatorState
from bongsu.web.record.states import in_state

PAGE: Final = 20
_TITLE: Final = 300
_REASON: Final = 4000


class DecisionForm(forms.Form):
    """What is done with the chosen indicators of one suggestion."""

    title = forms.CharField(label=gettext_lazy("Title of the new case"), required=False, max_length=_TITLE)
    marking = forms.ChoiceField(label=gettext_lazy("Marking"), required=False)
    case = forms.ChoiceField(label=gettext_lazy("Case"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed to dismiss; it is shown again when something like it is found."),
    )

    def __init__(self, person: Person, one: Shown, cases: Sequence[tuple[str, str]], given: Any = None) -> None:
        # Any: a QueryDict or None
        super().__init__(given, auto_id=f"{one.suggestion.id}_%s")
        offered = markings(person, one.indicators)
        choices: dict[str, Any] = dict(self.fields)  # Any: the two below are fields with choices
        choices["marking"].choices = offered
        choices["case"].choices = list(cases)
        self.initial = {
            "title": one.name,
            "marking": str(int(first_marking(person, one.indicators, Tlp.AMBER))),
            "case": one.suggestion.for_case,
        }


def suggested(request: HttpRequest) -> HttpResponse:
    """Indicators that nobody has decided on, in groups that may be one matter."""
    person = person_of(request)
    found = suggestions_for(person.reader)
    if request.method == "POST":
        return _decide(request, person, found)
    return _page(request, person, found)


def _decide(request: HttpRequest, person: Person, found: Sequence[Suggestion]) -> HttpResponse:
    if not may_ever(person.role_held, AcceptIndicators):
        raise PermissionDenied
    asked = next((each for each in found if each.id == request.POST.get("suggestion")), None)
    if asked is None:
        messages.warning(request, _("This suggestion has changed since you looked at it: look again."))
        return HttpResponseRedirect(reverse("cases:suggested"))
    (one,) = shown([asked], person.reader)
    form = DecisionForm(person, one, _cases(person), request.POST)
    chosen = tuple(row for row in one.indicators if row.id in request.POST.getlist("indicators"))
    if not chosen:
        form.add_error(None, _("No indicator is chosen."))
    if not form.is_valid():
        return _page(request, person, found, failed=(asked.id, form), status=422)
    try:
        address = _DONE.get(request.POST.get("do", ""), _refused)(person, chosen, form)
    except work.RefusedError as refused:
        for each in refused.missing:
            said = words.said(each)
            form.add_error(None, f"{said['text']} {said['remedy']}")
    except BongsuError as error:
        form.add_error(None, str(error))
    else:
        messages.success(request, _("Done."))
        return HttpResponseRedirect(address)
    return _page(request, person, found, failed=(asked.id, form), status=422)


def _opened(person: Person, chosen: tuple[IndicatorRow, ...], form: DecisionForm) -> str:
    tlp = Tlp(int(form.cleaned_data["marking"] or int(Tlp.AMBER)))
    title = form.cleaned_data["title"]
    case = open_with(person, chosen, title=title, tlp=tlp)
    return reverse("cases:case", args=[case.id])


def _taken(person: Person, chosen: tuple[IndicatorRow, ...], form: DecisionForm) -> str:
    reason = form.cleaned_data["reason"] or None
    case = take_into(person, chosen, case_id=form.cleaned_data["case"], reason=reason)
    return reverse("cases:case", args=[case.id])


def _dismissed(person: Person, chosen: tuple[IndicatorRow, ...], form: DecisionForm) -> str:
    dismiss_all(person, chosen, form.cleaned_data["reason"])
    return reverse("cases:suggested")


def _refused(person: Person, chosen: tuple[IndicatorRow, ...], form: DecisionForm) -> str:
    raise BongsuError(_("Choose what is to be done."))


_DONE: Final[dict[str, Callable[[Person, tuple[IndicatorRow, ...], DecisionForm], str]]] = {
    "open": _opened,
    "take": _taken,
    "dismiss": _dismissed,
}


def _cases(person: Person) -> list[tuple[str, str]]:
    return [(row.id, row.title) for row in open_cases(person)]


def _page(
    request: HttpRequest,
    person: Person,
    found: Sequence[Suggestion],
    *,
    failed: tuple[str, DecisionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    stories = sorted({each.story for each in found})
    story = request.GET.get("story", "")
    kept = [each for each in found if story in ("", each.story)]
    page = page_number(request.GET.get("page", ""))
    cases = _cases(person)
    part = shown(kept[(page - 1) * PAGE : page * PAGE], person.reader)
    forms_ = {} if failed is None else {failed[0]: failed[1]}
    new = IndicatorRow.objects.readable_by(person.reader).filter(in_state(IndicatorState.NEW, person.reader)).count()
    content = {
        "suggestions": [
            {"one": one, "form": forms_.get(one.suggestion.id) or DecisionForm(person, one, cases)} for one in part
        ],
        "number": len(kept),
        "stories": stories,
        "story": story,
        "page": page,
        "more": len(kept) > page * PAGE,
        "grouped": GROUPED if new > GROUPED else 0,
        "new": new,
        "may_act": may_ever(person.role_held, AcceptIndicators),
        "has_cases": bool(cases),
    }
    return render(request, "cases/suggested.html", content, status=status)
