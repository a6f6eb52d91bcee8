"""A case as a time line, a graph and a map: the data of the pages' elements, all of it text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.utils.translation import gettext as _

from bongsu.cases.model import Case
from bongsu.kernel.clock import stamp
from bongsu.web.record.models import IndicatorRow

_KINDS: Final = {
    "Person": "person",
    "Vessel": "vessel",
    "Company": "firm",
    "Organization": "firm",
    "LegalEntity": "firm",
}
Data = dict[str, Any]  # Any: JSON for a page's element


def timeline(case: Case, indicators: Iterable[IndicatorRow]) -> Data:
    """When what is claimed and signalled happened."""
    items: list[Data] = []
    for finding in case.findings:
        for claim in finding.current.claims:
            start, end = claim.when.low or claim.when.high, claim.when.high
            if start is not None:
                items.append(
                    {
                        "id": claim.id,
                        "group": "claims",
                        "label": claim.sentence,
                        "start": stamp(start),
                        "end": stamp(end) if end is not None and end > start else None,
                        "href": f"/cases/{case.id}/findings/{finding.id}/#{claim.id}",
                    }
                )
    for row in indicators:
        begins = row.begins_at or row.ends_at
        if begins is not None:
            ends = stamp(row.ends_at) if row.ends_at is not None and row.ends_at > begins else None
            items.append(
                {
                    "id": row.id,
                    "group": "indicators",
                    "label": row.title,
                    "start": stamp(begins),
                    "end": ends,
                    "href": f"/indicators/{row.id}/",
                    "tone": "warn",
                }
            )
    return {
        "groups": [{"id": "claims", "label": _("Claims")}, {"id": "indicators", "label": _("Indicators")}],
        "items": items,
    }


def graph(case: Case, indicators: Iterable[IndicatorRow]) -> Data:
    """Who is in the case, and which findings and indicators speak of whom."""
    nodes = {case.id: {"id": case.id, "label": case.title, "kind": "case"}}
    edges: list[Data] = []
    for subject in case.subjects:
        nodes[subject.id] = {"id": subject.id, "label": subject.name, "kind": _KINDS.get(subject.schema, "firm")}
        edges.append({"source": case.id, "target": subject.id})
    for finding in case.findings:
        address = f"/cases/{case.id}/findings/{finding.id}/"
        nodes[finding.id] = {"id": finding.id, "label": finding.current.title, "kind": "document", "href": address}
        spoken_of = {claim.subject for claim in finding.current.claims} & set(nodes)
        edges += [{"source": finding.id, "target": each, "label": _("claims")} for each in sorted(spoken_of)]
    for row in indicators:
        nodes[row.id] = {
            "id": row.id,
            "label": row.title,
            "kind": "document",
            "tone": "warn",
            "href": f"/indicators/{row.id}/",
        }
        if row.subject_id not in nodes:
            kind = _KINDS.get(row.subject_schema, "firm")
            nodes[row.subject_id] = {"id": row.subject_id, "label": row.subject_name, "kind": kind}
        edges.append({"source": row.id, "target": row.subject_id, "dashed": True})
    return {"nodes": list(nodes.values()), "edges": edges}


def places(case: Case, indicators: Iterable[IndicatorRow]) -> Data:
    """Where it happened, as GeoJSON."""
    features: list[Data] = []
    for finding in case.findings:
        for claim in finding.current.claims:
            if claim.place is not None:
                about = {
                    "title": claim.sentence,
                    "tone": "accent",
                    "href": f"/cases/{case.id}/findings/{finding.id}/#{claim.id}",
                }
                features.append(_point(claim.place.longitude_deg, claim.place.latitude_deg, about))
    for row in indicators:
        if row.latitude_deg is not None and row.longitude_deg is not None:
            about = {"title": row.title, "tone": "warn", "href": f"/indicators/{row.id}/"}
            features.append(_point(row.longitude_deg, row.latitude_deg, about))
    return {"type": "FeatureCollection", "features": features}


def _point(longitude_deg: float, latitude_deg: float, about: Data) -> Data:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude_deg, latitude_deg]},
        "properties": about,
    }
