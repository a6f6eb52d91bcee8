"""Ruling on a pair that waits: into the log of judgements, as `bongsu register judge` does, and into the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bongsu.cases.words import Role
from bongsu.cycle.resolution import judgement_log
from bongsu.kernel.errors import UsageError
from bongsu.lists.judgements import Judgement, ruling
from bongsu.web.accounts.models import Person
from bongsu.web.record import journal
from bongsu.web.record.register import Register, registers

JUDGES: Final = frozenset({Role.REVIEWER, Role.COORDINATOR})
LEAST_REASON: Final = 10  # letters


def judge_pair(
    register: Register, store: str, person: Person, pair: tuple[str, str], verdict: str, why: str, at: datetime
) -> Judgement:
    """Rule on two listings.

    Args:
        register: in which the pair waits.
        store: whose log it goes to.
        person: who rules, with a role of `JUDGES`.
        pair: the listings.
        verdict: same, different or unsure.
        why: the reason, in words.
        at: when.

    Raises:
        UsageError: the pair does not wait for people, no verdict, or too short a reason.
    """
    if all(each.proposal.pair != pair for each in register.joined.resolution.review):
        raise UsageError("this pair does not wait for a ruling any more", remedy="load the page again")
    if len(why.strip()) < LEAST_REASON:
        raise UsageError("a ruling says why", remedy="give the reason in a sentence")
    entry = ruling(*pair, verdict, by=person.username, why=why, at=at)
    with journal.writing():
        placed = judgement_log(store).append(entry)
        journal.append(
            "register.judged",
            by=person.username,
            subject=placed.id,
            body={"left": placed.left, "right": placed.right, "verdict": placed.verdict, "why": placed.why},
        )
    registers().begin()
    return placed
