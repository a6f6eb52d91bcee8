"""The exhibits of a case with their custody as a bag for another installation, and such bags taken in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.conf import settings

from bongsu.cases.handling import Handling, strictest
from bongsu.cycle.version import TOOL
from bongsu.evidence import Capture, ExhibitStore
from bongsu.evidence.bag import Bag, BagError, BagFile, write_bag
from bongsu.evidence.exhibit import BLOCK_BYTES
from bongsu.kernel.canonical import JsonValue, canonical_json, is_digest
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import UsageError
from bongsu.web.accounts.models import Person
from bongsu.web.exchange.case_uco import custody_graph
from bongsu.web.exchange.parts import CaseParts, Exhibited
from bongsu.web.record import journal, work
from bongsu.web.record.custody import custody_of
from bongsu.web.record.exhibits import exhibit_store, take_in_exhibits, verify_exhibits
from bongsu.web.record.submissions import Given

_EXHIBITS: Final = "exhibits/"
_CUSTODY: Final = "custody.json"
_GRAPH: Final = "custody.jsonld"
#: What the sender tells of the custody, kept as it came: its name in the bag, and what it is called here.
_RECORDS: Final = {_CUSTODY: "Custody as its sender tells it", _GRAPH: "Custody as its sender tells it, in CASE/UCO"}
_TOLD_OF: Final = "custody as its sender tells it"


def bag_of(parts: CaseParts, store: ExhibitStore) -> Iterator[bytes]:
    """The exhibits of a case as a bag, piece by piece; each is hashed before its first byte goes out.

    What the custody log tells beyond that is in it as far as whom the bag is for may read it and its marking covers it;
    where not, the bag says that a detail is withheld.

    Raises:
        EvidenceError: an exhibit is damaged or gone: the bag then ends in the middle, and is none.
    """
    logs = {each.digest: _log(each.digest, parts) for each in parts.exhibits}
    told = canonical_json(_record(parts, logs))
    graph = canonical_json(custody_graph(parts, logs))
    files = [
        BagFile(name=_CUSTODY, blocks=lambda: [told]),
        BagFile(name=_GRAPH, blocks=lambda: [graph]),
        *(
            BagFile(name=_EXHIBITS + each.digest, blocks=partial(_blocks, store, each.digest))
            for each in parts.exhibits
        ),
    ]
    yield from write_bag(f"case-{parts.case.id}-{parts.version}", files, _told(parts))


def _told(parts: CaseParts) -> list[tuple[str, str]]:
    return [
        ("Source-Organization", parts.member_name),
        ("External-Identifier", f"case {parts.case.id}"),
        ("External-Description", "SANDBOX: invented. Exhibits of a case" if parts.sandbox else "Exhibits of a case"),
        ("Bagging-Date", parts.at.date().isoformat()),
        ("Bag-Software-Agent", TOOL),
        ("Case-Version", str(parts.version)),
        ("Marking", parts.marking),
    ]


def _blocks(store: ExhibitStore, digest: str) -> Iterator[bytes]:
    with store.open(digest) as stream:
        yield from iter(partial(stream.read, BLOCK_BYTES), b"")


def _log(digest: str, parts: CaseParts) -> list[dict[str, JsonValue]]:
    """The entries of the custody log that tell of an exhibit, each with its digest."""
    return [
        {
            "seq": row.seq,
            "at": stamp(row.at),
            "event": row.event,
            "exhibit": row.exhibit,
            "detail": dict(row.detail),
            "detail_withheld": row.withheld,
            "previous": row.previous,
            "digest": row.digest,
        }
        for row in custody_of(digest, parts.reader, within=parts.handling)
    ]


def _record(parts: CaseParts, logs: Mapping[str, Sequence[JsonValue]]) -> dict[str, JsonValue]:
    return {
        "format": "bongsu exhibits 1",
        "case": parts.case.id,
        "version": parts.version,
        "marking": parts.marking,
        "handling": parts.handling.record(),
        "from": parts.member_name,
        "at": stamp(parts.at),
        "sandbox": parts.sandbox,
        "exhibits": [_exhibit_record(each, logs[each.digest]) for each in parts.exhibits],
    }


def _exhibit_record(each: Exhibited, log: Sequence[JsonValue]) -> dict[str, JsonValue]:
    return {
        "sha256": each.digest,
        "bytes": each.size_bytes,
        "media_type": each.media_type,
        "title": each.title,
        "origin": each.origin,
        "received_at": stamp(each.received_at),
        "sandbox": each.sandbox,
        "handling": each.handling.record(),
        "custody": list(log),
    }


def take_bag(bag: Bag, person: Person, chosen: Handling, case: str) -> tuple[str, ...]:
    """Keep the exhibits of a verified bag, each handled by the stricter of what the bag says and the person chose.

    What the sender tells of their custody is kept too, as exhibits made from all of them and handled as strictly.

    Args:
        bag: verified.
        person: who takes it in.
        chosen: how the person would have it handled at least.
        case: the id of the case it is for, or the empty text.

    Returns:
        The digests of the exhibits, sorted; those of the sender's own records are not among them.

    Raises:
        BagError: it is not of this program, an exhibit is not the one it is named, or is not for the person's member;
            nothing of it is kept then.
    """
    told = _exhibits_told(bag)
    given = {digest: _given(each, bag, person, chosen, case) for digest, each in told.items()}
    store = exhibit_store()
    at = work.moment()
    for digest in sorted(given):
        if _received(store, bag, _EXHIBITS + digest, given[digest].capture(at, TOOL)) != digest:
            raise BagError("was changed while it was read", where=digest)  # all was hashed before: the disk fails
    records = [
        _received(store, bag, name, _given_of_record(name, words, bag, given).capture(at, TOOL))
        for name, words in _RECORDS.items()
        if given
    ]
    take_in_exhibits(store.folder, settings.SITE.member)
    verify_exhibits([*given, *records])
    with journal.writing():
        body: dict[str, JsonValue] = {
            "exhibits": sorted(given),
            "records": [*records],
            "from": bag.told.get("Source-Organization", ""),
        }
        journal.append("exhibits.imported", by=person.username, subject=case, body=body)
    return tuple(sorted(given))


def _received(store: ExhibitStore, bag: Bag, name: str, capture: Capture) -> str:
    with bag.open(name) as stream:
        return store.receive(stream, capture).digest


def _given_of_record(name: str, words: str, bag: Bag, given: Mapping[str, Given]) -> Given:
    """What is told of a sender's own record: it tells of all the exhibits, so it is handled as all of them are."""
    first = next(iter(given.values()))
    sender = bag.told.get("Source-Organization", "")
    return Given(
        by=first.by,
        member=first.member,
        title=f"{words}, {bag.told.get('External-Identifier', '')}".rstrip(", ")[:300],
        origin=sender or first.origin,
        obtained=first.obtained,
        handling=strictest([each.handling for each in given.values()]),
        case=first.case,
        claimed_name=name,
        parents=tuple(sorted(given)),
        how=_TOLD_OF,
        sandbox=any(each.sandbox for each in given.values()),
    )


