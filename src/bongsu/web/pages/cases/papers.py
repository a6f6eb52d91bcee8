"""What is printed: the statement of a case, and a notice drafted as a letter."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.cases.acts import may_ever
from bongsu.cases.finding_acts import SendNotice
from bongsu.cases.handling import strictest
from bongsu.cases.model import Case, DesignationProposal
from bongsu.web.accounts.middleware import person_of, reader_of
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.drafts import LANGUAGES, letter, to_tell
from bongsu.web.pages.cases.prefill import reply_deadline
from bongsu.web.pages.cases.shown import indicators_of, names_of_people, shown_claims
from bongsu.web.pages.cases.views import case_or_404, finding_or_404
from bongsu.web.record import work
from bongsu.web.record.knowledge import known_for


def statement(request: HttpRequest, case_id: str) -> HttpResponse:
    """A case as one text to print: who, what is claimed on what evidence, by what law, what those named say, and who
    is proposed to be designated.

    It carries the strictest marking of what it holds.
    """
    reader = reader_of(request)
    case = case_or_404(request, case_id)
    asked = request.GET.get("finding")
    findings = [finding for finding in case.findings if asked in (None, "", finding.id)]
    if asked and not findings:
        raise Http404
    known = known_for(case, None, reader, work.moment())
    shown = {
        "case": case,
        "standard": words.choice_words(case.standard),
        "marking_of": strictest([case.handling, *(finding.handling for finding in findings)]),
        "member_name": settings.SITE.member_name,
        "now": work.moment(),
        "sandbox": any(row.sandbox for row in indicators_of(case, reader)),
        "parts": [
            {
                "finding": finding,
                "version": finding.current,
                "claims": shown_claims(case, finding.current, known),
            }
            for finding in findings
        ],
        "proposals": [_proposed(case, each) for each in case.proposals if not asked or asked in each.findings],
        "names": names_of_people(),
    }
    return render(request, "cases/statement.html", shown)


def _proposed(case: Case, proposal: DesignationProposal) -> dict[str, object]:
    """A proposal to designate, with the subject and those of its findings that the reader may read."""
    return {
        "proposal": proposal,
        "subject": case.subject(proposal.subject),
        "findings": [finding for finding in case.findings if finding.id in proposal.findings],
    }


def notice_letter(request: HttpRequest, case_id: str, finding_id: str) -> HttpResponse:
    """A notice of what is alleged, drafted in the language of the one who is told, to print and sign."""
    person = person_of(request)
    case = case_or_404(request, case_id)
    finding = finding_or_404(case, finding_id)
    if not may_ever(person.role_held, SendNotice):
        raise PermissionDenied
    today = work.moment().date()
    version = finding.current
    language = request.GET.get("language", "")
    concerned = {claim.subject for claim in to_tell(case, version)}
    shown = {
        "case": case,
        "finding": finding,
        "version": version,
        "letter": letter(case, version, language, member=person.member.name, deadline=reply_deadline(today)),
        "languages_of_drafts": LANGUAGES.items(),
        "member": person.member.name,
        "addressee": ", ".join(subject.name for subject in case.subjects if subject.id in concerned),
        "today": today,
    }
    return render(request, "cases/letter.html", shown)
