"""Sendings: from when to when a transponder sent an IMO number, and for how long its places count for that ship."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Claim:
    """A transponder sent an IMO number, from a first to a last report, seconds since 1970."""

    mmsi: int
    imo: int
    first_s: int
    last_s: int
    exhibit: str
    row: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A run of reports of one number under one MMSI, with no other number between.

    Args:
        claim: the first of them.
        first_s, last_s: the first and the last report that said so, seconds since 1970.
        from_s, to_s: within which time the places sent under the MMSI count for the number.
        others: the other IMO numbers that were ever sent under the MMSI, sorted.
    """

    claim: Claim
    first_s: int
    last_s: int
    from_s: int
    to_s: int
    others: tuple[int, ...]


def sendings(claims: Iterable[Claim], numbers: Collection[int], *, beside_s: int) -> list[Sending]:
    """The runs in which some numbers were sent; by MMSI, number and time.

    A place counts from `beside_s` before the first report of a run to as long after the last, and never beyond a report
    of another number under the same MMSI: a number that was typed wrongly once says nothing of the years after.

    Args:
        claims: every number that was sent under the MMSI in question, in any order.
        numbers: those asked about.
        beside_s: how long, seconds.
    """
    by_ship: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_ship[claim.mmsi].append(claim)
    found = []
    for _, said in sorted(by_ship.items()):
        for imo in sorted({claim.imo for claim in said} & set(numbers)):
            others = [claim for claim in said if claim.imo != imo]
            own = sorted((claim for claim in said if claim.imo == imo), key=lambda each: (each.first_s, each.row))
            found += [_bounded(run, others, beside_s) for run in _runs(own, others, beside_s)]
    return found


def _runs(own: Sequence[Claim], others: Sequence[Claim], beside_s: int) -> list[Sending]:
    """Reports of one number joined where the times beside them meet and no other number was sent between."""
    numbers = tuple(sorted({claim.imo for claim in others}))
    runs: list[Sending] = []
    for claim in own:
        last = runs[-1] if runs else None
        if last is not None and claim.first_s - last.last_s <= 2 * beside_s and not _between(others, last, claim):
            runs[-1] = replace(last, last_s=max(last.last_s, claim.last_s))
        else:
            first_s, last_s = claim.first_s, claim.last_s
            made = Sending(claim=claim, first_s=first_s, last_s=last_s, from_s=first_s, to_s=last_s, others=numbers)
            runs.append(made)
    return runs


def _between(others: Iterable[Claim], run: Sending, claim: Claim) -> bool:
    return any(other.first_s < claim.first_s and other.last_s > run.last_s for other in others)


def _bounded(run: Sending, others: Sequence[Claim], beside_s: int) -> Sending:
    """A run with the time beside it, as far as no other number was sent."""
    before = [other.last_s + 1 for other in others if other.last_s < run.first_s]
    after = [other.first_s - 1 for other in others if other.first_s > run.last_s]
    return replace(
        run,
        from_s=max([run.first_s - beside_s, *before]),
        to_s=min([run.last_s + beside_s, *after]),
    )
