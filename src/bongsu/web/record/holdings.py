"""What binds whom of the exhibits here, by `cases.holding`, and what follows for all that was made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from bongsu.cases.handling import Handling, Tlp, covers, strictest
from bongsu.cases.holding import Giving, Held, bound_by
from bongsu.web.record.collected import handling_of_source
from bongsu.web.record.models import CustodyRow, Derivation, ExhibitRow, HandlingRow, Submission
from bongsu.web.record.published_on import closes_published
from bongsu.web.record.submissions import SOURCE, Given, given_in

_CAME: Final = ("received", "derived")


def held(row: ExhibitRow) -> Held:
    """An exhibit with what everyone said of its bytes."""
    first = first_givers(row.digest)
    givings = [_giving(each) for each in submissions_of(row.digest)]
    if settings.SITE.member not in first:
        givings += _collected(row.digest)
    ordered = sorted(givings, key=lambda each: each.number)
    return Held(handling=row.handling.handling, first=first, givings=tuple(ordered))


def collected_handling(row: ExhibitRow) -> Handling | None:
    """How the watch's own copy of bytes that another member gave first is handled; None where it has none."""
    whole = held(row)
    return whole.own(settings.SITE.member) if any(each.by_source for each in whole.givings) else None


def _collected(digest: str) -> list[Giving]:
    """Each time that a source gave an exhibit."""
    member = frozenset({settings.SITE.member})
    told = ((entry, _word_of(entry, None, frozenset({digest}))) for entry in _by_sources(digest, None))
    return [
        Giving(number=entry.seq, givers=member, handling=word, by_source=True)
        for entry, word in told
        if word is not None
    ]


def submissions_of(digest: str) -> QuerySet[Submission]:
    """Each time that a person gave an exhibit, in order."""
    return Submission.objects.filter(exhibit_id=digest).select_related("exhibit", "handling", "custody")


def given_of(submission: Submission) -> Given:
    """What the person said, as the custody log has it."""
    return Given.of(submission.custody.detail["capture"])


def first_givers(digest: str) -> frozenset[str]:
    """The member that gave an exhibit first: a person's; of what a source says, the one that runs this installation.

    What a program made from an exhibit is whose that one is.
    """
    return _runs_here() if source_says(digest) is not None else _gave_first(digest)


def source_says(digest: str, until: int | None = None) -> Handling | None:
    """How a source said that an exhibit is handled, where that decides; None where what a person said does.

    What authorities publish and what the sandbox invents is so for everybody, whoever gave it before. Of what else a
    source gives it decides where no other member gave the same bytes first. What a program made of an exhibit goes by
    what that one goes by.

    Args:
        digest: the exhibit's.
        until: the number of the last entry of the custody log that is looked at; None: all.
    """
    return _source_says(digest, until, frozenset())


def first_by_source(digest: str) -> CustodyRow | None:
    """The entry of the custody log by which a source decides of what a person gave before; None where none does.

    Only where the source gave the bytes themselves: what a program made of others follows those.
    """
    for entry in _by_sources(digest, None).filter(event="received"):
        decides = source_says(digest, entry.seq) is not None and source_says(digest, entry.seq - 1) is None
        if decides and _gave_before(digest, entry.seq):
            return entry
    return None


def _gave_before(digest: str, seq: int) -> bool:
    return Submission.objects.filter(exhibit_id=digest, custody__lt=seq).exists()


def _source_says(digest: str, until: int | None, below: frozenset[str]) -> Handling | None:
    first = _came(digest, until).first()
    if first is None or digest in below:
        return None
    below |= {digest}
    word = _word_of(first, until, below)
    if word is not None:
        return word
    words = [each for entry in _by_sources(digest, until) if (each := _word_of(entry, until, below)) is not None]
    public = next((each for each in words if each.tlp <= Tlp.GREEN), None)
    if public is not None:
        return public
    return words[0] if words and _gave_first(digest) == _runs_here() else None


def _word_of(entry: CustodyRow, until: int | None, below: frozenset[str]) -> Handling | None:
    if entry.event == "derived":
        return _source_says(str(entry.detail.get("parent")), until, below)
    capture = entry.detail.get("capture")
    known = capture if isinstance(capture, dict) else {}
    return None if known.get("source") == SOURCE else handling_of_source(known, entry.exhibit, settings.SITE.member)


def _came(digest: str, until: int | None) -> QuerySet[CustodyRow]:
    came = CustodyRow.objects.filter(exhibit=digest, event__in=_CAME).order_by("seq")
    return came if until is None else came.filter(seq__lte=until)


def _by_sources(digest: str, until: int | None) -> QuerySet[CustodyRow]:
    return _came(digest, until).filter(submission=None)


def _gave_first(digest: str) -> frozenset[str]:
    came = CustodyRow.objects.filter(event__in=_CAME).order_by("seq")
    entry = came.filter(exhibit=digest).first()
    while entry is not None and entry.event == "derived":
        entry = came.filter(exhibit=str(entry.detail.get("parent")), seq__lt=entry.seq).first()
    given = None if entry is None else given_in(entry.detail)
    return _runs_here() if given is None else given.givers


def _runs_here() -> frozenset[str]:
    return frozenset({settings.SITE.member})


