"""Read-only questions about what is watched, with JSON answers: the register, the law, sources, suggestions, caps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from bongsu.cases.handling import Reader
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import UsageError
from bongsu.law.record import measure_record, timeline_record
from bongsu.lists.entity_record import entity_record
from bongsu.names.screener import DEFAULT_SCORE, Query
from bongsu.reports.screening import hit_record
from bongsu.web import asked
from bongsu.web.pages.petroleum.deliveries import Delivery, Year, years
from bongsu.web.pages.sources.standing import Source, sources
from bongsu.web.pages.watch.suggestions import Suggested, suggestions
from bongsu.web.questions import NotReadyError
from bongsu.web.record import work
from bongsu.web.record.cycles import newest_cycle
from bongsu.web.record.knowledge import regime
from bongsu.web.record.register import Register, registers

MOST_NAMES: Final = 5_000
LONGEST_NAME: Final = 1_000
#: After so long the rest of the names is not screened, and the answer says so.
SECONDS: Final = 25.0
Record = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name to screen, and the kind it is asked about as: `Person`, `Organization`, `Vessel`, or None for all."""

    name: str
    schema: str | None = None


def entity(reference: str) -> Record:
    """The entities of the register that a reference means: an id, a listing's, a list's own number, an exact name.

    Raises:
        NotReadyError: the register is still being filed, or there is none yet.
        NotThereError: no list in force holds it.
    """
    register = _register()
    found = register.joined.resolution.find(reference)
    if not found:
        raise work.NotThereError
    review = register.joined.resolution.review
    return {
        "entities": [entity_record(each, review, sandbox=register.joined.sandbox) for each in found],
        "register": register.standing.cycle,
    }


def screened_many(
    given: Sequence[Named],
    *,
    min_score: float = DEFAULT_SCORE,
    limit: int = 10,
    clock: Callable[[], float] = monotonic,
) -> Record:
    """Who among the designated each of some names may mean.

    Args:
        given: 1 to 5,000.
        min_score: 0.5 to 1.
        limit: at most so many hits a name, 1 to 100.
        clock: seconds, for the limit of time.

    Returns:
        An answer for each, in their order; `not_screened` counts those for which the time did not suffice.

    Raises:
        NotReadyError: the register is still being filed, or there is none yet.
        UsageError: none, too many, an empty or overlong name, no such kind, or a score or limit that is out of bounds.
    """
    if not 1 <= len(given) <= MOST_NAMES:
        raise UsageError(f"{len(given)} names were given", remedy=f"give 1 to {MOST_NAMES:,} at once")
    for number, each in enumerate(given, start=1):
        if not each.name.strip() or len(each.name) > LONGEST_NAME:
            raise UsageError("is no name", where=f"name {number}", remedy=f"1 to {LONGEST_NAME:,} characters")
    most = asked.hits(limit)
    register, ends = _register(), clock() + SECONDS
    answers: list[Record] = []
    for number, each in enumerate(given, start=1):
        if clock() > ends:
            break
        query = Query(name=each.name, schema=each.schema)
        try:
            hits = register.screener.screen(query, min_score=min_score, limit=most)
        except UsageError as error:
            raise UsageError(error.what, where=f"name {number}", remedy=error.remedy) from None
        answers.append({"query": each.name, "hits": [hit_record(hit) for hit in hits]})
    return {
        "answers": answers,
        "not_screened": len(given) - len(answers),
        "register": register.standing.cycle,
        "caveat": "A hit is a possible match for a person to judge, not an accusation; no hit is no licence.",
    }


def measure(key: str) -> Record:
    """The measure of a key such as `2397/5`, or those that a paragraph such as `1718/8` holds.

    Raises:
        UsageError: there is no such measure.
    """
    within = regime().within(key)
    return {"measures": [measure_record(each) for each in within or (regime().measure(key),)]}


def law_timeline() -> Record:
    """Every dated event of the regime, by day."""
    return {"events": timeline_record(regime().timeline())}


def watched_sources(reader: Reader) -> Record:
    """Every source of every desk, and how it stands after the newest cycle, as far as the reader may read its files."""
    cycle = newest_cycle()
    found = [_source(each) for each in sources(cycle, reader)]
    return {"cycle": None if cycle is None else cycle.id, "sources": found}


def suggested_cases(reader: Reader) -> Record:
    """Indicators of the newest cycle that nobody decided on and that may be one matter."""
    cycle = newest_cycle()
    found = [] if cycle is None else suggestions(reader, cycle)
    return {"cycle": None if cycle is None else cycle.id, "suggestions": [_suggestion(each) for each in found]}


def petroleum_years(reader: Reader) -> Record:
    """What tankers may have brought by calendar year, the newest first, held against the cap."""
    cycle = newest_cycle()
    found = [] if cycle is None else years(reader, cycle)
    return {"cycle": None if cycle is None else cycle.id, "years": [_year(each) for each in found]}


def _register() -> Register:
    register = registers().latest(30.0)
    if register is None:
        raise NotReadyError(registers().problem or "the register is being filed", remedy="ask again in a minute")
    return register


def _source(source: Source) -> Record:
    card = source.card
    return {
        "desk": card.desk,
        "id": card.id,
        "title": card.title,
        "publisher": card.publisher,
        "homepage": card.homepage,
        "licence": card.licence,
        "state": source.state or "not watched",
        "last": source.last,
        "age_days": source.age_days,
        "records": source.records,
        "set_aside": source.set_aside,
        "problems": list(source.problems),
        "warnings": list(source.warnings),
        "new_copies": list(source.new_copies),
        "exhibits": [dict(each) for each in source.exhibits],
        "sandbox": source.sandbox,
        "withheld": source.withheld,
    }


def _suggestion(suggested: Suggested) -> Record:
    found = suggested.suggestion
    return {
        "id": found.id,
        "story": found.story,
        "subjects": [{"id": each.id, "schema": each.schema, "name": each.name} for each in found.subjects],
        "indicators": list(found.indicators),
        "from": None if found.when.low is None else stamp(found.when.low),
        "to": None if found.when.high is None else stamp(found.when.high),
        "measures": list(found.measures),
        "score": found.score,
        "for_case": None if suggested.case is None else suggested.case.id,
        "dismissed_before": list(suggested.reasons),
        "sandbox": found.sandbox,
    }


def _year(year: Year) -> Record:
    return {
        "year": year.year,
        "from": year.begins.isoformat(),
        "until": year.ends.isoformat(),
        "measure": year.measure,
        "cap_barrels": year.cap,
        "barrels": dict(year.totals),
        "of_unknown_size": year.unknown,
        "sandbox": year.sandbox,
        "deliveries": [_delivery(each) for each in year.deliveries],
        "caveat": "Estimates of calls that a machine found; a sum over the cap is a sign, not a finding.",
    }


def _delivery(delivery: Delivery) -> Record:
    return {
        "indicator": delivery.row.id,
        "at": stamp(delivery.at),
        "port": delivery.port,
        "barrels": None if delivery.barrels is None else dict(delivery.barrels),
        "so_far": dict(delivery.so_far),
        "crosses": list(delivery.crosses),
        "basis": delivery.basis,
    }
