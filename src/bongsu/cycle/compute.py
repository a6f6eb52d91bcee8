"""The pure part of a cycle: from exhibits, cards, code and a clock to the bytes of its outputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final

import bongsu
from bongsu.cycle.collect import Delivery, Shortfall
from bongsu.cycle.copies import Accepted, accept
from bongsu.cycle.joining import join
from bongsu.cycle.library import Library, ReadCopy, source_of
from bongsu.cycle.waters import SeaFile, designated_ships, sandbox_outlook, sea_outlook
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.clock import instant
from bongsu.kernel.indicator import Indicator
from bongsu.law import load_regime
from bongsu.lists.acceptance import loss
from bongsu.lists.cards import SourceCard
from bongsu.lists.changes import Step, by_authority
from bongsu.lists.coverage import Coverage, Gap, coverage, gaps, newest_dates
from bongsu.lists.desk import detect
from bongsu.lists.entities import Resolution
from bongsu.lists.judgements import Judgement
from bongsu.lists.model import Statement
from bongsu.lists.observed import Observed
from bongsu.lists.register import Copy, dprk_only, in_force
from bongsu.lists.screening import screened_rows, screening_entities
from bongsu.lists.sightings import CustomerFile, ListedAt, ScreenedFile, screen_file, sightings
from bongsu.names import Entity, Screener
from bongsu.reports import html_page, report_record, screening_record
from bongsu.reports.model import CopyInForce, CycleReport, Designated, ListState, PositionsFile, StepOfList
from bongsu.sea.overview import Outlook

REPORT_JSON: Final = "report.json"
REPORT_HTML: Final = "report.html"
INDICATORS: Final = "indicators.json"
QUARANTINE: Final = "quarantine.json"
# As the cards of the Council's own lists call their authority.
COUNCIL: Final = "UN"
SCREENING: Final = "screening.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything a cycle's outputs depend on, beside the code and the cards in it.

    Args:
        cycle: the cycle's id.
        clock: its time.
        previous: the id of the cycle before, or None.
        known_indicators: the ids of its indicators.
        known_copies: the good copies it had.
        damaged: exhibits of them, and of files of positions, that were found missing or changed, by digest.
        deliveries: what came with this cycle, the sandbox's apart.
        sandbox: the sandbox's deliveries; none where it took no part.
        sandbox_mode: `no real copy`, `always` or `never`.
        shortfalls: what did not come.
        watched: the lists the configuration names.
        judgements: the log of rulings on which listings are one.
        customers: the customer files to screen.
        sea: the files of ship positions in the store's lake.
        sandbox_sea: the sandbox's; none where it took no part or there are real ones.
        min_score: the lowest score of a hit in them.
    """

    cycle: str
    clock: datetime
    previous: str | None
    known_indicators: frozenset[str]
    known_copies: tuple[Copy, ...]
    damaged: frozenset[str]
    deliveries: tuple[Delivery, ...]
    sandbox: tuple[Delivery, ...]
    sandbox_mode: str
    shortfalls: tuple[Shortfall, ...]
    watched: tuple[str, ...]
    judgements: tuple[Judgement, ...]
    customers: tuple[CustomerFile, ...]
    sea: tuple[SeaFile, ...]
    sandbox_sea: tuple[SeaFile, ...]
    min_score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What a cycle makes.

    Args:
        files: bytes by name.
        copies: the good copies after it.
        unread: copies of earlier cycles that cannot be read now; they stay known.
        report: what it found.
    """

    files: dict[str, bytes]
    copies: tuple[Copy, ...]
    unread: tuple[Copy, ...]
    report: CycleReport


def real_copies(
    library: Library,
    known: Sequence[Copy],
    deliveries: Sequence[Delivery],
    damaged: Collection[str],
    tell: Callable[[str], None],
) -> Accepted:
    """The copies of real lists that count. What came and what was known decide it alone.

    Raises:
        EvidenceError: an exhibit that was not named as damaged is.
    """
    return accept(library, [copy for copy in known if not copy.sandbox], deliveries, damaged, tell)


def sandbox_takes_part(mode: str, real: Accepted) -> bool:
    """Whether the sandbox stands beside the real lists or, where none has a good copy, instead of them."""
    return mode == "always" or (mode == "no real copy" and not real.good)


def compute(inputs: Inputs, real: Accepted, library: Library, tell: Callable[[str], None]) -> Outputs:
    """The outputs of a cycle. The same inputs give the same bytes.

    Args:
        inputs: what they depend on.
        real: what `real_copies` made of the same inputs.
        library: reads copies from their exhibits.
        tell: told what is being done.

    Raises:
        EvidenceError: an exhibit is absent or damaged.
        CardError: a card is broken.
    """
    accepted = real
    if sandbox_takes_part(inputs.sandbox_mode, real):
        invented = [copy for copy in inputs.known_copies if copy.sandbox]
        accepted += accept(library, invented, inputs.sandbox, (), tell)
    tell("comparing copies")
    new = _new(accepted.good, inputs.known_copies)
    steps = _steps(accepted.good, library, new=new)
    copies = in_force([read.copy for read in accepted.good])
    screened, listed = _screened(inputs, library, copies, tell)
    resolution = join(library, copies, inputs.judgements, tell)
    covered = _coverage(resolution)
    at_sea = _at_sea(inputs, library, copies, tell)
    tell("detecting")
    listed_signs = detect(
        Observed(
            steps=_observed(steps),
            sightings=sightings(screened, listed),
            gaps=_gaps(covered, resolution, copies),
        )
    )
    report = CycleReport(
        cycle=inputs.cycle,
        clock=inputs.clock,
        previous=inputs.previous,
        regime=load_regime(),
        lists=_list_states(inputs, library, accepted, new=new),
        steps=steps,
        screened=screened,
        resolution=resolution,
        coverage=covered,
        sea=at_sea,
        positions=_positions_files(inputs),
        indicators=_ranked((*listed_signs, *(at_sea.indicators if at_sea is not None else ()))),
        known_indicators=inputs.known_indicators,
        version=bongsu.__version__,
    )
    tell("writing the report")
    return Outputs(
        files=_files(report, accepted),
        copies=tuple(read.copy for read in accepted.good),
        unread=accepted.unread,
        report=report,
    )


def _positions_files(inputs: Inputs) -> tuple[PositionsFile, ...]:
    """The files of positions that the cycle looks at, as the report names them."""
    return tuple(
        PositionsFile(
            exhibit=file.exhibit,
            source=file.source,
            received_at=instant(file.clock) if inputs.sea else inputs.clock,
            sandbox=file.sandbox,
            beside=file.beside,
            damaged=tuple(sorted(inputs.damaged.intersection(file.exhibits))),
        )
        for file in inputs.sea or inputs.sandbox_sea
    )


def _at_sea(inputs: Inputs, library: Library, copies: Sequence[Copy], tell: Callable[[str], None]) -> Outlook | None:
    """What the sea desk says; the invented sea counts only where there is no real one."""
    if inputs.sea:
        sound = [file for file in inputs.sea if inputs.damaged.isdisjoint(file.exhibits)]
        return sea_outlook(sound, library, designated_ships(library, copies), tell)
    return sandbox_outlook(inputs.sandbox_sea, library, tell)


def _ranked(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """By score, highest first, then subject and id, whichever desk found them."""
    return tuple(sorted(indicators, key=lambda each: (-each.score, each.subject.id, each.id)))


def _files(report: CycleReport, accepted: Accepted) -> dict[str, bytes]:
    """The bytes of each output, by its name."""
    record = report_record(report)
    files = {
        REPORT_JSON: canonical_json(record),
        REPORT_HTML: html_page(record),
        INDICATORS: canonical_json([indicator.record() for indicator in report.indicators]),
        QUARANTINE: canonical_json(
            [
                {"list": read.copy.list_id, "copy": read.copy.key, **row.record()}
                for read in accepted.good
                for row in read.set_aside
            ]
        ),
    }
    if report.screened:
        files[SCREENING] = canonical_json(screening_record(report.screened))
    return files


def _screened(
    inputs: Inputs, library: Library, copies: Sequence[Copy], tell: Callable[[str], None]
) -> tuple[tuple[ScreenedFile, ...], dict[str, ListedAt]]:
    """The customer files held against the DPRK entries of the copies in force, and where each of these stands."""
    if not inputs.customers:
        return (), {}
    tell("screening")
    entities: list[Entity] = []
    listed: dict[str, ListedAt] = {}
    for copy in copies:
        card = source_of(copy.list_id).card
        statements = library.statements(copy)
        mine = list(screening_entities(screened_rows(statements), card, every=False, sandbox=copy.sandbox))
        authorities = {entity.id: entity.source for entity in mine}
        for row in statements:
            if row.listing in authorities and row.listing not in listed:
                authority = authorities[row.listing]
                listed[row.listing] = ListedAt(authority=authority, binding=card.binding, citation=row.citation)
        entities += mine
    screener = Screener(entities)
    screened = tuple(
        screen_file(file, library.exhibit(file.exhibit), screener, min_score=inputs.min_score)
        for file in inputs.customers
    )
    return screened, listed


def _coverage(resolution: Resolution) -> Coverage | None:
    """What the others carry of the Council's designations; None where fewer than two authorities are read."""
    authorities = {authority for entity in resolution.entities for authority in entity.authorities}
    return coverage(resolution, COUNCIL) if COUNCIL in authorities and len(authorities) > 1 else None


