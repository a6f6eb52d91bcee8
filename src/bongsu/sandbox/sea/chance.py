"""Chance from a seed: the same draws on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log
from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]

# The last digit of exp, log and sin differs between mathematical libraries: what is made with them is rounded here.
DECIMALS: Final = 6
# The sum of four uniform draws has variance 4/12: near enough to a normal one, and made of additions only.
_SPREAD: Final = 3.0**0.5


class NoRoomError(ValueError):
    """There is no place, way or time of the kind that a story asked for; it is told elsewhere."""


class Chance:
    """One stream of draws.

    Args:
        seed: the world's seed, 0 or more.
        path: which stream of it; each ship and each story has its own, so that one more draw in one changes no other.
    """

    def __init__(self, seed: int, *path: int) -> None:
        self._stream = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=path)))

    def uniform(self, low: float, high: float) -> float:
        """A number from `low` up to `high`, each as likely."""
        return round(low + (high - low) * float(self._stream.random()), DECIMALS)

    def uniforms(self, count: int) -> Floats:
        """Numbers from 0 up to 1."""
        return self._stream.random(count)

    def normals(self, count: int) -> Floats:
        """Numbers about 0 with standard deviation 1, none beyond 3.5."""
        drawn = self._stream.random((count, 4))
        # Added one by one: a library is free to sum a row in an order of its own.
        return ((drawn[:, 0] + drawn[:, 1]) + (drawn[:, 2] + drawn[:, 3]) - 2.0) * _SPREAD

    def normal(self, mean: float, deviation: float) -> float:
        """A number about `mean`."""
        return round(mean + deviation * float(self.normals(1)[0]), DECIMALS)

    def around(self, median: float, sigma: float, *, least: float, most: float) -> float:
        """A positive number of a log-normal spread, drawn again until it lies between `least` and `most`."""
        for _ in range(1000):
            drawn = round(exp(log(median) + sigma * float(self.normals(1)[0])), DECIMALS)
            if least <= drawn <= most:
                return drawn
        return self.uniform(least, most)

    def below(self, count: int) -> int:
        """A whole number from 0 up to `count`."""
        return int(self._stream.integers(count))

    def yes(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self._stream.random() < probability)

    def pick(self, among: Sequence[T]) -> T:
        """One of these, each as likely.

        Raises:
            NoRoomError: there are none.
        """
        if not among:
            raise NoRoomError("there is nothing to pick from")
        return among[self.below(len(among))]

    def several(self, among: Sequence[T], count: int) -> list[T]:
        """So many different ones of these, in the order drawn."""
        left = list(among)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