def _exhibits_told(bag: Bag) -> dict[str, Mapping[str, Any]]:  # Any: JSON of others
    """What the bag tells of each exhibit, by digest.

    Raises:
        BagError: not the form this program writes, or other files than it tells of, or bytes of another digest.
    """
    try:
        told = json.loads(bag.read(_CUSTODY))
        by_digest = {str(each["sha256"]): each for each in told["exhibits"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BagError("is no bag of exhibits as Bongsu writes them", where=_CUSTODY) from None
    wanted = {_CUSTODY, _GRAPH, *(_EXHIBITS + digest for digest in by_digest)}
    if set(bag.names) != wanted or not all(map(is_digest, by_digest)):
        raise BagError("holds other files than it tells of", where=_CUSTODY)
    for digest in by_digest:
        if bag.sha256(_EXHIBITS + digest) != digest:
            raise BagError("is not the exhibit it is named", where=digest)
    return by_digest


def _given(each: Mapping[str, Any], bag: Bag, person: Person, chosen: Handling, case: str) -> Given:  # Any: as above
    digest = str(each["sha256"])
    try:
        handling = strictest((Handling.from_record(each["handling"]), chosen))
    except (KeyError, UsageError) as error:
        raise BagError(f"tells no handling that can be read: {error}", where=digest) from None
    if handling.audience is not None and person.member_id not in handling.audience:
        raise BagError("is not releasable to your member", where=digest, remedy="ask the member that sent it")
    sender = bag.told.get("Source-Organization", "")
    return Given(
        by=person.username,
        member=person.member_id,
        title=str(each.get("title", digest))[:300],
        origin=str(each.get("origin", ""))[:1000] or sender,
        obtained=f"bag of {sender}, {bag.told.get('External-Identifier', '')}"[:1000],
        handling=handling,
        case=case,
        sandbox=each.get("sandbox") is True,
    )
