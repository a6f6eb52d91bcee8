"""Who is linked to whom: only what an entry of a list says of another, each with the place where it says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.lists.entities import Entity
from bongsu.lists.register import RegisterRow
from bongsu.web.pages.register.statements import exhibit_address
from bongsu.web.record.register import Register

# FollowTheMoney's relations: the property of either end, and what the first does to the second.
_RELATIONS: Final[Mapping[str, tuple[str, str, Promise]]] = {
    "Ownership": ("owner", "asset", _("owns or controls")),
    "Directorship": ("director", "organization", _("directs")),
    "Membership": ("member", "organization", _("is a member of")),
    "Employment": ("employee", "employer", _("works for")),
    "Associate": ("person", "associate", _("is an associate of")),
    "Family": ("person", "relative", _("is related to")),
    "Representation": ("agent", "client", _("acts for")),
    "Succession": ("predecessor", "successor", _("was followed by")),
    "UnknownLink": ("subject", "object", _("is linked to")),
}
# Properties of the one listed that print another's name: what that other does to it.
_NAMED: Final[Mapping[str, Promise]] = {
    "owner": _("owns or controls"),
    "operator": _("operates"),
    "parent": _("is the parent of"),
}
_ROLES: Final = ("role", "relationship", "ownershipType", "summary")
_KINDS: Final = {"Person": "person", "Organization": "firm", "Vessel": "vessel"}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a link.

    Args:
        key: tells it from others: an entity's id, or the printed text.
        name: what to call it.
        kind: as the graph knows kinds; empty where it is only printed.
        address: its page; None where no entry of the register is meant.
    """

    key: str
    name: str
    kind: str
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One statement that someone has to do with someone else.

    Args:
        one, other: the ends, in the order of the words.
        words: what the one does to the other.
        role: what the list prints of it, or empty.
        authority: whose list says so.
        address: the place that is cited.
        citation: the same in its printed form.
    """

    one: End
    other: End
    words: Promise
    role: str
    authority: str
    address: str
    citation: str


def links_of(register: Register, entity: Entity, rows: Iterable[RegisterRow]) -> tuple[Link, ...]:
    """The links that statements tell of an entity; nothing is joined that no statement joins.

    Args:
        register: tells whose a listing is.
        entity: whose page it is.
        rows: its own statements, and those of others that name it.
    """
    by_part: dict[str, list[RegisterRow]] = defaultdict(list)
    found: list[Link] = []
    for row in rows:
        if row.schema in _RELATIONS:
            by_part[row.entity].append(row)
        elif row.prop in _NAMED and row.entity == row.listing:
            found.append(_link(register, row, row, _NAMED[row.prop], "", listed_is_other=True))
    for part in by_part.values():
        found += _relation(register, part)
    mine = [link for link in found if entity.id in {link.one.key, link.other.key} and link.one.key != link.other.key]
    return tuple(dict.fromkeys(mine))


def graph_of(entity: Entity, links: Sequence[Link]) -> dict[str, Any]:  # Any: JSON for the element
    """The links as the element draws them."""
    ends = {end.key: end for link in links for end in (link.one, link.other)}
    return {
        "nodes": [
            {
                "id": end.key,
                "label": end.name,
                "kind": end.kind or "document",
                **({"tone": "accent"} if end.key == entity.id else {}),
                **({"href": end.address} if end.address and end.key != entity.id else {}),
            }
            for end in ends.values()
        ],
        "edges": [
            {
                "source": link.one.key,
                "target": link.other.key,
                "label": link.role or str(link.words),
                **({} if link.one.address and link.other.address else {"dashed": True}),
            }
            for link in links
        ],
    }


def _relation(register: Register, part: Sequence[RegisterRow]) -> Iterable[Link]:
    """One relation of a list: every one at its first end with every one at its second."""
    first, second, words = _RELATIONS[part[0].schema]
    role = next((row.value for prop in _ROLES for row in part if row.prop == prop), "")
    for one in (row for row in part if row.prop == first):
        for other in (row for row in part if row.prop == second):
            yield _link(register, one, other, words, role)


def _link(
    register: Register,
    one: RegisterRow,
    other: RegisterRow,
    words: Promise,
    role: str,
    *,
    listed_is_other: bool = False,
) -> Link:
    cited = one if one.cleaned != one.listing else other  # the end that is not the entry itself is what the list prints
    profile = register.profiles.get(one.listing)
    return Link(
        one=_end(register, one.cleaned, one.value),
        other=_end(register, other.listing, "") if listed_is_other else _end(register, other.cleaned, other.value),
        words=words,
        role=role,
        authority="" if profile is None else profile.authority,
        address=exhibit_address(cited.exhibit, cited.locator),
        citation=f"sha256:{cited.exhibit}#{cited.locator}",
    )


def _end(register: Register, listing: str | None, printed: str) -> End:
    entity = None if listing is None else register.entity_of(listing)
    if entity is None:
        return End(key=f"printed:{printed}", name=printed, kind="", address=None)
    address = reverse("register:entity", args=[entity.id])
    return End(key=entity.id, name=entity.name, kind=_KINDS.get(entity.kind, ""), address=address)
