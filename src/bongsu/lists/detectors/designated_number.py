"""The detector of designated numbers: one stands in a customer file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.lists.detectors.card import Example, read_examples
from bongsu.lists.model import LISTED_SCHEMATA, kind_of
from bongsu.lists.sightings import Sighting
from bongsu.names.identifiers import KINDS, is_proof

OBSERVES: Final = "sightings"
BINDINGS: Final = ("un", "national")
TOLD: Final = {
    "sound": "",
    "unissued": " The list and the file do not both say which State issued it.",
    "false": " Its check digit is wrong: no ship was ever given it.",
}
SOUNDNESS: Final = tuple(TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says: weights by soundness and binding, measures by binding and kind of the one listed,
    alternatives by soundness and by kind of number.
    """

    name: str
    title: str
    weights: Mapping[str, float]
    measures: Mapping[str, Mapping[str, tuple[str, ...]]]
    alternatives: Mapping[str, tuple[str, ...]]
    alternatives_by_kind: Mapping[str, tuple[str, ...]]
    examples: tuple[Example, ...]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown, or examples without one found and one not found.
    """
    weights = [f"{soundness}_{binding}" for soundness in SOUNDNESS for binding in BINDINGS]
    return Parameters(
        name=card.text("name"),
        title=card.text("title"),
        weights=card.table("weights", lambda table: {key: table.number(key, least=0, most=1) for key in weights}),
        measures=card.table("measures", lambda table: {key: table.table(key, _measures) for key in BINDINGS}),
        alternatives=card.table("alternatives", lambda table: {key: table.texts(key, at_least=1) for key in SOUNDNESS}),
        alternatives_by_kind=card.table(
            "alternatives_by_kind", lambda table: {key: table.texts(key, at_least=1) for key in KINDS}
        ),
        examples=read_examples(card),
    )


def detect(sightings: Iterable[Sighting], parameters: Parameters) -> list[Indicator]:
    """A number that a list prints of someone designated stands in a customer file.

    It compares IMO numbers, MMSI, passport numbers and wallet addresses, digit by digit. It does not say that the
    customer is the one designated or did anything: numbers are mistyped, copied, sold with a ship, and borrowed by
    others. A number whose check digit is wrong belongs to no ship; that someone uses it is a lead and no more. So is a
    passport number where the list or the file does not say which State issued it: two States may issue the same number.
    Where both say it and the States differ, it is no sign. A misprint of the list or of the file can look the same.

    Args:
        sightings: the numbers seen, by file and row.
        parameters: the card.

    Returns:
        One indicator per sighting, in their order; empty where no number was seen.
    """
    return [_indicator(sighting, parameters) for sighting in sightings]


def _indicator(sighting: Sighting, parameters: Parameters) -> Indicator:
    number = sighting.identifier
    soundness = "false" if not number.sound else "sound" if is_proof(number, sighting.listed) else "unissued"
    weight = parameters.weights[f"{soundness}_{sighting.binding}"]
    what = f"{KINDS[number.kind]} {number.value}"
    told = TOLD[soundness]
    return Indicator(
        detector=parameters.name,
        title=f"{what[0].upper()}{what[1:]} of {sighting.name} ({sighting.authority}) stands in {sighting.file}, "
        f"row {sighting.row}",
        measures=parameters.measures[sighting.binding][kind_of(sighting.schema)],
        subject=Subject(id=sighting.listing, schema=sighting.schema, name=sighting.name),
        when=Interval(None, None),
        score=weight,
        reasons=(
            Reason(
                text=f"The {what} is printed by {sighting.authority} of {sighting.name}, and stands in row "
                f"{sighting.row} of {sighting.file}.{told}",
                weight=weight,
            ),
        ),
        alternatives=parameters.alternatives[soundness] + parameters.alternatives_by_kind[number.kind],
        citations=(sighting.listed_at, sighting.seen_at),
        facts={
            "file": sighting.file,
            "row": sighting.row,
            "kind": number.kind,
            "number": number.value,
            "sound": soundness == "sound",
            "issuer": number.issuer,
            "listed_issuer": sighting.listed.issuer,
        },
        sandbox=sighting.sandbox,
    )


def _measures(card: Card) -> dict[str, tuple[str, ...]]:
    return {key: card.texts(key, at_least=1) for key in LISTED_SCHEMATA}
