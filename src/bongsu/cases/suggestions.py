"""Suggestions: which new indicators belong together, and into which case, for people to accept or dismiss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from bongsu.cases.model import Case, CaseSubject, Dismissal, made_id
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import UsageError
from bongsu.kernel.indicator import Indicator
from bongsu.kernel.interval import Interval

#: Signs of one story about one subject that lie no further apart are one suggestion; judgement: a voyage and back.
APART: Final = timedelta(days=30)
_EVER: Final = datetime(1, 1, 1, tzinfo=UTC)
_FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What grouping needs of an indicator.

    Args:
        id: the indicator's id, a content hash.
        detector: such as `sea.encounter`.
        subject: whom it is about.
        when: the time it covers.
        measures: keys of the measures that bear.
        score: 0 to 1.
        sandbox: whether any input is invented.
    """

    id: str
    detector: str
    subject: CaseSubject
    when: Interval[datetime]
    measures: frozenset[str]
    score: float
    sandbox: bool

    @classmethod
    def of(cls, indicator: Indicator) -> Self:
        """What grouping needs of an indicator; other identifiers of its subject are the caller's to add."""
        subject = indicator.subject
        return cls(
            id=indicator.id,
            detector=indicator.detector,
            subject=CaseSubject(id=subject.id, schema=subject.schema, name=subject.name),
            when=indicator.when,
            measures=frozenset(indicator.measures),
            score=indicator.score,
            sandbox=indicator.sandbox,
        )

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Self:
        """What grouping needs, from the JSON form of an indicator.

        Raises:
            UsageError: not such a form.
        """
        match record:
            case {
                "id": str(id_),
                "detector": str(detector),
                "subject": {"id": str(subject), "schema": str(schema), "name": str(name)},
                "when": {"from": low, "to": high},
                "measures": [*measures],
                "score": float() | int() as score,
                "sandbox": bool(sandbox),
            }:
                return cls(
                    id=id_,
                    detector=detector,
                    subject=CaseSubject(id=subject, schema=schema, name=name),
                    when=Interval(_moment(low), _moment(high)),
                    measures=frozenset(map(str, measures)),
                    score=float(score),
                    sandbox=sandbox,
                )
        raise UsageError("not an indicator as `Indicator.record` writes it", where=str(record.get("id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Indicators that may be one matter.

    Args:
        id: made from the indicators: the same ones make the same suggestion.
        story: what kind of matter, such as `sea`.
        subjects: whom they are about, by id; several ids that mean the same one.
        indicators: their ids, by time.
        when: from the first to the last.
        measures: all that bear, sorted.
        score: of the strongest.
        for_case: the id of an open case about the same subject, or None: a new case.
        dismissed: earlier dismissals about the same subject, oldest first; their reasons are shown.
        sandbox: whether any input is invented.
    """

    id: str
    story: str
    subjects: tuple[CaseSubject, ...]
    indicators: tuple[str, ...]
    when: Interval[datetime]
    measures: tuple[str, ...]
    score: float
    for_case: str | None
    dismissed: tuple[Dismissal, ...]
    sandbox: bool


def suggested(
    signs: Iterable[Sign],
    dismissed: Iterable[Dismissal],
    cases: Iterable[Case],
    *,
    stories: Mapping[str, str] | None = None,
    apart: timedelta = APART,
) -> tuple[Suggestion, ...]:
    """What people should look at: the indicators that no case has and nobody dismissed, in groups.

    Two belong together when they are about the same subject (by its id or an identifier), tell the same story, and lie
    near each other in time. Asked again, it answers the same; what went into a case or was dismissed does not come
    back. An indicator of other content about the same subject does, and names what was dismissed before, and why.

    Args:
        signs: all there are; their order is nothing.
        dismissed: what was put aside outside the given cases.
        cases: those the one who asks may read, open or closed.
        stories: which story a detector tells, where it is not that of its desk (the name before the dot).
        apart: how far two may lie apart in time.

    Returns:
        The strongest first; of equal strength the newest, then by id.
    """
    cases = tuple(cases)
    all_signs = {sign.id: sign for sign in signs}
    put_aside = tuple(
        _about(each, all_signs) for each in (*dismissed, *(each for case in cases for each in case.dismissed))
    )
    done = {each.indicator for each in put_aside} | {each for case in cases for each in case.indicators}
    new = [sign for sign in all_signs.values() if sign.id not in done]
    return tuple(with_cases(grouped(new, stories=stories, apart=apart), put_aside, _open_cases(cases)))


def grouped(
    signs: Iterable[Sign], *, stories: Mapping[str, str] | None = None, apart: timedelta = APART
) -> tuple[Suggestion, ...]:
    """The suggestions of signs that no case has and nobody dismissed, as `suggested` says; `with_cases` adds the rest.

    Args:
        signs: each once.
        stories: as `suggested` takes them.
        apart: as `suggested` takes it.

    Returns:
        The strongest first; of equal strength the newest, then by id. None is for a case, or names what was dismissed.
    """
    found = [
        _suggestion(group, story)
        for about in _by_subject(sorted(signs, key=_begin))
        for story, told in _by_story(about, stories or {}).items()
        for group in _by_time(told, apart)
    ]
    return tuple(sorted(found, key=lambda each: (-each.score, -(each.when.low or _EVER).timestamp(), each.id)))


def with_cases(
    suggestions: Iterable[Suggestion],
    dismissed: Iterable[Dismissal],
    open_cases: Mapping[str, tuple[datetime, str]],
) -> list[Suggestion]:
    """Suggestions with the open case about the same subject, and with what was dismissed before.

    Args:
        suggestions: as `grouped` gives them.
        dismissed: what was put aside about their subjects; one that does not name its subject is that of none.
        open_cases: by each name of a subject, when the open case about it was worked on last, and its id.
    """
    put_aside: dict[str, list[Dismissal]] = {}
    for each in dismissed:
        put_aside.setdefault(each.subject or "", []).append(each)
    found = []
    for suggestion in suggestions:
        names = frozenset[str]().union(*map(_names, suggestion.subjects))
        before = [each for name in sorted(names) for each in put_aside.get(name, ())]
        _, case = max((open_cases[name] for name in names if name in open_cases), default=(None, None))
        in_order = sorted(before, key=lambda each: (each.mark.at, each.indicator))
        found.append(replace(suggestion, for_case=case, dismissed=tuple(dict.fromkeys(in_order))))
    return found


def known_as(sign: Sign, identifiers: Iterable[str]) -> Sign:
    """A sign whose subject has more identifiers, such as a register or an identity history knows."""
    subject = replace(sign.subject, identifiers=sign.subject.identifiers | frozenset(identifiers))
    return replace(sign, subject=subject)


def _about(dismissal: Dismissal, signs: Mapping[str, Sign]) -> Dismissal:
    """A dismissal with its subject, where the sign says it and the dismissal does not."""
    sign = signs.get(dismissal.indicator)
    return dismissal if dismissal.subject or sign is None else replace(dismissal, subject=sign.subject.id)


def _moment(written: object) -> datetime | None:
    if written is None or isinstance(written, str):
        return None if written is None else instant(written)
    raise UsageError("not a time", where="when")


def _begin(sign: Sign) -> tuple[datetime, str]:
    return sign.when.low or _EVER, sign.id


def _names(subject: CaseSubject) -> frozenset[str]:
    return subject.identifiers | {subject.id}


def _by_subject(signs: Sequence[Sign]) -> Iterator[list[Sign]]:
    """Signs whose subjects share a name with each other, directly or through others."""
    joined: dict[str, str] = {}  # from each name towards the one that stands for its group
    for sign in signs:
        first, *others = sorted(_names(sign.subject))
        for other in others:
            joined[_root(joined, other)] = _root(joined, first)
    groups: dict[str, list[Sign]] = {}
    for sign in signs:
        groups.setdefault(_root(joined, sign.subject.id), []).append(sign)
    yield from groups.values()


def _root(joined: dict[str, str], name: str) -> str:
    root = name
    while joined.setdefault(root, root) != root:
        root = joined[root]
    while joined[name] != root:
        joined[name], name = root, joined[name]
    return root


def _by_story(signs: Iterable[Sign], stories: Mapping[str, str]) -> dict[str, list[Sign]]:
    told: dict[str, list[Sign]] = {}
    for sign in signs:
        told.setdefault(stories.get(sign.detector, sign.detector.partition(".")[0]), []).append(sign)
    return told


def _by_time(signs: Sequence[Sign], apart: timedelta) -> Iterator[list[Sign]]:
    """Signs in their order, parted where none reaches near the next."""
    group: list[Sign] = []
    reached = _EVER
    for sign in signs:
        if group and (sign.when.low or _EVER) - reached > apart:
            yield group
            group = []
        group.append(sign)
        reached = max(reached, sign.when.high or _FOREVER)
    if group:
        yield group


def _subjects_of(group: Iterable[Sign]) -> dict[str, CaseSubject]:
    """Whom signs are about, by id, each with all identifiers that any of them knows."""
    subjects: dict[str, CaseSubject] = {}
    for sign in group:
        known = subjects.get(sign.subject.id, sign.subject)
        subjects[known.id] = replace(sign.subject, identifiers=known.identifiers | sign.subject.identifiers)
    return subjects


def _suggestion(group: Sequence[Sign], story: str) -> Suggestion:
    subjects = _subjects_of(group)
    indicators = tuple(sign.id for sign in group)
    when = group[0].when
    for sign in group[1:]:
        when = when.hull(sign.when)
    return Suggestion(
        id=made_id(sorted(indicators)),
        story=story,
        subjects=tuple(subjects[key] for key in sorted(subjects)),
        indicators=indicators,
        when=when,
        measures=tuple(sorted(frozenset[str]().union(*(sign.measures for sign in group)))),
        score=max(sign.score for sign in group),
        for_case=None,
        dismissed=(),
        sandbox=any(sign.sandbox for sign in group),
    )


def _open_cases(cases: Iterable[Case]) -> dict[str, tuple[datetime, str]]:
    """For each name, the open case about it that was worked on last."""
    newest: dict[str, tuple[datetime, str]] = {}
    for case in cases:
        for name in (name for subject in case.subjects if case.is_open for name in _names(subject)):
            newest[name] = max(newest.get(name, (case.last_at, case.id)), (case.last_at, case.id))
    return newest
