"""The sea desk at work: every detector of its folder asks its questions, and its signs get the rows they cite."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.resources import files
from typing import Any

import ibis
import pyarrow as pa

from bongsu.kernel.cards import read_card
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import UsageError
from bongsu.kernel.indicator import Indicator, Reason
from bongsu.kernel.interval import Interval
from bongsu.sea.bearing import Standing, bearing
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.model import SANDBOX, Identity, citation
from bongsu.sea.overview import Tally, Untied
from bongsu.sea.seas import Known, Sea
from bongsu.sea.ships import Ships
from bongsu.sea.signs import Seen, Sign, time_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What one detector found, before its citations are looked up.

    Args:
        name: such as `sea.dark_gap`.
        signs: those of which some time lies in the days asked about, tied to the DPRK.
        untied: such that nothing ties to the DPRK: they name no measure, and make no indicator.
        because: the fact that ties each measure of its card.
    """

    name: str
    signs: tuple[Sign, ...]
    untied: tuple[Sign, ...]
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A sign and the indicator made of it."""

    sign: Sign
    indicator: Indicator


def detect(
    sea: Sea, *, standing: Standing, only: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None
) -> tuple[Indicator, ...]:
    """What the detectors of the desk find.

    Args:
        sea: what they may ask.
        standing: from when to when each measure is in force.
        only: the detectors to run, such as `dark_gap`; all where none is named.
        tell: told the name of each.

    Returns:
        Indicators sorted by score (highest first), subject and id.

    Raises:
        UsageError: there is no detector of a name.
        CardError: a card is broken.
        EvidenceError: a file is damaged.
    """
    found = cited(sea, signs(sea, only=only, tell=tell), standing=standing, tell=tell)
    return tuple(each.indicator for each in found)


def signs(sea: Sea, *, only: Sequence[str] = (), tell: Callable[[str], None] = lambda _: None) -> tuple[Detected, ...]:
    """What each detector finds, without citations; in the order of their names. Arguments and errors as of `detect`."""
    unknown = sorted(set(only) - set(detector_names()))
    if unknown:
        raise UsageError(
            f"there is no detector {', '.join(unknown)}", remedy=f"the sea desk has {', '.join(detector_names())}"
        )
    chosen = [name for name in detector_names() if not only or name in only]
    return tuple(_run(name, sea, tell) for name in chosen)


def detector_names() -> tuple[str, ...]:
    """The detectors of the folder, sorted."""
    folder = files("bongsu.sea.detectors")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def parameters_of(name: str) -> Any:  # Any: each detector has its own, held to its form by the contract tests
    """What the card of a detector says.

    Raises:
        CardError: it is broken.
    """
    module: Any = import_module(f"bongsu.sea.detectors.{name}")
    card = files("bongsu.sea.detectors") / f"{name}.toml"
    return read_card(card.read_bytes(), where=f"sea/detectors/{name}.toml", read=module.read_parameters)


def _run(name: str, sea: Sea, tell: Callable[[str], None]) -> Detected:
    tell(name.replace("_", " "))
    module: Any = import_module(f"bongsu.sea.detectors.{name}")  # Any: as above
    parameters = parameters_of(name)
    questions: Mapping[type, ibis.Table] = module.questions(sea, parameters)
    answers = Answers({record: sea.engine.records(question, record) for record, question in questions.items()})
    known = Known(
        ships=Ships(_identities(sea, answers.ships())),
        gazetteer=sea.gazetteer,
        designated=sea.designated,
        clock=sea.clock,
    )
    found: list[Sign] = module.detect(answers, known, parameters)
    asked = [sign for sign in found if sea.is_asked(sign.from_s, sign.to_s)]
    return Detected(
        name=parameters.common.name,
        signs=tuple(sign for sign in asked if sign.measures),
        untied=tuple(sign for sign in asked if not sign.measures),
        because=parameters.common.because,
    )


def _identities(sea: Sea, ships: Iterable[int]) -> list[Identity]:
    numbers = sorted(ships)
    if not numbers:
        return []
    wanted = ibis.memtable(pa.table({"mmsi": pa.array(numbers, pa.int64())}))
    return sea.engine.records(sea.identities.semi_join(wanted, "mmsi"), Identity)


@dataclass(frozen=True, slots=True)
class _Row:
    mmsi: int
    at: datetime
    source: str
    exhibit: str
    row: int
    world: str

    @property
    def citation(self) -> Citation:
        return citation(self.source, self.exhibit, self.row)


def cited(
    sea: Sea, found: Sequence[Detected], *, standing: Standing, tell: Callable[[str], None] = lambda _: None
) -> tuple[Cited, ...]:
    """Signs with the rows they cite, as indicators; sorted by score (highest first), subject and id.

    A sign of which no measure was in force while it happened makes none.

    Raises:
        EvidenceError: a file is damaged.
    """
    tell("looking up what is cited")
    clock_s = int(sea.clock.timestamp())
    borne = [
        (detected.name, sign, bearing(sign, detected.because, standing, clock_s=clock_s))
        for detected in found
        for sign in detected.signs
    ]
    bound = [(name, sign, bears) for name, sign, bears in borne if bears[0]]
    rows = _reports(sea, {seen for _, sign, _ in bound for seen in sign.seen})
    made = [Cited(sign=sign, indicator=_indicator(name, sign, bears, rows)) for name, sign, bears in bound]
    return tuple(sorted(made, key=lambda each: (-each.indicator.score, each.indicator.subject.id, each.indicator.id)))


def tallies(found: Sequence[Detected], made: Iterable[Cited]) -> tuple[Tally, ...]:
    """What each detector found, counted; in their order.

    Args:
        found: what `signs` gave.
        made: what `cited` made of it.
    """
    counts = Counter(each.indicator.detector for each in made)
    return tuple(
        Tally(
            detector=each.name,
            indicators=counts[each.name],
            untied=len(each.untied),
            lapsed=len(each.signs) - counts[each.name],
        )
        for each in found
    )


def untied(sea: Sea, found: Sequence[Detected]) -> tuple[Untied, ...]:
    """What nothing ties to the DPRK, by score (highest first), detector, time and title.

    Raises:
        EvidenceError: a file is damaged.
    """
    every = [(each.name, sign) for each in found for sign in each.untied]
    rows = _reports(sea, {seen for _, sign in every for seen in sign.seen})
    listed = [
        Untied(
            detector=name,
            kind=str(sign.facts["kind"]),
            title=sign.title,
            from_s=sign.from_s,
            to_s=sign.to_s,
            place=sign.place,
            score=sign.score,
            sandbox=_is_invented(sign, rows),
        )
        for name, sign in every
    ]
    return tuple(sorted(listed, key=lambda each: (-each.score, each.detector, each.from_s, each.title)))


def _is_invented(sign: Sign, rows: Mapping[Seen, Sequence[_Row]]) -> bool:
    said = (report.world for ship in sign.ships for report in ship.reports.values())
    return SANDBOX in {*said, *(row.world for seen in sign.seen for row in rows[seen])}


def _reports(sea: Sea, seen: Iterable[Seen]) -> dict[Seen, list[_Row]]:
    """The positions that signs rest on, by ship and second."""
    wanted = sorted(seen)
    if not wanted:
        return {}
    table = pa.table(
        {
            "mmsi": pa.array([each.mmsi for each in wanted], pa.int64()),
            "at": pa.array([time_of(each.at_s) for each in wanted], pa.timestamp("us", tz="UTC")),
        }
    )
    # The ships first: files are sorted by ship, and most are not asked about.
    among = sea.positions.filter(sea.positions.mmsi.isin(sorted({each.mmsi for each in wanted})))
    met = among.semi_join(ibis.memtable(table), ["mmsi", "at"]).select(
        "mmsi", "at", "source", "exhibit", "row", "world"
    )
    rows: dict[Seen, list[_Row]] = defaultdict(list)
    for row in sea.engine.records(met, _Row):
        rows[Seen(mmsi=row.mmsi, at_s=int(row.at.timestamp()))].append(row)
    return rows


def _indicator(
    name: str,
    sign: Sign,
    bears: tuple[tuple[str, ...], tuple[Reason, ...]],
    rows: Mapping[Seen, Sequence[_Row]],
) -> Indicator:
    measures, ties = bears
    cited = [row for seen in sign.seen for row in rows[seen]]
    said = [report for ship in sign.ships for report in ship.reports.values()]
    return Indicator(
        detector=name,
        title=sign.title,
        measures=measures,
        subject=sign.ships[0].subject,
        when=Interval(time_of(sign.from_s), None if sign.to_s is None else time_of(sign.to_s)),
        score=sign.score,
        reasons=(*sign.reasons, *ties, *sign.hearsay),
        alternatives=(*sign.alternatives, *sign.doubts),
        citations=(*sign.citations, *(report.citation for report in said), *(row.citation for row in cited)),
        facts=sign.facts,
        place=sign.place,
        quantity=sign.quantity,
        sandbox=_is_invented(sign, rows),
    )