def _gaps(covered: Coverage | None, resolution: Resolution, copies: Sequence[Copy]) -> tuple[Gap, ...]:
    if covered is None:
        return ()
    dates = newest_dates(resolution, {copy.list_id: copy.list_date for copy in copies})
    return gaps(covered, dates, sandbox=any(copy.sandbox for copy in copies))


def _new(good: Sequence[ReadCopy], known: Sequence[Copy]) -> set[str]:
    """The ids of the copies that this cycle brought: received now, or served again and so in force in the place of
    another file of the same date.
    """
    before = {copy.list_id: copy for copy in known}
    now = {read.copy.list_id: read.copy for read in good}
    back = {
        copy.id
        for list_id, copy in now.items()
        if list_id in before
        and copy.list_date == before[list_id].list_date
        and copy.last_came > before[list_id].last_came
        and copy.id != before[list_id].id
    }
    return {read.copy.id for read in good} - {copy.id for copy in known} | back


def _steps(copies: Sequence[ReadCopy], library: Library, new: set[str]) -> tuple[StepOfList, ...]:
    """The steps from copy to copy; one is new if either end came with this cycle, as when an older copy turns up."""
    by_list: dict[str, list[ReadCopy]] = defaultdict(list)
    for read in copies:
        by_list[read.copy.list_id].append(read)
    return tuple(
        StepOfList(
            card=source_of(list_id).card,
            old=old.copy,
            later=later.copy,
            changes=library.changes(old.copy, later.copy),
            new=not new.isdisjoint({old.copy.id, later.copy.id}),
            loss=loss(old.size, later.size, earlier=f"that of {old.copy.list_date}"),
        )
        for list_id, reads in sorted(by_list.items())
        for old, later in pairwise(reads)
    )


