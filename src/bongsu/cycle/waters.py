"""Waters: the ship positions that a cycle looks at, as inputs it names and as the sea its desk asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from bongsu.cycle.library import Library, source_of
from bongsu.cycle.outlooks import keep_outlook, kept_outlook
from bongsu.cycle.version import code_digest, environment
from bongsu.evidence import Folder
from bongsu.kernel.canonical import JsonValue, digest_of
from bongsu.lists.model import Statement
from bongsu.lists.register import Copy, dprk_only
from bongsu.names.identifiers import imo
from bongsu.sandbox.ships import sandbox_designated
from bongsu.sea.kinds import IDENTITIES, POSITIONS
from bongsu.sea.lake import Lake
from bongsu.sea.model import SANDBOX, DesignatedShip
from bongsu.sea.overview import Outlook

_READING: Final = re.compile(r"(mapping|at|world|register) ([^\s,]+)")
_VESSEL: Final = "Vessel"
_KEY_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SeaFile:
    """One exhibit with positions, and all its reader was told.

    Args:
        exhibit: its SHA-256.
        source: the source's id.
        reading: what the reader was told besides (`Journal.reading`).
        clock: the latest moment that was not the future when it was read, ISO 8601.
    """

    exhibit: str
    source: str
    reading: str
    clock: str

    @property
    def sandbox(self) -> bool:
        """Whether the whole file is invented."""
        return self.told.get("world") == SANDBOX

    @property
    def beside(self) -> tuple[tuple[str, str], ...]:
        """The exhibits it is read with, each under what it is: a mapping of columns, a register of ships."""
        return tuple((name, self.told[name]) for name in ("mapping", "register") if name in self.told)

    @property
    def exhibits(self) -> tuple[str, ...]:
        """Its own exhibit and those it is read with."""
        return (self.exhibit, *(exhibit for _, exhibit in self.beside))

    @property
    def told(self) -> dict[str, str]:
        """What the reader was told, by name."""
        return dict(_READING.findall(self.reading))

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {"exhibit": self.exhibit, "source": self.source, "reading": self.reading, "clock": self.clock}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:  # Any: JSON of our own making
        """A file from its JSON form."""
        return cls(**record)


def imported(folder: Folder) -> tuple[SeaFile, ...]:
    """The exhibits with positions or identities whose import into the store's lake is done, sorted.

    Raises:
        EvidenceError: a journal is damaged.
    """
    kinds = (POSITIONS.name, IDENTITIES.name)
    done = [journal for journal in Lake(folder).imports() if journal.done and any(map(journal.rows.get, kinds))]
    return tuple(
        SeaFile(exhibit=each.exhibit, source=each.source, reading=each.reading, clock=each.clock) for each in done
    )


def damaged_files(files: Iterable[SeaFile], is_sound: Callable[[str], bool]) -> frozenset[str]:
    """The exhibits among those of some files, and of the mappings they were read with, that are missing or changed.

    All of them count in every cycle, and so each is hashed.

    Args:
        files: those in use.
        is_sound: reads and hashes the exhibit of a digest.
    """
    return frozenset(
        exhibit for exhibit in sorted({each for file in files for each in file.exhibits}) if not is_sound(exhibit)
    )


def sea_outlook(
    files: Sequence[SeaFile],
    library: Library,
    designated: Sequence[DesignatedShip],
    tell: Callable[[str], None],
) -> Outlook:
    """What the sea desk says of some files.

    Where the library has a shelf, what was said of the very same is not asked again, and a lake that holds these files
    and no other answers. To reproduce, for the sandbox, and where a file of the lake is not to be used, they are read
    anew into a lake that is thrown away.

    Args:
        files: what was heard, in the order of their exhibits.
        library: gives the bytes.
        designated: ships on lists.
        tell: told what is being done.

    Raises:
        EvidenceError: an exhibit is absent or damaged.
    """
    shelf, key = library.shelf, _key(files, designated)
    kept = None if shelf is None else kept_outlook(shelf, key)
    if kept is not None:
        return kept
    from bongsu.cycle.asking import asked  # the engine is slow to load, and not asked where nothing is new

    said = asked(files, library, designated, tell)
    if shelf is not None:
        keep_outlook(shelf, key, said)
    return said


def _key(files: Sequence[SeaFile], designated: Sequence[DesignatedShip]) -> str:
    """A digest of all that an outlook depends on."""
    return digest_of(
        {
            "files": [file.record() for file in files],
            "designated": [asdict(ship) for ship in designated],
            "code": code_digest(),
            "environment": dict(environment()),
        }
    )[:_KEY_DIGITS]


def designated_ships(library: Library, copies: Sequence[Copy]) -> tuple[DesignatedShip, ...]:
    """The ships under DPRK programmes in some copies, each listing once, by listing.

    Args:
        library: reads the copies.
        copies: those in force.
    """
    found: list[DesignatedShip] = []
    for copy in copies:
        card = source_of(copy.list_id).card
        rows: dict[str, list[Statement]] = {}
        for row in dprk_only(library.statements(copy), card):
            rows.setdefault(row.listing, []).append(row)
        for listing, mine in rows.items():
            if any(row.schema == _VESSEL and row.entity == listing for row in mine):
                found.append(_ship(listing, mine, card.authority, card.binding, copy.sandbox))
    return tuple(sorted(found, key=lambda ship: ship.listing))


def _ship(listing: str, rows: Sequence[Statement], authority: str, binding: str, sandbox: bool) -> DesignatedShip:
    own = [row for row in rows if row.entity == listing]
    numbers = {row.prop: row for row in own if row.prop in {"imoNumber", "mmsi"} and _number(row) is not None}
    cited = numbers.get("imoNumber") or numbers.get("mmsi") or own[0]
    return DesignatedShip(
        listing=listing,
        authority=authority,
        binding=binding,
        name=next((row.cleaned or row.value for row in own if row.prop == "name"), listing),
        imo=_number(numbers.get("imoNumber")),
        mmsi=_number(numbers.get("mmsi")),
        listed_on=next((row.cleaned for row in rows if row.prop == "listingDate"), None),
        exhibit=cited.exhibit,
        locator=cited.locator,
        sandbox=sandbox,
    )


def _number(row: Statement | None) -> int | None:
    """The digits of an IMO number or MMSI; a form that is neither names no ship."""
    if row is None:
        return None
    if row.prop == "imoNumber":
        number = imo(row.value)
        return int(number.value) if number is not None and number.value.isdigit() else None
    text = (row.cleaned or row.value).strip()
    return int(text) if text.isdecimal() and len(text) == 9 else None


def sandbox_outlook(files: Sequence[SeaFile], library: Library, tell: Callable[[str], None]) -> Outlook | None:
    """What the sea desk says of the sandbox's ships and their own register; None where they take no part.

    Args:
        files: the log; what its reader was told names the exhibit of the register.
        library: gives the bytes.
        tell: told what is being done.

    Raises:
        EvidenceError: an exhibit is absent or damaged.
    """
    if not files:
        return None
    registers = sorted({file.told["register"] for file in files})
    ships = [ship for each in registers for ship in sandbox_designated(library.exhibit(each), each)]
    return sea_outlook(files, library, ships, tell)
