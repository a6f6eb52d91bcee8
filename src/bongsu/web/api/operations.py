"""The operations of the API, under `/api/v1/`; `/api/v1/openapi.json` describes them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, NinjaAPI, Router
from ninja.errors import AuthenticationError, ValidationError

from bongsu.cases.acts import ACTS, ROLES, act_from
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.web import questions
from bongsu.web.accounts.models import Person
from bongsu.web.accounts.rates import TooManyRequestsError
from bongsu.web.api import files, watched
from bongsu.web.api.asking import Asked, no_others
from bongsu.web.api.door import ActToken, ExportToken, ReadToken, speaker
from bongsu.web.record import work
from bongsu.web.record.exhibits import VerifiedBytes
from bongsu.web.record.seen import Seen, told

_READ = ReadToken()
_ACT = ActToken()
_EXPORT = ExportToken()

Record = dict[str, Any]  # Any: JSON

api = NinjaAPI(
    title="Bongsu",
    version="1",
    description="Monitoring of the UN sanctions on the DPRK. "
    "An indicator is a sign found by a machine, not an accusation.",
    docs_url=None,  # a page of another host's scripts; the description itself is at /api/v1/openapi.json
    openapi_url="/openapi.json",
    auth=_READ,
    urls_namespace="api",
)
api.add_decorator(no_others)  # after validation: with every parameter that the operation has
router = Router()
for each in (router, watched.router, files.router):
    api.add_router("", each)


class ScreenQuery(Asked):
    """Whom to screen."""

    name: str
    schema_: str | None = Field(None, alias="schema")
    min_score: float = 0.7
    limit: int = 20


class GivenAct(Asked):
    """An act, as `/acts` describes it, and how many acts the case had when you looked at it."""

    act: Record
    seen_acts: int | None = None


@router.get("/acts", summary="Every kind of act, with its fields and the least role that may do it")
def acts(request: HttpRequest) -> Record:
    """Every kind of act."""
    return {
        "acts": [
            {
                "kind": kind,
                "what": (act.__doc__ or "").strip(),
                "role": ROLES[act].value,
                "fields": {field.name: str(field.type) for field in fields(act)},  # type: ignore[arg-type]  # a dataclass
            }
            for kind, act in ACTS.items()
        ]
    }


@router.get("/indicators", summary="Indicators, the strongest first")
def indicators(
    request: HttpRequest,
    desk: str | None = None,
    detector: str | None = None,
    measure: str | None = None,
    state: str | None = None,
    min_score: float = 0.0,
    after: str | None = None,
    limit: int = 100,
) -> Record:
    """Indicators."""
    return questions.indicators(
        speaker(request).reader,
        desk=desk,
        detector=detector,
        measure=measure,
        state=state,
        min_score=min_score,
        after=after,
        limit=limit,
    )


@router.get("/indicators/{indicator_id}", summary="One indicator, as the cycle wrote it, and what became of it")
def indicator(request: HttpRequest, indicator_id: str) -> Record:
    """One indicator."""
    return questions.indicator(speaker(request).reader, indicator_id)


@router.get("/cases", summary="Cases, the one worked on last first")
def cases(request: HttpRequest, open: bool | None = None, limit: int = 100, offset: int = 0) -> Record:  # noqa: A002
    """Cases."""
    return questions.cases(speaker(request).reader, is_open=open, limit=limit, offset=offset)


@router.post("/cases", auth=_ACT, summary="Open a case: an act of the kind open_case")
def open_case(request: HttpRequest, given: GivenAct) -> Record:
    """Open a case."""
    return {"case": work.do(speaker(request), None, act_from(given.act)).id}


@router.get("/cases/{case_id}", summary="One case, without what you may not read of it")
def case(request: HttpRequest, case_id: str) -> Record:
    """One case."""
    return questions.case(speaker(request).reader, case_id)


@router.post("/cases/{case_id}/acts", auth=_ACT, summary="Do an act on a case")
def do(request: HttpRequest, case_id: str, given: GivenAct) -> Record:
    """Do an act."""
    changed = work.do(speaker(request), case_id, act_from(given.act), seen_acts=given.seen_acts)
    return {"case": changed.id, "acts": changed.acts}


@router.post("/cases/{case_id}/check", summary="What is missing for an act, without doing it")
def check(request: HttpRequest, case_id: str, given: GivenAct) -> Record:
    """What is missing for an act."""
    return {"missing": [each.record() for each in work.check(speaker(request), case_id, act_from(given.act))]}


@router.get("/cases/{case_id}/findings/{finding_id}/outstanding", summary="What a finding lacks for its next step")
def outstanding(request: HttpRequest, case_id: str, finding_id: str) -> Record:
    """What a finding still lacks."""
    return questions.outstanding(speaker(request).reader, case_id, finding_id)


@router.get("/findings", summary="The findings that stand published")
def findings(request: HttpRequest, limit: int = 100) -> Record:
    """Published findings."""
    return questions.published(speaker(request).reader, limit=limit)


@router.get("/exhibits", summary="Exhibits, the one received last first")
def exhibits(request: HttpRequest, limit: int = 100, offset: int = 0) -> Record:
    """Exhibits."""
    return questions.exhibits(speaker(request).reader, limit=limit, offset=offset)


@router.post("/exhibits", auth=_ACT, summary="Give a file, by the rules of the page", openapi_extra=files.UPLOAD)
def add_exhibit(request: HttpRequest) -> HttpResponseBase:
    """Give a file."""
    return files.add_exhibit(request)


@router.get("/exhibits/{digest}", summary="What is known of an exhibit")
def exhibit(request: HttpRequest, digest: str) -> Record:
    """One exhibit."""
    person = speaker(request)
    one = questions.exhibit_for(person.reader, digest)
    return questions.exhibit(one if one.is_public else _told("exhibit.viewed", digest, person))


@router.get("/exhibits/{digest}/content", auth=_EXPORT, summary="The bytes of an exhibit")
def content(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The bytes of an exhibit, hashed again before the first is sent."""
    person = speaker(request)
    questions.exhibit_for(person.reader, digest)
    one = _told("exhibit.exported", digest, person)
    answer = StreamingHttpResponse(VerifiedBytes(one.row.digest), content_type="application/octet-stream")
    answer["Content-Length"] = str(one.row.size_bytes)
    answer["Content-Disposition"] = f'attachment; filename="{digest[:16]}.bin"'
    return answer


