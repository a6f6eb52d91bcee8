"""The checklist of a finding: what its text, its review, the right of reply and its publication still lack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from typing import Final

from bongsu.cases.finding import Claim, EvidenceLink, Finding, FindingVersion, MeasureText, Notice, Opinion
from bongsu.cases.handling import Tlp, covers
from bongsu.cases.model import Case
from bongsu.cases.situation import Known, Missing, above, lacks, unsound
from bongsu.cases.words import FindingState, Stance, Verdict

REVIEWERS: Final = 2
_IN_REVIEW: Final = frozenset({FindingState.REVIEW, FindingState.NOTICE_SENT, FindingState.REPLY_PERIOD})
# A full stop, or its like in Chinese and Japanese, and what follows it: a small letter goes on in the same sentence.
_BEGINNING: Final = re.compile(r"[.!?]\s+([^\W\d_])|[。！？]\s*(\S)")
_ENDED: Final = re.compile(r"[.。]$")
_ABBREVIATED: Final = re.compile(r"\b(?:Co|Ltd|Inc|No|St|Mr|Ms|Dr|vs|M\.?V|M\.?T|approx|[A-Z])\.(?=\s)", re.IGNORECASE)


def next_step(version: FindingVersion) -> str | None:
    """The kind of the act that moves a version on, or None where it is at rest."""
    if version.state in _IN_REVIEW:
        return "decide"
    return {
        FindingState.DRAFT: "submit_for_review",
        FindingState.DECIDED: "approve",
        FindingState.APPROVED: "publish",
    }.get(version.state)


def outstanding(case: Case, finding_id: str, *, on: date, known: Known) -> tuple[Missing, ...]:
    """All that a finding's current version still lacks for its next step; the same list for everyone.

    Args:
        case: the case.
        finding_id: the finding.
        on: the day.
        known: what was looked up.

    Returns:
        For a draft what review asks for; from review to decision all that the decision asks for; after it what
        publication asks for; of what is published replies not yet answered, then that what came late is not public.
        Empty where nothing is missing.
    """
    finding = case.finding(finding_id)
    if finding is None:
        return (lacks("unknown_item", finding_id, what="finding", id=finding_id),)
    version = finding.current
    if version.state is FindingState.DRAFT:
        return tuple(text_gaps(case, finding, version, known))
    if version.state in _IN_REVIEW:
        return tuple(decision_gaps(case, finding, version, on, known))
    if version.state in {FindingState.DECIDED, FindingState.APPROVED}:
        return tuple(publication_gaps(case, finding, version, on, known))
    return tuple(missing for each in finding.versions for missing in _since(finding, each))


def _since(finding: Finding, version: FindingVersion) -> Iterator[Missing]:
    """What a version lacks of what came to it since it was published."""
    open_points = tuple(unanswered(version))
    yield from open_points
    if version.late_words and not open_points:
        yield lacks("late_words", finding.id, number=version.number)


def text_gaps(case: Case, finding: Finding, version: FindingVersion, known: Known) -> Iterator[Missing]:
    """What the text lacks before people review it, and still when they have."""
    if not version.claims:
        yield lacks("no_claims", finding.id)
    answered = frozenset[str]().union(*(each.answers for each in version.alternatives))
    for claim in version.claims:
        yield from _claim(case, claim)
        for link in claim.links:
            yield from _link(finding, claim, link, answered, known)
    if not version.alternatives:
        yield lacks("no_alternative", finding.id)
    if version.confidence is None:
        yield lacks("no_confidence", finding.id)
    if not version.measures:
        yield lacks("no_measures", finding.id)
    for measure in version.measures:
        yield from measure_gaps(measure, finding.id, known)
        if version.claims and not any(_speaks_of(claim, measure.on) for claim in version.claims):
            yield lacks("measure_out_of_time", finding.id, key=measure.key, on=measure.on)


def measure_gaps(measure: MeasureText, where: str, known: Known) -> Iterator[Missing]:
    """Whether a measure stood so on its day."""
    if measure not in known.measures:
        yield lacks("measure_not_in_force", where, key=measure.key, on=measure.on)


def review_gaps(finding: Finding, version: FindingVersion) -> Iterator[Missing]:
    """What the review lacks: two who wrote none of it and agree, none who objects, the law checked."""
    outside = [opinion for opinion in version.reviews if opinion.mark.by not in version.authors]
    agreeing = sum(opinion.verdict is Verdict.AGREES for opinion in outside)
    if agreeing < REVIEWERS:
        yield lacks("too_few_reviews", finding.id, count=agreeing)
    for opinion in version.reviews:
        yield from _objection("reviewer_objects", finding, opinion)
    if version.law_check is None or version.law_check.mark.by in version.authors:
        yield lacks("law_not_checked", finding.id)
    else:
        yield from _objection("law_objection", finding, version.law_check)


def reply_gaps(case: Case, version: FindingVersion, on: date, known: Known) -> Iterator[Missing]:
    """What the right of reply lacks: every claim told as it reads, delivered, and answered or waited for."""
    exception = version.harm_exception
    for claim in untold(case, version):
        if exception is None or not exception.covers(claim, case.subject(claim.subject), version.title):
            yield lacks("claim_not_notified", claim.id, sentence=claim.sentence)
    yield from hearing_gaps(case, version, on, known)


def hearing_gaps(case: Case, version: FindingVersion, on: date, known: Known) -> Iterator[Missing]:
    """What the notices of what is now claimed lack: their arrival, the time they give, answers to what was replied."""
    for notice in version.notices:
        if any(notice.tells(claim, case.subject(claim.subject), version.title) for claim in version.claims):
            yield from _notice(version, notice, on, known)
    yield from unanswered(version)


def untold(case: Case, version: FindingVersion) -> tuple[Claim, ...]:
    """The claims that no notice tells: as they now read, of their subjects as these are now written."""
    return tuple(
        claim
        for claim in version.claims
        if not any(notice.tells(claim, case.subject(claim.subject), version.title) for notice in version.notices)
    )


def decision_gaps(case: Case, finding: Finding, version: FindingVersion, on: date, known: Known) -> Iterator[Missing]:
    """All that a decision asks for."""
    yield from text_gaps(case, finding, version, known)
    yield from review_gaps(finding, version)
    yield from reply_gaps(case, version, on, known)


def publication_gaps(
    case: Case, finding: Finding, version: FindingVersion, on: date, known: Known
) -> Iterator[Missing]:
    """All that publication asks for, after the decision."""
    yield from text_gaps(case, finding, version, known)
    yield from hearing_gaps(case, version, on, known)
    count = len(version.approving_members)
    if count < known.approvals_needed:
        yield lacks("too_few_approvals", finding.id, count=count, needed=known.approvals_needed)
    handling = finding.handling
    unlimited = handling.releasable_to is None and not handling.purposes and handling.expires_on is None
    if handling.tlp is not Tlp.CLEAR or not unlimited:
        yield lacks("not_clear", finding.id, marking=handling.tlp.label)


def unanswered(version: FindingVersion) -> Iterator[Missing]:
    """Points of replies that nobody has answered."""
    for reply in version.replies:
        for point in reply.points:
            if point.answer is None:
                yield lacks("point_unanswered", point.id, point=point.text)


def waiting_until(notice: Notice, known: Known) -> date:
    """The last day on which a reply to a notice is waited for: its deadline, and the least days since it arrived."""
    if notice.delivery is None:
        return notice.due
    return max(notice.due, notice.delivery.delivered_on + timedelta(days=known.least_reply_days))


def _notice(version: FindingVersion, notice: Notice, on: date, known: Known) -> Iterator[Missing]:
    replies = version.replies_to(notice.id)
    if notice.no_reply is not None or any(reply.final for reply in replies):
        return
    if notice.delivery is None and not replies:
        yield lacks("delivery_unproven", notice.id, addressee=notice.addressee)
    elif on <= waiting_until(notice, known):
        yield lacks("reply_time_running", notice.id, addressee=notice.addressee, due=waiting_until(notice, known))
    elif not replies:
        yield lacks("no_reply_not_declared", notice.id, addressee=notice.addressee)


def _objection(code: str, finding: Finding, opinion: Opinion) -> Iterator[Missing]:
    if opinion.verdict is Verdict.OBJECTS:
        yield lacks(code, finding.id, person=opinion.mark.by, remarks=opinion.remarks)


def _claim(case: Case, claim: Claim) -> Iterator[Missing]:
    if not is_one_sentence(claim.sentence):
        yield lacks("claim_not_a_sentence", claim.id, sentence=claim.sentence)
    if claim.when.low is None and claim.when.high is None:
        yield lacks("claim_without_time", claim.id, sentence=claim.sentence)
    if case.subject(claim.subject) is None:
        yield lacks("claim_subject_unknown", claim.id, sentence=claim.sentence)
    if not any(link.stance is Stance.SUPPORTS for link in claim.links):
        yield lacks("claim_without_support", claim.id, sentence=claim.sentence)


def _link(
    finding: Finding, claim: Claim, link: EvidenceLink, answered: frozenset[str], known: Known
) -> Iterator[Missing]:
    digest = link.citation.exhibit
    exhibit = known.exhibits.get(digest)
    if exhibit is None:
        yield lacks("exhibit_unknown", link.id, exhibit=digest[:12])
    else:
        yield from unsound(digest, exhibit, link.id)
        if not covers(finding.handling, exhibit.handling):
            yield above(digest, exhibit, link.id, finding.handling)
    if link.stance is Stance.CONTRADICTS and link.id not in answered:
        yield lacks("contradiction_open", link.id, sentence=claim.sentence)


def is_one_sentence(text: str) -> bool:
    """Whether a text is one sentence: it ends with a full stop, and none begins after another one."""
    line = text.strip()
    beginnings = (found[1] or found[2] for found in _BEGINNING.finditer(_ABBREVIATED.sub(" ", line)))
    return bool(_ENDED.search(line)) and "\n" not in line and all(letter.islower() for letter in beginnings)


def _speaks_of(claim: Claim, on: date) -> bool:
    low, high = (None if end is None else end.astimezone(UTC).date() for end in (claim.when.low, claim.when.high))
    return (low is None or low <= on) and (high is None or on <= high)
