"""What changed from one version of a finding to the next, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.cases.finding import Claim, FindingVersion
from bongsu.web.pages.cases.words import CHOICES, choice_words

_TOKEN: Final = re.compile(r"\s+|\w+|[^\w\s]")
_WHAT: Final[Mapping[str, Promise]] = {
    "title": _("Title"),
    "claim": _("Claim"),
    "evidence": _("Evidence"),
    "measure": _("Measures"),
    "confidence": _("Confidence"),
    "alternative": _("Other explanations"),
    "decision": _("Decision"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part that differs.

    Args:
        what: which part, in the language of the page.
        pieces: runs of the text in order, each with `same`, `gone` or `new`.
    """

    what: str | Promise
    pieces: tuple[tuple[str, str], ...]


def changes(before: FindingVersion, after: FindingVersion) -> tuple[Change, ...]:
    """The parts in which two versions differ; empty where their texts are the same.

    Args:
        before: the earlier version.
        after: the later one.
    """
    old, new = dict(_parts(before)), dict(_parts(after))
    keys = [*old, *(key for key in new if key not in old)]
    return tuple(
        Change(what=_WHAT[key[0]], pieces=pieces_of(old.get(key, ""), new.get(key, "")))
        for key in keys
        if old.get(key, "") != new.get(key, "")
    )


def pieces_of(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Two texts as runs of words: what both have, what is gone, what is new.

    Returns:
        Pairs of `same`, `gone` or `new` and the run. The runs that are not new make the first text, those that are not
        gone the second.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    found: list[tuple[str, str]] = []
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(old[i:j])))
            continue
        found += [(name, text) for name, text in (("gone", "".join(old[i:j])), ("new", "".join(new[k:m]))) if text]
    return tuple(found)


def _parts(version: FindingVersion) -> Iterator[tuple[tuple[str, str], str]]:
    """The text of a version, part by part, each under a name that stays the same from version to version."""
    yield ("title", ""), version.title
    for claim in version.claims:
        yield ("claim", claim.id), _claim(claim)
        for link in claim.links:
            words = (choice_words(link.stance), str(link.citation), link.quote, _noted(link.note))
            yield ("evidence", link.id), "\n".join(each for each in words if each)
    for measure in version.measures:
        yield ("measure", measure.key), f"{measure.key} {measure.on.isoformat()}"
    if version.confidence is not None:
        yield ("confidence", ""), choice_words(version.confidence)
    for alternative in version.alternatives:
        yield ("alternative", alternative.id), f"{alternative.text}\n{alternative.assessment}"
    if version.decision is not None:
        yield ("decision", ""), f"{choice_words(version.decision.outcome)}\n{version.decision.reasoning}"


def _noted(note: str | None) -> str:
    return str(CHOICES.get(note or "", note or ""))


def _claim(claim: Claim) -> str:
    when = " – ".join("…" if end is None else f"{end:%Y-%m-%d %H:%M:%S}" for end in (claim.when.low, claim.when.high))
    return "\n".join([claim.sentence, f"{when} UTC", *(str(each) for each in (claim.quantity,) if each is not None)])
