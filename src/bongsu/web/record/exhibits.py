"""Taking in the store's exhibits from its custody log, and holding their bytes against their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from bongsu.cases.handling import Handling, Tlp, covers, strictest
from bongsu.cycle.version import TOOL
from bongsu.evidence import EMPTY, Anchor, CustodyEntry, ExhibitStore, Folder, exhibit_states, guess_media_type
from bongsu.evidence.exhibit import name_of
from bongsu.evidence.media import START_BYTES, UNKNOWN
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.lists.cards import source_names
from bongsu.sandbox import SANDBOX_CUSTOMERS, SANDBOX_LIST, sandbox_exhibits
from bongsu.web.record import journal
from bongsu.web.record.models import CustodyRow, Derivation, Entry, ExhibitRow, HandlingRow, Submission
from bongsu.web.record.search import keep_text
from bongsu.web.record.submissions import SOURCE, Given

_BATCH: Final = 1000
#: An inspection names no more damages than this; what it does not name is then not known to be sound.
_NAMED_BY_SCRUB: Final = 100
#: The journal's kind of a change of handling; its body holds the whole new one.
HANDLING_CHANGED: Final = "exhibit.handling"
_SANDBOX_BEGINS: Final = "sandbox/"


def exhibit_store() -> ExhibitStore:
    """The store of this installation."""
    return ExhibitStore(Folder.open(settings.CONFIG.store), tool=TOOL)


def take_in_exhibits(folder: Folder, member: str) -> int:
    """Take in what the custody log tells since it was last read; twice changes nothing.

    Args:
        folder: the store.
        member: the member that runs this installation, whose the exhibits are that nobody else gave.

    Returns:
        How many entries were taken in.

    Raises:
        EvidenceError: the log does not hold together, or is not the one that was read before; what came before the
            damage stays.
    """
    store = ExhibitStore(folder, tool=TOOL)
    last = CustodyRow.objects.order_by("-seq").first()
    known = EMPTY if last is None else Anchor(last.seq, last.digest)
    if store.custody.head() == known:
        return 0
    entries = store.custody.since(known)
    taken = 0
    while batch := list(islice(entries, _BATCH)):
        with journal.writing():  # so that two processes do not take in the same
            newest = CustodyRow.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
            fresh = [entry for entry in batch if entry.seq > newest]
            _take_in_batch(store, fresh, member)
        taken += len(fresh)
    return taken


def verify_exhibits(digests: Iterable[str]) -> dict[str, bool]:
    """Hash exhibits now, and keep what was found.

    Returns:
        By digest, whether it is there and holds the bytes received; those nobody took in are left out of the rows.
    """
    store = exhibit_store()
    now = timezone.now().replace(microsecond=0)
    found = {digest: store.is_sound(digest) for digest in sorted(set(digests))}
    for sound in (True, False):
        named = [digest for digest, is_sound in found.items() if is_sound is sound]
        ExhibitRow.objects.filter(digest__in=named).update(sound=sound, verified_at=now)
    return found


def _take_in_batch(store: ExhibitStore, batch: Sequence[CustodyEntry], member: str) -> None:
    CustodyRow.objects.bulk_create(
        [
            CustodyRow(
                seq=entry.seq,
                digest=entry.digest,
                previous=entry.previous,
                at=entry.at,
                event=entry.event,
                exhibit=entry.exhibit or "",
                detail=dict(entry.detail),
            )
            for entry in batch
        ]
    )
    for entry in batch:
        match entry.event:
            case "received":
                _received(store, entry, member)
            case "derived":
                _derived(store, entry, member)
            case "scrubbed":
                _scrubbed(entry)


def _received(store: ExhibitStore, entry: CustodyEntry, member: str) -> None:
    capture = _mapping(entry.detail.get("capture"))
    given = _given(capture)
    digest = str(entry.exhibit)
    if given is None:
        handling, sandbox = _handling_of_source(capture, digest, member)
        said = {"title": _title(capture), "origin": _origin(capture), "received_by": str(capture.get("tool", ""))}
    else:
        handling, sandbox = _with_parents(given.handling, given.parents), given.sandbox
        said = {"title": given.title, "origin": given.origin, "received_by": given.by}
    row = _row(store, entry, handling, {**said, "sandbox": sandbox})
    if given is not None:
        _submitted(row, given, entry)


def _submitted(row: ExhibitRow, given: Given, entry: CustodyEntry) -> None:
    Submission.objects.create(
        custody_id=entry.seq,
        exhibit=row,
        by=given.by,
        case=given.case,
        title=given.title,
        origin=given.origin,
        obtained=given.obtained,
        claimed_type=given.claimed_type[:100],
        claimed_name=given.claimed_name[:255],
        handling=HandlingRow.of(given.handling),
    )
    for parent in given.parents:
        Derivation.objects.get_or_create(child=row.digest, parent=parent, defaults={"how": given.how})


def _derived(store: ExhibitStore, entry: CustodyEntry, member: str) -> None:
    parent, how = str(entry.detail.get("parent", "")), str(entry.detail.get("how", ""))
    from_row = ExhibitRow.objects.filter(digest=parent).select_related("handling").first()
    said: dict[str, Any] = {"title": how, "received_by": str(entry.detail.get("tool", "")), "sandbox": False}
    if from_row is not None:
        said |= {"title": f"{how}: {from_row.title}", "origin": from_row.origin, "sandbox": from_row.sandbox}
    _row(store, entry, _with_parents(_own(member), (parent,)) if from_row else _own(member), said)
    Derivation.objects.get_or_create(child=entry.exhibit, parent=parent, defaults={"how": how})


def _scrubbed(entry: CustodyEntry) -> None:
    """What an inspection found: the damages it names, and that all others were sound where it names them all."""
    named = exhibit_states([entry])
    damaged = entry.detail.get("damaged")
    rows = ExhibitRow.objects.filter(received_at__lte=entry.at)
    if isinstance(damaged, int) and damaged <= _NAMED_BY_SCRUB:
        rows.exclude(digest__in=named).update(sound=True, verified_at=entry.at)
    ExhibitRow.objects.filter(digest__in=named).update(sound=False, verified_at=entry.at)


def _row(store: ExhibitStore, entry: CustodyEntry, handling: Handling, said: Mapping[str, Any]) -> ExhibitRow:
    """The row of an exhibit: made once; given again by the same sole originator more strictly, it becomes stricter."""
    digest = str(entry.exhibit)
    row = ExhibitRow.objects.filter(digest=digest).select_related("handling").first()
    if row is None:
        size = entry.detail.get("size")
        row = ExhibitRow.objects.create(
            digest=digest,
            size_bytes=size if isinstance(size, int) else 0,
            media_type=_media_type(store, digest),
            received_at=entry.at,
            handling=HandlingRow.of(_changed_since(digest) or handling),
            **said,
        )
        _let_find(row)
        return row
    held = row.handling.handling
    if handling.originators == held.originators and not covers(held, handling):
        handle(row, strictest((held, handling)))
    if entry.detail.get("mended") is True:
        row.sound = None  # good bytes took the place of damaged ones, and nobody has looked since
        row.save(update_fields=["sound"])
    return row


def handle(row: ExhibitRow, handling: Handling) -> None:
    """Handle an exhibit so from now on, wherever it is found."""
    row.handling = HandlingRow.of(handling)
    row.save(update_fields=["handling"])
    _let_find(row)


def _let_find(row: ExhibitRow) -> None:
    words = f"{row.origin}\n{row.digest}\n{row.media_type}"
    keep_text("exhibit", row.digest, f"/exhibits/{row.digest}/", row.title, words, row.handling, row.received_at)


def _changed_since(digest: str) -> Handling | None:
    """The handling that people gave an exhibit last, by the journal; None where none did."""
    last = Entry.objects.filter(kind=HANDLING_CHANGED, subject=digest).order_by("-number").first()
    return None if last is None else Handling.from_record(last.body["handling"])


def _with_parents(handling: Handling, parents: Sequence[str]) -> Handling:
    """The strictest of a handling and of those of what a thing was made from."""
    rows = ExhibitRow.objects.filter(digest__in=parents).select_related("handling")
    given = [row.handling.handling for row in rows]
    return strictest([*given, handling]) if any(not covers(handling, each) for each in given) else handling


def _handling_of_source(capture: Mapping[str, Any], digest: str, member: str) -> tuple[Handling, bool]:
    """How what a source gave is to be handled, and whether it is invented.

    Lists that authorities publish are for everybody; positions and files of customers were bought or given in
    confidence, and so was, for all we know, what has a name nobody knows.
    """
    source, url = str(capture.get("source", "")), str(capture.get("url", ""))
    invented = source == SANDBOX_LIST or url.startswith(_SANDBOX_BEGINS) or digest in _invented()
    if source in source_names() or source == SANDBOX_LIST:
        return Handling(tlp=Tlp.CLEAR, originators=frozenset({member})), invented
    return _own(member), invented or (source == "customers" and url == SANDBOX_CUSTOMERS)


@cache
def _invented() -> frozenset[str]:
    return sandbox_exhibits()


def _own(member: str) -> Handling:
    return Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({member}))


def _given(capture: Mapping[str, Any]) -> Given | None:
    """What a person said of a file; None where no person gave it, or what was said cannot be read."""
    if capture.get("source") != SOURCE:
        return None
    try:
        return Given.of(capture)
    except UsageError:
        return None  # it is then handled as what has a name nobody knows


def _media_type(store: ExhibitStore, digest: str) -> str:
    try:
        with store.folder.open_read(name_of(digest)) as stream:
            return guess_media_type(stream.read(START_BYTES))
    except EvidenceError:
        return UNKNOWN  # logged and gone: the inspection tells


def _title(capture: Mapping[str, Any]) -> str:
    file = str(capture.get("url", "")).partition("?")[0].rstrip("/").rpartition("/")[2]
    parts = (str(capture.get("source", "")), str(capture.get("part", "")), file)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _origin(capture: Mapping[str, Any]) -> str:
    return str(capture.get("final_url") or capture.get("url") or "")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
