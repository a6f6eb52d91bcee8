"""The words of casework on the pages: acts, fields, states, and what is missing, each translated."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bongsu.cases.catalogue import CATALOGUE
from bongsu.cases.readable import TAKEN, WITHHELD
from bongsu.cases.situation import Missing

#: What a button that begins an act says.
ACTS: Final[Mapping[str, Promise]] = {
    "open_case": _("Open a case"),
    "describe_case": _("Change title and summary"),
    "set_standard": _("Change the standard of proof"),
    "add_subject": _("Add a subject"),
    "add_note": _("Leave a note"),
    "accept_indicators": _("Take indicators in"),
    "dismiss_indicator": _("Dismiss an indicator"),
    "merge_cases": _("Take another case in"),
    "send_request": _("Send a request for information"),
    "remind_request": _("Send a reminder"),
    "record_answer": _("Record an answer"),
    "recommend": _("Recommend"),
    "propose_designation": _("Propose a designation"),
    "follow_up": _("Follow up"),
    "record_implementation_report": _("Record an implementation report"),
    "change_handling": _("Change the handling"),
    "close_case": _("Close the case"),
    "reopen_case": _("Open the case again"),
    "start_finding": _("Start a finding"),
    "retitle_finding": _("Change the title"),
    "write_claim": _("Write a claim"),
    "strike_claim": _("Strike a claim"),
    "link_evidence": _("Link evidence"),
    "unlink_evidence": _("Take evidence away"),
    "consider_alternative": _("Weigh another explanation"),
    "strike_alternative": _("Take an explanation back"),
    "set_confidence": _("Set the confidence"),
    "set_measures": _("Name the measures"),
    "submit_for_review": _("Submit for review"),
    "review": _("Review"),
    "check_law": _("Check the law"),
    "return_to_draft": _("Return to draft"),
    "send_notice": _("Send a notice"),
    "prove_delivery": _("Prove delivery"),
    "extend_deadline": _("Extend the deadline"),
    "record_reply": _("Record a reply"),
    "answer_point": _("Answer a point"),
    "declare_no_reply": _("State that no reply came"),
    "claim_harm_exception": _("Ask for a harm exception"),
    "grant_harm_exception": _("Grant the harm exception"),
    "decide": _("Decide"),
    "dissent": _("Dissent"),
    "approve": _("Approve"),
    "publish": _("Publish"),
    "approve_late_words": _("Approve what came later"),
    "publish_late_words": _("Publish what came later"),
    "start_correction": _("Start a correction"),
    "withdraw": _("Withdraw"),
}

#: The labels of the fields of acts.
FIELDS: Final[Mapping[str, Promise]] = {
    "title": _("Title"),
    "summary": _("Summary"),
    "standard": _("Standard of proof"),
    "case_kind": _("Kind of case"),
    "reason": _("Reason"),
    "text": _("Text"),
    "indicators": _("Indicators"),
    "indicator": _("Indicator"),
    "subject": _("Subject"),
    "other": _("The other case"),
    "merged_into": _("The case it went into"),
    "addressee": _("To whom"),
    "question": _("Question"),
    "due": _("Answer asked for by"),
    "exhibit": _("Exhibit (SHA-256)"),
    "request": _("Request"),
    "received_on": _("Received on"),
    "answer_kind": _("How it was answered"),
    "finding": _("Finding"),
    "findings": _("Findings it rests on"),
    "statement_of_case": _("Statement of case"),
    "item": _("Recommendation or proposal"),
    "status": _("Status"),
    "note": _("Note"),
    "state": _("State (ISO 3166-1 alpha-2)"),
    "resolution": _("Resolution"),
    "claim": _("Claim"),
    "sentence": _("Sentence"),
    "act": _("What was done"),
    "object": _("To or with what"),
    "stance": _("What it does to the claim"),
    "reliability": _("Reliability of the source"),
    "credibility": _("Credibility of the information"),
    "quote": _("Its words"),
    "link": _("Evidence"),
    "assessment": _("What speaks for and against it"),
    "alternative": _("Explanation"),
    "answers": _("Contradicting evidence it deals with"),
    "confidence": _("Confidence"),
    "verdict": _("Verdict"),
    "remarks": _("Remarks"),
    "concerns": _("Whom it is about"),
    "language": _("Language of the notice"),
    "alleges": _("What is alleged"),
    "how_to_answer": _("How to answer"),
    "deadline": _("Last day for a reply"),
    "notice": _("Notice"),
    "delivered_on": _("Delivered on"),
    "until": _("New last day"),
    "points": _("Points of the reply"),
    "final": _("Do they say that this is all?"),
    "point": _("Point"),
    "outcome": _("Outcome"),
    "reasoning": _("Reasoning"),
    "version": _("Version"),
    "citation": _("Place cited"),
}

#: What helps to fill a field in.
HINTS: Final[Mapping[str, Promise]] = {
    "sentence": _("One sentence that can be checked: who did what, to what, when, where, how much."),
    "act": _("A verb, such as: transferred, called at, sold."),
    "language": _("Such as ko, en, zh, ru (BCP 47)."),
    "exhibit": _("The digest its page shows; add the file under Exhibits first."),
    "final": _("Yes, where their reply says so; else what they may still send is waited for until the last day."),
    "state": _("Two letters, such as KR."),
    "resolution": _("Four digits, such as 2397."),
}

#: The states of a finding, and what else is chosen from.
CHOICES: Final[Mapping[str, Promise]] = {
    "no finding": _("no finding yet"),
    "draft": _("draft"),
    "review": _("in review"),
    "notice_sent": _("notice sent"),
    "reply_period": _("reply period"),
    "decided": _("decided"),
    "approved": _("approved"),
    "published": _("published"),
    "corrected": _("corrected"),
    "withdrawn": _("withdrawn"),
    "supports": _("supports it"),
    "contradicts": _("contradicts it"),
    "context": _("context"),
    "agrees": _("agrees"),
    "objects": _("objects"),
    "established": _("established"),
    "not_established": _("not established"),
    "full": _("in full"),
    "partial": _("in part"),
    "refused": _("refused"),
    "open": _("open"),
    "accepted": _("accepted"),
    "partly_done": _("partly done"),
    "done": _("done"),
    "rejected": _("rejected"),
    "no_response": _("no response"),
    "inquiry": _("inquiry"),
    "register": _("register"),
    "reasonable_grounds": _("reasonable grounds"),
    "balance_of_probabilities": _("balance of probabilities"),
    "clear_and_convincing": _("clear and convincing"),
    "low": _("low"),
    "moderate": _("moderate"),
    "high": _("high"),
    TAKEN: _("Taken into another case."),
    WITHHELD: _("Withheld: these words are of an exhibit that you may not read."),
}


#: The roles, as a sentence names them.
ROLES: Final[Mapping[str, Promise]] = {
    "reader": _("reader"),
    "analyst": _("analyst"),
    "reviewer": _("reviewer"),
    "coordinator": _("coordinator"),
    "administrator": _("administrator"),
}


def choice_words(each: Enum) -> str:
    """What is shown for one of a closed list: its sentence where it has one, else its name, translated."""
    sentence = getattr(each, "words", None)
    if isinstance(sentence, str):
        shown = gettext(sentence)
        return f"{each.value}: {shown}" if len(str(each.value)) == 1 else shown
    value = str(each.value)
    return str(CHOICES.get(value, value))


def _value(name: str, value: str) -> str:
    """What differs in a sentence, in the language of the page where it is one of our own words."""
    if name in {"role", "needed"} and value in ROLES:
        return str(ROLES[value])
    if name in {"field", "what"}:
        return str(FIELDS.get(value, value))
    if name in {"state", "allowed"}:
        return ", ".join(str(CHOICES.get(each, each)) for each in value.split(", "))
    return value


def said(missing: Missing) -> dict[str, str | None]:
    """What is missing, and what helps, in the language of the page."""
    words = CATALOGUE[missing.code]
    values = {name: _value(name, value) for name, value in missing.values}
    return {
        "text": gettext(words.text).format(**values),
        "remedy": gettext(words.remedy).format(**values),
        "where": missing.where,
        "code": missing.code,
    }
