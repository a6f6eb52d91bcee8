"""An entity of the register as JSON: the same for the command line and the API."""

from __future__ import annotations

from collections.abc import Iterable

from bongsu.kernel.canonical import JsonValue
from bongsu.lists.entities import Entity, Open
from bongsu.lists.profiles import Profile


def open_of(entity: Entity, review: Iterable[Open]) -> list[Open]:
    """The pairs with one of an entity's listings that wait for people, in the order they came."""
    mine = {profile.listing for profile in entity.listings}
    return [each for each in review if not mine.isdisjoint(each.proposal.pair)]


def entity_record(entity: Entity, review: Iterable[Open], *, sandbox: bool) -> dict[str, JsonValue]:
    """Who lists an entity, under which names and numbers, what joins its listings, and what waits for people.

    Args:
        entity: the entity.
        review: all pairs that wait for people.
        sandbox: whether a list of the register is invented.
    """
    return {
        "id": entity.id,
        "name": entity.name,
        "kind": entity.kind,
        "sandbox": sandbox,
        "listings": [listing_record(profile) for profile in entity.listings],
        "links": [link.record() for link in entity.links],
        "review": [each.proposal.record() for each in open_of(entity, review)],
    }


def listing_record(profile: Profile) -> dict[str, JsonValue]:
    """One listing: by whom, under which names and numbers, since when, and where it is printed."""
    return {
        "listing": profile.listing,
        "list": profile.list_id,
        "authority": profile.authority,
        "reference": profile.reference,
        "names": [{"name": name.text, "weak": name.weak} for name in profile.names],
        "births": [birth.printed for birth in profile.births],
        "identifiers": [{"kind": kind, "value": value} for kind, value in sorted(profile.identifiers)],
        "listed_on": profile.listed_on,
        "dprk": profile.concerns_dprk,
        "citation": None if profile.citation is None else str(profile.citation),
    }
