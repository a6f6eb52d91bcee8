"""What a form begins with: what the case already holds, what the address says, and what can be drafted from both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from bongsu.cases.finding import Claim, MeasureText
from bongsu.cases.handling import Handling
from bongsu.cases.model import Case
from bongsu.cases.words import Credibility, Outcome, Reliability
from bongsu.kernel.errors import UsageError
from bongsu.web.pages.cases.drafts import letter, to_tell
from bongsu.web.pages.cases.forms import Context
from bongsu.web.pages.cases.mending import late_version
from bongsu.web.record.knowledge import measure_text

Values = dict[str, Any]  # Any: what Django's fields begin with
_REPLY_DAYS: Final = 28  # twice the least the rules ask for
_ANSWER_DAYS: Final = 60
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S"


def initial_of(kind: str, context: Context, asked: Mapping[str, str], today: date) -> Values:
    """What the form of an act begins with; what the address says goes before all else.

    Args:
        kind: of the act.
        context: what it is done on.
        asked: the query of the address: names of inputs, such as `claim`, `exhibit`, `locator`, `language`.
        today: the day, in UTC.
    """
    made = _MADE.get(kind)
    found = {} if made is None else made(context, asked, today)
    return {**found, **{name: value for name, value in asked.items() if value}, **_several(asked)}


def _several(asked: Mapping[str, str]) -> Values:
    """Boxes that several of can be ticked; one is named in an address."""
    return {name: [asked[name]] for name in ("answers", "concerns", "findings") if asked.get(name)}


def _case(context: Context) -> Case:
    if context.case is None:
        raise UsageError("this act is done on a case", where="act")
    return context.case


def _described(context: Context, asked: Mapping[str, str], today: date) -> Values:
    case = _case(context)
    return {"title": case.title, "summary": case.summary, "standard": case.standard.value}


def _handled(context: Context, asked: Mapping[str, str], today: date) -> Values:
    case = _case(context)
    finding = case.finding(asked.get("finding", ""))
    return handled(case.handling if finding is None else finding.handling)


def handled(handling: Handling) -> Values:
    """A handling as the inputs of a form."""
    return {
        "tlp": handling.tlp.label,
        "releasable_to": sorted(handling.releasable_to or ()),
        "named": sorted(handling.named),
        "purposes": "; ".join(sorted(handling.purposes)),
        "expires_on": handling.expires_on,
    }


def _subject(context: Context, asked: Mapping[str, str], today: date) -> Values:
    subject = _case(context).subject(asked.get("subject", ""))
    if subject is None:
        return {}
    return {
        "subject_id": subject.id,
        "subject_schema": subject.schema,
        "subject_name": subject.name,
        "identifiers": "\n".join(sorted(subject.identifiers)),
    }


def _finding(context: Context, asked: Mapping[str, str], today: date) -> Values:
    return {"title": _case(context).title}


def _retitled(context: Context, asked: Mapping[str, str], today: date) -> Values:
    version = context.version
    if version is None:
        return {}
    return {"title": version.title, "confidence": version.confidence and version.confidence.value}


def _claim(context: Context, asked: Mapping[str, str], today: date) -> Values:
    version = context.version
    claim = None if version is None else version.claim(asked.get("claim", ""))
    if claim is None:
        subjects = _case(context).subjects
        return {"subject": subjects[0].id} if len(subjects) == 1 else {}
    return written(claim)


def written(claim: Claim) -> Values:
    """A claim as the inputs of the form that rewrites it."""
    values: Values = {
        "claim": claim.id,
        "sentence": claim.sentence,
        "subject": claim.subject,
        "act": claim.act,
        "object": claim.object,
        "when_from": _moment(claim.when.low),
        "when_to": _moment(claim.when.high),
    }
    if claim.place is not None:
        values |= {
            "place_latitude": claim.place.latitude_deg,
            "place_longitude": claim.place.longitude_deg,
            "place_name": claim.place.name,
        }
    if claim.quantity is not None:
        record = claim.quantity.record()
        values |= {"quantity_low": record["low"], "quantity_high": record["high"], "quantity_unit": record["unit"]}
    return values


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime(_MOMENT)


def _evidence(context: Context, asked: Mapping[str, str], today: date) -> Values:
    # What was not judged yet is not "completely reliable": the form begins with what commits to nothing.
    return {"reliability": Reliability.F.value, "credibility": Credibility.CANNOT_BE_JUDGED.value}


def _measures(context: Context, asked: Mapping[str, str], today: date) -> Values:
    version = context.version
    if version is not None and version.measures:
        return {"measures": _lines(version.measures)}
    days = sorted({day for claim in (version.claims if version else ()) if (day := _day_of(claim)) is not None})
    return {"measures": _lines(suggested_measures(context.indicated, days))}


def suggested_measures(keys: Iterable[str], days: Iterable[date]) -> list[MeasureText]:
    """The measures that indicators name, each as it stood on the first of some days on which it was in force."""
    days = tuple(days)
    found = []
    for key in dict.fromkeys(keys):
        stood = next((text for day in days if (text := measure_text(key, day)) is not None), None)
        if stood is not None:
            found.append(stood)
    return found


def _day_of(claim: Claim) -> date | None:
    moment = claim.when.low or claim.when.high
    return None if moment is None else moment.astimezone(UTC).date()


def _lines(measures: Iterable[MeasureText]) -> str:
    return "\n".join(f"{each.key} {each.on.isoformat()}" for each in measures)


def _notice(context: Context, asked: Mapping[str, str], today: date) -> Values:
    version, case = context.version, _case(context)
    deadline = reply_deadline(today)
    if version is None:
        return {"deadline": deadline}
    concerned = dict.fromkeys(claim.subject for claim in to_tell(case, version))
    names = [subject.name for subject in case.subjects if subject.id in concerned]
    drafted = letter(case, version, asked.get("language", ""), member=context.member_name, deadline=deadline)
    return {
        "addressee": ", ".join(names),
        "concerns": list(concerned),
        "language": drafted.language,
        "alleges": drafted.alleges,
        "how_to_answer": drafted.how_to_answer,
        "deadline": deadline,
    }


def _extended(context: Context, asked: Mapping[str, str], today: date) -> Values:
    version = context.version
    notice = None if version is None else version.notice(asked.get("notice", ""))
    last = today if notice is None else notice.due
    return {"until": last + timedelta(days=14)}


def _request(context: Context, asked: Mapping[str, str], today: date) -> Values:
    return {"due": today + timedelta(days=_ANSWER_DAYS)}


def _received(context: Context, asked: Mapping[str, str], today: date) -> Values:
    return {"received_on": today, "delivered_on": today}


def _proposal(context: Context, asked: Mapping[str, str], today: date) -> Values:
    case = _case(context)
    decided = [
        finding
        for finding in case.findings
        if finding.current.decision is not None and finding.current.decision.outcome is Outcome.ESTABLISHED
    ]
    sentences = [claim.sentence for finding in decided for claim in finding.current.claims]
    return {
        "findings": [finding.id for finding in decided],
        "measures": _lines(dict.fromkeys(measure for finding in decided for measure in finding.current.measures)),
        "statement_of_case": "\n".join(sentences),
    }


def _followed(context: Context, asked: Mapping[str, str], today: date) -> Values:
    item = _case(context).followed(asked.get("item", ""))
    if item is None:
        return {}
    return {"item": item.id, "status": item.status.value, "note": ""}


def _withdrawn(context: Context, asked: Mapping[str, str], today: date) -> Values:
    return {} if context.version is None else {"version": context.version.number}


def _late(context: Context, asked: Mapping[str, str], today: date) -> Values:
    finding = _case(context).finding(context.finding or "")
    return {} if finding is None else {"version": late_version(finding)}


def reply_deadline(today: date) -> date:
    """The last day for a reply that a notice of today is drafted with: never before what the installation asks for."""
    return today + timedelta(days=max(_REPLY_DAYS, settings.SITE.least_reply_days))


_Make = Callable[[Context, Mapping[str, str], date], Values]
_MADE: Final[Mapping[str, _Make]] = {
    "describe_case": _described,
    "set_standard": _described,
    "change_handling": _handled,
    "add_subject": _subject,
    "start_finding": _finding,
    "retitle_finding": _retitled,
    "set_confidence": _retitled,
    "write_claim": _claim,
    "link_evidence": _evidence,
    "set_measures": _measures,
    "send_notice": _notice,
    "extend_deadline": _extended,
    "send_request": _request,
    "record_answer": _received,
    "record_reply": _received,
    "prove_delivery": _received,
    "record_implementation_report": _received,
    "propose_designation": _proposal,
    "follow_up": _followed,
    "withdraw": _withdrawn,
    "approve_late_words": _late,
    "publish_late_words": _late,
}
