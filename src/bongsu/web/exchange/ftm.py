"""A case as FollowTheMoney entities: its subjects, and each claim as an event they take part in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bongsu.cases.finding import Claim, Finding
from bongsu.cases.model import CaseSubject
from bongsu.kernel.canonical import JsonValue, canonical_json
from bongsu.kernel.errors import CardError
from bongsu.lists.ftm import entity_id
from bongsu.lists.ontology import Schema, ontology
from bongsu.web.exchange.parts import CaseParts

# Where FollowTheMoney keeps the numbers that our subjects bear, by their kind.
_NUMBERS: Final = {"imo": "imoNumber", "mmsi": "mmsi", "lei": "leiCode", "registration": "registrationNumber"}
_UNKNOWN: Final = "LegalEntity"


def ftm_lines(parts: CaseParts) -> Iterator[bytes]:
    """One canonical JSON line per entity: subjects in their order, then claims."""
    for subject in parts.case.subjects:
        yield canonical_json(_subject(subject, parts)) + b"\n"
    for finding in parts.case.findings:
        for claim in finding.current.claims:
            yield canonical_json(_event(claim, finding, parts)) + b"\n"


def _schema(name: str) -> Schema:
    try:
        return ontology().schema(name)
    except CardError:
        return ontology().schema(_UNKNOWN)


def _subject(subject: CaseSubject, parts: CaseParts) -> dict[str, JsonValue]:
    schema = _schema(subject.schema)
    said: dict[str, list[str]] = {"name": [subject.name], "notes": [_marked(parts)]}
    for identifier in sorted(subject.identifiers):
        kind, _, number = identifier.partition(":")
        if _NUMBERS.get(kind) in schema.properties:
            said.setdefault(_NUMBERS[kind], []).append(number)
        else:
            said["notes"].append(identifier)
    return _entity(entity_id(subject.id), schema, subject.name, said, parts)


def _event(claim: Claim, finding: Finding, parts: CaseParts) -> dict[str, JsonValue]:
    schema = ontology().schema("Event")
    subject = parts.case.subject(claim.subject)
    said: dict[str, list[str]] = {"name": [claim.sentence], "notes": [_marked(parts, finding.current.state.value)]}
    if claim.when.low is not None:
        said["startDate"] = [claim.when.low.date().isoformat()]
    if claim.when.high is not None:
        said["endDate"] = [claim.when.high.date().isoformat()]
    if claim.place is not None and claim.place.name:
        said["location"] = [claim.place.name]
    if subject is not None and "LegalEntity" in _schema(subject.schema).names:
        said["involved"] = [entity_id(subject.id)]
    elif subject is not None:
        said["notes"].append(f"subject: {subject.name} ({entity_id(subject.id)})")
    said["notes"] += [str(link.citation) for link in claim.links]
    return _entity(f"bongsu-case-{parts.case.id}.{claim.id}", schema, claim.sentence, said, parts)


def _entity(
    key: str, schema: Schema, caption: str, said: dict[str, list[str]], parts: CaseParts
) -> dict[str, JsonValue]:
    notes = said.pop("notes")
    if "notes" in schema.properties:
        said["notes"] = notes
    return {
        "id": key,
        "caption": caption,
        "schema": schema.name,
        "properties": said,
        "referents": [],
        "datasets": [f"bongsu-case-{parts.case.id}"],
        "target": False,
    }


def _marked(parts: CaseParts, state: str = "") -> str:
    words = [parts.marking, f"case {parts.case.id}", f"version {parts.version}", state]
    return ", ".join(filter(None, [*words, "SANDBOX: invented" if parts.sandbox else ""]))
