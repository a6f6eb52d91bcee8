"""A trial of the sea desk in an invented world: its files and register handed in, its signs held against the truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bongsu.evidence import Folder
from bongsu.kernel.errors import BongsuError, UsageError
from bongsu.sandbox.sea.scoring import Scores, Sign, score
from bongsu.sandbox.sea.truth import DETECTORS, Planted, truth_from
from bongsu.sandbox.sea.writing import TRUTH_FILE, WORLD_FILE
from bongsu.sea.desk import Detected, detector_names, signs
from bongsu.sea.model import DesignatedShip, Identity, Position
from bongsu.sea.places import gazetteer
from bongsu.sea.seas import Sea
from bongsu.sea.signs import Sign as DeskSign
from bongsu.sea.signs import time_of
from bongsu.tables.engine import Engine

_POSITIONS: Final = "positions_"
_IDENTITIES: Final = "identities.parquet"
# Detectors with rules that the truth tells apart; what others call a kind is not what is planted.
_WITH_RULES: Final = frozenset({"identity", "spoofing", "shuttle"})
# The desk's kinds that the truth calls by another name.
_RULES: Final = {
    "imo_check": "imo_check_digit",
    "dprk_mmsi": "dprk_mid",
    "dprk_call_sign": "flag_mid",
    "call_sign_flag": "flag_mid",
    "mmsi_shared": "mmsi_several_imo",
    "imo_shared": "imo_several_mmsi",
    "renamed": "change",
    "dimensions": "change",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A world in a folder, as `bongsu sandbox make` left it.

    Args:
        positions: its files of positions.
        truth: what was planted.
        designated: the ships that the invented list designates.
        ends_at: when it ends.
    """

    positions: tuple[str, ...]
    truth: tuple[Planted, ...]
    designated: tuple[DesignatedShip, ...]
    ends_at: datetime


def opened(folder: Folder) -> Made:
    """The world in a folder.

    Raises:
        UsageError: there is none, or it has no Parquet files.
        BongsuError: its files are none of ours.
    """
    names = folder.names()
    if WORLD_FILE not in names or TRUTH_FILE not in names:
        raise UsageError(
            "there is no invented world", where=folder.url(""), remedy="make one with `bongsu sandbox make --out`"
        )
    positions = tuple(name for name in names if name.startswith(_POSITIONS))
    if not positions or _IDENTITIES not in names:
        raise UsageError(
            "the world is not there as Parquet, which detectors read",
            where=folder.url(""),
            remedy="make it again with `--form parquet`; the same seed makes the same world",
        )
    truth = truth_from(folder.read(TRUTH_FILE).decode(), where=folder.url(TRUTH_FILE))
    try:
        record = json.loads(folder.read(WORLD_FILE))
        start = datetime.fromisoformat(record["start"])
        return Made(
            positions=positions,
            truth=truth,
            designated=tuple(_designated(record)),
            ends_at=start + timedelta(days=record["days"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BongsuError("is no invented world", where=folder.url(WORLD_FILE), remedy="make it again") from error


def _designated(record: dict[str, object]) -> Iterable[DesignatedShip]:
    register = record["register"]
    if not isinstance(register, list):
        raise TypeError("a register is a list")
    for row, ship in enumerate(register, start=1):
        if ship["designated"]:
            yield DesignatedShip(
                listing=f"sandbox:{ship['imo']}",
                authority="SANDBOX",
                binding="un",
                name=ship["name"],
                imo=int(ship["imo"]),
                mmsi=ship["mmsi"],
                listed_on="2020-01-01",
                exhibit=str(record["exhibit"]),
                locator=f"row={row}",
                sandbox=True,
            )


def tried(
    folder: Folder,
    engine: Engine,
    *,
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Scores:
    """Run the detectors of the desk over a world and score them.

    Args:
        folder: where the world is.
        engine: answers.
        only: which detectors; all where none is named.
        tell: told what is being done.

    Raises:
        UsageError: there is no world, or no detector of a name.
        BongsuError: the files are none of ours.
        EvidenceError: a file is damaged.
    """
    unknown = sorted(set(only) - set(DETECTORS))
    if unknown:
        raise UsageError(f"there is no detector {', '.join(unknown)}", remedy=f"there are {', '.join(DETECTORS)}")
    made = opened(folder)
    sea = Sea(
        engine,
        positions=engine.table(folder, made.positions, Position),
        identities=engine.table(folder, [_IDENTITIES], Identity),
        gazetteer=gazetteer(),
        designated=made.designated,
        clock=made.ends_at,
    )
    asked = [name for name in detector_names() if not only or name in only]
    found = signs(sea, only=asked, tell=tell) if asked else ()
    return score(made.truth, as_found(found, made.ends_at), [name for name in DETECTORS if not only or name in only])


def as_found(found: Iterable[Detected], ends_at: datetime) -> list[Sign]:
    """The desk's signs as scoring sees them; one that goes on ends with the world."""
    return [
        Sign(
            detector=(name := detected.name.rpartition(".")[2]),
            rule=_rule(sign) if name in _WITH_RULES else None,
            mmsis=frozenset({sign.mmsi, *_partners(sign.facts)}),
            first_at=time_of(sign.from_s),
            last_at=ends_at if sign.to_s is None else time_of(sign.to_s),
            label=sign.title,
        )
        for detected in found
        for sign in detected.signs
    ]


def _partners(facts: object) -> Iterable[int]:
    """The other ships a sign names: as `partner`, or as a list of `partners`."""
    if not isinstance(facts, dict):
        return
    for key in ("partner", "partners"):
        value = facts.get(key)
        yield from (each for each in (value if isinstance(value, list) else [value]) if isinstance(each, int))


def _rule(sign: DeskSign) -> str | None:
    """What the truth calls the rule that found something."""
    kind = sign.facts.get("kind")
    return None if kind is None else _RULES.get(str(kind), str(kind))
