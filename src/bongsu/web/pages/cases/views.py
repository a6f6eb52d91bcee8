"""The board, a case, a finding, its versions, the history, and the pictures of a case."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.cases.acts import may_ever
from bongsu.cases.finding import Finding
from bongsu.cases.finding_acts import LinkEvidence
from bongsu.cases.model import Case
from bongsu.cases.words import FindingState, Role
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.cases import pictures as drawn
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.moves import case_moves, finding_moves
from bongsu.web.pages.cases.shown import board_of, indicators_of, shown_claims, shown_entries
from bongsu.web.record import work
from bongsu.web.record.knowledge import known_for
from bongsu.web.record.models import Entry

_HISTORY: Final = 200


def board(request: HttpRequest) -> HttpResponse:
    """All cases that the person may read, by where they stand."""
    person = person_of(request)
    shown = board_of(person.reader, request.GET)
    may_open = person.role_held in {Role.ANALYST, Role.REVIEWER, Role.COORDINATOR}
    return render(request, "cases/board.html", {**shown, "may_open": may_open})


def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """One case: subjects, indicators, findings, requests, recommendations, proposals."""
    person = person_of(request)
    found = _case(request, case_id)
    return render(
        request,
        "cases/case.html",
        {
            "case": found,
            "standard": words.choice_words(found.standard),
            "indicators": indicators_of(found, person.reader),
            "answered": sum(bool(each.answers) for each in found.requests),
            "moves": case_moves(found, person.role_held),
        },
    )


def finding(request: HttpRequest, case_id: str, finding_id: str) -> HttpResponse:
    """One finding: claims and evidence side by side, what it still lacks, and what may be done."""
    person = person_of(request)
    found = _case(request, case_id)
    one = _finding(found, finding_id)
    at = work.moment()
    lacking = work.outstanding_of(found, finding_id, person.reader)
    return render(
        request,
        "cases/finding.html",
        {
            "case": found,
            "finding": one,
            "version": one.current,
            "claims": shown_claims(found, one.current, known_for(found, None, person.reader, at)),
            "lacking": [words.said(each) for each in lacking],
            "next_step": words.ACTS.get(work.next_step_of(one) or ""),
            "moves": finding_moves(found, one, person.role_held),
            "may_edit": one.current.state is FindingState.DRAFT and may_ever(person.role_held, LinkEvidence),
        },
    )


def version(request: HttpRequest, case_id: str, finding_id: str, number: int) -> HttpResponse:
    """One version of a finding, as it was, beside what the next one changed."""
    found = _case(request, case_id)
    one = _finding(found, finding_id)
    asked = one.version(number)
    if asked is None:
        raise Http404
    known = known_for(found, None, reader_of(request), work.moment())
    shown = {"case": found, "finding": one, "version": asked, "claims": shown_claims(found, asked, known)}
    return render(request, "cases/version.html", shown)


def history(request: HttpRequest, case_id: str) -> HttpResponse:
    """Every act on a case, from the journal."""
    found = _case(request, case_id)
    entries = Entry.objects.filter(subject=found.id).order_by("-number")[:_HISTORY]
    return render(request, "cases/history.html", {"case": found, "entries": shown_entries(found, entries)})


def pictures(request: HttpRequest, case_id: str) -> HttpResponse:
    """A case as a time line, a graph and a map."""
    found = _case(request, case_id)
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


def _case(request: HttpRequest, case_id: str) -> Case:
    try:
        return work.case_of(case_id, reader_of(request))
    except work.NotThereError:
        raise Http404 from None


def _finding(case: Case, finding_id: str) -> Finding:
    found = case.finding(finding_id)
    if found is None:
        raise Http404
    return found
