"""The ontology's card says what the installed FollowTheMoney says, word for word."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bongsu.lists.ontology import ontology

followthemoney = pytest.importorskip("followthemoney", reason="followthemoney is not installed: run make conformance")

HEAD = """\
# FollowTheMoney's ontology (https://followthemoney.tech/explorer/, MIT licence), the schemata of documents left out.
# Written by `BONGSU_REWRITE_GOLDEN=1 make conformance` from the version named; a test there holds the card against it.
"""


def own_properties(schema: Any) -> list[Any]:
    """What a schema says itself; not what it inherits, nor the other ends of what refers to it."""
    return [prop for _, prop in sorted(schema.properties.items()) if prop.schema == schema and not prop.stub]


def is_document(schema: Any) -> bool:
    return "Document" in schema.names


def card_text() -> str:
    parts = [HEAD, f"version = {json.dumps(version('followthemoney'))}\n"]
    for name, schema in sorted(followthemoney.model.schemata.items()):
        if not is_document(schema):
            parts += ["\n", *(f"{line}\n" for line in table(name, schema))]
    return "".join(parts)


def table(name: str, schema: Any) -> Iterator[str]:
    yield f"[schema.{name}]"
    for key, values in (("extends", schema._extends), ("caption", schema.caption), ("required", schema.required)):
        if values:
            yield f"{key} = {array(values)}"
    props = own_properties(schema)
    for kind in sorted({prop.type.name for prop in props} - {"entity"}):
        yield f"{kind} = {array(prop.name for prop in props if prop.type.name == kind)}"
    references = [prop for prop in props if prop.type.name == "entity"]
    if references:
        yield f"[schema.{name}.entity]"
        yield from (f'{prop.name} = "{prop.range.name}"' for prop in references)


def array(values: Iterable[str]) -> str:
    """A TOML array, broken into lines where it is long."""
    texts = [f'"{value}"' for value in values]
    line = f"[{', '.join(texts)}]"
    if len(line) <= 100:
        return line
    return "[\n" + "".join(f"    {text},\n" for text in texts) + "]"


def test_the_card_is_the_ontology_of_the_installed_version() -> None:
    card = files("bongsu.lists") / "ontology.toml"
    if os.environ.get("BONGSU_REWRITE_GOLDEN") == "1":
        Path(str(card)).write_text(card_text(), "utf-8")
    assert card.read_text("utf-8") == card_text()


@pytest.mark.parametrize("name", sorted(ontology().schemata))
def test_what_a_schema_inherits_is_what_followthemoney_inherits(name: str) -> None:
    ours, theirs = ontology().schema(name), followthemoney.model.get(name)
    assert ours.names == theirs.names
    assert {key: prop.type for key, prop in ours.properties.items()} == {
        key: prop.type.name for key, prop in theirs.properties.items() if not prop.stub
    }
    assert {key: prop.range for key, prop in ours.properties.items() if prop.range} == {
        key: prop.range.name for key, prop in theirs.properties.items() if prop.range and not prop.stub
    }
    assert ours.caption == tuple(theirs.caption)
    assert ours.required == tuple(theirs.required)
