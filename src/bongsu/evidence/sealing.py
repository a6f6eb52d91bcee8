"""Files a store keeps to save work: each names its own digest, so a changed one is made anew and never believed."""

from __future__ import annotations

import json
from typing import Any

from bongsu.evidence.folder import Folder
from bongsu.kernel.canonical import JsonValue, canonical_json, digest_of


def sealed(content: JsonValue) -> bytes:
    """The bytes of such a file."""
    return canonical_json({"content": content, "sha256": digest_of(content)})


def unsealed(folder: Folder, name: str) -> Any | None:  # Any: JSON of our own making
    """What such a file says; None where it is absent or not as written."""
    if not folder.exists(name):
        return None
    try:
        kept = json.loads(folder.read(name))
        return kept["content"] if digest_of(kept["content"]) == kept["sha256"] else None
    except (ValueError, KeyError, TypeError):
        return None
