"""A subject: whom or what a case is about, as it is written there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSubject:
    """Whom or what a case is about.

    Args:
        id: the register's or the desk's own id, such as `un_sc:KPi.033`.
        schema: the FollowTheMoney schema: Person, Company, Vessel, ...
        name: as printed in the source.
        identifiers: numbers that mean it alone, with their kind: `imo:9000004`; they join indicators to it.
    """

    id: str
    schema: str
    name: str
    identifiers: frozenset[str] = frozenset()
