"""A case as a STIX 2.1 bundle: subjects, exhibits, indicators, findings, dissents and advice, each with its marking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid5

import stix2

from bongsu.cases.finding import Finding
from bongsu.cases.handling import Tlp
from bongsu.cases.model import CaseSubject
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import instant, stamp
from bongsu.web.exchange.parts import CaseParts, Exhibited
from bongsu.web.exchange.stix_notes import CaseNote, notes_of

_OURS: Final = UUID("b70c5f2e-8f5d-5d6c-9c39-1718d1a0b0c5")
#: The markings of TLP 2.0 as FIRST and OASIS define them (oasis-open/cti-stix-common-objects).
_TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
MARKINGS: Final[Mapping[Tlp, str]] = {
    Tlp.CLEAR: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
}
#: Ours: what a subject is in the register, with a vessel's numbers.
SUBJECT_EXTENSION: Final = f"extension-definition--{uuid5(_OURS, 'subject')}"
#: Ours: the measures that bear, as `2397/5`, with the version and the marking of what was exported.
SANCTIONS_EXTENSION: Final = f"extension-definition--{uuid5(_OURS, 'sanctions')}"
_CLASSES: Final = {"Person": "individual", "Company": "organization", "Organization": "organization"}
# The library's time fields print milliseconds; ours are whole seconds. A fixed time keeps definitions the same bytes.
_DEFINED: Final = "2026-11-27T00:00:00.000Z"
Part = dict[str, Any]  # Any: what the library takes and gives


def bundle_of(parts: CaseParts) -> str:
    """The bundle as JSON text; the same case at the same version gives the same bytes."""
    objects = [_owner(parts), *_definitions(parts), *_markings()]
    objects += _subjects(parts)
    files = {each.digest: _file(each) for each in parts.exhibits}
    objects += files.values()
    for record in parts.indicators:
        objects += _indicator(record, parts, files)
    for finding in parts.case.findings:
        objects += _finding(finding, parts, files)
    objects += [_note(note, parts, files) for note in notes_of(parts)]
    made = [stix2.parse({"spec_version": "2.1", **each}, version="2.1") for each in objects]
    bundle = stix2.v21.Bundle(id=f"bundle--{_uuid(parts, 'bundle', str(parts.version))}", objects=made)
    text: str = bundle.serialize(pretty=True)
    return text


def _owner(parts: CaseParts) -> Part:
    return {
        "type": "identity",
        "id": _owner_id(parts),
        "created": _DEFINED,
        "modified": _DEFINED,
        "name": parts.member_name,
        "identity_class": "organization",
    }


def _owner_id(parts: CaseParts) -> str:
    return f"identity--{uuid5(_OURS, 'owner:' + parts.member_name)}"


def _definitions(parts: CaseParts) -> Iterator[Part]:
    for key, name, properties in (
        (SUBJECT_EXTENSION, "Bongsu subject", ["register_id", "ftm_schema", "identifiers"]),
        (
            SANCTIONS_EXTENSION,
            "Bongsu sanctions measures",
            ["measures", "case", "version", "marking", "state", "sandbox"],
        ),
    ):
        yield {
            "type": "extension-definition",
            "id": key,
            "created": _DEFINED,
            "modified": _DEFINED,
            "created_by_ref": _owner_id(parts),
            "name": name,
            "schema": "https://bongsu.example/schemas/" + name.rpartition(" ")[2],
            "version": "1.0.0",
            "extension_types": ["property-extension"],
            "extension_properties": properties,
        }


def _markings() -> Iterator[Part]:
    for tlp, key in MARKINGS.items():
        yield {
            "type": "marking-definition",
            "id": key,
            "created": "2022-10-01T00:00:00.000Z",
            "name": tlp.label,
            "extensions": {
                _TLP_EXTENSION: {
                    "extension_type": "property-extension",
                    "tlp_2_0": tlp.label.removeprefix("TLP:").lower(),
                }
            },
        }


def _subjects(parts: CaseParts) -> Iterator[Part]:
    for subject in parts.case.subjects:
        yield {
            **_common(parts, parts.case.handling.tlp, parts.case.opened_at, parts.case.last_at),
            "type": "identity",
            "id": _subject_id(parts, subject.id),
            "name": subject.name,
            "identity_class": _CLASSES.get(subject.schema, "unknown"),
            "extensions": {SUBJECT_EXTENSION: _subject(subject)},
        }


def _subject(subject: CaseSubject) -> Part:
    numbers = {"identifiers": sorted(subject.identifiers)} if subject.identifiers else {}
    return {
        "extension_type": "property-extension",
        "register_id": subject.id,
        "ftm_schema": subject.schema,
        **numbers,
    }


def _file(each: Exhibited) -> Part:
    return {
        "type": "file",
        "id": f"file--{uuid5(_OURS, 'exhibit:' + each.digest)}",
        "hashes": {"SHA-256": each.digest},
        "size": each.size_bytes,
        "mime_type": each.media_type,
        "name": each.title or each.digest,
        "object_marking_refs": [MARKINGS[each.handling.tlp]],
    }


def _indicator(record: Mapping[str, Any], parts: CaseParts, files: Mapping[str, Part]) -> Iterator[Part]:
    """What was seen, where it rests on exhibits that go out and its time is known; and what the detector says of it."""
    seen = sorted({Citation.parse(text).exhibit for text in record["citations"]} & files.keys())
    ends = [text for text in (record["when"]["from"], record["when"]["to"]) if text is not None]
    common = _common(parts, parts.handling.tlp, parts.case.opened_at, parts.case.last_at)
    refs = [_subject_id(parts, subject.id) for subject in parts.case.subjects if subject.id == record["subject"]["id"]]
    extension = {
        SANCTIONS_EXTENSION: _sanctions(parts, record["measures"], state="indicator", sandbox=record["sandbox"])
    }
    if seen and ends:
        observed = f"observed-data--{_uuid(parts, 'observed', record['id'])}"
        refs.append(observed)
        yield {
            **common,
            "type": "observed-data",
            "id": observed,
            "first_observed": _time(instant(min(ends))),
            "last_observed": _time(instant(max(ends))),
            "number_observed": 1,
            "object_refs": [files[digest]["id"] for digest in seen],
            "extensions": extension,
        }
    reasons = [f"{each['text']} (weight {each['weight']})" for each in record["reasons"]]
    said = [
        "A sign found by a machine, not an accusation.",
        *reasons,
        "What else could explain it:",
        *record["alternatives"],
    ]
    yield {
        **common,
        "type": "note",
        "id": f"note--{_uuid(parts, 'note', record['id'])}",
        "abstract": record["title"],
        "content": "\n".join(said),
        "authors": [record["detector"]],
        "object_refs": refs or [_owner_id(parts)],
        "external_references": [{"source_name": "bongsu indicator", "external_id": record["id"]}],
        "extensions": extension,
    }


def _finding(finding: Finding, parts: CaseParts, files: Mapping[str, Part]) -> Iterator[Part]:
    version = finding.current
    named = [_subject_id(parts, each) for each in dict.fromkeys(claim.subject for claim in version.claims)]
    cited = [
        files[each]["id"] for each in dict.fromkeys(link.citation.exhibit for link in version.links) if each in files
    ]
    common = _common(parts, finding.handling.tlp, version.started.at, parts.case.last_at)
    key = _finding_id(parts, finding.id)
    keys = [measure.key for measure in version.measures]
    # A report is finished, published work (STIX 2.1, 4.16); what people are still at is a grouping (4.5).
    kind: Part = {"type": "grouping", "context": "unspecified"}
    if version.published:
        published = _time(version.published.at)
        kind = {"type": "report", "report_types": ["sanctions-finding"], "published": published}
    yield {
        **common,
        **kind,
        "id": key,
        "name": version.title,
        "description": "\n".join(claim.sentence for claim in version.claims) or version.title,
        "object_refs": [*named, *cited] or [_owner_id(parts)],
        "labels": [version.state.value, f"version-{version.number}"],
        "extensions": {SANCTIONS_EXTENSION: _sanctions(parts, keys, state=version.state.value, sandbox=parts.sandbox)},
    }
    for index, dissent in enumerate(version.dissents):
        yield {
            **_common(parts, finding.handling.tlp, dissent.mark.at, dissent.mark.at),
            "type": "opinion",
            "id": f"opinion--{_uuid(parts, 'dissent', f'{finding.id}:{version.number}:{index}')}",
            "opinion": "disagree",
            "explanation": dissent.text,
            "authors": [dissent.mark.member],
            "object_refs": [key],
        }


def _note(note: CaseNote, parts: CaseParts, files: Mapping[str, Part]) -> Part:
    refs = [
        *(_subject_id(parts, each) for each in note.subjects),
        *(_finding_id(parts, each) for each in note.findings),
        *(files[each]["id"] for each in dict.fromkeys(note.exhibits) if each in files),
    ]
    return {
        **_common(parts, parts.case.handling.tlp, note.created, note.modified),
        "type": "note",
        "id": f"note--{_uuid(parts, note.kind, note.id)}",
        "abstract": note.abstract,
        "content": note.content or note.abstract,
        "object_refs": refs or [_owner_id(parts)],
        "labels": [note.kind.replace(" ", "-"), note.state],
        "external_references": [{"source_name": f"bongsu {note.kind}", "external_id": note.id}],
        "extensions": {
            SANCTIONS_EXTENSION: _sanctions(parts, list(note.measures), state=note.state, sandbox=parts.sandbox)
        },
    }


def _finding_id(parts: CaseParts, finding: str) -> str:
    found = parts.case.finding(finding)
    kind = "report" if found is not None and found.current.published else "grouping"
    return f"{kind}--{_uuid(parts, 'finding', finding)}"


def _sanctions(parts: CaseParts, measures: list[str], *, state: str, sandbox: bool) -> Part:
    listed = {"measures": sorted(set(measures))} if measures else {}
    return {
        "extension_type": "property-extension",
        **listed,
        "case": parts.case.id,
        "version": parts.version,
        "marking": parts.marking,
        "state": state,
        "sandbox": sandbox,
    }


def _common(parts: CaseParts, tlp: Tlp, created: datetime, modified: datetime) -> Part:
    return {
        "created": _time(created),
        "modified": _time(max(created, modified)),
        "created_by_ref": _owner_id(parts),
        "object_marking_refs": [MARKINGS[tlp]],
    }


def _subject_id(parts: CaseParts, subject: str) -> str:
    return f"identity--{_uuid(parts, 'subject', subject)}"


def _uuid(parts: CaseParts, kind: str, key: str) -> UUID:
    return uuid5(_OURS, f"{parts.case.id}:{kind}:{key}")


def _time(moment: datetime) -> str:
    return stamp(moment.astimezone(UTC)).removesuffix("Z") + ".000Z"
