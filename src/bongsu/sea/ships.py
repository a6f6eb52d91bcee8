"""Ships: what transponders said of themselves, by MMSI and time, and which static report said it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate, takewhile
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.citation import Citation
from bongsu.kernel.indicator import Subject
from bongsu.sea.detectors.card import parameter
from bongsu.sea.model import Identity

_NUMBER: Final = "IMO number"
# The fields of a ship, by the word for each.
_FIELDS: Final = {
    "name": "name",
    _NUMBER: "imo",
    "type": "ship_type",
    "length": "length_m",
    "beam": "beam_m",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The card `ships.toml`.

    Args:
        window_s: how long before and after a time a static report tells of it, seconds.
        near_s: how near it tells without a word of doubt, seconds.
        beam_to_draught: the least ratio of a hull's beam to its draught, laden.
        beam_to_light_draught: the greatest, empty.
    """

    window_s: int
    near_s: int
    beam_to_draught: float
    beam_to_light_draught: float


@cache
def rules() -> Rules:
    """The card `ships.toml`."""
    return read_card((files("bongsu.sea") / "ships.toml").read_bytes(), where="sea/ships.toml", read=read_rules)


def read_rules(card: Card) -> Rules:
    """The rules from their card.

    Raises:
        CardError: a key missing or unknown.
    """
    card.text("title")
    return Rules(
        window_s=int(parameter(card, "window", "day") * 86_400),
        near_s=int(parameter(card, "near", "hour") * 3600),
        beam_to_draught=parameter(card, "beam_to_draught", "ratio", least=1),
        beam_to_light_draught=parameter(card, "beam_to_light_draught", "ratio", least=1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ship:
    """What was known of a ship at a time, or through one.

    Args:
        reports: the static report that each value is of, by the word for it, such as `IMO number`.
        numbers: the IMO numbers sent under her MMSI, where none of several can be taken for hers; then `imo` is None.
    """

    mmsi: int
    name: str | None = None
    imo: int | None = None
    ship_type: int | None = None
    length_m: float | None = None
    beam_m: float | None = None
    reports: Mapping[str, Identity] = field(default_factory=dict)
    numbers: tuple[int, ...] = ()

    @property
    def called(self) -> str:
        """How she is named in a sentence."""
        return f"{self.name} (MMSI {self.mmsi})" if self.name else f"MMSI {self.mmsi}"

    @property
    def subject(self) -> Subject:
        """Whom an indicator about her names: by IMO number, which stays with a hull, else by MMSI."""
        number = f"imo:{self.imo:07d}" if self.imo is not None else f"mmsi:{self.mmsi:09d}"
        return Subject(id=number, schema="Vessel", name=self.name or f"MMSI {self.mmsi}")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The static reports that what is known of her rests on, each once, sorted."""
        return tuple(sorted({report.citation for report in self.reports.values()}))

    def can_draw(self, draught_m: float) -> bool:
        """Whether her beam allows a draught, metres; True where the beam is not known."""
        ratios = (rules().beam_to_draught, rules().beam_to_light_draught)
        return self.beam_m is None or ratios[0] * draught_m <= self.beam_m <= ratios[1] * draught_m


@dataclass(frozen=True, slots=True)
class _Row:
    """A static report, the same from a first to a last second."""

    first_s: int
    last_s: int
    said: Identity

    @property
    def is_whole(self) -> bool:
        """Whether it gives every field of a ship."""
        return all(getattr(self.said, name) is not None for name in _FIELDS.values())

    def off_s(self, at_s: int) -> int:
        """How long before or after a time it was sent, seconds; 0 where it was sent before and after."""
        return max(self.first_s - at_s, at_s - self.last_s, 0)


class _Said:
    """What one MMSI said.

    Args:
        reports: at least one, in any order.
    """

    def __init__(self, reports: Iterable[Identity]) -> None:
        ordered = sorted(reports, key=lambda said: (said.first_at, said.last_at, said.exhibit, said.row))
        self.rows = [_Row(int(said.first_at.timestamp()), int(said.last_at.timestamp()), said) for said in ordered]
        self.has_one_number = len({said.imo for said in ordered if said.imo is not None}) <= 1
        self._begun = [row.first_s for row in self.rows]
        self._latest = list(accumulate((row.last_s for row in self.rows), max))
        self._of_row: list[Ship | None] = [None] * len(self.rows)
        self._of_piece: dict[int, Ship] = {}

    @cached_property
    def _edges(self) -> list[int]:
        """When what is known may change: a report begins or ends, comes near or into the window, or leaves it."""
        offs = (0, rules().near_s, rules().window_s)
        return sorted({edge for row in self.rows for off in offs for edge in (row.first_s - off, row.last_s + off + 1)})

    def piece(self, at_s: int) -> int:
        """The number of the stretch of time in which a time lies, all through which the same is known."""
        return bisect_right(self._edges, at_s)

    def known(self, at_s: int) -> Ship:
        """`Ships.of`. Mostly the last report until then is near and whole, and nothing else needs to be asked."""
        number = bisect_right(self._begun, at_s) - 1
        if number >= 0:
            row = self.rows[number]
            if at_s <= row.last_s or (row.last_s == self._latest[number] and at_s - row.last_s <= rules().near_s):
                found = self._of_row[number]
                if found is None and row.is_whole:
                    found = self._of_row[number] = _ship(row.said.mmsi, dict.fromkeys(_FIELDS, row.said), {})
                if found is not None:
                    return found
        piece = self.piece(at_s)
        if piece not in self._of_piece:
            self._of_piece[piece] = _known(self.rows[0].said.mmsi, self.rows, at_s)
        return self._of_piece[piece]


class Ships:
    """The identities of some ships.

    Args:
        identities: rows of the identity table, in any order.
    """

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._reports: dict[int, list[Identity]] = defaultdict(list)
        for said in identities:
            self._reports[said.mmsi].append(said)
        self._said: dict[int, _Said | None] = {}
        self._through: dict[tuple[int, int, int], Ship] = {}

    def said(self, mmsi: int) -> tuple[Identity, ...]:
        """All that was said under an MMSI, by time; empty where nothing was."""
        return tuple(row.said for row in self._rows(mmsi))

    def of(self, mmsi: int, at_s: int) -> Ship:
        """What was known at a time, seconds since 1970: of each field the last value sent until then, else the first
        sent after, within the days of the card and on this side of every change of her IMO number.

        Her IMO number is one that was sent within the hours of the card or, beyond these, the only one within the days.
        """
        said = self._of(mmsi)
        return Ship(mmsi=mmsi) if said is None else said.known(at_s)

    def through(self, mmsi: int, from_s: int, to_s: int) -> Ship:
        """What was known of her at the beginning of a time, else at its end, seconds since 1970. Where more than one
        IMO number was sent in it, only what is the same at both: she may be two ships.
        """
        said = self._of(mmsi)
        first = self.of(mmsi, from_s)
        if said is None or (said.has_one_number and len(first.reports) == len(_FIELDS)):
            return first
        key = (mmsi, said.piece(from_s), said.piece(to_s))
        if key not in self._through:
            inside = (row.said for row in said.rows if row.first_s <= to_s and row.last_s >= from_s)
            self._through[key] = _joined(first, said.known(to_s), inside)
        return self._through[key]

    def draughts(self, ship: Ship, from_s: int, to_s: int) -> list[Identity]:
        """The static reports between two times, seconds since 1970, that give a draught which her hull can have; none
        that gives another IMO number than hers. By the end of their sending, the later begun last.
        """
        rows = [
            row
            for row in self._rows(ship.mmsi)
            if row.first_s <= to_s
            and row.last_s >= from_s
            and row.said.draught_m is not None
            and row.said.imo in (None, ship.imo)
            and ship.can_draw(row.said.draught_m)
        ]
        return [row.said for row in sorted(rows, key=lambda row: (min(row.last_s, to_s), row.first_s))]

    def _rows(self, mmsi: int) -> list[_Row]:
        said = self._of(mmsi)
        return [] if said is None else said.rows

    def _of(self, mmsi: int) -> _Said | None:
        if mmsi not in self._said:
            self._said[mmsi] = _Said(self._reports[mmsi]) if mmsi in self._reports else None
        return self._said[mmsi]


def _known(mmsi: int, rows: Iterable[_Row], at_s: int) -> Ship:
    heard = [row for row in rows if row.off_s(at_s) <= rules().window_s]
    before = [row for row in heard if row.first_s <= at_s]
    before = sorted(before, key=lambda row: (min(row.last_s, at_s), row.first_s))[::-1]
    after = [row for row in heard if row.first_s > at_s]
    sent = _numbers(row.said for row in (*before, *after))
    number = next(
        (row.said.imo for row in (*before, *after) if row.said.imo is not None and row.off_s(at_s) <= rules().near_s),
        None,
    )
    if number is None and len(sent) == 1:
        (number,) = sent
    usable = [*_until_changed(before, number), *_until_changed(after, number)]
    reports = {
        word: said[0]
        for word, name in _FIELDS.items()
        if (said := [row.said for row in usable if getattr(row.said, name) is not None])
    }
    return _ship(mmsi, reports, {} if number is not None else sent)


def _until_changed(rows: Iterable[_Row], number: int | None) -> list[_Row]:
    """The rows up to the first that gives another IMO number."""
    return list(takewhile(lambda row: row.said.imo in (None, number), rows))


def _joined(first: Ship, last: Ship, inside: Iterable[Identity]) -> Ship:
    """What was known of a ship at two times, and of the numbers sent from one to the other."""
    told = (said for ship in (first, last) for word, said in ship.reports.items() if word.startswith(_NUMBER))
    sent = _numbers((*told, *inside))
    if len(sent) <= 1:
        return first if first is last else _ship(first.mmsi, {**last.reports, **first.reports}, {})
    same = {
        word: said
        for word, said in first.reports.items()
        if word in _FIELDS and word != _NUMBER and getattr(first, _FIELDS[word]) == getattr(last, _FIELDS[word])
    }
    return _ship(first.mmsi, same, sent)


def _numbers(reports: Iterable[Identity]) -> dict[int, Identity]:
    """The IMO numbers that some reports give, each with the first that does."""
    sent: dict[int, Identity] = {}
    for said in reports:
        if said.imo is not None:
            sent.setdefault(said.imo, said)
    return sent


def _ship(mmsi: int, reports: Mapping[str, Identity], several: Mapping[int, Identity]) -> Ship:
    """A ship of the reports that her values are of, and of those of the numbers of which none is taken for hers."""
    values = {_FIELDS[word]: getattr(said, _FIELDS[word]) for word, said in reports.items()}
    numbers = {f"{_NUMBER} {number:07d}": said for number, said in sorted(several.items())}
    return Ship(mmsi=mmsi, reports={**reports, **numbers}, numbers=tuple(sorted(several)), **values)
