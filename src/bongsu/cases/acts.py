"""All acts by their kinds, which role each needs, and their JSON form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bongsu.cases import codec
from bongsu.cases.act import Act, FindingAct
from bongsu.cases.case_acts import (
    AcceptIndicators,
    AddNote,
    AddSubject,
    ChangeHandling,
    CloseCase,
    DescribeCase,
    DismissIndicator,
    FollowUp,
    MergeCases,
    OpenCase,
    ProposeDesignation,
    Recommend,
    RecordAnswer,
    RecordImplementationReport,
    RemindRequest,
    ReopenCase,
    SendRequest,
    SetStandard,
)
from bongsu.cases.finding_acts import (
    AnswerPoint,
    Approve,
    ApproveLateWords,
    CheckLaw,
    ClaimHarmException,
    ConsiderAlternative,
    Decide,
    DeclareNoReply,
    Dissent,
    ExtendDeadline,
    GrantHarmException,
    LinkEvidence,
    ProveDelivery,
    Publish,
    PublishLateWords,
    RecordReply,
    RetitleFinding,
    ReturnToDraft,
    Review,
    SendNotice,
    SetConfidence,
    SetMeasures,
    StartCorrection,
    StartFinding,
    StrikeAlternative,
    StrikeClaim,
    SubmitForReview,
    UnlinkEvidence,
    Withdraw,
    WriteClaim,
)
from bongsu.cases.words import Role
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.errors import UsageError

__all__ = ["ACTS", "ROLES", "Act", "FindingAct", "act_from", "act_record", "may_ever"]

#: The least role that may do an act. The administrator's role is not among them: it does no casework.
ROLES: Final[Mapping[type[Act], Role]] = {
    **dict.fromkeys(
        (
            OpenCase, DescribeCase, AddSubject, AddNote, AcceptIndicators, DismissIndicator,
            SendRequest, RemindRequest, RecordAnswer, Recommend, FollowUp, RecordImplementationReport, ChangeHandling,
            StartFinding, RetitleFinding, WriteClaim, StrikeClaim, LinkEvidence, UnlinkEvidence, ConsiderAlternative,
            StrikeAlternative, SetConfidence, SetMeasures, SubmitForReview, ReturnToDraft, ProveDelivery, RecordReply,
            AnswerPoint, DeclareNoReply, ClaimHarmException, Dissent, StartCorrection,
        ),
        Role.ANALYST,
    ),
    **dict.fromkeys((Review, CheckLaw), Role.REVIEWER),
    **dict.fromkeys(
        (
            SetStandard, MergeCases, ProposeDesignation, CloseCase, ReopenCase,
            SendNotice, ExtendDeadline, GrantHarmException, Decide, Approve, Publish, Withdraw,
            ApproveLateWords, PublishLateWords,
        ),
        Role.COORDINATOR,
    ),
}  # fmt: skip

#: All acts, by kind.
ACTS: Final[Mapping[str, type[Act]]] = {kind.kind: kind for kind in sorted(ROLES, key=lambda each: each.kind)}

_RANKS: Final = (Role.READER, Role.ANALYST, Role.REVIEWER, Role.COORDINATOR)


def may_ever(role: Role, kind: type[Act]) -> bool:
    """Whether a role may do an act where the case allows it."""
    return role in _RANKS and _RANKS.index(role) >= _RANKS.index(ROLES[kind])


def act_record(act: Act) -> dict[str, JsonValue]:
    """The JSON form of an act: its kind and its fields.

    Raises:
        ValueError: a time in it is not of whole seconds.
    """
    return {"kind": act.kind, **codec.record(act)}


def act_from(record: object) -> Act:
    """An act from its JSON form.

    Args:
        record: what JSON holds; `kind` and every field that has no default, nothing else.

    Raises:
        UsageError: no known kind, a key too many or too few, a value of another type, or more in it than an act may
            hold; names the path.
    """
    codec.refuse_excess(record, "act")
    if not isinstance(record, dict) or not isinstance(record.get("kind"), str):
        raise UsageError("an act is an object with its kind", where="act")
    kind = ACTS.get(record["kind"])
    if kind is None:
        raise UsageError(f"no such act: {record['kind']!r}", where="act.kind", remedy=f"one of {', '.join(ACTS)}")
    return codec.value_of(kind, {key: value for key, value in record.items() if key != "kind"}, kind.kind)
