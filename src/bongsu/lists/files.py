"""Copies of lists in files of a person's own: opened, unpacked, and their companions found beside them."""

from __future__ import annotations

from pathlib import Path

from bongsu.evidence import unpack
from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import Source, recognise, source
from bongsu.lists.model import Part, Reading


def read_file(path: Path, source_id: str | None = None) -> tuple[Source, Reading]:
    """What a file (and the companions beside it) says.

    Where a list comes in several files, the others are looked for beside the first: `sdn.csv` has `alt.csv`, and
    `ofac_sdn_2019-01.csv.gz` has `ofac_alt_2019-01.csv.gz`.

    Args:
        path: the main file, gzip or not.
        source_id: the list it is a copy of; None to recognise it.

    Raises:
        UsageError: it cannot be read, or is not recognised.
        SourceRefusedError: it is structurally unsound.
    """
    content = _content(path)
    where = source(source_id) if source_id is not None else recognise(content, where=str(path))
    main = where.card.parts[0]
    parts = [Part(name=main.name, exhibit=digest(content), content=content)]
    for part in where.card.parts[1:]:
        companion = _companion(path, main.file_word, part.file_word)
        if companion is not None:
            content = _content(companion)
            parts.append(Part(name=part.name, exhibit=digest(content), content=content))
    try:
        return where, where.read(tuple(parts))
    except SourceRefusedError as error:
        raise SourceRefusedError(error.what, where=f"{path}, {error.where}", remedy=error.remedy) from None


def _content(path: Path) -> bytes:
    try:
        received = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=str(path)) from None
    try:
        return unpack(received) or received
    except SourceRefusedError as error:
        raise SourceRefusedError(error.what, where=str(path), remedy=error.remedy) from None


def _companion(path: Path, main_word: str | None, word: str | None) -> Path | None:
    """The file beside a main file whose name has another word in its place, in the same case."""
    if main_word is None or word is None:
        return None
    for old, new in ((main_word, word), (main_word.upper(), word.upper())):
        if old in path.name:
            candidate = path.with_name(path.name.replace(old, new))
            return candidate if candidate.is_file() and candidate != path else None
    return None
