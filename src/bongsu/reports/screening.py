"""What screening found, as records: whole for the one whose customers they are, in figures for everyone else."""

from __future__ import annotations

from collections.abc import Iterable

from bongsu.kernel.canonical import JsonValue
from bongsu.lists.sightings import Asked, ScreenedFile
from bongsu.names import Hit


def screening_record(screened: Iterable[ScreenedFile]) -> list[JsonValue]:
    """Every customer with hits or problems. It holds people's names: it stands beside the report, never in it."""
    return [
        {**_figures(each), "columns_not_used": list(each.unused), "asked": [_asked(one) for one in each.asked]}
        for each in screened
    ]


def screening_section(screened: Iterable[ScreenedFile]) -> list[JsonValue]:
    """What the report says: figures, and the hits of an invented file alone."""
    return [
        {**_figures(each), "asked": [_asked(one) for one in each.asked] if each.file.sandbox else []}
        for each in screened
    ]


def hit_record(hit: Hit) -> dict[str, JsonValue]:
    """The JSON form of a hit."""
    return {
        "entity": hit.entity.id,
        "schema": hit.entity.schema,
        "caption": hit.entity.caption,
        "matched_name": hit.name,
        "score": round(hit.score, 3),
        "reasons": list(hit.reasons),
        "source": hit.entity.source,
        "sandbox": hit.entity.sandbox,
    }


def _figures(each: ScreenedFile) -> dict[str, JsonValue]:
    return {
        **each.file.record(),
        "rows": each.rows,
        "with_hits": each.with_hits,
        "problems": each.problems,
        "refused": each.refused,
    }


def _asked(asked: Asked) -> dict[str, JsonValue]:
    customer = asked.customer
    return {
        "row": customer.row,
        "id": customer.id,
        "name": customer.name,
        "hits": [hit_record(hit) for hit in asked.hits],
        "problem": customer.problem,
    }