def inherited_by(given: Given) -> Handling:
    """What a person said of a file, made as strict as what it was made from binds the person's member."""
    rows = ExhibitRow.objects.select_related("handling").filter(digest__in=given.parents)
    parts = [held(row).binding(member) for row in rows for member in given.givers]
    return strictest([given.handling, *(each for each in parts if not covers(given.handling, each))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An exhibit that is stricter since what it was made from is.

    Args:
        row: with its handling as it is now.
        before: as it was.
        parent: the digest of what it was made from.
    """

    row: ExhibitRow
    before: Handling
    parent: str


def tighten_below(
    digest: str, member: str | None = None, *, stays: Callable[[str], bool] = lambda _child: False
) -> list[Followed]:
    """Make everything that was made of an exhibit, at any depth, as strict as that is; nothing becomes looser.

    In the transaction in which the exhibit itself became stricter. Texts, indicators and the journal are the caller's.

    Args:
        digest: the exhibit that became stricter.
        member: the one for which alone it did, by what it said of bytes of its own; None: by its own handling.
        stays: whether an exhibit, by its digest, is handled as it is, whatever it was made from.

    Returns:
        The exhibits whose own handling changed, in the order they did; one may come twice.
    """
    followed: list[Followed] = []
    waiting = [(digest, member)]
    while waiting:
        parent, stricter_for = waiting.pop()
        row = ExhibitRow.objects.select_related("handling").filter(digest=parent).first()
        if row is None:
            continue
        whole = held(row)
        for child in _made_of(parent):
            step = _tightened(child, parent, whole, stricter_for, stays=stays(child.digest))
            waiting += [(child.digest, each) for each in sorted(step.own)]
            if step.before is not None:
                waiting.append((child.digest, None))
                followed.append(Followed(row=child, before=step.before, parent=parent))
    return followed


def tighten_all(stays: Callable[[str], bool]) -> list[Followed]:
    """The same of everything that was made from another, as it stands now; for what was kept before it was followed."""
    followed = []
    for row in ExhibitRow.objects.filter(digest__in=Derivation.objects.values("parent")).order_by("digest"):
        own = {member for each in held(row).givings for member in each.givers}
        for member in (None, *sorted(own)):
            followed += tighten_below(row.digest, member, stays=stays)
    return followed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """What became stricter of a child: its own handling, where it was another before, and members' own."""

    before: Handling | None
    own: frozenset[str]


def _made_of(parent: str) -> QuerySet[ExhibitRow]:
    children = Derivation.objects.filter(parent=parent).exclude(child=parent).values("child")
    return ExhibitRow.objects.select_related("handling").filter(digest__in=children).order_by("digest")


def _tightened(child: ExhibitRow, parent: str, of: Held, stricter_for: str | None, *, stays: bool) -> _Step:
    def concerned(giver: str) -> bool:
        """Whether what binds the giver of the parent became stricter: one's own word of it, or the exhibit's."""
        return of.own(giver) is None if stricter_for is None else giver == stricter_for

    first, before = first_givers(child.digest), child.handling.handling
    collected = source_says(child.digest) is not None
    now, own = before, set[str]()
    for submission in submissions_of(child.digest):
        given = given_of(submission)
        for giver in filter(concerned, given.givers if parent in given.parents else ()):
            part = of.binding(giver)
            if _keep_stricter(submission, part) and giver not in first:
                own.add(giver)
            if giver in first and not collected:
                now = _stricter(now, part)
    if stricter_for is None and not first.isdisjoint(of.first) and _was_derived(child.digest, parent):
        now = _stricter(now, of.handling)
    if stays or now == before or closes_published(child.digest, before, now):
        return _Step(before=None, own=frozenset(own))
    child.handling = HandlingRow.of(now)
    child.save(update_fields=["handling"])
    return _Step(before=before, own=frozenset(own))


def _stricter(held_now: Handling, part: Handling) -> Handling:
    return held_now if covers(held_now, part) else bound_by(held_now, part)


def _keep_stricter(submission: Submission, part: Handling) -> bool:
    """Make what was said of a giving as strict as what it was made from; whether it was not yet."""
    told = submission.handling.handling
    if covers(told, part):
        return False
    submission.handling = HandlingRow.of(strictest((told, part)))
    submission.save(update_fields=["handling"])
    return True


def _was_derived(child: str, parent: str) -> bool:
    entries = CustodyRow.objects.filter(exhibit=child, event="derived").values_list("detail", flat=True)
    return any(detail.get("parent") == parent for detail in entries)


def _giving(submission: Submission) -> Giving:
    given = given_of(submission)
    return Giving(
        number=submission.custody_id,
        givers=given.givers,
        handling=submission.handling.handling,
        parents=frozenset(given.parents),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """That an exhibit was made from another, as it was told.

    Args:
        child, parent: digests.
        how: it was made.
        number: of the custody log's entry that tells it.
        handling: of the giving that tells it; None where a program made it: that is no secret to who may read both.
    """

    child: str
    parent: str
    how: str
    number: int
    handling: Handling | None


def made_from(digests: Iterable[str]) -> Iterator[Made]:
    """What is told of what exhibits were made from, by whomever: a reader may be told what its handling allows."""
    several = set(digests)
    for submission in Submission.objects.filter(exhibit__in=several).select_related("handling", "custody"):
        given = given_of(submission)
        for parent in given.parents:
            yield Made(
                child=submission.exhibit_id,
                parent=parent,
                how=given.how,
                number=submission.custody_id,
                handling=submission.handling.handling,
            )
    for entry in CustodyRow.objects.filter(exhibit__in=several, event="derived"):
        parent, how = str(entry.detail.get("parent")), str(entry.detail.get("how", ""))
        yield Made(child=entry.exhibit, parent=parent, how=how, number=entry.seq, handling=None)
