"""The part of a case that a reader may read: what is told of it names nothing of the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from bongsu.cases.acts import ACTS, FindingAct
from bongsu.cases.case_acts import AcceptIndicators, ChangeHandling, DismissIndicator, OpenCase
from bongsu.cases.finding import EvidenceLink, Finding
from bongsu.cases.finding_acts import StartFinding
from bongsu.cases.handling import Reader, may_read
from bongsu.cases.model import Case, Closing, made_id

T = TypeVar("T")
#: Why a case is closed that went into another. Why the two are one is for those who may read the other.
TAKEN: Final = "Taken into another case."
#: What stands in the place of the words of an exhibit, and of what is said of them, where a reader may not read it.
WITHHELD: Final = "Withheld: these words are of an exhibit that you may not read."


def with_findings(case: Case, findings: Collection[str]) -> Case:
    """A case with some of its findings alone; what follows from the others stays, without naming them."""
    kept = frozenset(findings)
    return replace(
        case,
        findings=tuple(each for each in case.findings if each.id in kept),
        recommendations=tuple(
            each if each.finding in kept else replace(each, finding=None) for each in case.recommendations
        ),
        proposals=tuple(replace(each, findings=each.findings & kept) for each in case.proposals),
    )


def cited(case: Case) -> frozenset[str]:
    """The digests of the exhibits that any version of any finding of a case cites."""
    versions = (version for finding in case.findings for version in finding.versions)
    return frozenset(link.citation.exhibit for version in versions for link in version.links)


def withheld(link: EvidenceLink, hidden_exhibits: Collection[str]) -> EvidenceLink:
    """An evidence link as a reader may know it: of an exhibit that is hidden it has no words, nor what is said of them.

    Args:
        link: as it was written.
        hidden_exhibits: digests of the exhibits that the reader may not read.
    """
    if link.citation.exhibit not in hidden_exhibits or (link.quote is None and link.note is None):
        return link
    return replace(link, quote=None, note=WITHHELD)


def readable_part(
    case: Case,
    reader: Reader,
    on: date,
    *,
    hidden_indicators: Collection[str],
    hidden_exhibits: Collection[str],
    readable_cases: Collection[str],
) -> Case:
    """A case as its reader may know it; `acts` and `last_at` are still those of the whole.

    Args:
        case: one that the reader may read.
        reader: who reads.
        on: the day.
        hidden_indicators: ids of the indicators that the reader may not read, of those the case names.
        hidden_exhibits: digests of the exhibits that the reader may not read, of those the findings cite.
        readable_cases: ids of the cases that the reader may read, of those the case names.
    """
    part = with_findings(case, {each.id for each in case.findings if may_read(reader, each.handling, on)})
    return replace(
        part,
        findings=tuple(_with_words(each, hidden_exhibits) for each in part.findings)
        if hidden_exhibits
        else part.findings,
        indicators=tuple(each for each in part.indicators if each not in hidden_indicators),
        dismissed=tuple(each for each in part.dismissed if each.indicator not in hidden_indicators),
        merged=tuple(each for each in part.merged if each in readable_cases),
        closing=None if part.closing is None else _closing(part.closing, readable_cases),
    )


def _with_words(finding: Finding, hidden_exhibits: Collection[str]) -> Finding:
    return replace(
        finding,
        versions=tuple(
            replace(
                version,
                claims=tuple(
                    replace(claim, links=tuple(withheld(link, hidden_exhibits) for link in claim.links))
                    for claim in version.claims
                ),
            )
            for version in finding.versions
        ),
    )


def _closing(closing: Closing, readable_cases: Collection[str]) -> Closing:
    if closing.merged_into is None or closing.merged_into in readable_cases:
        return closing
    return replace(closing, merged_into=None, reason=TAKEN)


def told(part: Case, entries: Iterable[tuple[T, str, Mapping[str, object]]]) -> Iterator[T]:
    """Of all entries on a case those that a reader may know of.

    Args:
        part: the case as the reader may know it.
        entries: all on the whole case, in the order of the journal: what is handed back, the kind, and of an act the
            fields `finding`, `indicator` and `indicators`.
    """
    findings = frozenset(each.id for each in part.findings)
    indicators = frozenset(part.indicators) | {each.indicator for each in part.dismissed}
    acts = again = 0  # `again`: as `acts`, begun anew where the case was opened a second time, see `cases.replay`
    for entry, kind, act in entries:
        finding = act.get("finding")
        if kind == StartFinding.kind:
            # It does not name what it starts: the id is made from the number of acts before.
            either = [made_id([part.id, number, 0]) for number in (acts, again)]
            finding = next((each for each in either if each in findings), either[0])
        named = act.get("indicators") if kind == AcceptIndicators.kind else [act.get("indicator")]
        on_hidden_finding = _is_on_finding(kind) and finding is not None and finding not in findings
        on_hidden_indicators = kind in _ON_INDICATORS and isinstance(named, list) and indicators.isdisjoint(named)
        if not (on_hidden_finding or on_hidden_indicators):
            yield entry
        if kind == OpenCase.kind:
            acts, again = acts or 1, 1
        else:
            acts, again = acts + (kind in ACTS), again + (kind in ACTS)


_ON_INDICATORS: Final = frozenset({AcceptIndicators.kind, DismissIndicator.kind})


def _is_on_finding(kind: str) -> bool:
    return kind in {StartFinding.kind, ChangeHandling.kind} or issubclass(ACTS.get(kind, object), FindingAct)
