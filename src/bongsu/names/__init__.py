"""Korean-aware comparison of names; every score explained."""

from bongsu.names.identifiers import Identifier
from bongsu.names.screener import Entity, Hit, ListedName, Query, Screener
from bongsu.names.similarity import explain, similarity

__all__ = ["Entity", "Hit", "Identifier", "ListedName", "Query", "Screener", "explain", "similarity"]
