"""Copies of lists in files of a person's own: opened, unpacked, and their companions found beside them."""

from __future__ import annotations

from pathlib import Path

from bongsu.evidence import read_own_file, unpack
from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import Source, looks_like, recognise, source
from bongsu.lists.model import Part, Reading


def read_file(path: Path, source_id: str | None = None) -> tuple[Source, Reading]:
    """What a file (and the companions beside it) says.

    Where a list comes in several files, the others are looked for beside the first: `sdn.csv` has `alt.csv`, and
    `ofac_sdn_2019-01.csv.gz` has `ofac_alt_2019-01.csv.gz`.

    Args:
        path: the main file, gzip or not.
        source_id: the list it is a copy of; None to recognise it.

    Raises:
        UsageError: it cannot be read, is not recognised, or looks like another list than the one named.
        SourceRefusedError: it is structurally unsound.
    """
    named = None if source_id is None else source(source_id)
    content = _content(path)
    where = recognise(content, where=str(path)) if named is None else _not_another(named, content, path)
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


def _not_another(named: Source, content: bytes, path: Path) -> Source:
    """The source a person named, unless the file is plainly another's and would be blamed wrongly."""
    looks = [each.card.id for each in looks_like(content)]
    if looks and named.card.id not in looks:
        raise UsageError(
            f"looks like a copy of {' or '.join(looks)}, not of {named.card.id}",
            where=str(path),
            remedy=f"leave --source out, or say --source {looks[0]}",
        )
    return named


def _content(path: Path) -> bytes:
    received = read_own_file(path)
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
