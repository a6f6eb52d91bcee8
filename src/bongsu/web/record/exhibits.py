"""Taking in the store's exhibits from its custody log, and holding their bytes against their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from bongsu.cases.handling import Handling, covers
from bongsu.cases.holding import bound_by
from bongsu.cycle.version import TOOL
from bongsu.evidence import EMPTY, Anchor, CustodyEntry, ExhibitStore, Folder, exhibit_states, guess_media_type
from bongsu.evidence.exhibit import BLOCK_BYTES, name_of
from bongsu.evidence.media import START_BYTES, UNKNOWN
from bongsu.kernel.canonical import is_digest
from bongsu.kernel.errors import EvidenceError
from bongsu.web.record import journal
from bongsu.web.record.changes import changed_since, follow_down, handle, taken_over, text_of
from bongsu.web.record.collected import handling_of_source, is_invented, origin_of, title_of, unknown_handling
from bongsu.web.record.handlings import follow
from bongsu.web.record.holdings import first_givers, held, inherited_by, source_says
from bongsu.web.record.models import CustodyRow, Derivation, ExhibitRow, HandlingRow, Submission
from bongsu.web.record.published_on import closes_published
from bongsu.web.record.search import keep
from bongsu.web.record.submissions import Given, given_in

_BATCH: Final = 1000
#: An inspection names no more damages than this; what it does not name is then not known to be sound.
_NAMED_BY_SCRUB: Final = 100


def exhibit_store() -> ExhibitStore:
    """The store of this installation."""
    return ExhibitStore(Folder.open(settings.CONFIG.store), tool=TOOL)


class VerifiedBytes:
    """The bytes of an exhibit in blocks, all hashed before the first; closed by the answer that sends them.

    Args:
        digest: of the exhibit.

    Raises:
        EvidenceError: they are damaged or gone; nothing is sent then.
    """

    def __init__(self, digest: str) -> None:
        self._open = ExitStack()
        stream = self._open.enter_context(exhibit_store().open(digest))
        self._blocks = iter(partial(stream.read, BLOCK_BYTES), b"")

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def close(self) -> None:
        """Let go of the file."""
        self._open.close()


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


class _Intake:
    """Some entries of the log on their way into rows: looked up at once, and written at once when `keep` is called."""

    def __init__(self, store: ExhibitStore, member: str, entries: Sequence[CustodyEntry]) -> None:
        self._store = store
        self._member = member
        named = {entry.exhibit for entry in entries if entry.exhibit} | {_parent(entry) for entry in entries}
        self._rows = ExhibitRow.objects.select_related("handling").in_bulk([each for each in named if each])
        self._changed = changed_since(named)
        self._handlings: dict[Handling, HandlingRow] = {}
        self._new: list[ExhibitRow] = []
        self._submissions: list[Submission] = []
        self._derivations: list[Derivation] = []
        CustodyRow.objects.bulk_create([_custody_row(entry) for entry in entries])

    def take(self, entry: CustodyEntry) -> None:
        """Take in one entry."""
        match entry.event:
            case "received":
                self._received(entry)
            case "derived":
                self._derived(entry)
            case "scrubbed":
                self.keep()
                _scrubbed(entry)

    def keep(self) -> None:
        """Write what was taken in."""
        ExhibitRow.objects.bulk_create(self._new)
        keep([text_of(row) for row in self._new])
        follow([row.digest for row in self._new], self._member)
        Submission.objects.bulk_create(self._submissions)
        Derivation.objects.bulk_create(self._derivations, ignore_conflicts=True)
        self._new, self._submissions, self._derivations = [], [], []

    def _received(self, entry: CustodyEntry) -> None:
        given = given_in(entry.detail)
        if given is not None:
            self._given(entry, given)
            return
        capture, digest = _mapping(entry.detail.get("capture")), str(entry.exhibit)
        handling = handling_of_source(capture, digest, self._member)
        said: dict[str, Any] = {
            "title": title_of(capture),
            "origin": origin_of(capture),
            "received_by": str(capture.get("tool", "")),
        }
        said["sandbox"] = is_invented(capture, digest)
        self._decided(entry, handling, said)
        row = self._row(entry, handling, frozenset(), said)  # collected again, it is as its coordinator handles it
        if first_givers(digest) != {self._member}:
            self.keep()
            follow([row.digest], self._member)  # the watch has the bytes of its own from now on

    def _given(self, entry: CustodyEntry, given: Given) -> None:
        """What a person gave; what it was made from, or is stricter for now, is looked up in rows that are written."""
        self.keep()
        known = self._found(str(entry.exhibit))
        before = None if known is None else held(known)
        handling = inherited_by(given)
        said = {"title": given.title, "origin": given.origin, "received_by": given.by, "sandbox": given.sandbox}
        collected = source_says(str(entry.exhibit), until=entry.seq) is not None
        row = self._row(entry, handling, frozenset() if collected else given.givers, said)
        self._submitted(row, given, handling, entry)
        self.keep()
        if before is not None:
            now = held(row)
            for giver in sorted(given.givers - now.first):
                if not covers(before.binding(giver), now.binding(giver)):
                    self._forget(follow_down(row.digest, given.by, giver))

    def _submitted(self, row: ExhibitRow, given: Given, handling: Handling, entry: CustodyEntry) -> None:
        self._submissions.append(
            Submission(
                custody_id=entry.seq,
                exhibit_id=row.digest,
                by=given.by,
                case=given.case,
                title=given.title,
                origin=given.origin,
                obtained=given.obtained,
                claimed_type=given.claimed_type[:100],
                claimed_name=given.claimed_name[:255],
                handling=self._handling(handling),
            )
        )
        self._derivations += [Derivation(child=row.digest, parent=each, how=given.how) for each in given.parents]

    def _derived(self, entry: CustodyEntry) -> None:
        parent, how = _parent(entry), str(entry.detail.get("how", ""))
        tool = str(entry.detail.get("tool", ""))
        said: dict[str, Any] = {"title": how, "received_by": tool, "sandbox": False}  # Any: fields of a row
        made_from = self._found(parent)
        handling, givers = unknown_handling(self._member), first_givers(parent)
        if made_from is not None:
            said |= {"title": f"{how}: {made_from.title}", "origin": made_from.origin, "sandbox": made_from.sandbox}
            handling = made_from.handling.handling
        self._decided(entry, handling, said)
        row = self._row(entry, handling, givers, said)
        self._derivations.append(Derivation(child=row.digest, parent=parent, how=how))

    def _decided(self, entry: CustodyEntry, handling: Handling, said: Mapping[str, Any]) -> None:  # Any: as above
        """Let a source decide of bytes that a person gave before, where it does from this entry on."""
        digest = str(entry.exhibit)
        row = self._found(digest)
        if row is None or source_says(digest, until=entry.seq - 1) is not None:
            return
        if source_says(digest, until=entry.seq) is not None:
            self.keep()
            self._forget(taken_over(row, handling, {**said, "received_at": entry.at}, since=entry.seq))

    def _row(
        self, entry: CustodyEntry, handling: Handling, givers: frozenset[str], said: Mapping[str, Any]
    ) -> ExhibitRow:  # Any: as above
        """The row of an exhibit: made once; given again by the member that gave it first, it may become stricter."""
        digest = str(entry.exhibit)
        row = self._found(digest)
        if row is None:
            return self._made(digest, entry, handling, said)
        before = now = row.handling.handling
        if not covers(before, handling) and not givers.isdisjoint(first_givers(digest)):
            now = bound_by(before, handling)
        if closes_published(digest, before, now):
            now = before
        mended = entry.detail.get("mended") is True
        if now != before or mended:
            self.keep()  # it may be one that is not written yet
        if now != before:
            self._forget(handle(row, now) - {digest})
        if mended:
            row.sound = None  # good bytes took the place of damaged ones, and nobody has looked since
            row.save(update_fields=["sound"])
        return row

    def _made(self, digest: str, entry: CustodyEntry, handling: Handling, said: Mapping[str, Any]) -> ExhibitRow:
        size = entry.detail.get("size")
        row = ExhibitRow(
            digest=digest,
            size_bytes=size if isinstance(size, int) else 0,
            media_type=_media_type(self._store, digest),
            received_at=entry.at,
            handling=self._handling(self._changed.get(digest) or handling),
            **said,
        )
        self._rows[digest] = row
        self._new.append(row)
        return row

    def _found(self, digest: str) -> ExhibitRow | None:
        if digest not in self._rows and is_digest(digest):
            known = ExhibitRow.objects.select_related("handling").filter(digest=digest).first()
            if known is not None:
                self._rows[digest] = known
        return self._rows.get(digest)

    def _forget(self, digests: Iterable[str]) -> None:
        """Read rows anew that are handled otherwise since."""
        for digest in digests:
            self._rows.pop(digest, None)

    def _handling(self, handling: Handling) -> HandlingRow:
        if handling not in self._handlings:
            self._handlings[handling] = HandlingRow.of(handling)
        return self._handlings[handling]


def _take_in_batch(store: ExhibitStore, batch: Sequence[CustodyEntry], member: str) -> None:
    intake = _Intake(store, member, batch)
    for entry in batch:
        intake.take(entry)
    intake.keep()


def _custody_row(entry: CustodyEntry) -> CustodyRow:
    return CustodyRow(
        seq=entry.seq,
        digest=entry.digest,
        previous=entry.previous,
        at=entry.at,
        event=entry.event,
        exhibit=entry.exhibit or "",
        detail=dict(entry.detail),
    )


def _parent(entry: CustodyEntry) -> str:
    return str(entry.detail.get("parent") or "")


def _scrubbed(entry: CustodyEntry) -> None:
    """What an inspection found: the damages it names, and that all others were sound where it names them all."""
    named = exhibit_states([entry])
    damaged = entry.detail.get("damaged")
    rows = ExhibitRow.objects.filter(received_at__lte=entry.at)
    if isinstance(damaged, int) and damaged <= _NAMED_BY_SCRUB:
        rows.exclude(digest__in=named).update(sound=True, verified_at=entry.at)
    ExhibitRow.objects.filter(digest__in=named).update(sound=False, verified_at=entry.at)


def _media_type(store: ExhibitStore, digest: str) -> str:
    try:
        with store.folder.open_read(name_of(digest)) as stream:
            return guess_media_type(stream.read(START_BYTES))
    except EvidenceError:
        return UNKNOWN  # logged and gone: the inspection tells


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