def _observed(steps: Sequence[StepOfList]) -> tuple[Step, ...]:
    """The steps as the detectors see them: what changed of each authority's entries, by authority."""
    disputed = _disputed(steps)
    return tuple(
        seen
        for step in steps
        for days in [{step.old.list_date, step.later.list_date}]
        for seen in _by_authority(
            step, {listing: day for list_id, day, listing in disputed if list_id == step.card.id and day in days}
        )
    )


def _disputed(steps: Sequence[StepOfList]) -> list[tuple[str, date, str]]:
    """The listings about which two files disagree that print one date: list, date, listing."""
    return [
        (step.card.id, step.later.list_date, change.listing)
        for step in steps
        if step.is_disputed
        for change in step.changes
        if change.kind not in {"bookkeeping", "formatting"}
    ]


def _by_authority(step: StepOfList, disputed: Mapping[str, date]) -> tuple[Step, ...]:
    codes = {code for change in step.changes for code in change.all_programmes}
    return tuple(
        Step(
            list_id=step.card.id,
            authority=authority,
            binding=step.card.binding,
            dprk_programmes=frozenset(code for code in codes if step.card.is_dprk([code])),
            old_date=step.old.list_date,
            new_date=step.later.list_date,
            changes=changes,
            disputed=disputed,
            sandbox=step.later.sandbox,
        )
        for authority, changes in by_authority(step.changes, step.card).items()
    )


