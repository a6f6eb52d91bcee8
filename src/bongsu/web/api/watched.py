"""The operations about what is watched: the register, the law, sources, suggestions, petroleum."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router

from bongsu.kernel.canonical import JsonValue
from bongsu.web import watched
from bongsu.web.api.asking import Asked
from bongsu.web.api.door import speaker
from bongsu.web.record import journal

Record = dict[str, Any]  # Any: JSON

router = Router()


class AskedName(Asked):
    """A name, and the kind it is asked about as; without one, all kinds."""

    name: str
    schema_: str | None = Field(None, alias="schema")


class BatchQuery(Asked):
    """Whom to screen, 1 to 5,000 names."""

    names: list[AskedName]
    min_score: float = 0.7
    limit: int = 10


@router.get("/register/{path:reference}", summary="An entity by its id, a listing's, a list's number or an exact name")
def entity(request: HttpRequest, reference: str) -> Record:
    """An entity of the register, with its listings and what waits for people."""
    return watched.entity(reference)


@router.post("/screen/batch", summary="Whom among the designated each of up to 5,000 names may mean")
def screen_batch(request: HttpRequest, query: BatchQuery) -> Record:
    """Screen many names; the journal says how many, never whose."""
    asked = [watched.Named(name=each.name, schema=each.schema_) for each in query.names]
    answer = watched.screened_many(asked, min_score=query.min_score, limit=query.limit)
    body: dict[str, JsonValue] = {
        "rows": len(answer["answers"]),
        "hits": sum(bool(each["hits"]) for each in answer["answers"]),
        "by": "api",
    }
    with journal.writing():
        journal.append("export", by=speaker(request).username, subject="register.names", body=body)
    return answer


@router.get("/law/timeline", summary="Every dated event of the regime")
def law_timeline(request: HttpRequest) -> Record:
    """The time line of the law."""
    return watched.law_timeline()


@router.get("/law/measures/{path:key}", summary="A measure by its key, such as 2397/5, or those within a paragraph")
def law_measure(request: HttpRequest, key: str) -> Record:
    """A measure."""
    return watched.measure(key)


@router.get("/sources", summary="Every source, and how it stands after the newest cycle")
def sources(request: HttpRequest) -> Record:
    """The sources."""
    return watched.watched_sources(speaker(request).reader)


@router.get("/suggestions", summary="Indicators of the newest cycle that may be one matter")
def suggestions(request: HttpRequest) -> Record:
    """Suggested cases."""
    return watched.suggested_cases(speaker(request).reader)


@router.get("/petroleum", summary="What tankers may have brought by calendar year, held against the cap")
def petroleum(request: HttpRequest) -> Record:
    """The years of petroleum."""
    return watched.petroleum_years(speaker(request).reader)
