"""Copies of lists in files of a person's own: opened, unpacked, and their companions found beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bongsu.evidence import read_own_file, unpack
from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError, UsageError
from bongsu.lists.cards import Source, looks_like, recognise, source, sources
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
        SourceRefusedError: it is empty or structurally unsound.
    """
    named = None if source_id is None else source(source_id)
    content = _content(path)
    _expect_main_part(path, content, [named] if named is not None else list(sources().values()))
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


def _expect_main_part(path: Path, content: bytes, candidates: Sequence[Source]) -> None:
    """Be sure that a file no list recognises is not by its name another part of one of them, such as its addresses."""
    if looks_like(content):
        return
    for candidate in candidates:
        main, *others = candidate.card.parts
        by_length = sorted(others, key=lambda part: -len(part.file_word or ""))  # sdn_comments is no sdn
        part = next((part for part in by_length if _bears(path, part.file_word)), None)
        if part is not None and main.file_word is not None and part.file_word is not None:
            whole = _named(path, part.file_word, main.file_word)
            raise UsageError(
                f"looks like the {part.name} part of {candidate.card.id}",
                where=str(path),
                remedy=f"give the main file, {whole}; the others are found beside it",
            )


def _bears(path: Path, word: str | None) -> bool:
    """Whether a file's name holds a word that stands by itself."""
    return (
        word is not None and re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", path.name, re.IGNORECASE) is not None
    )


def _named(path: Path, old: str, new: str) -> str:
    return path.name.replace(old, new).replace(old.upper(), new.upper())


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
        unpacked = unpack(received)
    except SourceRefusedError as error:
        raise SourceRefusedError(error.what, where=str(path), remedy=error.remedy) from None
    content = received if unpacked is None else unpacked
    if not content:
        raise SourceRefusedError("is empty", where=str(path), remedy="fetch the file again from the publisher")
    return content


def _companion(path: Path, main_word: str | None, word: str | None) -> Path | None:
    """The file beside a main file whose name has another word in its place, in the same case."""
    if main_word is None or word is None:
        return None
    for old, new in ((main_word, word), (main_word.upper(), word.upper())):
        if old in path.name:
            candidate = path.with_name(path.name.replace(old, new))
            return candidate if candidate.is_file() and candidate != path else None
    return None