def _told(kind: str, digest: str, person: Person) -> Seen:
    """An exhibit whose look is written down.

    Raises:
        NotThereError: it is not there for the person any more.
    """
    one = told(kind, digest, person, {"by": "api"})
    if one is None:
        raise work.NotThereError
    return one


@router.post("/screen", summary="Whom among the designated a name may mean")
def screen(request: HttpRequest, query: ScreenQuery) -> Record:
    """Screen a name."""
    return questions.screened(query.name, schema=query.schema_, min_score=query.min_score, limit=query.limit)


@router.get("/law/check", summary="Which measures bear on goods on a day")
def law_check(request: HttpRequest, hs: str, direction: Literal["from", "to"], on: date | None = None) -> Record:
    """Which measures bear on goods."""
    return questions.allowed(hs, direction=direction, on=on or questions.today())


@router.get("/law/measures", summary="The measures in force on a day, or all")
def law_measures(request: HttpRequest, on: date | None = None, topic: str | None = None) -> Record:
    """The measures."""
    return questions.measures(on=on, topic=topic)


@router.get("/search", summary="Cases, findings, indicators and exhibits that hold some words")
def search(request: HttpRequest, q: str, limit: int = 50, offset: int = 0) -> Record:
    """Search; `next` is the offset of the page after this one, or null."""
    return questions.searched(speaker(request).reader, q, limit=limit, offset=max(offset, 0))


@api.exception_handler(work.NotThereError)
def _not_there(request: HttpRequest, error: work.NotThereError) -> JsonResponse:
    return JsonResponse({"error": error.what}, status=404)


@api.exception_handler(work.RefusedError)
def _refused(request: HttpRequest, error: work.RefusedError) -> JsonResponse:
    return JsonResponse(dict(questions.said(error)), status=409)


@api.exception_handler(work.ConflictError)
def _conflict(request: HttpRequest, error: work.ConflictError) -> JsonResponse:
    return JsonResponse({"error": error.what, "remedy": error.remedy}, status=409)


@api.exception_handler(questions.NotReadyError)
def _not_ready(request: HttpRequest, error: questions.NotReadyError) -> JsonResponse:
    return JsonResponse({"error": error.what, "remedy": error.remedy}, status=503)


@api.exception_handler(UsageError)
def _malformed(request: HttpRequest, error: UsageError) -> JsonResponse:
    return JsonResponse({"error": error.what, "where": error.where, "remedy": error.remedy}, status=422)


@api.exception_handler(EvidenceError)
def _damaged(request: HttpRequest, error: EvidenceError) -> JsonResponse:
    return JsonResponse({"error": error.what, "remedy": error.remedy}, status=500)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> JsonResponse:
    told = [{"where": ".".join(str(part) for part in each["loc"]), "what": each["msg"]} for each in error.errors]
    return JsonResponse({"error": "the request is not as the description says", "fields": told}, status=422)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> JsonResponse:
    answer = JsonResponse({"error": "a token that is good for this is needed"}, status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(TooManyRequestsError)
def _too_many(request: HttpRequest, error: TooManyRequestsError) -> JsonResponse:
    answer = JsonResponse({"error": error.what, "remedy": error.remedy}, status=429)
    answer["Retry-After"] = str(error.wait_s)
    return answer


def openapi() -> str:
    """The description of the API, as JSON text with sorted keys."""
    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, default=str)
