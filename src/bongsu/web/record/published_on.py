"""Which findings that stand published rest on an exhibit: it is not closed to those who may read them."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import TextField
from django.db.models.functions import Cast

from bongsu.cases import codec
from bongsu.cases.handling import Handling, covers
from bongsu.cases.words import FindingState
from bongsu.kernel.canonical import canonical_json
from bongsu.web.record.models import CaseRow


def closes_published(digest: str, held: Handling, chosen: Handling) -> bool:
    """Whether an exhibit, handled otherwise, would be closed to someone who may read a published finding that cites it.

    Args:
        digest: the exhibit's.
        held: how it is handled.
        chosen: how it would be.
    """
    if covers(held, chosen):
        return False
    return any(covers(each, held) and not covers(each, chosen) for each in _findings_on(digest))


def _findings_on(digest: str) -> Iterator[Handling]:
    """How the findings are handled that stand published and cite an exhibit."""
    several = CaseRow.objects.filter(published_findings__stands=True).distinct()
    for row in several.annotate(text=Cast("record", TextField())).filter(text__contains=digest):
        for finding in row.whole().findings:
            for version in finding.versions:
                if version.state is FindingState.PUBLISHED and digest.encode() in canonical_json(codec.record(version)):
                    yield finding.handling
