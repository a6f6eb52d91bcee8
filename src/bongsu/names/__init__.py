"""Korean-aware comparison of names; every score explained."""

from bongsu.names.similarity import similarity

__all__ = ["similarity"]
