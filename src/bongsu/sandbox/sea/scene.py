"""The scene on which stories are set: the chart, the time there is, the ships so far, and what was planted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bongsu.kernel.canonical import JsonValue
from bongsu.sandbox.sea.chance import Chance, NoRoomError
from bongsu.sandbox.sea.chart import Chart, Harbour
from bongsu.sandbox.sea.diary import Diary
from bongsu.sandbox.sea.hulls import Hull, launch
from bongsu.sandbox.sea.motion import HOUR, Place
from bongsu.sandbox.sea.truth import Planted
from bongsu.sandbox.sea.vessels import Vessel

DAY: Final = 24 * HOUR
_LONGEST_BEFORE_H: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A ship in the invented world's own register, as a flag state and the lists would have her.

    Args:
        imo: her number.
        mmsi: what her flag state gave her last.
        name, flag: what she is called and whose flag she flies; flag None where it does not matter.
        designated: whether the invented list designates her.
        broken_up_on: when she was broken up; None where she was not.
        changed_on: when name, call sign or flag were changed with papers; None where they were not.
        former_names, former_mmsis: what she was called before.
    """

    imo: int
    mmsi: int
    name: str
    flag: str | None
    designated: bool = False
    broken_up_on: date | None = None
    changed_on: date | None = None
    former_names: tuple[str, ...] = ()
    former_mmsis: tuple[int, ...] = ()

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "imo": f"{self.imo:07d}",
            "mmsi": self.mmsi,
            "name": self.name,
            "flag": self.flag,
            "designated": self.designated,
            "broken_up_on": None if self.broken_up_on is None else self.broken_up_on.isoformat(),
            "changed_on": None if self.changed_on is None else self.changed_on.isoformat(),
            "former_names": list(self.former_names),
            "former_mmsis": list(self.former_mmsis),
        }


class Scene:
    """Where stories are set.

    Args:
        seed: the world's.
        chart: ports, coasts and ways.
        start: when the world begins, UTC.
        days: how long it lasts.
    """

    def __init__(self, *, seed: int, chart: Chart, start: datetime, days: int) -> None:
        self.seed = seed
        self.chart = chart
        self.start = start
        self.length_s = days * DAY
        self.vessels: list[Vessel] = []
        self.truth: list[Planted] = []
        self.register: list[Registered] = []
        self._hulls = 0

    def told(self, tell: Callable[[Scene, Chance], None], chance: Chance) -> bool:
        """Tell a story; where it finds no room, nothing has happened.

        Returns:
            Whether it found room.
        """
        before = len(self.vessels), len(self.truth), len(self.register), self._hulls
        try:
            tell(self, chance)
        except NoRoomError:
            del self.vessels[before[0] :], self.truth[before[1] :], self.register[before[2] :]
            self._hulls = before[3]
            return False
        return True

    def at(self, seconds: int) -> datetime:
        """The time so many seconds after the world began."""
        return (self.start + timedelta(seconds=seconds)).astimezone(UTC)

    def hull(self, kind: str, flag: str | None = None) -> Hull:
        """A new ship."""
        number = self._hulls
        self._hulls += 1
        return launch(Chance(self.seed, 2, number), number, kind, flag)

    def diary(self, hull: Hull, harbour: Harbour, *, laden: bool = False, begins_s: int | None = None) -> Diary:
        """The diary of a ship, which begins in a harbour some hours or days before the world does."""
        chance = Chance(self.seed, 3, hull.number)
        if begins_s is None:
            begins_s = -int(chance.uniform(1.0, _LONGEST_BEFORE_H) * HOUR)
        return Diary(self.chart, chance, hull, harbour, begins_s=begins_s, laden=laden)

    def sails(self, *vessels: Vessel) -> None:
        """These ships are part of the world."""
        self.vessels.extend(vessels)

    def plant(
        self,
        detector: str,
        story: str,
        mmsis: Iterable[int],
        from_s: int,
        until_s: int,
        *,
        place: Place | None = None,
        rule: str | None = None,
        role: str = "planted",
        **numbers: JsonValue,
    ) -> None:
        """Note what happens; what lies outside of the world's days is cut off.

        Raises:
            NoRoomError: none of it lies within them.
        """
        first, last = max(0, from_s), min(self.length_s, until_s)
        if first > last:
            raise NoRoomError(f"{story} happens outside of the world's days")
        self.truth.append(
            Planted(
                detector=detector,
                rule=rule,
                role=role,
                story=story,
                mmsis=tuple(sorted(set(mmsis))),
                first_at=self.at(first),
                last_at=self.at(last),
                latitude_deg=None if place is None else round(place[0], 5),
                longitude_deg=None if place is None else round(place[1], 5),
                numbers=numbers,
            )
        )
