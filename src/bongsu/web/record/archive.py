"""The archive of a site: one file with the database, the journal as lines, its heads, and a manifest with digests.

It is a ZIP in which nothing is compressed: what it unpacks to is as large as itself, and any tool can look into it.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from bongsu.cases import codec
from bongsu.evidence.local import temporary_file
from bongsu.evidence.own_file import own_file, place_own_file, taken
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.chain import Anchor
from bongsu.kernel.errors import EvidenceError, UsageError

MANIFEST: Final = "manifest.json"
JOURNAL: Final = "journal.jsonl"
HEADS: Final = "journal.heads"
DATABASES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_MOST_MANIFEST: Final = 2**20
_PIECE: Final = 2**20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the time a ZIP gives what has none: the manifest tells when


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of the archive."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself.

    Args:
        tool: the program that made it.
        database: `sqlite` or `postgresql`.
        made_at: when.
        entries: how many entries its journal has.
        head: the digest of the last.
        migrations: the form of its database: the steps that made it, in order.
        journal, heads, data: its files.
    """

    tool: str
    database: str
    made_at: datetime
    entries: int
    head: str
    migrations: tuple[str, ...]
    journal: Part
    heads: Part
    data: Part

    @property
    def anchor(self) -> Anchor:
        """The last entry of its journal."""
        return Anchor(self.entries, self.head)

    @property
    def parts(self) -> Mapping[str, Part]:
        """Its files, by name."""
        return {JOURNAL: self.journal, HEADS: self.heads, DATABASES[self.database]: self.data}


def part_of(path: Path) -> Part:
    """A file as a part of an archive."""
    with path.open("rb") as stream:
        return Part(size_bytes=path.stat().st_size, sha256=_sha256(stream))


def write(path: Path, folder: Path, manifest: Manifest, *, force: bool) -> str:
    """Write an archive, whole or not at all, readable by its owner alone.

    Args:
        path: where.
        folder: holds the files the manifest names.
        manifest: of those files.
        force: whether a file that is there is replaced.

    Returns:
        The SHA-256 of the archive.

    Raises:
        UsageError: the file is there already, or cannot be written.
    """
    if not force and path.exists():
        raise taken(path)
    try:
        with temporary_file(path.parent) as spool:
            os.fchmod(spool.fileno(), 0o600)
            _fill(spool, folder, manifest)
            spool.seek(0)
            digest = _sha256(spool)
            placed = place_own_file(spool, path, force=force)
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}", where=str(path)) from error
    if not placed:
        raise taken(path)
    return digest


def unpacked(path: Path, folder: Path) -> tuple[Manifest, str]:
    """Unpack an archive into an empty folder, every byte held against the manifest.

    Args:
        path: the archive; anything about it may be hostile.
        folder: empty; the files bear the names the manifest gives them here, whatever the archive says.

    Returns:
        The manifest, and the SHA-256 of the archive.

    Raises:
        UsageError: the file cannot be read, or does not fit on the disk.
        EvidenceError: it is no archive of a site, or damaged.
    """
    with own_file(path) as stream:
        digest = _sha256(stream)
        size = stream.seek(0, os.SEEK_END)
        try:
            with zipfile.ZipFile(stream) as archive:
                manifest = _manifest(archive, size)
                for name, part in manifest.parts.items():
                    _unpack(archive, name, part, folder)
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
        ) as error:
            raise _damaged(f"not an archive of a site, or damaged: {error}", path) from None
        except EvidenceError as error:
            raise _damaged(error.what, path) from None
    return manifest, digest


def _fill(spool: BinaryIO, folder: Path, manifest: Manifest) -> None:
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(_named(MANIFEST), canonical_json(codec.record(manifest)) + b"\n")
        for name in manifest.parts:
            with (folder / name).open("rb") as content, archive.open(_named(name), "w", force_zip64=True) as kept:
                shutil.copyfileobj(content, kept, _PIECE)


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o100600 << 16
    return info


def _manifest(archive: zipfile.ZipFile, size: int) -> Manifest:
    """The manifest, once the list of files is known to be the one an archive of a site has."""
    files = archive.infolist()
    names = sorted(info.filename for info in files)
    allowed = [sorted([MANIFEST, JOURNAL, HEADS, data]) for data in DATABASES.values()]
    if names not in allowed:
        raise EvidenceError("not an archive of a site: other files are in it")
    if any(info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1 for info in files):
        raise EvidenceError("not an archive of a site: something in it is compressed or encrypted")
    if sum(info.file_size for info in files) > size or archive.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise EvidenceError("not an archive of a site: it says it holds more than it does")
    try:
        manifest = codec.value_of(Manifest, json.loads(archive.read(MANIFEST)), MANIFEST)
    except (UsageError, RecursionError, ValueError) as error:
        raise EvidenceError(f"its manifest cannot be read: {error}") from None
    if manifest.database not in DATABASES or DATABASES[manifest.database] not in names:
        raise EvidenceError("its manifest is of another archive")
    return manifest


def _unpack(archive: zipfile.ZipFile, name: str, part: Part, folder: Path) -> None:
    if archive.getinfo(name).file_size != part.size_bytes:
        raise EvidenceError(f"damaged: {name} is not as long as its manifest says")
    if shutil.disk_usage(folder).free < 2 * part.size_bytes:
        raise UsageError("there is no room on the disk to unpack it", where=str(folder))
    hashed = sha256()
    with archive.open(name) as content, (folder / name).open("xb") as kept:
        while piece := content.read(_PIECE):
            hashed.update(piece)
            kept.write(piece)
    if hashed.hexdigest() != part.sha256:
        raise EvidenceError(f"damaged: {name} is not what its manifest names")


def _sha256(stream: BinaryIO) -> str:
    hashed = sha256()
    while piece := stream.read(_PIECE):
        hashed.update(piece)
    return hashed.hexdigest()


def _damaged(what: str, path: Path) -> EvidenceError:
    return EvidenceError(what, where=str(path), remedy="take another backup; nothing was changed")
