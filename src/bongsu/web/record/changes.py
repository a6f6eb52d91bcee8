"""Changes of how an exhibit is handled: in every row that follows from it, and in the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.conf import settings

from bongsu.cases.handling import Handling, covers
from bongsu.kernel.canonical import JsonValue
from bongsu.web.record import journal
from bongsu.web.record.collected import handling_of_source, is_invented, origin_of, title_of
from bongsu.web.record.handlings import follow
from bongsu.web.record.holdings import Followed, first_by_source, source_says, tighten_all, tighten_below
from bongsu.web.record.models import CustodyRow, Derivation, Entry, ExhibitRow, HandlingRow, SearchText
from bongsu.web.record.search import keep, text_row

#: The journal's kind of a change of handling; its body holds the whole new one, and in `follows`, where nobody decided
#: it, the digest of what the exhibit was made from.
HANDLING_CHANGED: Final = "exhibit.handling"


def handle(row: ExhibitRow, handling: Handling, *, by: str = journal.NOBODY) -> frozenset[str]:
    """Handle an exhibit so from now on, wherever it is found; what was made of it, and indicators, as strictly.

    Args:
        row: the exhibit, as it is.
        handling: how it is handled from now on.
        by: the user name of who decided it, for the journal's entries of what was made of it.

    Returns:
        The digests of all exhibits that are handled otherwise since.
    """
    before = row.handling.handling
    row.handling = HandlingRow.of(handling)
    row.save(update_fields=["handling"])
    keep([text_of(row)])
    follow([row.digest], settings.SITE.member)
    return frozenset({row.digest}) if covers(before, handling) else follow_down(row.digest, by) | {row.digest}


def taken_over(
    row: ExhibitRow, handling: Handling, said: Mapping[str, Any], *, since: int
) -> frozenset[str]:  # Any: fields of a row
    """Handle an exhibit that a person gave as the source says that gave it too, and what programs made of it.

    What was decided after that, as the journal has it, stays. What persons said stands in their givings alone.

    Args:
        row: the exhibit.
        handling: as the source says.
        said: fields of the row that hold what the source says of it.
        since: the number of the custody log's entry by which the source decides.

    Returns:
        The digests of all exhibits that are handled or called otherwise since.
    """
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    before, changed = row.handling.handling, {row.digest}
    told = Entry.objects.filter(kind=HANDLING_CHANGED, subject=row.digest)
    if any("source" in entry.body for entry in told):
        keep([text_of(row)])
    else:
        body: dict[str, JsonValue] = {"handling": handling.record(), "before": before.record(), "source": said["title"]}
        journal.append(HANDLING_CHANGED, by=journal.NOBODY, subject=row.digest, body=body)
        changed |= handle(row, handling)
    for child, entry in _made_by_programs(row.digest):
        if source_says(child.digest, until=since - 1) is None and source_says(child.digest, until=since) is not None:
            how = str(entry.detail.get("how", ""))
            called = {**said, "title": f"{how}: {row.title}", "received_by": str(entry.detail.get("tool", ""))}
            changed |= taken_over(child, row.handling.handling, called, since=since)
    return frozenset(changed)


def take_over_all() -> None:
    """Let sources decide of what persons gave before, where a site kept it that did not do so yet.

    What a coordinator of the member that runs the watch decided since stays. Inside `journal.writing`.
    """
    decided = _decided_last()
    for row in ExhibitRow.objects.select_related("handling").exclude(submissions=None).order_by("digest"):
        entry = None if row.digest in decided else first_by_source(row.digest)
        if entry is None:
            continue
        capture = entry.detail["capture"]
        said = {
            "title": title_of(capture),
            "origin": origin_of(capture),
            "received_by": str(capture.get("tool", "")),
            "received_at": entry.at,
            "sandbox": is_invented(capture, row.digest),
        }
        taken_over(row, handling_of_source(capture, row.digest, settings.SITE.member), said, since=entry.seq)


def _made_by_programs(digest: str) -> list[tuple[ExhibitRow, CustodyRow]]:
    children = ExhibitRow.objects.select_related("handling").in_bulk(
        list(Derivation.objects.filter(parent=digest).exclude(child=digest).values_list("child", flat=True))
    )
    made = CustodyRow.objects.filter(exhibit__in=children, event="derived").order_by("-seq")
    first = {entry.exhibit: entry for entry in made if entry.detail.get("parent") == digest}
    return [(children[child], entry) for child, entry in sorted(first.items())]


def follow_down(digest: str, by: str, member: str | None = None) -> frozenset[str]:
    """Handle what was made of an exhibit that became stricter as strictly, and write down what changed.

    Args:
        digest: the exhibit.
        by: the user name of who made it stricter.
        member: the one for which alone it is, by what it said of bytes of its own; None: for everyone.

    Returns:
        The digests of the exhibits that are handled otherwise since.
    """
    return _tell_followed(tighten_below(digest, member), by)


def follow_all() -> None:
    """Handle everything that was made from another as strictly as that, but for what someone decided otherwise since.

    For what was kept by a site that did not do it yet; inside `journal.writing`.
    """
    parents: dict[str, set[str]] = {}
    for child, parent in Derivation.objects.values_list("child", "parent"):
        parents.setdefault(child, set()).add(parent)
    decided = _decided_last()

    def stays(child: str) -> bool:
        above, waiting = set[str](), [child]
        while waiting:
            waiting += (found := parents.get(waiting.pop(), set()) - above)
            above |= found
        last = max(decided.get(each, 0) for each in above - {child} | {""})
        return decided.get(child, 0) > last

    _tell_followed(tighten_all(stays), journal.NOBODY)


def changed_since(digests: Collection[str]) -> dict[str, Handling]:
    """The handling that exhibits were given last, by the journal; those that never were given another are left out."""
    told = Entry.objects.filter(kind=HANDLING_CHANGED, subject__in=digests).order_by("number")
    return {entry.subject: Handling.from_record(entry.body["handling"]) for entry in told}


def text_of(row: ExhibitRow) -> SearchText:
    """What the search finds of an exhibit."""
    words = f"{row.origin}\n{row.digest}\n{row.media_type}"
    return text_row("exhibit", row.digest, f"/exhibits/{row.digest}/", row.title, words, row.handling, row.received_at)


def _tell_followed(followed: Sequence[Followed], by: str) -> frozenset[str]:
    for each in followed:
        now = each.row.handling.handling
        body: dict[str, JsonValue] = {"handling": now.record(), "before": each.before.record(), "follows": each.parent}
        journal.append(HANDLING_CHANGED, by=by, subject=each.row.digest, body=body)
    keep([text_of(row) for row in {each.row.digest: each.row for each in followed}.values()])
    follow([each.row.digest for each in followed], settings.SITE.member)
    return frozenset(each.row.digest for each in followed)


def _decided_last() -> dict[str, int]:
    """The number of the journal's last entry of a change that a person decided, by exhibit."""
    told = Entry.objects.filter(kind=HANDLING_CHANGED).order_by("number")
    return {entry.subject: entry.number for entry in told if "follows" not in entry.body}
