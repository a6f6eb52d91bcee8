"""What may be done next, as buttons: the acts a role may do on a case or finding where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from bongsu.cases.acts import ACTS, may_ever
from bongsu.cases.finding import Finding
from bongsu.cases.model import Case
from bongsu.cases.words import CaseKind, FindingState, Role
from bongsu.web.pages.cases import words


class Move(NamedTuple):
    """An act as a button: its kind, what it says, where its form is."""

    kind: str
    title: Promise
    address: str


_ALWAYS: Final = ("describe_case", "add_subject", "add_note", "accept_indicators", "dismiss_indicator")
_INQUIRY: Final = (*_ALWAYS, "start_finding", "recommend", "propose_designation", "set_standard")
_LETTERS: Final = ("send_request", "remind_request", "record_answer", "follow_up")
_END: Final = ("change_handling", "merge_cases", "close_case")

_BY_STATE: Final = {
    FindingState.DRAFT: (
        "write_claim", "link_evidence", "consider_alternative", "set_measures", "set_confidence", "retitle_finding",
        "strike_claim", "unlink_evidence", "submit_for_review",
    ),
    FindingState.REVIEW: (
        "review", "check_law", "send_notice", "claim_harm_exception", "grant_harm_exception", "decide",
    ),
    FindingState.NOTICE_SENT: ("prove_delivery", "record_reply", "extend_deadline", "review", "check_law", "decide"),
    FindingState.REPLY_PERIOD: (
        "record_reply", "answer_point", "extend_deadline", "declare_no_reply", "prove_delivery", "review", "check_law",
        "decide",
    ),
    FindingState.DECIDED: ("approve", "dissent", "publish", "record_reply", "answer_point"),
    FindingState.APPROVED: ("publish", "approve", "dissent", "record_reply", "answer_point"),
    FindingState.PUBLISHED: ("start_correction", "withdraw", "record_reply", "answer_point", "dissent"),
    FindingState.CORRECTED: (),
    FindingState.WITHDRAWN: (),
}  # fmt: skip
_UNDER_WAY: Final = frozenset(_BY_STATE) - {
    FindingState.DRAFT, FindingState.PUBLISHED, FindingState.CORRECTED, FindingState.WITHDRAWN,
}  # fmt: skip


def case_moves(case: Case, role: Role) -> list[Move]:
    """The acts on a case as a whole."""
    if not case.is_open:
        kinds: tuple[str, ...] = ("reopen_case",) + (("record_answer", "follow_up") if case.requests else ())
    elif case.kind is CaseKind.REGISTER:
        kinds = (*_ALWAYS, "record_implementation_report", *_LETTERS[:1], *_END)
    else:
        started = case.requests or case.recommendations or case.proposals
        kinds = (*_INQUIRY, *(_LETTERS if started else _LETTERS[:1]), *_END)
    return [Move(kind, words.ACTS[kind], reverse("cases:act", args=[case.id, kind])) for kind in _held(kinds, role)]


def finding_moves(case: Case, finding: Finding, role: Role) -> list[Move]:
    """The acts on a finding where its current version stands."""
    state = finding.current.state
    kinds = _BY_STATE[state] + (("return_to_draft",) if state in _UNDER_WAY else ())
    return [
        Move(kind, words.ACTS[kind], reverse("cases:act_finding", args=[case.id, finding.id, kind]))
        for kind in _held(kinds, role)
    ]


def _held(kinds: Iterable[str], role: Role) -> list[str]:
    return [kind for kind in kinds if may_ever(role, ACTS[kind])]