def _list_states(inputs: Inputs, library: Library, accepted: Accepted, *, new: set[str]) -> tuple[ListState, ...]:
    states = []
    told_of = {read.copy.list_id for read in accepted.good} | {refusal.list_id for refusal in accepted.refusals}
    for name in sorted({*inputs.watched, *told_of}):
        card = source_of(name).card
        mine = [read for read in accepted.good if read.copy.list_id == name]
        refused = [refusal for refusal in accepted.refusals if refusal.list_id == name]
        state = ListState(
            card=card,
            in_force=_in_force(card, mine[-1], library, inputs.clock) if mine else None,
            copies=len(mine),
            new_copies=tuple(read.copy.list_date for read in mine if read.copy.id in new),
            problems=_problems(_that_matter(inputs, name, any_refused=bool(refused))),
            refusals=tuple(f"{refusal.origin}: {refusal.reason}" for refusal in refused),
        )
        states.append(state)
    return tuple(states)


def _that_matter(inputs: Inputs, list_id: str, *, any_refused: bool) -> list[Shortfall]:
    """What did not come of a list. A part it can be read without is no problem of a list that came and was not refused:
    the copy says what it lacks (`parts_missing`), and the custody log says why.
    """
    came = any(delivery.list_id == list_id for delivery in inputs.deliveries)
    return [
        shortfall
        for shortfall in inputs.shortfalls
        if shortfall.list_id == list_id and (shortfall.required or any_refused or not came)
    ]


def _problems(shortfalls: Sequence[Shortfall]) -> tuple[str, ...]:
    """What did not come, in words; parts that failed for one reason are named together."""
    parts: dict[str, list[Shortfall]] = defaultdict(list)
    for shortfall in shortfalls:
        parts[shortfall.problem].append(shortfall)
    return tuple(
        f"{', '.join(row.part for row in rows)}: {problem} ({rows[0].origin})" for problem, rows in parts.items()
    )


def _in_force(card: SourceCard, read: ReadCopy, library: Library, clock: datetime) -> CopyInForce:
    return CopyInForce(
        copy=read.copy,
        tally=read.tally,
        set_aside=read.set_aside,
        parts_missing=read.parts_missing,
        age_days=(clock.date() - read.copy.list_date).days,
        designated=_designated(dprk_only(library.statements(read.copy), card)),
    )


def _designated(statements: Sequence[Statement]) -> tuple[Designated, ...]:
    groups: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        groups[statement.listing].append(statement)
    return tuple(_designation(listing, rows) for listing, rows in sorted(groups.items()))


def _designation(listing: str, rows: Sequence[Statement]) -> Designated:
    said: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        said[row.prop].append(row.cleaned or row.value)
    return Designated(
        listing=listing,
        reference=said["authorityId"][0],
        schema=next(row.schema for row in rows if row.entity == listing),
        name=said["name"][0],
        listed_on=next(iter(said["listingDate"]), None),
        programmes=tuple(sorted(set(said["program"]))),
        citation=str(rows[0].citation),
    )
