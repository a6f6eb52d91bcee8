"""The stories of the invented world, and how often each is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.errors import BongsuError
from bongsu.sandbox.sea.chance import Chance
from bongsu.sandbox.sea.scene import Scene
from bongsu.sandbox.sea.stories import (
    dark,
    designated,
    identity,
    loitering,
    lookalikes,
    meeting,
    petroleum,
    port_call,
    shuttle,
    spoofing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story.

    Args:
        tell: sets it on a scene, with chance of its own.
        ships: how many ships it takes, at most.
        weight: how many times it is told in a world of a thousand ships; once in the smallest.
    """

    tell: Callable[[Scene, Chance], None]
    ships: int
    weight: int


STORIES: Final = (
    Story(tell=port_call.call, ships=1, weight=8),
    Story(tell=port_call.own_flag, ships=1, weight=4),
    Story(tell=port_call.passing, ships=1, weight=3),
    Story(tell=dark.gap, ships=1, weight=10),
    Story(tell=dark.short, ships=1, weight=6),
    Story(tell=dark.implied, ships=1, weight=8),
    Story(tell=dark.broken, ships=1, weight=4),
    Story(tell=meeting.encounter, ships=2, weight=12),
    Story(tell=meeting.brief, ships=2, weight=4),
    Story(tell=meeting.apart, ships=2, weight=3),
    Story(tell=meeting.dark_encounter, ships=2, weight=7),
    Story(tell=loitering.loiter, ships=1, weight=8),
    Story(tell=loitering.short, ships=1, weight=4),
    Story(tell=identity.wrong_check_digit, ships=1, weight=3),
    Story(tell=identity.flag_and_digits, ships=1, weight=3),
    Story(tell=identity.two_places, ships=2, weight=3),
    Story(tell=identity.shared_imo, ships=2, weight=3),
    Story(tell=identity.changing_imo, ships=1, weight=3),
    Story(tell=identity.new_name_at_sea, ships=1, weight=3),
    Story(tell=identity.zombie, ships=1, weight=3),
    Story(tell=identity.hopping, ships=1, weight=3),
    Story(tell=identity.renamed_with_papers, ships=1, weight=3),
    Story(tell=spoofing.impossible_speed, ships=1, weight=5),
    Story(tell=spoofing.on_land, ships=1, weight=4),
    Story(tell=spoofing.circles, ships=1, weight=4),
    Story(tell=spoofing.jump, ships=1, weight=4),
    Story(tell=spoofing.line, ships=1, weight=3),
    Story(tell=spoofing.copied, ships=2, weight=4),
    Story(tell=spoofing.frozen, ships=1, weight=4),
    Story(tell=spoofing.glitch, ships=1, weight=3),
    Story(tell=shuttle.open_shuttle, ships=1, weight=4),
    Story(tell=shuttle.dark_shuttle, ships=1, weight=4),
    Story(tell=petroleum.delivery, ships=1, weight=7),
    Story(tell=designated.by_number, ships=1, weight=5),
    Story(tell=designated.by_imo_only, ships=1, weight=4),
    Story(tell=designated.namesake, ships=1, weight=2),
    Story(tell=lookalikes.bunkering, ships=2, weight=4),
    Story(tell=lookalikes.pilotage, ships=3, weight=3),
    Story(tell=lookalikes.fishing_pair, ships=2, weight=4),
    Story(tell=lookalikes.fishing_neighbours, ships=2, weight=3),
    Story(tell=lookalikes.shelter, ships=5, weight=2),
    Story(tell=lookalikes.waiting, ships=1, weight=4),
    Story(tell=lookalikes.towing, ships=2, weight=3),
    Story(tell=dark.untied, ships=1, weight=6),
    Story(tell=identity.untied, ships=1, weight=4),
    Story(tell=spoofing.untied, ships=1, weight=4),
)
_ATTEMPTS: Final = 25
#: The fewest ships that every story finds room among.
FEWEST: Final = sum(story.ships for story in STORIES)


def tell(scene: Scene, vessels: int) -> None:
    """Set every story on a scene at least once, and the more often the more ships there are."""
    for number, story in enumerate(STORIES):
        for turn in range(max(1, story.weight * vessels // 1000)):
            attempts = (Chance(scene.seed, 5, number, turn, attempt) for attempt in range(_ATTEMPTS))
            if not any(scene.told(story.tell, chance) for chance in attempts):
                raise BongsuError(
                    f"no room for the story {story.tell.__qualname__}", remedy="take another seed, or more days"
                )
