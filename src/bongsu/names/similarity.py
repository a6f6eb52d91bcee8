"""One figure for two names of one kind."""

from __future__ import annotations

from bongsu.names.organisations import organisation_name, organisation_similarity
from bongsu.names.persons import person_name, person_similarity
from bongsu.names.vessels import vessel_name, vessel_similarity


def similarity(left: str, right: str, schema: str) -> float:
    """How likely two names are names of the same one, from 0 to 1."""
    if schema == "Person":
        return person_similarity(person_name(left), person_name(right))
    if schema == "Vessel":
        return vessel_similarity(vessel_name(left), vessel_name(right))
    return organisation_similarity(organisation_name(left), organisation_name(right))
