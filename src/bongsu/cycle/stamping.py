"""Stamping: every configured authority is asked to attest the head of the custody log, each for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bongsu.cycle.config import AuthorityConfig, Config
from bongsu.cycle.fetch import Answer, Question, fetch_all
from bongsu.evidence import (
    Authority,
    CustodyEntry,
    ExhibitStore,
    Folder,
    Stamp,
    TokenError,
    checked_authorities,
    keep_token,
    new_query,
    read_certificate,
    read_own_file,
    read_timestamps,
)
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import EvidenceError

_QUERY: Final = "application/timestamp-query"  # RFC 3161, section 3.4
#: A token with a chain of three certificates is some 8 kB.
_MOST_BYTES: Final = 2**17
_MOST_CERTIFICATE_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamping:
    """What came of asking one authority.

    Args:
        authority: its name.
        stamp: its verified token over the head; None where there is none yet.
        problem: why not, in a sentence; None where there is one.
    """

    authority: str
    stamp: Stamp | None = None
    problem: str | None = None


def authorities_of(config: Config) -> tuple[Authority, ...]:
    """The authorities of a configuration with their root certificates; none where none is configured.

    Raises:
        UsageError: a root cannot be read or is no certificate, two are the same, or the library is not installed.
    """
    return checked_authorities([_authority(config, each) for each in config.timestamps])


def stamp_head(
    store: ExhibitStore, config: Config, authorities: tuple[Authority, ...]
) -> tuple[CustodyEntry, list[Stamping]]:
    """Ask every authority that has not attested the head of the log yet, and keep what is verified.

    Args:
        store: the store.
        config: where the authorities answer, and how long they may take.
        authorities: those of the configuration.

    Returns:
        The head, and one result for each authority that is still asked, in their order.

    Raises:
        EvidenceError: the log is empty or damaged, or the store cannot be written.
        UsageError: the library is not installed.
    """
    head = store.custody.last()
    if head is None:
        raise EvidenceError("the custody log is empty", where=store.folder.url(""), remedy="receive something first")
    kept = {stamp.authority: stamp for stamp in _kept(store, head, authorities)}
    pinned = {authority.name: authority for authority in authorities}
    urls = {each.name: each.url for each in config.timestamps if each.url is not None}
    queries = {name: new_query(canonical_json(head.record())) for name in urls if name not in kept}
    answers = fetch_all(
        {("timestamps", name): urls[name] for name in queries},
        timeout_s=config.timeout_s,
        deadline_s=config.deadline_s,
        most_bytes=_MOST_BYTES,
        questions={
            ("timestamps", name): Question(content=query.content, media_type=_QUERY) for name, query in queries.items()
        },
    )
    found = [
        Stamping(authority=name, stamp=kept[name])
        if name in kept
        else _taken(store.folder, head, answers["timestamps", name], pinned[name], queries[name].nonce)
        for name in urls
    ]
    return head, found


def _kept(store: ExhibitStore, head: CustodyEntry, authorities: tuple[Authority, ...]) -> list[Stamp]:
    """The verified tokens over exactly this head."""
    there = read_timestamps(store.folder, store.custody, authorities)
    return [stamp for stamp in there.stamps if stamp.head == head.anchor]


def _taken(folder: Folder, head: CustodyEntry, answer: Answer, authority: Authority, nonce: int) -> Stamping:
    if answer.content is None or answer.problem is not None:
        return Stamping(authority=authority.name, problem=answer.problem)
    try:
        stamp = keep_token(folder, head, answer.content, authority, nonce=nonce)
    except TokenError as error:
        return Stamping(authority=authority.name, problem=f"its answer was refused: {error.what}")
    return Stamping(authority=authority.name, stamp=stamp)


def _authority(config: Config, each: AuthorityConfig) -> Authority:
    path = config.base / each.root
    content = read_own_file(path, limit_bytes=_MOST_CERTIFICATE_BYTES)
    return Authority(name=each.name, root=read_certificate(content, where=str(path)), signers=each.signers)
