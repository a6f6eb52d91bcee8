"""The list desk at work: every detector of its folder, run over what was observed."""

from __future__ import annotations

from importlib import import_module
from importlib.resources import files
from typing import Any

from bongsu.kernel.cards import read_card
from bongsu.kernel.indicator import Indicator
from bongsu.lists.observed import Observed


def detect(observed: Observed) -> tuple[Indicator, ...]:
    """What all detectors of the desk see, sorted by score (highest first), subject and id.

    A detector is a module of `lists/detectors` with a card of the same name; it says what it `OBSERVES` and offers
    `read_parameters(card)` and `detect(observations, parameters)`. A new one is found here without any other file being
    changed.

    Args:
        observed: everything a cycle observed.

    Raises:
        CardError: a detector's card is broken.
    """
    seen = [indicator for name in detector_names() for indicator in _run(name, observed)]
    return tuple(sorted(seen, key=lambda indicator: (-indicator.score, indicator.subject.id, indicator.id)))


def detector_names() -> tuple[str, ...]:
    """The detectors of the folder, sorted."""
    folder = files("bongsu.lists.detectors")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def _run(name: str, observed: Observed) -> list[Indicator]:
    module: Any = import_module(f"bongsu.lists.detectors.{name}")  # Any: held to its form by the contract tests
    card = files("bongsu.lists.detectors") / f"{name}.toml"
    parameters = read_card(card.read_bytes(), where=f"lists/detectors/{name}.toml", read=module.read_parameters)
    found: list[Indicator] = module.detect(getattr(observed, module.OBSERVES), parameters)
    return found
