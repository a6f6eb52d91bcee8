"""The search: what a person may read and what holds the words, newest first."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bongsu.web.accounts.middleware import reader_of
from bongsu.web.pages.search.shown import KINDS, shown
from bongsu.web.record.search import Kind, found, suggested
from bongsu.web.record.tokens import MOST_CHARACTERS, terms_of

_ON_A_PAGE: Final = 20


def home(request: HttpRequest) -> HttpResponse:
    """What a question finds."""
    question = request.GET.get("q", "")[:MOST_CHARACTERS]
    kind = next((each for each in Kind if each.value == request.GET.get("kind")), None)
    result = found(reader_of(request), question, kind)
    total = sum(result.counts.values())
    pages = Paginator(result.rows.select_related("handling"), _ON_A_PAGE)
    pages.count = result.counts.get(kind, 0) if kind else total  # known: it need not be counted again
    page = pages.get_page(request.GET.get("page"))
    terms = terms_of(question)
    return render(
        request,
        "search/home.html",
        {
            "query": question,
            "asked": bool(terms),
            "kind": kind,
            "kinds": [(each.value, KINDS[each], number) for each, number in result.counts.items()],
            "total": total,
            "page": page,
            "results": [shown(row, terms) for row in page],
        },
    )


def suggestions(request: HttpRequest) -> HttpResponse:
    """Titles that begin as the question does, while it is being typed."""
    question = request.GET.get("q", "")[:MOST_CHARACTERS]
    return render(request, "search/suggestions.html", {"suggested": suggested(reader_of(request), question)})
