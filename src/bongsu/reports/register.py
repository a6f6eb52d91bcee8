"""The register in a report: listings joined into entities, what waits for review, and who lists whom."""

from __future__ import annotations

from bongsu.kernel.canonical import JsonValue
from bongsu.lists.coverage import CAUTION, Coverage, Covered
from bongsu.lists.entities import Resolution


def register_section(resolution: Resolution, covered: Coverage | None) -> dict[str, JsonValue]:
    """The register's figures and, where there are several authorities, the coverage of the Council's designations.

    A row of the coverage is shown where the authorities do not all list the entity: what all list is a figure.
    """
    joined = [entity for entity in resolution.entities if len(entity.listings) > 1]
    people = {link.who for entity in joined for link in entity.links} - {"machine"}
    return {
        "listings": sum(len(entity.listings) for entity in resolution.entities),
        "entities": len(resolution.entities),
        "entities_dprk": sum(entity.concerns_dprk for entity in resolution.entities),
        "joined": len(joined),
        "ruled_by_people": sum(any(link.who in people for link in entity.links) for entity in joined),
        "waiting_for_review": len(resolution.review),
        "coverage": None if covered is None else _coverage(covered),
    }


def _coverage(covered: Coverage) -> dict[str, JsonValue]:
    authorities = (covered.of, *covered.authorities)
    rows = [row for row in covered.rows if set(row.references) != set(authorities)]
    return {
        "of": covered.of,
        "designated": covered.designated,
        "authorities": list(covered.authorities),
        "balances": [balance.record() for balance in covered.balances],
        "listed_by_all": len(covered.rows) - len(rows),
        "rows": [_row(row, authorities) for row in rows],
        "caution": CAUTION,
    }


def _row(row: Covered, authorities: tuple[str, ...]) -> dict[str, JsonValue]:
    return {
        "entity": row.entity.id,
        "name": row.entity.name,
        "kind": row.entity.kind,
        "cells": [
            ", ".join(row.references[each]) if each in row.references else "review" if each in row.waiting else ""
            for each in authorities
        ],
    }
