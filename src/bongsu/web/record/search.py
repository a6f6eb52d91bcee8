"""Search: one store, one question; what someone may not read is neither found, counted, suggested nor ranked by.

Results stand by date, newest first: a rank is computed over all texts, and tells of those that are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.db.models import BooleanField, Count, QuerySet
from django.db.models.expressions import RawSQL

from bongsu.cases.handling import Reader
from bongsu.web.record.models import HandlingRow, SearchText, readable_handlings
from bongsu.web.record.tokens import Term, indexed, terms_of

_BATCH: Final = 500
_SUGGESTED: Final = 8
_COUNTED: Final = "SELECT count(*) FROM record_search WHERE record_search MATCH %s"
_ALL: Final = ("address", "title", "text", "title_words", "words", "at", "handling")


class Kind(StrEnum):
    """What can be found."""

    CASE = "case"
    FINDING = "finding"
    INDICATOR = "indicator"
    EXHIBIT = "exhibit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a question finds for a reader.

    Args:
        rows: those of the kind that is asked for, newest first; not yet fetched.
        counts: how many the reader may read of each kind that has any.
    """

    rows: QuerySet[SearchText]
    counts: Mapping[Kind, int]


def text_row(
    kind: str, key: str, address: str, title: str, words: str, handling: HandlingRow, at: datetime
) -> SearchText:
    """A row of the search, not yet kept.

    Args:
        kind: a `Kind`.
        key: the id of what it stands for; there is one row for it.
        address: the page that shows it, from the root of the site.
        title: what it is called.
        words: what else it is found by; all of it may be shown to whoever may read the row.
        handling: how all of it is handled.
        at: when it last changed.
    """
    return SearchText(
        kind=Kind(kind).value,
        key=key,
        address=address,
        title=title,
        text=words,
        title_words=indexed(title),
        words=indexed(f"{title}\n{words}"),
        at=at,
        handling_id=handling.pk,
    )


def keep(rows: Iterable[SearchText]) -> None:
    """Keep rows in the place of those of the same kind and key; in the transaction of what they stand for."""
    SearchText.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["kind", "key"], update_fields=_ALL
    )


def keep_text(kind: str, key: str, address: str, title: str, words: str, handling: HandlingRow, at: datetime) -> None:
    """Keep one row; its parts are those of `text_row`."""
    keep([text_row(kind, key, address, title, words, handling, at)])


def forget(keys: Iterable[str]) -> None:
    """Take the rows of some cases, findings, indicators or exhibits out, to make them anew."""
    SearchText.objects.filter(key__in=list(keys)).delete()


def found(reader: Reader, question: str, kind: Kind | None = None) -> Found:
    """What a person finds; nothing where the question holds no word."""
    terms = terms_of(question)
    rows = _matching(SearchText.objects.readable_by(reader), terms, "words")
    counted = _counted_on_sqlite if connection.vendor == "sqlite" else _counted_on_postgresql
    counts = counted(terms, readable_handlings(reader)) if terms else {}
    return Found(
        rows=rows.filter(kind=kind.value) if kind else rows,
        counts={each: counts[each] for each in Kind if counts.get(each)},
    )


def rows_found(reader: Reader, question: str) -> QuerySet[SearchText]:
    """The rows that a person finds, of every kind, newest first; not yet fetched, and not counted."""
    return _matching(SearchText.objects.readable_by(reader), terms_of(question), "words")


def suggested(reader: Reader, question: str) -> list[SearchText]:
    """Up to eight rows whose titles hold all words of a question, the last perhaps begun only; newest first."""
    return list(_matching(SearchText.objects.readable_by(reader), terms_of(question), "title_words")[:_SUGGESTED])


def _matching(rows: QuerySet[SearchText], terms: Sequence[Term], column: str) -> QuerySet[SearchText]:
    if not terms:
        return rows.none()
    return rows.filter(
        _on_sqlite(terms, column) if connection.vendor == "sqlite" else _on_postgresql(terms, column)
    ).order_by("-at", "-pk")


def _counted_on_sqlite(terms: Sequence[Term], handlings: Sequence[int]) -> dict[str, int]:
    """How many rows under some handlings hold the terms, by kind: by the index alone, without looking at a row."""
    readable = " OR ".join(f"h{each}" for each in handlings)
    counts = {}
    with connection.cursor() as cursor:
        for kind in Kind if handlings else ():
            filed = f"{{filed}} : ({kind.value} AND ({readable}))"
            cursor.execute(_COUNTED, [f"{_asked_of_sqlite(terms, 'words')} AND {filed}"])
            counts[kind.value] = int(cursor.fetchone()[0])
    return counts


def _counted_on_postgresql(terms: Sequence[Term], handlings: Sequence[int]) -> dict[str, int]:
    rows = SearchText.objects.filter(_on_postgresql(terms, "words"), handling__in=handlings)
    return dict(rows.order_by().values_list("kind").annotate(Count("pk")))


# Terms hold letters and digits alone (`record.tokens`), and reach the database as a parameter.
def _on_sqlite(terms: Sequence[Term], column: str) -> Any:  # Any: what a query set filters by
    return RawSQL(
        '"record_searchtext"."id" IN (SELECT rowid FROM record_search WHERE record_search MATCH %s)',
        [_asked_of_sqlite(terms, column)],
        output_field=BooleanField(),
    )


def _asked_of_sqlite(terms: Sequence[Term], column: str) -> str:
    question = " AND ".join(f'"{" ".join(term.tokens)}"{"*" if term.open else ""}' for term in terms)
    return f"{{{column}}} : ({question})"


def _on_postgresql(terms: Sequence[Term], column: str) -> Any:  # Any: what a query set filters by
    asked = [
        "("
        + " <-> ".join([*(f"'{token}'" for token in term.tokens[:-1]), f"'{term.tokens[-1]}'{':*' * term.open}"])
        + ")"
        for term in terms
    ]
    return RawSQL(  # noqa: S611 - the column is one of two of ours, the values are apart
        f'"record_searchtext"."{column}_vector" @@ to_tsquery(\'simple\', %s)',
        [" & ".join(asked)],
        output_field=BooleanField(),
    )
