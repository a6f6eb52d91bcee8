"""One figure for two names of one kind, and its reasons in words."""

from __future__ import annotations

import re
from typing import Final

from bongsu.names.organisations import explain_organisations, organisation_name, organisation_similarity
from bongsu.names.persons import explain_persons, person_name, person_similarity
from bongsu.names.script import folded
from bongsu.names.vessels import explain_vessels, vessel_name, vessel_similarity

_WORD: Final = re.compile(r"\w+")


def similarity(left: str, right: str, schema: str) -> float:
    """How likely two names are names of the same one, from 0 to 1.

    A name alone proves no identity: several people bear one Korean name, and it still takes a date of birth, a passport
    or an IMO number to tell them apart.

    Args:
        left: a name as printed, in any script and order.
        right: another.
        schema: `Person` or `Vessel`; any other is compared as an organisation.

    Returns:
        The same for (left, right) as for (right, left). 1 for the same name by the rules of romanisation, less for odd
        spellings and slips; below 0.5 two names are two.
    """
    if schema == "Person":
        return person_similarity(person_name(left), person_name(right))
    if schema == "Vessel":
        return vessel_similarity(vessel_name(left), vessel_name(right))
    return organisation_similarity(organisation_name(left), organisation_name(right))


def explain(left: str, right: str, schema: str) -> tuple[str, ...]:
    """Why two names have the similarity they have, in plain words, what weighs most first."""
    if _WORD.findall(folded(left)) == _WORD.findall(folded(right)):
        return ("the name is the same",)
    if schema == "Person":
        return explain_persons(person_name(left), person_name(right))
    if schema == "Vessel":
        return explain_vessels(vessel_name(left), vessel_name(right))
    return explain_organisations(organisation_name(left), organisation_name(right))
