"""The words of casework: closed lists of what may be said, each with the sentence shown to people."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Role(StrEnum):
    """What a person may do; each role may do all that the roles before it may, save the administrator's.

    The administrator manages accounts and does no casework by that role.
    """

    READER = "reader"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class CaseKind(StrEnum):
    """What a case is kept for."""

    INQUIRY = "inquiry"
    REGISTER = "register"

    @property
    def words(self) -> str:
        """What it means."""
        return {
            "inquiry": "an inquiry into what someone did",
            "register": "a standing register of what States report; it makes no findings",
        }[self.value]


class Standard(StrEnum):
    """How sure one must be before a finding is made."""

    REASONABLE_GROUNDS = "reasonable_grounds"
    BALANCE = "balance_of_probabilities"
    CLEAR_AND_CONVINCING = "clear_and_convincing"

    @property
    def words(self) -> str:
        """What it asks for."""
        return {
            "reasonable_grounds": "reasonable grounds to believe: reliable information, consistent with other "
            "material, would lead an ordinarily prudent person to believe that it happened",
            "balance_of_probabilities": "balance of probabilities: it is more likely that it happened than that it "
            "did not",
            "clear_and_convincing": "clear and convincing: it is highly probable that it happened, and no other "
            "account is left that is substantially likely",
        }[self.value]


class Stance(StrEnum):
    """What a piece of evidence does to a claim."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    CONTEXT = "context"


class Reliability(StrEnum):
    """How reliable the source is: the letters of the Admiralty system (NATO AJP-2.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"

    @property
    def words(self) -> str:
        """The system's own words."""
        return {
            "A": "completely reliable",
            "B": "usually reliable",
            "C": "fairly reliable",
            "D": "not usually reliable",
            "E": "unreliable",
            "F": "reliability cannot be judged",
        }[self.value]


class Credibility(IntEnum):
    """How credible the information is: the figures of the Admiralty system (NATO AJP-2.1)."""

    CONFIRMED = 1
    PROBABLY_TRUE = 2
    POSSIBLY_TRUE = 3
    DOUBTFUL = 4
    IMPROBABLE = 5
    CANNOT_BE_JUDGED = 6

    @property
    def words(self) -> str:
        """The system's own words."""
        return {
            1: "confirmed by other sources",
            2: "probably true",
            3: "possibly true",
            4: "doubtful",
            5: "improbable",
            6: "truth cannot be judged",
        }[self.value]


class Confidence(StrEnum):
    """How sure the authors are of a finding, in words and not in per cent."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def words(self) -> str:
        """What it means."""
        return {
            "low": "low: the evidence is thin or the sources are of doubtful reliability; other explanations are open",
            "moderate": "moderate: the evidence is credible and fits together, and something in it could still be read "
            "otherwise",
            "high": "high: good evidence from several independent sources, and no other explanation fits it",
        }[self.value]


class Verdict(StrEnum):
    """What a reviewer says of a version, or a lawyer of its law."""

    AGREES = "agrees"
    OBJECTS = "objects"


class Outcome(StrEnum):
    """What was decided of a finding, measured by the case's standard of proof."""

    ESTABLISHED = "established"
    NOT_ESTABLISHED = "not_established"


class FindingState(StrEnum):
    """Where a version of a finding stands."""

    DRAFT = "draft"
    REVIEW = "review"
    NOTICE_SENT = "notice_sent"
    REPLY_PERIOD = "reply_period"
    DECIDED = "decided"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


#: What stands before the public, or stood: it may be corrected or withdrawn, never deleted.
MADE_PUBLIC: Final = frozenset({FindingState.PUBLISHED, FindingState.CORRECTED})
#: Between review and publication: the text is fixed, and returns to draft to be changed.
UNDER_WAY: Final = frozenset(
    {
        FindingState.REVIEW,
        FindingState.NOTICE_SENT,
        FindingState.REPLY_PERIOD,
        FindingState.DECIDED,
        FindingState.APPROVED,
    }
)


class AnswerKind(StrEnum):
    """How a request for information was answered."""

    FULL = "full"
    PARTIAL = "partial"
    REFUSED = "refused"


class FollowUpStatus(StrEnum):
    """What became of a recommendation or of a proposal to designate."""

    OPEN = "open"
    ACCEPTED = "accepted"
    PARTLY_DONE = "partly_done"
    DONE = "done"
    REJECTED = "rejected"
    NO_RESPONSE = "no_response"
