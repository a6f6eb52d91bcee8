"""Claims: what transponders said of their ships where something is amiss, every distinct saying once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import ibis
import pyarrow as pa

from bongsu.kernel.citation import Citation
from bongsu.sea.callsigns import family_of_mmsi, prefixes
from bongsu.sea.flags import DPRK
from bongsu.sea.mmsi import digits
from bongsu.sea.model import BY_LINE, SANDBOX
from bongsu.tables.moments import seconds

# ITU-R M.1371-5, table 47: 1 to 999 999 are not used; from 10 000 000 on a number is of the flag State's own register.
FIRST_IMO: Final = 1_000_000
LAST_IMO: Final = 9_999_999
_PER_DIGITS: Final = 1_000_000
_DPRK_DIGITS: Final = 445
_SAID: Final = ("mmsi", "imo", "name", "call_sign", "length_m", "beam_m")


@dataclass(frozen=True, slots=True)
class Claim:
    """One distinct saying of one MMSI.

    Args:
        first_s, last_s: the first and the last report that said so, seconds since 1970.
        reports: how many.
        cite: a row that says so: `<exhibit>#<locator>`.
        invented: whether it is of a sandbox.
    """

    mmsi: int
    imo: int | None
    name: str | None
    call_sign: str | None
    length_m: float | None
    beam_m: float | None
    first_s: int
    last_s: int
    reports: int
    cite: str
    invented: bool

    @property
    def citation(self) -> Citation:
        """The row that says so."""
        exhibit, _, locator = self.cite.partition("#")
        return Citation(exhibit=exhibit, locator=locator)


def sayings(identities: ibis.Table) -> ibis.Table:
    """Every distinct saying of every MMSI: the columns of `Claim`.

    Args:
        identities: rows of `Identity`.
    """
    sent = identities.imo.between(1, LAST_IMO)
    unit = ibis.ifelse(identities.source.isin(sorted(BY_LINE)), "#line=", "#row=")
    rows = identities.select(
        "mmsi",
        "name",
        "call_sign",
        "length_m",
        "beam_m",
        "reports",
        imo=ibis.ifelse(sent, identities.imo, ibis.null("int64")),
        first_s=seconds(identities.first_at),
        last_s=seconds(identities.last_at),
        cite=identities.exhibit.concat(unit, identities.row.cast("string")),
        invented=(identities.world == SANDBOX).cast("int8"),
    )
    return rows.group_by(*_SAID).aggregate(
        first_s=rows.first_s.min(),
        last_s=rows.last_s.max(),
        reports=rows.reports.sum().cast("int64"),
        cite=rows.cite.min(),
        invented=rows.invented.max() == 1,
    )


def amiss(said: ibis.Table, *, listed: Collection[int], longer_m: float, wider_m: float) -> ibis.Table:
    """The sayings to look at: of an IMO number or an MMSI that says more than one thing, or one that cannot be right.

    Args:
        said: what `sayings` gave.
        listed: IMO numbers of designated ships.
        longer_m: from which difference on two lengths are two, metres.
        wider_m: the same of beams.
    """
    sound = said.filter(said.imo.notnull() & is_sound(said.imo))
    of_imo = sound.group_by("imo").aggregate(
        ships=sound.mmsi.nunique(),
        names=sound.name.nunique(),
        signs=sound.call_sign.nunique(),
        longer=sound.length_m.max() - sound.length_m.min(),
        wider=sound.beam_m.max() - sound.beam_m.min(),
    )
    several = (of_imo.ships > 1) | (of_imo.names > 1) | (of_imo.signs > 1)
    resized = (of_imo.longer >= longer_m) | (of_imo.wider >= wider_m)
    imos = of_imo.filter(several | resized.fill_null(False)).select("imo")
    of_ship = said.group_by("mmsi").aggregate(
        imos=ibis.ifelse(is_sound(said.imo), said.imo, ibis.null("int64")).nunique(),
        longer=said.length_m.max() - said.length_m.min(),
        wider=said.beam_m.max() - said.beam_m.min(),
    )
    resized = (of_ship.longer >= longer_m) | (of_ship.wider >= wider_m)
    ships = of_ship.filter((of_ship.imos > 1) | resized.fill_null(False)).select("mmsi")
    numbers = ibis.memtable(pa.table({"imo": pa.array(sorted(listed), pa.int64())}))
    parts = [
        said.semi_join(_distinct(imos, numbers), "imo"),
        said.semi_join(ships, "mmsi"),
        said.filter(_cannot_be(said)),
        _disagreeing(said),
    ]
    return _distinct(*[part.select(*said.columns) for part in parts])


def _distinct(*parts: ibis.Table) -> ibis.Table:
    """The rows of all, once each. Engines differ in what they hold for nullable, and a union wants it the same."""
    nullable = {name: kind.copy(nullable=True) for name, kind in parts[0].schema().items()}
    return ibis.union(*[part.cast(nullable) for part in parts], distinct=True)


def is_sound(imo: ibis.Value) -> ibis.Value:
    """Whether the last of seven digits is as the first six demand (IMO A.1117(30), annex); null where the number is."""
    total = sum(weight * _digit(imo, place) for weight, place in zip(range(7, 1, -1), range(6, 0, -1), strict=True))
    return (total % 10) == (imo % 10)


def _digit(number: ibis.Value, place: int) -> ibis.Value:
    """The digit at a place, from 0 at the right. What is divided is a multiple, so no engine rounds."""
    return ((number % 10 ** (place + 1) - number % 10**place) / 10**place).round().cast("int64")


def _cannot_be(said: ibis.Table) -> ibis.Value:
    digits_sent = (said.mmsi - said.mmsi % _PER_DIGITS) / _PER_DIGITS
    never_issued = (said.imo < FIRST_IMO) & ~said.invented
    wrong = (said.imo.notnull() & ~is_sound(said.imo)).fill_null(False)
    return wrong | never_issued.fill_null(False) | (digits_sent.round().cast("int64") == _DPRK_DIGITS)


def _disagreeing(said: ibis.Table) -> ibis.Table:
    """The sayings whose call sign begins as another State's than the MMSI, or as the DPRK's where that is no State's.

    `callsigns` looks closer.
    """
    states = {state: number for number, state in enumerate(sorted(set(prefixes().values())))}
    first = sorted(prefixes())
    mids = {mid: family_of_mmsi(mid * _PER_DIGITS) for mid in sorted(digits().flags)}
    known = {mid: states[state] for mid, state in mids.items() if state in states}
    of_sign = ibis.memtable(
        pa.table({"first": first, "sign_state": pa.array([states[prefixes()[two]] for two in first], pa.int64())})
    )
    of_mid = ibis.memtable(
        pa.table({"mid": pa.array(list(known), pa.int64()), "mid_state": pa.array(list(known.values()), pa.int64())})
    )
    signed = said.filter(said.call_sign.notnull())
    signed = signed.mutate(
        first=signed.call_sign.upper().re_replace("[^A-Z0-9]", "").substr(0, 2),
        mid=((signed.mmsi - signed.mmsi % _PER_DIGITS) / _PER_DIGITS).round().cast("int64"),
    )
    met = signed.join(of_sign, "first").left_join(of_mid, "mid")
    other = ibis.coalesce(met.sign_state != met.mid_state, met.sign_state == states[DPRK])
    return met.filter(other).select(*said.columns)
