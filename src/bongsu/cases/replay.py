"""Replay: the cases that the acts of a whole journal make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bongsu.cases.case_acts import OpenCase
from bongsu.cases.journal import CaseAct, Entry, case_act_of
from bongsu.cases.model import Case
from bongsu.cases.progress import applied, opened_id
from bongsu.kernel.errors import EvidenceError

Done: TypeAlias = tuple[Entry, CaseAct]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What the acts of a journal come to.

    Args:
        cases: by id.
        passed_over: the numbers of the acts that count for nothing, since their case was opened twice; in order.
    """

    cases: dict[str, Case]
    passed_over: tuple[int, ...]


def replayed(entries: Iterable[Entry]) -> Replay:
    """The cases that the acts of a journal make; entries of other kinds make none.

    A journal written before a case could be opened only once may hold the same opening twice. The second is passed
    over. Where what was done after it cannot follow what was done before it, the site had begun the case anew: then
    what was done before it is passed over instead.

    Args:
        entries: in the order of the journal; verified before.

    Raises:
        EvidenceError: an act that cannot be read, or is on something that is not there; names the entry.
    """
    acts: dict[str, list[Done]] = {}
    for entry in entries:
        done = case_act_of(entry)
        if done is not None:
            acts.setdefault(done.case, []).append((entry, done))
    cases: dict[str, Case] = {}
    passed_over: list[int] = []
    for case, several in acts.items():
        cases[case], over = _case(several)
        passed_over += over
    return Replay(cases=cases, passed_over=tuple(sorted(passed_over)))


def _case(acts: Sequence[Done]) -> tuple[Case, list[int]]:
    again = [index for index, (entry, done) in enumerate(acts) if index and _opens(entry, done)]
    try:
        case = _made([each for index, each in enumerate(acts) if index not in again])
    except EvidenceError:
        if not again:
            raise
        return _made(acts[again[-1] :]), [entry.number for entry, _ in acts[: again[-1]]]
    return case, [acts[index][0].number for index in again]


def _opens(entry: Entry, done: CaseAct) -> bool:
    return isinstance(done.act, OpenCase) and opened_id(done.act, done.by, entry.at) == done.case


def _made(acts: Sequence[Done]) -> Case:
    (first, opening), *others = acts
    case = _applied(None, opening, first)
    if case.id != opening.case:
        raise EvidenceError("an opening act under another case's id", where=f"entry {first.number}")
    for entry, done in others:
        case = _applied(case, done, entry)
    return case


def _applied(case: Case | None, done: CaseAct, entry: Entry) -> Case:
    try:
        return applied(case, done.act, done.by, entry.at)
    except ValueError as error:
        remedy = "ask whoever exported it for a sound one"
        raise EvidenceError(str(error), where=f"entry {entry.number}", remedy=remedy) from None
