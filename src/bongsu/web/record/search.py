"""What the search finds: texts put where it looks, in the transaction of what they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bongsu.web.record.models import HandlingRow, SearchText


def keep_text(kind: str, key: str, address: str, title: str, words: str, handling: HandlingRow, at: datetime) -> None:
    """Let something be found.

    Args:
        kind: `case`, `finding`, `indicator` or `exhibit`.
        key: its id.
        address: where it is shown.
        title: what a list of results shows.
        words: what it is found by, beside the title.
        handling: who may find it.
        at: what results are sorted by.
    """
    SearchText.objects.update_or_create(
        kind=kind,
        key=key,
        defaults={"address": address, "title": title, "words": words, "handling": handling, "at": at},
    )


def forget(keys: Iterable[str]) -> None:
    """Let some things be found no more."""
    SearchText.objects.filter(key__in=list(keys)).delete()
