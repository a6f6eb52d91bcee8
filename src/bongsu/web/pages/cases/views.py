"""The board, a case, a finding, its versions, the history, and the pictures of a case."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.cases.acts import may_ever
from bongsu.cases.case_acts import AddSubject, FollowUp
from bongsu.cases.finding import Finding
from bongsu.cases.finding_acts import LinkEvidence
from bongsu.cases.model import Case
from bongsu.cases.words import FindingState, Role
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.cases import pictures as drawn
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.differences import changes as differing
from bongsu.web.pages.cases.following import UNDONE, advice_of, counted, reports_of, requests_of
from bongsu.web.pages.cases.mending import lacks_of
from bongsu.web.pages.cases.moves import case_moves, finding_moves
from bongsu.web.pages.cases.shown import (
    board_of,
    indicators_of,
    names_of_people,
    shown_claims,
    shown_entries,
)
from bongsu.web.record import work
from bongsu.web.record.knowledge import known_for
from bongsu.web.record.told import told_entries

_HISTORY: Final = 100


def board(request: HttpRequest) -> HttpResponse:
    """All cases that the person may read, by where they stand."""
    person = person_of(request)
    shown = board_of(person.reader, request.GET)
    may_open = person.role_held in {Role.ANALYST, Role.REVIEWER, Role.COORDINATOR}
    return render(request, "cases/board.html", {**shown, "may_open": may_open})


def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: subjects, indicators, findings, requests, recommendations, proposals."""
    person = person_of(request)
    found = case_or_404(request, case_id)
    return render(
        request,
        "cases/case.html",
        {
            "case": found,
            "standard": words.choice_words(found.standard),
            "closed_because": None
            if found.closing is None
            else words.CHOICES.get(found.closing.reason, found.closing.reason),
            "indicators": indicators_of(found, person.reader),
            "answered": sum(bool(each.answers) for each in found.requests),
            "moves": case_moves(found, person.role_held),
            "names": names_of_people(),
            "may_act": may_ever(person.role_held, AddSubject) and found.is_open,
        },
    )


def finding(request: HttpRequest, case_id: str, finding_id: str) -> HttpResponse:
    """One finding: claims and evidence side by side, what it still lacks, and what may be done."""
    person = person_of(request)
    found = case_or_404(request, case_id)
    one = finding_or_404(found, finding_id)
    known = known_for(found, None, person.reader, work.moment())
    missing = work.outstanding_of(found, finding_id, person.reader)
    lacking = lacks_of(found, one, missing, person.actor)
    step = work.next_step_of(one)
    return render(
        request,
        "cases/finding.html",
        {
            "case": found,
            "finding": one,
            "version": one.current,
            "standard": words.choice_words(found.standard),
            "claims": shown_claims(found, one.current, known, lacking),
            "lacking": lacking,
            "next_step": words.ACTS.get(step or ""),
            "moves": finding_moves(found, one, person.role_held, lacking=lacking, next_step=step),
            "may_edit": one.current.state is FindingState.DRAFT and may_ever(person.role_held, LinkEvidence),
            "names": names_of_people(),
        },
    )


def version(request: HttpRequest, case_id: str, finding_id: str, number: int) -> HttpResponse:
    """One version of a finding, as it was."""
    found = case_or_404(request, case_id)
    one = finding_or_404(found, finding_id)
    asked = one.version(number)
    if asked is None:
        raise Http404
    known = known_for(found, None, reader_of(request), work.moment())
    shown = {
        "case": found,
        "finding": one,
        "version": asked,
        "claims": shown_claims(found, asked, known),
        "names": names_of_people(),
    }
    return render(request, "cases/version.html", shown)


def changes(request: HttpRequest, case_id: str, finding_id: str, number: int) -> HttpResponse:
    """What a version changed in the one before it."""
    found = case_or_404(request, case_id)
    one = finding_or_404(found, finding_id)
    before, after = one.version(number - 1), one.version(number)
    if before is None or after is None:
        raise Http404
    shown = {"case": found, "finding": one, "before": before, "after": after, "changed": differing(before, after)}
    return render(request, "cases/changes.html", shown)


def history(request: HttpRequest, case_id: str) -> HttpResponse:
    """Every act on a case, from the journal."""
    found = case_or_404(request, case_id)
    numbers = [each.number for each in told_entries(found)][::-1]
    page = Paginator(numbers, _HISTORY).get_page(request.GET.get("page"))
    entries = shown_entries(found, page, reader_of(request))
    return render(request, "cases/history.html", {"case": found, "page": page, "entries": entries})


def requests(request: HttpRequest) -> HttpResponse:
    """All requests for information in the cases that the person may read: due, reminded, answered."""
    asked = requests_of(reader_of(request), work.moment().date())
    return render(request, "cases/requests.html", {"asked": asked, "counts": counted(asked)})


def recommendations(request: HttpRequest) -> HttpResponse:
    """What was recommended or proposed, and what became of it."""
    person = person_of(request)
    advice = advice_of(person.reader)
    shown = {
        "advice": advice,
        "waiting": sum(each.item.status in UNDONE for each in advice),
        "may_act": may_ever(person.role_held, FollowUp),
    }
    return render(request, "cases/recommendations.html", shown)


def reports(request: HttpRequest) -> HttpResponse:
    """Which State reported on which resolution, and when last."""
    resolutions, states = reports_of(reader_of(request))
    return render(request, "cases/reports.html", {"resolutions": resolutions, "states": states})


def pictures(request: HttpRequest, case_id: str) -> HttpResponse:
    """A case as a time line, a graph and a map."""
    found = case_or_404(request, case_id)
    indicators = indicators_of(found, reader_of(request))
    timeline = drawn.timeline(found, indicators)
    shown = {
        "case": found,
        "timeline": timeline,
        "moments": timeline["items"],  # a template cannot reach the key `items` of a dictionary
        "graph": drawn.graph(found, indicators),
        "places": drawn.places(found, indicators),
    }
    return render(request, "cases/pictures.html", shown)


def case_or_404(request: HttpRequest, case_id: str) -> Case:
    """A case that the person may read; else the answer is that nothing is there."""
    try:
        return work.case_of(case_id, reader_of(request))
    except work.NotThereError:
        raise Http404 from None


def finding_or_404(case: Case, finding_id: str) -> Finding:
    """A finding of a case; else the answer is that nothing is there."""
    found = case.finding(finding_id)
    if found is None:
        raise Http404
    return found
