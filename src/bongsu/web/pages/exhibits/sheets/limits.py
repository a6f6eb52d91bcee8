"""What one drawing may take, and how it can end: what the site and the program that draws both know."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 25
MEMORY_BYTES: Final = 2**30
MOST_PICTURE_BYTES: Final = 32 * 2**20
#: Annex C of ISO 32000-1: no side of a page is longer.
LONGEST_POINTS: Final = 14_400


class Outcome(IntEnum):
    """How a drawing ended, as the status of its process; one that the kernel or PDFium ended has another."""

    DRAWN = 0
    BROKEN = 10
    ENCRYPTED = 11
    NO_SUCH_PAGE = 12
    HUGE = 13
    HEAVY = 14
