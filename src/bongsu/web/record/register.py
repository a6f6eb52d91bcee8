"""The register as the pages ask it: the lists of the store's newest cycle, joined, and a screener over their names.

Sixty thousand names take ten seconds to file. They are filed in a thread of their own, once for each cycle; whoever
asks meanwhile gets the register of the cycle before, or is told that the first is being loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock, Thread
from time import monotonic
from typing import Final

from django.conf import settings

from bongsu.cycle.anchors import cycle_ids
from bongsu.cycle.resolution import Joined, joined
from bongsu.cycle.screening import screened_register
from bongsu.evidence import Folder
from bongsu.kernel.errors import BongsuError
from bongsu.lists.entities import Entity
from bongsu.lists.profiles import Profile
from bongsu.names import Screener
from bongsu.names.script import folded

_LOOK_EVERY_S: Final = 10.0  # whether a newer cycle or ruling is there
_BROKEN: Final = "the register could not be loaded; the log of the site says why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a register was made of: the newest cycle of the store, and how many rulings its log held."""

    cycle: str
    rulings: int


@dataclass(frozen=True, eq=False)  # two are never compared field by field: they hold all lists
class Register:
    """The register of one cycle.

    Args:
        standing: what it was made of.
        joined: its lists as entities.
        screener: over all its entries, those under no DPRK programme too.
    """

    standing: Standing
    joined: Joined
    screener: Screener

    @cached_property
    def profiles(self) -> dict[str, Profile]:
        """The profile of each listing."""
        return {each.listing: each for entity in self.joined.resolution.entities for each in entity.listings}

    @cached_property
    def authorities(self) -> tuple[str, ...]:
        """Who lists anyone, sorted."""
        return tuple(sorted({each.authority for each in self.profiles.values()}))

    @cached_property
    def written(self) -> tuple[tuple[str, str, str], ...]:
        """Every name and number: folded, as printed, and the listing that prints it."""
        return tuple(
            (folded(printed), printed, profile.listing)
            for profile in self.profiles.values()
            for printed in dict.fromkeys(
                (
                    *(name.text for name in profile.names),
                    profile.reference,
                    *(value for _, value in sorted(profile.identifiers)),
                )
            )
            if printed
        )

    def entity_of(self, listing: str) -> Entity | None:
        """The entity that holds a listing; None where none does any more."""
        return self.joined.resolution.by_listing.get(listing)


class Registers:
    """The register at hand, replaced by a newer one when that is ready; no caller ever waits for it.

    Args:
        store: the store's address.
    """

    def __init__(self, store: str) -> None:
        self.store = store
        self._lock = Lock()
        self._at_hand: Register | None = None
        self._problem: str | None = None
        self._thread: Thread | None = None
        self._looked_at = float("-inf")

    def now(self) -> Register | None:
        """The register at hand; None until the first is loaded. Begins to look for a newer one where it is time to."""
        if monotonic() - self._looked_at > _LOOK_EVERY_S:
            self.begin()
        return self._at_hand

    @property
    def problem(self) -> str | None:
        """Why there is none, or none newer, in words; None where nothing went wrong."""
        return self._problem

    def begin(self) -> Thread:
        """Look for a newer cycle or ruling, and load it, in a thread of its own; the one at work where one is."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._looked_at = monotonic()
                self._thread = Thread(target=self._look, name="register", daemon=True)
                self._thread.start()
            return self._thread

    def latest(self, seconds: float) -> Register | None:
        """The newest register, waited for; for programs, never for a page.

        Args:
            seconds: how long it may take.
        """
        self.begin().join(seconds)
        self.begin().join(seconds)  # what was at work may have looked before the newest was there
        return self._at_hand

    def _look(self) -> None:
        problem: str | None = _BROKEN  # what nobody foresaw ends the thread, and Python tells it in the log of the site
        try:
            standing = self._standing()
            if self._at_hand is None or self._at_hand.standing != standing:
                self._at_hand = self._loaded(standing)
            problem = None
        except BongsuError as error:
            problem = error.what
        finally:
            self._problem = problem

    def _standing(self) -> Standing:
        folder = Folder.open(self.store, create=False)
        return Standing(cycle=max(cycle_ids(folder), default=""), rulings=len(folder.names("judgements/")))

    def _loaded(self, standing: Standing) -> Register:
        found = joined(self.store)
        before = self._at_hand
        if before is not None and [copy.id for copy in before.joined.copies] == [copy.id for copy in found.copies]:
            return Register(standing=standing, joined=found, screener=before.screener)  # only people ruled
        return Register(standing=standing, joined=found, screener=screened_register(self.store, every=True).screener)


@cache
def registers() -> Registers:
    """The registers of this process."""
    return Registers(settings.CONFIG.store)
