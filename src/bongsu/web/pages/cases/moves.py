"""What may be done next, as buttons: the act that moves it on, those of the place it stands at, and all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.cases.acts import ACTS, may_ever
from bongsu.cases.finding import Finding
from bongsu.cases.model import Case
from bongsu.cases.words import CaseKind, FindingState, Role
from bongsu.web.pages.cases import words
from bongsu.web.pages.cases.mending import Lack


class Move(NamedTuple):
    """An act as a button: its kind, what it says, where its form is."""

    kind: str
    title: str | Promise
    address: str


class Group(NamedTuple):
    """Acts that belong together, under a heading."""

    title: Promise
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """The acts a person's role may do here.

    Args:
        first: the one that moves the case or the finding on, or None.
        near: those that are done often where it stands.
        more: all others, in groups.
    """

    first: Move | None
    near: tuple[Move, ...]
    more: tuple[Group, ...]


Address = Callable[[str], str]
Grouped = tuple[tuple[Promise, tuple[str, ...]], ...]
_ABOUT: Final = (_("About the case"), ("describe_case", "add_subject", "set_standard", "change_handling"))
_SIGNS: Final = (_("Indicators"), ("accept_indicators", "dismiss_indicator"))
_END: Final = (_("Closing"), ("merge_cases", "close_case"))
_LETTERS: Final = ("send_request", "remind_request", "record_answer")
_ADVICE: Final = ("recommend", "propose_designation", "follow_up")
_REPLY: Final = ("prove_delivery", "record_reply", "answer_point", "extend_deadline", "declare_no_reply")

# Of each state: what is done there most, and the rest in groups; what moves it on comes before both.
_BY_STATE: Final[Mapping[FindingState, tuple[tuple[str, ...], Grouped]]] = {
    FindingState.DRAFT: (
        ("write_claim", "link_evidence", "consider_alternative", "set_measures", "set_confidence"),
        ((_("The text"), ("retitle_finding", "strike_claim", "unlink_evidence", "strike_alternative")),),
    ),
    FindingState.REVIEW: (
        ("review", "check_law", "send_notice"),
        ((_("Right of reply"), ("claim_harm_exception", "grant_harm_exception")),),
    ),
    FindingState.NOTICE_SENT: (
        ("prove_delivery", "record_reply", "send_notice"),
        ((_("Review"), ("review", "check_law")), (_("Right of reply"), ("extend_deadline", "claim_harm_exception"))),
    ),
    FindingState.REPLY_PERIOD: (
        ("record_reply", "answer_point", "declare_no_reply"),
        (
            (_("Review"), ("review", "check_law")),
            (_("Right of reply"), ("extend_deadline", "prove_delivery", "send_notice")),
        ),
    ),
    FindingState.DECIDED: (("dissent",), ((_("Right of reply"), ("record_reply", "answer_point")),)),
    FindingState.APPROVED: (("approve", "dissent"), ((_("Right of reply"), ("record_reply", "answer_point")),)),
    FindingState.PUBLISHED: (
        ("start_correction", "record_reply", "answer_point"),
        ((_("What is public"), ("dissent", "withdraw")),),
    ),
    FindingState.CORRECTED: ((), ()),
    FindingState.WITHDRAWN: ((), ()),
}
_UNDER_WAY: Final = frozenset(_BY_STATE) - {
    FindingState.DRAFT, FindingState.PUBLISHED, FindingState.CORRECTED, FindingState.WITHDRAWN,
}  # fmt: skip
_BACK: Final = (_("Back"), ("return_to_draft", "withdraw"))


def case_moves(case: Case, role: Role) -> Moves:
    """The acts on a case as a whole."""

    def address(kind: str) -> str:
        return reverse("cases:act", args=[case.id, kind])

    if not case.is_open:
        later = ("record_answer",) if case.requests else ()
        follow = ("follow_up",) if case.recommendations or case.proposals else ()
        return _moves(role, address, ("reopen_case",), (*later, *follow), ())
    letters = _LETTERS if case.requests else _LETTERS[:1]
    if case.kind is CaseKind.REGISTER:
        return _moves(
            role,
            address,
            ("record_implementation_report",),
            ("add_note",),
            (_SIGNS, (_("Letters"), letters), (_ABOUT[0], ("describe_case", "add_subject", "change_handling")), _END),
        )
    advice = _ADVICE if case.recommendations or case.proposals else _ADVICE[:2]
    first = ("start_finding",) if case.subjects else ("add_subject",)
    near = ("add_subject", "send_request", "add_note") if case.subjects else ("start_finding", "add_note")
    more = (_SIGNS, (_("Letters"), letters), (_("What follows"), advice), _ABOUT, _END)
    return _moves(role, address, first, near, more)


def finding_moves(case: Case, finding: Finding, role: Role, *, lacking: Sequence[Lack], next_step: str | None) -> Moves:
    """The acts on a finding where its current version stands.

    Args:
        case: the case.
        finding: what is looked at.
        role: of the person.
        lacking: what the next step lacks: the first of it that the person can bring is the first button.
        next_step: the kind of the act that moves the finding on, or None; the first button once nothing is missing.
    """

    def address(kind: str) -> str:
        return reverse("cases:act_finding", args=[case.id, finding.id, kind])

    state = finding.current.state
    near, more = _BY_STATE[state]
    if state in _UNDER_WAY:
        more = (*more, _BACK)
    if any(version.late_words for version in finding.versions):
        more = (*more, (_("What came later"), ("approve_late_words", "publish_late_words")))
    step = () if next_step is None else (next_step,)
    mended = next((each for each in lacking if each.act is not None), None)
    if mended is not None and mended.act is not None:
        others = _moves(role, address, (), tuple(kind for kind in (*near, *step) if kind != mended.act), more)
        return replace(others, first=Move(mended.act, mended.title, mended.address))
    return _moves(role, address, () if lacking else step, (*near, *step), more)


def _moves(role: Role, address: Address, first: Iterable[str], near: Iterable[str], more: Grouped) -> Moves:
    def held(kinds: Iterable[str], known: frozenset[str] = frozenset()) -> tuple[Move, ...]:
        kept = dict.fromkeys(kind for kind in kinds if kind not in known and may_ever(role, ACTS[kind]))
        return tuple(Move(kind, words.ACTS[kind], address(kind)) for kind in kept)

    leading = held(first)
    beside = held(near, frozenset(move.kind for move in leading))
    shown = frozenset(move.kind for move in (*leading, *beside))
    groups = tuple(Group(title, moves) for title, kinds in more if (moves := held(kinds, shown)))
    return Moves(first=leading[0] if leading else None, near=beside, more=groups)
