"""Custody as JSON-LD in the words of CASE and UCO (caseontology.org, release 1.x), for forensic tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import stamp
from bongsu.web.exchange.parts import CaseParts, Exhibited

_CONTEXT: Final = {
    "kb": "urn:bongsu:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
Log = Sequence[Mapping[str, Any]]  # Any: JSON of our own making


def custody_graph(parts: CaseParts, logs: Mapping[str, Log]) -> dict[str, JsonValue]:
    """The exhibits of a case as observable objects, and each entry of their custody as an investigative action."""
    exhibits = [_observable(each) for each in parts.exhibits]
    actions = [_action(entry) for each in parts.exhibits for entry in logs[each.digest]]
    investigation: dict[str, JsonValue] = {
        "@id": f"kb:case-{parts.case.id}",
        "@type": "case-investigation:Investigation",
        "uco-core:name": parts.case.title,
        "uco-core:objectMarking": parts.marking,
        "uco-core:object": [{"@id": each["@id"]} for each in [*exhibits, *actions]],
    }
    return {"@context": _CONTEXT, "@graph": [investigation, *exhibits, *actions]}


def _observable(each: Exhibited) -> dict[str, JsonValue]:
    content: dict[str, JsonValue] = {
        "@id": _id("content", each.digest),
        "@type": "uco-observable:ContentDataFacet",
        "uco-observable:sizeInBytes": each.size_bytes,
        "uco-observable:mimeType": each.media_type,
        "uco-observable:hash": [
            {
                "@id": _id("hash", each.digest),
                "@type": "uco-types:Hash",
                "uco-types:hashMethod": {"@type": "uco-vocabulary:HashNameVocab", "@value": "SHA256"},
                "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": each.digest},
            }
        ],
    }
    return {
        "@id": _id("exhibit", each.digest),
        "@type": "uco-observable:ObservableObject",
        "uco-core:name": each.title,
        "uco-core:objectCreatedTime": {"@type": "xsd:dateTime", "@value": stamp(each.received_at)},
        "uco-core:objectMarking": each.handling.tlp.label,
        "uco-core:hasFacet": [content],
    }


def _action(entry: Mapping[str, Any]) -> dict[str, JsonValue]:  # Any: as above
    return {
        "@id": _id("custody", str(entry["digest"])),
        "@type": "case-investigation:InvestigativeAction",
        "uco-core:name": f"{entry['event']}, entry {entry['seq']} of the custody log, sha256:{entry['digest']}",
        "uco-action:startTime": {"@type": "xsd:dateTime", "@value": entry["at"]},
        "uco-action:object": [{"@id": _id("exhibit", str(entry["exhibit"]))}],
    }


def _id(kind: str, digest: str) -> str:
    """An id that is the same wherever it is made; CASE asks that it ends in a UUID."""
    return f"kb:{kind}-{uuid5(NAMESPACE_URL, f'urn:bongsu:{kind}:{digest}')}"
