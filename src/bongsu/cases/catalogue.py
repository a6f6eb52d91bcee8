"""What may stand in the way of an act: a stable code, what is said of it, and what helps; pages translate by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Said(NamedTuple):
    """What is said of a code, with `{names}` for what differs; and the remedy."""

    text: str
    remedy: str


CATALOGUE: Final[Mapping[str, Said]] = {
    # who acts, and when
    "cannot_read_case": Said("You may not read this case.", "Ask its originator."),
    "role_too_low": Said("A {role} may not do this.", "Ask a {needed}."),
    "administrator": Said("An administrator manages accounts and does no casework.", "Ask a {needed}."),
    "clock_back": Said("It would be dated before the last act on this case, {last}.", "Set the clock right."),
    "blank": Said("{field} is empty.", "Fill it in."),
    # the case
    "no_case": Said("There is no case to do this on.", "Open one first."),
    "case_there": Said("A case is opened once.", "Open another, with a salt of its own."),
    "case_closed": Said("The case is closed.", "Open it again first."),
    "case_open": Said("The case is open.", "There is nothing to do."),
    "case_merged": Said("The case went into {other}.", "Work there."),
    "not_for_register": Said("A register makes no findings and proposes nothing.", "Do it in an inquiry."),
    "only_register": Said("What States report is kept in a register.", "Do it in the register."),
    "unknown_item": Said("There is no {what} {id} here.", "Reload the page and choose again."),
    "salt_too_short": Said("The salt is too short to hide the title.", "Give 16 random characters or more."),
    "not_originator_on_opening": Said("Your member is not an originator of what you open.", "Name it as originator."),
    "shuts_you_out": Said("You could not read it yourself.", "Name yourself, or choose a marking within yours."),
    "standard_settled": Said("A finding has left its draft under this standard.", "Return it to draft first."),
    "subject_settled": Said("A finding that has left its draft is about {name}.", "Return it to draft first."),
    "findings_open": Said("The finding “{title}” is not done.", "Publish or withdraw it first."),
    "hidden_part": Said(
        "This bears on something here that you may not read.",
        "Ask a coordinator of the originators who may read all of it.",
    ),
    "merge_not_closed": Said("{other} has not taken this case in.", "Merge this case there first."),
    "merge_itself": Said("A case cannot go into itself.", "Choose another."),
    "merge_has_findings": Said("The other case has findings of its own.", "Merge this one into that one instead."),
    "merge_leaves_out": Said(
        "Something of the other case would be left behind.", "Take all its subjects and indicators."
    ),
    "merge_unlike": Said("A register and an inquiry cannot become one.", "Keep both."),
    "merge_loosens": Said(
        "What the other case holds may not be read by all who read this one.", "Mark this one so first."
    ),
    # indicators, requests, recommendations
    "unknown_indicator": Said("There is no indicator {id}.", "Run the watch again, or correct the id."),
    "indicator_above_marking": Said(
        "The indicator {id} ({marking}) may not be read by all who read the case ({case_marking}).",
        "Mark the case so first, or open one that is marked so.",
    ),
    "indicator_there": Said("The indicator {id} is in the case already.", "There is nothing to do."),
    "indicator_dismissed": Said("{id} was dismissed before: {reason}", "Say why it is taken up again."),
    "dismissed_there": Said("The indicator {id} is dismissed already.", "There is nothing to do."),
    "day_to_come": Said("{field} is a day to come.", "Give the day it happened."),
    "day_too_early": Said("{field} is before {after}.", "Correct the day."),
    "request_done": Said("The request was answered in full.", "There is nothing to remind of."),
    "not_a_state": Said("{state} is no code of a State.", "Give ISO 3166-1 alpha-2, such as KR."),
    "not_a_resolution": Said("{resolution} is no number of a resolution.", "Give four digits, such as 2397."),
    "no_findings_named": Said("A proposal rests on findings, and none is named.", "Name one at least."),
    "finding_not_established": Said("The finding “{title}” is not decided as established.", "Decide it first."),
    # handling
    "originators_change": Said("The originators stay who they are.", "Name them as before."),
    "not_originator": Said("Only the originators loosen a handling: {originators}.", "Ask a coordinator of theirs."),
    "red_by_originator": Said("Only an originator may name the persons it is for.", "Ask a coordinator of theirs."),
    "handling_same": Said("That is the handling it has.", "There is nothing to do."),
    "already_consented": Said("Your member has consented.", "The other originators have to: {waiting}."),
    "published_stays_public": Said(
        "The finding was published.", "What was public stays public; withdraw what is wrong in it."
    ),
    # the text of a finding
    "wrong_state": Said("The finding is at “{state}”; this is done at {allowed}.", "See what comes next for it."),
    "no_claims": Said("The finding makes no claim.", "Write one at least."),
    "claim_not_a_sentence": Said("Not one sentence: “{sentence}”.", "Write one sentence that can be checked."),
    "claim_without_time": Said("It is not said when: “{sentence}”.", "Give the time, one end at least."),
    "claim_subject_unknown": Said("It is about no subject of the case: “{sentence}”.", "Add the subject to the case."),
    "claim_without_support": Said("Nothing supports “{sentence}”.", "Link evidence that does, or strike the claim."),
    "exhibit_unknown": Said("There is no exhibit {exhibit} that you may read.", "Bring it in, or correct the digest."),
    "exhibit_not_verified": Said("The exhibit {exhibit} was not hashed again yet.", "Run the scrub."),
    "exhibit_damaged": Said("The exhibit {exhibit} is missing or damaged.", "Restore it from a backup or a mirror."),
    "evidence_above_marking": Said(
        "The exhibit {exhibit} ({marking}) may not be read by all who read the text ({text_marking}).",
        "Mark the text so, ask the exhibit's originator, or unlink it.",
    ),
    "contradiction_open": Said(
        "Evidence against “{sentence}” is not dealt with.", "Weigh an explanation that answers it."
    ),
    "unknown_link": Said("{id} is no contradicting evidence here.", "Reload the page and choose again."),
    "no_alternative": Said("No other explanation was weighed.", "Weigh one at least; indicators name some."),
    "no_confidence": Said("It is not said how sure the authors are.", "Choose low, moderate or high."),
    "no_measures": Said("No measure is named.", "Name one at least, as it stood at that time."),
    "measure_not_in_force": Said("{key} was not in force so on {on}.", "Choose the measure as it stood then."),
    "measure_out_of_time": Said(
        "{key} is taken as of {on}, a day no claim speaks of.", "Take it as of a day of a claim."
    ),
    # review
    "author_reviews": Said("You wrote some of it.", "Someone who wrote none of it does this."),
    "too_few_reviews": Said("{count} of 2 reviewers who wrote none of it agree.", "Ask another reviewer."),
    "reviewer_objects": Said("{person} objects: {remarks}", "Return it to draft, or convince the reviewer."),
    "law_not_checked": Said("Nobody who wrote none of it has checked the law.", "Ask a reviewer to."),
    "law_objection": Said("{person} objects to the law: {remarks}", "Return it to draft, or convince the reviewer."),
    # the right of reply
    "concerns_nobody": Said(
        "The notice speaks of no subject of a claim, or of one the case does not have.", "Name whom it concerns."
    ),
    "deadline_too_soon": Said("The deadline is before {earliest}.", "Give {days} days at least."),
    "not_a_language": Said("{language} is no code of a language.", "Give BCP 47, such as ko or zh-Hans."),
    "claim_not_notified": Said("Nobody was told that we say “{sentence}”.", "Send a notice of it as it now reads."),
    "delivery_unproven": Said(
        "It is not proven that the notice reached {addressee}.", "Enter the proof, or try another way."
    ),
    "delivery_proven": Said("Its delivery is proven already.", "There is nothing to do."),
    "reply_time_running": Said("{addressee} may reply until {due}.", "Wait until that day is over."),
    "no_reply_not_declared": Said(
        "{addressee} has not replied, and nobody has stated it.", "State it, or enter the reply."
    ),
    "reply_there": Said("There is a reply.", "Answer its points."),
    "no_reply_declared": Said("It is stated already that none came.", "There is nothing to do."),
    "not_later": Said("That is no later than {due}.", "Give a later day."),
    "own_letter": Said(
        "{exhibit} is a notice, or the proof that one arrived: it is no reply.", "Enter what came back, as it came."
    ),
    "no_points": Said("A reply makes one point at least.", "Enter its points; “no comment” is one."),
    "point_unanswered": Said("Not answered: “{point}”.", "Answer it."),
    "judge_answers": Said("You have reviewed, decided or approved it.", "Someone who has not answers the reply."),
    "answer_settled": Said("The point was answered before the decision.", "Return the finding to draft first."),
    "exception_pending": Said(
        "An exception waits to be granted.", "Ask a coordinator who neither claimed nor wrote it."
    ),
    "no_exception": Said("No exception waits to be granted.", "Claim one first."),
    "own_exception": Said("You claimed it yourself.", "Another coordinator grants it."),
    # decision and publication
    "already_approved": Said("Your member has approved.", "Another member's coordinator may."),
    "late_words": Said(
        "What came to version {number} since it was published is not public.",
        "Coordinators approve what came later, then publish it.",
    ),
    "no_late_words": Said("Nothing came to version {number} that is not public.", "There is nothing to do."),
    "too_few_approvals": Said("{count} of {needed} members approved.", "Ask the coordinators of others."),
    "not_clear": Said(
        "The text is {marking}; what is published is TLP:CLEAR and for all.", "Loosen its handling first."
    ),
    "not_to_withdraw": Said("That version is at “{state}”.", "Only what is under way or published is withdrawn."),
}
