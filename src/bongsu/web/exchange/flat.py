"""A case as rows: its claims, indicators, requests and advice; CSV for spreadsheets, GeoJSON for maps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from bongsu.cases import codec
from bongsu.cases.finding import Claim, Finding
from bongsu.kernel.canonical import JsonValue, canonical_json, plain_number
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import stamp
from bongsu.web.exchange.parts import CaseParts

# What a spreadsheet takes for a formula when a cell begins with it (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatRow:
    """One claim, indicator, request, recommendation, proposal or report, by its kind.

    Every row tells from which case, at which version and under which marking it is.
    """

    case: str
    version: str
    marking: str
    sandbox: str
    kind: str
    id: str
    finding: str = ""
    state: str = ""
    said: str
    subject_id: str = ""
    subject: str = ""
    addressee: str = ""
    measures: str = ""
    begins: str = ""
    ends: str = ""
    place: str = ""
    latitude_deg: str = ""
    longitude_deg: str = ""
    quantity_low: str = ""
    quantity_high: str = ""
    unit: str = ""
    score: str = ""
    citations: str = ""


def flat_rows(parts: CaseParts) -> Iterator[FlatRow]:
    """The claims of the findings, the indicators, then what was asked, advised, proposed and reported."""
    for finding in parts.case.findings:
        for claim in finding.current.claims:
            yield _claim(claim, finding, parts)
    for record in parts.indicators:
        yield _indicator(record, parts)
    yield from _asked(parts)
    yield from _advised(parts)
    for report in parts.case.implementation_reports:
        yield FlatRow(
            **_common(parts, sandbox=parts.sandbox),
            kind="implementation report",
            id=report.id,
            said=f"Report of {report.state} on resolution {report.resolution}",
            addressee=report.state,
            begins=report.received_on.isoformat(),
            citations=str(Citation(exhibit=report.exhibit)),
        )


def csv_of(parts: CaseParts) -> bytes:
    """The rows as CSV (RFC 4180, UTF-8); before what a spreadsheet would run as a formula stands an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([field.name for field in fields(FlatRow)])
    for row in flat_rows(parts):
        writer.writerow([_plain(cell) for cell in asdict(row).values()])
    return text.getvalue().encode()


def _plain(cell: str) -> str:
    try:
        float(cell)
    except ValueError:
        return "'" + cell if cell.startswith(_FORMULA) else cell
    return cell


def json_of(parts: CaseParts) -> bytes:
    """The case whole, as its record, with its indicators and the exhibits it rests on."""
    return canonical_json(
        {
            "format": "bongsu case 1",
            "version": parts.version,
            "marking": parts.marking,
            "from": parts.member_name,
            "at": stamp(parts.at),
            "sandbox": parts.sandbox,
            "case": codec.record(parts.case),
            "indicators": [dict(record) for record in parts.indicators],
            "exhibits": [
                {"sha256": each.digest, "title": each.title, "origin": each.origin, "marking": each.handling.tlp.label}
                for each in parts.exhibits
            ],
        }
    )


def geojson_of(parts: CaseParts) -> bytes:
    """The rows that have a place as GeoJSON (RFC 7946)."""
    features: list[JsonValue] = [
        {
            "type": "Feature",
            "id": row.id,
            "geometry": {"type": "Point", "coordinates": [float(row.longitude_deg), float(row.latitude_deg)]},
            "properties": {"title": row.said, **{name: text for name, text in asdict(row).items() if text}},
        }
        for row in flat_rows(parts)
        if row.latitude_deg
    ]
    collection: dict[str, JsonValue] = {
        "type": "FeatureCollection",
        "case": parts.case.id,
        "version": parts.version,
        "marking": parts.marking,
        "sandbox": parts.sandbox,
        "features": features,
    }
    return canonical_json(collection)


