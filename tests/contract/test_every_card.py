"""Every card of the package is read by a strict reader, which refuses what it does not know."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

import bongsu
from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError
from bongsu.law import load_regime, regime_from
from bongsu.law.headings import headings_from
from bongsu.lists.cards import _source_card, sources
from bongsu.lists.changes import KINDS
from bongsu.lists.cleaning import _fold, territory
from bongsu.lists.ontology import ontology_from
from bongsu.lists.resolution import rules_from
from bongsu.names import lookalikes, meanings, persons, romanisation, vocabulary
from bongsu.sea.callsigns import read_call_signs
from bongsu.sea.cards import read_source_card
from bongsu.sea.mmsi import read_digits
from bongsu.sea.places.cards import ports_from, straits_from, zones_from
from bongsu.sea.ships import read_rules

PACKAGE = Path(bongsu.__file__).parent
CARDS = sorted(
    card for card in PACKAGE.rglob("*.toml") if "static" not in card.parts
)  # what browsers get has tests of its own
MISSPELT = b"\nmisspelt_by_a_test = true\n"


def read_law(content: bytes) -> object:
    return regime_from([("card.toml", content)])


def read_source(name: str, content: bytes) -> object:
    return read_card(content, where="card.toml", read=lambda card: _source_card(card, name))


def read_sea_source(name: str, content: bytes) -> object:
    return read_card(content, where="card.toml", read=lambda card: read_source_card(card, name))


def read_detector(desk: str, name: str, content: bytes) -> object:
    detector = import_module(f"bongsu.{desk}.detectors.{name}")
    return read_card(content, where="card.toml", read=detector.read_parameters)


def read_truth(content: bytes) -> object:
    """What truly changed in an invented world, by kind."""

    def truth(card: Card) -> dict[str, tuple[str, ...]]:
        return {kind: card.texts(kind) for kind in KINDS}

    return read_card(content, where="card.toml", read=truth)


def read_territories(content: bytes) -> object:
    """Names by ISO 3166-1 alpha-2 code."""

    def names(card: Card) -> dict[str, tuple[str, ...]]:
        return {code: card.texts(code, at_least=1) for code in card.keys_left() if re.fullmatch(r"[A-Z]{2}", code)}

    return read_card(content, where="card.toml", read=names)


NAMES = {
    "hanja": partial(read_card, where="card.toml", read=romanisation._hanja_tables),
    "lookalikes": partial(read_card, where="card.toml", read=lookalikes._card),
    "meanings": partial(read_card, where="card.toml", read=meanings._meanings),
    "persons": partial(read_card, where="card.toml", read=persons._card),
    "romanisation": partial(read_card, where="card.toml", read=romanisation._rules),
    "words": partial(read_card, where="card.toml", read=vocabulary._vocabulary),
}


# A card by itself, or every card of a folder.
PLACES: dict[tuple[str, ...], Callable[[bytes], object]] = {
    ("sandbox", "data", "truth.toml"): read_truth,
    ("lists", "territories.toml"): read_territories,
    ("lists", "ontology.toml"): partial(ontology_from, where="card.toml"),
    ("lists", "resolution.toml"): rules_from,
    ("sea", "callsigns.toml"): partial(read_card, where="card.toml", read=read_call_signs),
    ("sea", "mids.toml"): partial(read_card, where="card.toml", read=read_digits),
    ("sea", "places", "ports"): partial(ports_from, where="card.toml"),
    ("sea", "places", "straits.toml"): partial(straits_from, where="card.toml"),
    ("sea", "places", "zones.toml"): partial(zones_from, where="card.toml"),
    ("sea", "ships.toml"): partial(read_card, where="card.toml", read=read_rules),
}


SOURCES: dict[str, Callable[[str, bytes], object]] = {"lists": read_source, "sea": read_sea_source}


def reader_of(card: Path) -> Callable[[bytes], object]:
    """The strict reader of a card, by where it lies; a card in a new place needs one here."""
    place = card.relative_to(PACKAGE).parts
    match place:
        case ("law", "data", "resolutions", _):
            return read_law
        case ("law", "data", "headings.toml"):
            return partial(headings_from, where="card.toml")
        case ("lists" | "sea" as desk, "sources", _):
            return partial(SOURCES[desk], card.stem)
        case (desk, "detectors", _):
            return partial(read_detector, desk, card.stem)
        case ("names", "data", _):
            return NAMES[card.stem]
    found = PLACES.get(place, PLACES.get(place[:-1]))
    if found is None:
        raise LookupError(f"no strict reader is known for {card}")
    return found


every_card = pytest.mark.parametrize("card", CARDS, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def alone(card: Path, content: bytes) -> bytes:
    """A law card that may stand alone: what other resolutions did to its measures is theirs to answer for."""
    if card.parent.name != "resolutions":
        return content
    return re.sub(rb"(?ms)^ *\[\[measure\.change\]\].*?(?=^ *\[|\Z)", b"", content)


def test_there_are_cards_of_every_sort() -> None:
    folders = {card.parent.relative_to(PACKAGE).as_posix() for card in CARDS}
    assert {"law/data/resolutions", "lists/sources", "lists/detectors", "sandbox/data"} <= folders


def test_the_cards_of_the_law_are_read_together() -> None:
    cards = [card for card in CARDS if card.parent.name == "resolutions"]
    assert len(load_regime().resolutions) == len(cards) > 20


@every_card
def test_a_card_is_read_by_a_strict_reader(card: Path) -> None:
    if card.parent.name == "resolutions":
        assert any(card.stem in resolution.name.replace("/", "-") for resolution in load_regime().resolutions)
    else:
        assert reader_of(card)(card.read_bytes())


@every_card
def test_a_misspelt_key_is_refused_in_every_table_of_a_card(card: Path) -> None:
    content = alone(card, card.read_bytes())
    places = [0]
    seen = set()
    for header in re.finditer(rb"(?m)^ *\[\[?([\w.\"]+)\]\]? *(?:#.*)?$", content):
        if header[1] not in seen:
            seen.add(header[1])
            places.append(header.end())
    for place in places:
        with pytest.raises(CardError) as refused:
            reader_of(card)(content[:place] + MISSPELT + content[place:])
        assert "misspelt_by_a_test" in str(refused.value)


def test_no_name_of_a_territory_means_two() -> None:
    """The name is the key of the question; a second meaning would be lost without a word."""
    codes = defaultdict(set)
    for code, names in tomllib.loads((PACKAGE / "lists" / "territories.toml").read_text("utf-8")).items():
        for name in names:
            codes[_fold(name)].add(code)
    assert {name: found for name, found in codes.items() if len(found) > 1 or not name} == {}
    assert len({code for found in codes.values() for code in found}) == 249  # ISO 3166-1


def test_the_dprk_and_its_neighbours_are_told_apart() -> None:
    assert [territory(name).value for name in ("North Korea", "DPRK", "South Korea")] == ["kp", "kp", "kr"]


def test_every_source_card_names_what_a_reader_can_hold_it_to() -> None:
    for name, source in sources().items():
        card = source.card
        assert card.least_entries < card.most_entries, name
        assert card.dprk_programmes <= card.programmes, name
        assert any(part.required for part in card.parts), name
        assert all(part.url is None or part.url.startswith("https://") for part in card.parts), name
        assert card.homepage.startswith("https://"), name
        assert len({part.name for part in card.parts}) == len(card.parts), name
        assert len(card.parts) == 1 or all(part.file_word for part in card.parts), name
