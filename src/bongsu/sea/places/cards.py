"""The cards of places: ports by country, and zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.cards import Card, read_card
from bongsu.sea.places.model import Port, PortPoint, Reference, Strait, Zone

GOODS: Final = frozenset(
    {
        *(
            "cars",
            "cement",
            "coal",
            "container",
            "fertiliser",
            "fish",
            "gas",
            "general",
            "grain",
            "magnesite",
            "munitions",
        ),
        *("oil", "ore", "passenger", "steel", "timber"),
    }
)
POINT_KINDS: Final = frozenset({"anchorage", "berth", "landing", "lock", "oil_berth"})
# How a name is spelt: scripts and systems of romanisation; `other` is what charts, ships and newspapers write besides.
SYSTEMS: Final = frozenset(
    {
        *("hangul", "hanja", "mccune_reischauer", "revised", "dprk"),
        *("chinese", "pinyin", "russian", "vietnamese", "japanese", "english", "other"),
    }
)
ZONE_KINDS: Final = frozenset(
    {
        "territorial_sea",  # up to 12 nautical miles from the shore
        "exclusive_economic_zone",
        "military_zone",  # waters a state declared closed for its security
        "transfer_area",  # where reports describe transfers between ships
        "waiting_area",  # where reports describe ships with embargoed cargo waiting
        "delivery_area",  # where reports describe embargoed cargo landed
    }
)
_MOST_KM: Final = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCard:
    """The ports of one country.

    Args:
        country: ISO 3166-1 alpha-2, upper case.
        country_words: what ships write of the country beside a port's name, lower case.
        ports: in the order of the card.
    """

    country: str
    country_words: tuple[str, ...]
    ports: tuple[Port, ...]


def ports_from(content: bytes, *, where: str) -> CountryCard:
    """The ports of a country's card.

    Raises:
        CardError: not what this reader knows, a reference that is not there, or one that no port uses.
    """
    return read_card(content, where=where, read=_country)


def zones_from(content: bytes, *, where: str) -> tuple[Zone, ...]:
    """The zones of a card, in its order.

    Raises:
        CardError: not what this reader knows, a reference that is not there, or one that no zone uses.
    """
    return read_card(content, where=where, read=_zones)


def straits_from(content: bytes, *, where: str) -> tuple[Strait, ...]:
    """The straits of a card, in its order.

    Raises:
        CardError: not what this reader knows, a reference that is not there, or one that no strait uses.
    """
    return read_card(content, where=where, read=_straits)


def _country(card: Card) -> CountryCard:
    references = card.named_tables("reference", _reference)
    country = card.text("country")
    words = card.texts("country_words", at_least=1)
    ports = card.tables("port", lambda row: _port(row, country, references), at_least=1)
    used = {source for port in ports for source in (port.source, *port.handles_sources)}
    _none_idle(card, references, used | {point.source for port in ports for point in port.points})
    return CountryCard(country=country, country_words=words, ports=ports)


def _port(card: Card, country: str, references: Mapping[str, Reference]) -> Port:
    handles = frozenset(card.texts("handles", one_of=GOODS))
    spellings = card.table("spellings", _spellings)
    name = card.text("id")
    if not name.startswith(f"{country.lower()}-"):
        raise card.error(f"is {name!r}, which does not begin with the country", "id")
    return Port(
        id=name,
        name=card.text("name"),
        country=country,
        locodes=card.texts("locodes"),
        latitude_deg=_latitude(card),
        longitude_deg=_longitude(card),
        accuracy_km=_accuracy(card),
        source=card.text("source", one_of=references),
        handles=handles,
        handles_sources=card.texts("handles_sources", at_least=1, one_of=references) if handles else (),
        spellings=spellings,
        points=card.tables("point", lambda row: _point(row, references), at_least=1),
        references=references,
    )


def _spellings(card: Card) -> dict[str, tuple[str, ...]]:
    return {system: card.texts(system, at_least=1) for system in card.keys_left() if system in SYSTEMS}


def _point(card: Card, references: Mapping[str, Reference]) -> PortPoint:
    return PortPoint(
        kind=card.text("kind", one_of=POINT_KINDS),
        name=card.text("name"),
        latitude_deg=_latitude(card),
        longitude_deg=_longitude(card),
        accuracy_km=_accuracy(card),
        source=card.text("source", one_of=references),
    )


def _zones(card: Card) -> tuple[Zone, ...]:
    references = card.named_tables("reference", _reference)
    used: set[str] = set()
    zones = card.tables("zone", lambda row: _zone(row, references, used), at_least=1)
    _none_idle(card, references, used)
    return zones


def _zone(card: Card, references: Mapping[str, Reference], used: set[str]) -> Zone:
    named = card.texts("references", at_least=1, one_of=references)
    used.update(named)
    return Zone(
        id=card.text("id"),
        name=card.text("name"),
        kind=card.text("kind", one_of=ZONE_KINDS),
        country=card.text_or_none("country"),
        rings=card.tables("ring", _ring, at_least=1),
        accuracy_km=_accuracy(card),
        references=tuple(references[name] for name in named),
        verified=card.flag("verified"),
        note=card.text("note"),
    )


def _straits(card: Card) -> tuple[Strait, ...]:
    references = card.named_tables("reference", _reference)
    used: set[str] = set()
    straits = card.tables("strait", lambda row: _strait(row, references, used), at_least=1)
    _none_idle(card, references, used)
    return straits


def _strait(card: Card, references: Mapping[str, Reference], used: set[str]) -> Strait:
    source = card.text("source", one_of=references)
    used.add(source)
    return Strait(
        id=card.text("id"),
        name=card.text("name"),
        places=tuple(_vertex(card, text) for text in card.texts("places", at_least=2)),
        reference=references[source],
    )


def _ring(card: Card) -> tuple[tuple[float, float], ...]:
    """A ring from texts of latitude and longitude, such as `38.10 124.50`, one for each vertex."""
    places = tuple(_vertex(card, text) for text in card.texts("places", at_least=3))
    if len(set(places)) != len(places):
        raise card.error("names a place twice; the ring closes by itself", "places")
    return places


def _vertex(card: Card, text: str) -> tuple[float, float]:
    try:
        latitude, longitude = (float(part) for part in text.split(" "))
    except ValueError:
        raise card.error(
            f"holds {text!r}; latitude and longitude in degrees are meant, such as '38.1 124.5'", "places"
        ) from None
    if not (-90 <= latitude <= 90 and -180 <= longitude < 180):
        raise card.error(f"holds {text!r}, no place on the earth", "places")
    return latitude, longitude


def _reference(card: Card) -> Reference:
    return Reference(title=card.text("title"), dated=card.day_or_none("dated"), url=card.text_or_none("url"))


def _none_idle(card: Card, references: Mapping[str, Reference], used: set[str]) -> None:
    idle = sorted(references.keys() - used)
    if idle:
        raise card.error(f"has references that nothing uses: {', '.join(idle)}", "reference")


def _latitude(card: Card) -> float:
    return card.number("latitude_deg", least=-90, most=90)


def _longitude(card: Card) -> float:
    return card.number("longitude_deg", least=-180, most=180)


def _accuracy(card: Card) -> float:
    return card.number("accuracy_km", least=0.01, most=_MOST_KM)