def _asked(parts: CaseParts) -> Iterator[FlatRow]:
    """The requests for information: asked when, answered by when, and with what."""
    for request in parts.case.requests:
        papers = [request.exhibit, *(answer.exhibit for answer in request.answers)]
        yield FlatRow(
            **_common(parts, sandbox=parts.sandbox),
            kind="request",
            id=request.id,
            state=request.answers[-1].kind.value if request.answers else "unanswered",
            said=request.question,
            addressee=request.addressee,
            begins=stamp(request.sent.at),
            ends=request.due.isoformat(),
            citations=" ".join(str(Citation(exhibit=each)) for each in papers if each),
        )


def _advised(parts: CaseParts) -> Iterator[FlatRow]:
    """The recommendations, then the proposals to designate, each with what became of it last."""
    for advice in parts.case.recommendations:
        yield FlatRow(
            **_common(parts, sandbox=parts.sandbox),
            kind="recommendation",
            id=advice.id,
            finding=advice.finding or "",
            state=advice.status.value,
            said=advice.text,
            addressee=advice.addressee,
            begins=stamp(advice.made.at),
        )
    for proposal in parts.case.proposals:
        subject = parts.case.subject(proposal.subject)
        yield FlatRow(
            **_common(parts, sandbox=parts.sandbox),
            kind="designation proposal",
            id=proposal.id,
            finding=" ".join(sorted(proposal.findings)),
            state=proposal.status.value,
            said=proposal.statement_of_case,
            subject_id=proposal.subject,
            subject="" if subject is None else subject.name,
            measures=" ".join(measure.key for measure in proposal.measures),
            begins=stamp(proposal.made.at),
        )


def _common(parts: CaseParts, *, sandbox: bool) -> dict[str, str]:
    return {
        "case": parts.case.id,
        "version": str(parts.version),
        "marking": parts.marking,
        "sandbox": "SANDBOX, invented" if sandbox else "",
    }


def _claim(claim: Claim, finding: Finding, parts: CaseParts) -> FlatRow:
    subject = parts.case.subject(claim.subject)
    place, quantity = claim.place, claim.quantity
    return FlatRow(
        **_common(parts, sandbox=parts.sandbox),
        kind="claim",
        id=claim.id,
        finding=finding.id,
        state=finding.current.state.value,
        said=claim.sentence,
        subject_id=claim.subject,
        subject="" if subject is None else subject.name,
        measures=" ".join(measure.key for measure in finding.current.measures),
        begins="" if claim.when.low is None else stamp(claim.when.low),
        ends="" if claim.when.high is None else stamp(claim.when.high),
        place="" if place is None else place.name or "",
        latitude_deg="" if place is None else str(place.latitude_deg),
        longitude_deg="" if place is None else str(place.longitude_deg),
        quantity_low="" if quantity is None else plain_number(quantity.low),
        quantity_high="" if quantity is None else plain_number(quantity.high),
        unit="" if quantity is None else quantity.unit,
        citations=" ".join(str(link.citation) for link in claim.links),
    )


def _indicator(record: Mapping[str, Any], parts: CaseParts) -> FlatRow:  # Any: JSON of our own making
    place, quantity = record["place"] or {}, record["quantity"] or {}
    return FlatRow(
        **_common(parts, sandbox=record["sandbox"]),
        kind="indicator",
        id=record["id"],
        state="indicator, not an accusation",
        said=record["title"],
        subject_id=record["subject"]["id"],
        subject=record["subject"]["name"],
        measures=" ".join(record["measures"]),
        begins=record["when"]["from"] or "",
        ends=record["when"]["to"] or "",
        place=place.get("name") or "",
        latitude_deg=str(place.get("latitude_deg", "")),
        longitude_deg=str(place.get("longitude_deg", "")),
        quantity_low=quantity.get("low", ""),
        quantity_high=quantity.get("high", ""),
        unit=quantity.get("unit", ""),
        score=str(record["score"]),
        citations=" ".join(record["citations"]),
    )
