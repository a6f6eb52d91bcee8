"""What mends each thing that is missing: its place on the page, and the act that would bring it, filled in so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise

from bongsu.cases.acts import ACTS, FindingAct, may_ever
from bongsu.cases.finding import Finding, FindingVersion
from bongsu.cases.model import Case, Person
from bongsu.cases.situation import Missing
from bongsu.cases.words import Verdict
from bongsu.web.pages.cases import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """One missing thing as the page shows it.

    Args:
        text: what is missing.
        remedy: what helps, in words.
        code: which entry of the catalogue it is.
        place: the id of the part of the page it is about, or None where that is not on the page.
        act: the kind of the act that would bring it, or None where the person's role does none.
        title: what the button of the act says.
        address: where its form is, filled in as far as is known.
    """

    text: str
    remedy: str
    code: str
    place: str | None
    act: str | None = None
    title: str | Promise = ""
    address: str = ""


# The act that brings what a code says is missing, and the part of the page for what is about the finding as a whole.
_MENDS: Final[Mapping[str, tuple[str, str]]] = {
    "no_claims": ("write_claim", "claims"),
    "claim_not_a_sentence": ("write_claim", ""),
    "claim_without_time": ("write_claim", ""),
    "claim_subject_unknown": ("add_subject", ""),
    "claim_without_support": ("link_evidence", ""),
    "exhibit_unknown": ("unlink_evidence", ""),
    "exhibit_damaged": ("unlink_evidence", ""),
    "evidence_above_marking": ("unlink_evidence", ""),
    "contradiction_open": ("consider_alternative", ""),
    "no_alternative": ("consider_alternative", "text"),
    "no_confidence": ("set_confidence", "text"),
    "no_measures": ("set_measures", "text"),
    "measure_not_in_force": ("set_measures", "text"),
    "measure_out_of_time": ("set_measures", "text"),
    "too_few_reviews": ("review", "review"),
    "reviewer_objects": ("return_to_draft", "review"),
    "law_not_checked": ("check_law", "review"),
    "law_objection": ("return_to_draft", "review"),
    "claim_not_notified": ("send_notice", ""),
    "delivery_unproven": ("prove_delivery", ""),
    "no_reply_not_declared": ("declare_no_reply", ""),
    "point_unanswered": ("answer_point", ""),
    "exception_pending": ("grant_harm_exception", "reply"),
    "too_few_approvals": ("approve", "decision"),
    "late_words": ("approve_late_words", "reply"),
    "not_clear": ("change_handling", "top"),
}
_JUDGING: Final = frozenset({"review", "check_law", "grant_harm_exception", "approve", "approve_late_words"})


def lacks_of(case: Case, finding: Finding, missing: Iterable[Missing], by: Person) -> tuple[Lack, ...]:
    """What a finding lacks, each with its place and with what the person can do about it.

    Args:
        case: the case.
        finding: what is looked at.
        missing: what the rules say is missing.
        by: who looks: nobody judges what they wrote, or agrees twice.
    """
    return tuple(_lack(case, finding, each, by) for each in missing)


def _lack(case: Case, finding: Finding, missing: Missing, by: Person) -> Lack:
    said = words.said(missing)
    kind, part = _MENDS.get(missing.code, (None, ""))
    place = _place(finding, missing, part)
    common = {"text": said["text"] or "", "remedy": said["remedy"] or "", "code": missing.code}
    if kind is None or not may_ever(by.role, ACTS[kind]) or _is_done(finding.current, kind, by):
        return Lack(**common, place=place)
    return Lack(
        **common, place=place, act=kind, title=words.ACTS[kind], address=_address(case, finding, kind, missing.where)
    )


def _is_done(version: FindingVersion, kind: str, by: Person) -> bool:
    """Whether the person has done what they can of it: they wrote the text, or have agreed already."""
    if kind in _JUDGING and by.id in version.authors:
        return True
    agreed = {opinion.mark.by for opinion in version.reviews if opinion.verdict is Verdict.AGREES}
    return (kind == "review" and by.id in agreed) or (kind == "approve" and by.member in version.approving_members)


def _place(finding: Finding, missing: Missing, part: str) -> str | None:
    version = finding.current
    points = (point for reply in version.replies for point in reply.points)
    on_page = {each.id for each in version.claims} | {each.id for each in version.links}
    on_page |= {each.id for each in version.notices} | {each.id for each in version.replies}
    on_page |= {each.id for each in points}
    return missing.where if missing.where in on_page else part or None


def _address(case: Case, finding: Finding, kind: str, where: str | None) -> str:
    version = finding.current
    asked = {
        "claim": where if version.claim(where or "") is not None else _claim_of(version, where),
        "link": where if any(link.id == where for link in version.links) else None,
        "answers": where if any(link.id == where for link in version.links) else None,
        "notice": where if version.notice(where or "") is not None else None,
        "point": where,
        "finding": finding.id if kind == "change_handling" else None,
        "version": late_version(finding),
    }
    wanted = {name: value for name, value in asked.items() if value is not None and name in _fields(kind)}
    if issubclass(ACTS[kind], FindingAct):
        address = reverse("cases:act_finding", args=[case.id, finding.id, kind])
    else:
        address = reverse("cases:act", args=[case.id, kind])
    return address + (f"?{urlencode(wanted)}" if wanted else "")


def late_version(finding: Finding) -> str | None:
    """The number of the first version to which something came that is not public, as an address names it; or None."""
    return next((str(version.number) for version in finding.versions if version.late_words), None)


def _fields(kind: str) -> frozenset[str]:
    act: Any = ACTS[kind]  # Any: every act is a dataclass, which its base class does not say
    return frozenset(field.name for field in fields(act))


def _claim_of(version: FindingVersion, link: str | None) -> str | None:
    return next((claim.id for claim in version.claims for each in claim.links if each.id == link), None)
