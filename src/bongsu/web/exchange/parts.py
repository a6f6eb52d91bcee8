"""What of a case goes out to a reader: only what the reader may read, under the strictest marking of it all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bongsu.cases import codec
from bongsu.cases.handling import Handling, Reader, strictest
from bongsu.cases.model import Case
from bongsu.kernel.canonical import canonical_json
from bongsu.sandbox import SANDBOX_LIST
from bongsu.web.record import work
from bongsu.web.record.models import ExhibitRow, IndicatorRow

_DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibited:
    """An exhibit that a case rests on.

    Args:
        digest, size_bytes, media_type, title, origin, received_at, sandbox: as it was taken in.
        handling: how it is handled.
    """

    digest: str
    size_bytes: int
    media_type: str
    title: str
    origin: str
    received_at: datetime
    sandbox: bool
    handling: Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParts:
    """A case as it goes out.

    Args:
        reader: whom it goes out to.
        case: as the reader may know it.
        indicators: the records of those of its indicators that the reader may read.
        exhibits: those that its claims and findings cite and the reader may read, by digest.
        handling: the strictest of all that is in it.
        member_name: who gives it out.
        at: when.
    """

    reader: Reader
    case: Case
    indicators: tuple[Mapping[str, Any], ...]  # Any: JSON of our own making
    exhibits: tuple[Exhibited, ...]
    handling: Handling
    member_name: str
    at: datetime

    @property
    def version(self) -> int:
        """Which state of the case it is: how many acts were done to it."""
        return self.case.acts

    @property
    def marking(self) -> str:
        """The marking of it all, as it is printed."""
        return self.handling.tlp.label

    @property
    def sandbox(self) -> bool:
        """Whether anything in it is invented."""
        invented = any(each["sandbox"] for each in self.indicators) or any(each.sandbox for each in self.exhibits)
        return invented or any(subject.id.startswith(f"{SANDBOX_LIST}:") for subject in self.case.subjects)


def parts_for(case_id: str, reader: Reader, *, member_name: str, at: datetime) -> CaseParts:
    """A case as it goes out to a reader.

    Raises:
        NotThereError: there is none, or none for the reader.
    """
    case = work.case_of(case_id, reader)
    indicators = IndicatorRow.objects.readable_by(reader).select_related("handling").filter(id__in=case.indicators)
    named = {found.decode() for found in _DIGEST.findall(canonical_json(codec.record(case)))}
    kept = ExhibitRow.objects.readable_by(reader).select_related("handling").filter(digest__in=named).order_by("digest")
    exhibits = tuple(_exhibited(row) for row in kept)
    return CaseParts(
        reader=reader,
        case=case,
        indicators=tuple(row.record for row in indicators.order_by("id")),
        exhibits=exhibits,
        handling=strictest(
            [
                case.handling,
                *(finding.handling for finding in case.findings),
                *(row.handling.handling for row in indicators),
                *(each.handling for each in exhibits),
            ]
        ),
        member_name=member_name,
        at=at,
    )


def _exhibited(row: ExhibitRow) -> Exhibited:
    return Exhibited(
        digest=row.digest,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        title=row.title,
        origin=row.origin,
        received_at=row.received_at,
        sandbox=row.sandbox,
        handling=row.handling.handling,
    )
