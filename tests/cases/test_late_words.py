"""What comes to a finding after it was published: public once it was approved as a publication is."""

from __future__ import annotations

from dataclasses import replace

from bongsu.cases.case_acts import CloseCase
from bongsu.cases.finding_acts import AnswerPoint, ApproveLateWords, Dissent, PublishLateWords, Withdraw
from bongsu.cases.published import published
from bongsu.cases.rules import outstanding
from bongsu.sandbox.casework import Desk, led_to, reply


def _answered(desk: Desk) -> None:
    points = [point for each in desk.version.replies for point in each.points if point.answer is None]
    for point in points:
        desk.do(AnswerPoint(finding=desk.finding.id, point=point.id, text="The bill says otherwise."), "ann")


def _public_words(desk: Desk) -> tuple[str, ...]:
    """What others said that is public of the first version."""
    public = published(desk.open, desk.finding)
    assert public is not None
    version = public.versions[0]
    points = [point for each in version.notices for one in each.replies for point in one.points]
    return (
        *(text for point in points for text in (point.text, point.answer) if text),
        *(e.text for e in version.dissents),
    )


def test_what_comes_after_the_publication_is_public_once_enough_members_have_approved_it() -> None:
    desk = led_to("published")
    finding, day = desk.finding.id, desk.at.date()
    approve, release = ApproveLateWords(finding=finding, version=1), PublishLateWords(finding=finding, version=1)
    assert desk.codes(approve, "cora") == {"no_late_words"}
    desk.do(reply(desk, "We sold nothing."), "ann")
    assert desk.codes(approve, "cora") == {"point_unanswered"}
    _answered(desk)
    desk.do(Dissent(finding=finding, text="One bill is not enough."), "rob")
    assert _public_words(desk) == ()
    public = published(desk.open, desk.finding)
    assert public is not None
    assert public.newest.waiting == (day,)
    lacking = outstanding(desk.open, finding, on=desk.at.date(), known=desk.known)
    assert [each.code for each in lacking] == ["late_words"]
    assert desk.codes(approve, "rae") == {"role_too_low"}
    desk.do(approve, "cora")
    assert desk.codes(approve, "cora") == {"already_approved"}
    assert desk.codes(release, "cora") == {"too_few_approvals"}
    desk.do(approve, "cyd")
    assert _public_words(desk) == ()
    desk.do(release, "cora")
    assert _public_words(desk) == ("We sold nothing.", "The bill says otherwise.", "One bill is not enough.")
    assert outstanding(desk.open, finding, on=desk.at.date(), known=desk.known) == ()
    assert desk.codes(release, "cora") == {"no_late_words", "too_few_approvals"}


def test_of_a_row_that_an_earlier_release_kept_what_was_public_stays_and_what_comes_is_late() -> None:
    desk = led_to("decided")
    desk.do(Dissent(finding=desk.finding.id, text="One bill is not enough."), "rob")
    led_to("published", after="decided", desk=desk)
    kept = replace(desk.version, published_words=None)
    desk.case = replace(desk.open, findings=(replace(desk.finding, versions=(kept,)),))
    desk.do(Dissent(finding=desk.finding.id, text="Something else."), "rob")
    assert _public_words(desk) == ("One bill is not enough.",)


def test_what_is_approved_is_what_was_there_then() -> None:
    desk = led_to("published")
    finding = desk.finding.id
    desk.do(Dissent(finding=finding, text="One bill is not enough."), "rob")
    for by in ("cora", "cyd"):
        desk.do(ApproveLateWords(finding=finding, version=1), by)
    desk.do(Dissent(finding=finding, text="Something else."), "rob")
    assert desk.codes(PublishLateWords(finding=finding, version=1), "cora") == {"too_few_approvals"}


def test_nobody_approves_an_answer_of_their_own() -> None:
    desk = led_to("published")
    desk.do(reply(desk), "ann")
    point = desk.version.replies[0].points[0].id
    desk.do(AnswerPoint(finding=desk.finding.id, point=point, text="The bill says otherwise."), "cal")
    assert desk.codes(ApproveLateWords(finding=desk.finding.id, version=1), "cal") == {"author_reviews"}


def test_late_words_of_a_withdrawn_version_of_a_closed_case_are_published_too() -> None:
    desk = led_to("published")
    desk.do(Withdraw(finding=desk.finding.id, version=1, reason="the bill was false"), "cora")
    desk.do(CloseCase(reason="done"), "cora")
    desk.do(reply(desk, "So we said."), "ann")
    _answered(desk)
    assert _public_words(desk) == ()
    for by in ("cora", "cyd"):
        desk.do(ApproveLateWords(finding=desk.finding.id, version=1), by)
    desk.do(PublishLateWords(finding=desk.finding.id, version=1), "cora")
    assert _public_words(desk) == ("So we said.", "The bill says otherwise.")
