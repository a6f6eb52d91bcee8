"""Places as facts: ports with their anchorages, zones, the coast, and the sea routes between them."""

from bongsu.sea.places.gazetteer import Gazetteer, gazetteer
from bongsu.sea.places.model import Port, PortPoint, Zone

__all__ = ["Gazetteer", "Port", "PortPoint", "Zone", "gazetteer"]
