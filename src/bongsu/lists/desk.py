"""The list desk at work: every detector of its folder, run over what changed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from typing import Any

from bongsu.kernel.cards import read_card
from bongsu.kernel.indicator import Indicator
from bongsu.lists.changes import Step


def detect(steps: Sequence[Step]) -> tuple[Indicator, ...]:
    """What all detectors of the desk see, sorted by score (highest first), subject and id.

    A detector is a module of `lists/detectors` with a card of the same name; it offers `read_parameters(card)` and
    `detect(steps, parameters)`. A new one is found here without any other file being changed.

    Args:
        steps: the changes from copy to copy, by list and date.

    Raises:
        CardError: a detector's card is broken.
    """
    seen = [indicator for name in detector_names() for indicator in _run(name, steps)]
    return tuple(sorted(seen, key=lambda indicator: (-indicator.score, indicator.subject.id, indicator.id)))


def detector_names() -> tuple[str, ...]:
    """The detectors of the folder, sorted."""
    folder = files("bongsu.lists.detectors")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def _run(name: str, steps: Sequence[Step]) -> list[Indicator]:
    module: Any = import_module(f"bongsu.lists.detectors.{name}")  # Any: held to its form by the contract tests
    card = files("bongsu.lists.detectors") / f"{name}.toml"
    parameters = read_card(card.read_bytes(), where=f"lists/detectors/{name}.toml", read=module.read_parameters)
    found: list[Indicator] = module.detect(steps, parameters)
    return found
