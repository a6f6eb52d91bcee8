"""Backing up a site: everything but its key, as one moment saw it, in one archive; and putting such an archive back."""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from bongsu.cases import journal as chain
from bongsu.cycle.version import TOOL
from bongsu.evidence.own_file import taken
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.chain import Anchor
from bongsu.kernel.clock import stamp
from bongsu.kernel.errors import BusyError, EvidenceError, UsageError
from bongsu.web.accounts.models import Person
from bongsu.web.record import archive, heads, journal, postgresql
from bongsu.web.record.archive import DATABASES, HEADS, JOURNAL, Manifest
from bongsu.web.record.models import CaseRow, Entry
from bongsu.web.record.verification import verified

_COPY: Final = "copy"
# Sessions open doors, and rate limits count for a moment: neither belongs in a backup.
_EMPTIED: Final = frozenset({"django_session", "site_cache", "accounts_requestcount"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An archive that was made or put back.

    Args:
        manifest: what it says of itself.
        sha256: of the archive; kept elsewhere, it tells whether the archive is still the same.
        lost: how many entries the journal had that the archive has not; they are gone from the site.
    """

    manifest: Manifest
    sha256: str
    lost: int = 0


def back_up(path: Path, at: datetime, *, force: bool) -> Made:
    """Back up the site, while it serves.

    Args:
        path: the archive to write.
        at: when.
        force: whether a file that is there is replaced.

    Raises:
        UsageError: the file is there, or something could not be written.
        EvidenceError: the journal is damaged; what was put back of it would be refused.
    """
    if not force and path.exists():
        raise taken(path)
    with journal.writing():
        journal.append("site.backup", by=journal.NOBODY, body={"file": path.name}, at=at)
    with _room() as folder:
        # Before the database: a head that is noted meanwhile is of an entry that the archive has not.
        _copy_heads(settings.FOLDER / heads.HEADS, folder / HEADS)
        with _on_one_moment(folder) as database:
            entries = _write_journal(folder / JOURNAL, database, heads.remembered(folder / HEADS))
        for place in (settings.FOLDER, folder):
            heads.note(place, entries, at)
        manifest = Manifest(
            tool=TOOL,
            database=connection.vendor,
            made_at=at.replace(microsecond=0),
            entries=entries.seq,
            head=entries.digest,
            migrations=tuple(
                f"{app}.{name}" for app, name in sorted(MigrationRecorder(connection).applied_migrations())
            ),
            journal=archive.part_of(folder / JOURNAL),
            heads=archive.part_of(folder / HEADS),
            data=archive.part_of(folder / DATABASES[connection.vendor]),
        )
        return Made(manifest=manifest, sha256=archive.write(path, folder, manifest, force=force))


def put_back(path: Path, at: datetime, *, force: bool, expected: str | None = None) -> Made:
    """Put an archive in the place of the site, which serves no one meanwhile.

    Everything is verified first: the archive's digests, its chain, its head. Sessions are not in it: all sign in again.

    Args:
        path: the archive.
        at: when.
        force: whether a site that holds something is replaced.
        expected: the SHA-256 the archive must have, or None.

    Raises:
        UsageError: the archive is of another database or a newer program, or the site holds something.
        EvidenceError: the archive is damaged, or not the expected one.
        BusyError: the site is being written to.
    """
    with _room() as folder:
        manifest, digest = archive.unpacked(path, folder)
        if expected not in {None, digest}:
            raise EvidenceError(f"not the archive that was meant: its SHA-256 is {digest}", where=str(path))
        _expect_fitting(manifest, path)
        _expect_sound(manifest, folder, path)
        lost = max(0, _entries_here() - manifest.entries)
        if not force and not _is_empty():
            raise UsageError(
                "this site holds something already",
                remedy="back it up, then give --force to put the archive in its place",
            )
        _put_in(folder / DATABASES[manifest.database], manifest, path)
        _bring_forward()
        _expect_head(manifest, DEFAULT_DB_ALIAS, path)
        _set_heads(folder / HEADS, at)
    body: dict[str, JsonValue] = {"archive": digest, "head": manifest.entries, "lost": lost}
    with journal.writing():
        journal.append("site.restored", by=journal.NOBODY, body=body, at=at)
    return Made(manifest=manifest, sha256=digest, lost=lost)


@contextmanager
def _room() -> Iterator[Path]:
    """A folder that nobody else can look into, and that is gone afterwards; one at a time.

    Raises:
        BusyError: another backup is being made or put back.
    """
    with (settings.FOLDER / ".backup.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyError("another backup of this site is being made or put back") from None
        for left in settings.FOLDER.glob(".backup-*"):  # by one that was killed
            shutil.rmtree(left)
        yield from _temporary()


def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.FOLDER) as folder:
        yield Path(folder)


@contextmanager
def _on_one_moment(folder: Path) -> Iterator[str]:
    """The database written to its file in a folder; what is read by the given name meanwhile is of the same moment."""
    path = folder / DATABASES[connection.vendor]
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            postgresql.dump(path, cursor.fetchone()[0], sorted(_EMPTIED))
            yield DEFAULT_DB_ALIAS
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as here, closing(sqlite3.connect(path)) as copy:
        here.backup(copy)
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in sorted(there & _EMPTIED):
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two names of ours
        copy.commit()
        copy.execute("VACUUM")  # what was deleted is not in the file any more
        copy.execute("PRAGMA journal_mode=DELETE")
    with _database_of(path) as name:
        yield name


@contextmanager
def _database_of(path: Path) -> Iterator[str]:
    """The name by which Django reads an SQLite file beside the site's own."""
    options = {"init_command": "PRAGMA query_only=ON;"}
    connections.settings[_COPY] = {**connections.settings[DEFAULT_DB_ALIAS], "NAME": str(path), "OPTIONS": options}
    try:
        yield _COPY
    finally:
        connections[_COPY].close()
        del connections[_COPY], connections.settings[_COPY]


def _write_journal(path: Path, database: str, remembered: Sequence[Anchor]) -> Anchor:
    """The journal as lines; its head.

    Raises:
        EvidenceError: it is damaged.
    """
    found = verified(remembered, database)
    if found.head is None:
        raise EvidenceError(
            f"the journal is damaged: {found.damages[0]}",
            remedy="bongsu site verify tells all of it; put a backup back",
        )
    with path.open("xb") as lines:
        lines.writelines(entry.line() for entry in journal.entries(database) if isinstance(entry, chain.Entry))
    return found.head


def _expect_fitting(manifest: Manifest, path: Path) -> None:
    if manifest.database != connection.vendor:
        raise UsageError(
            f"it is of a site on {manifest.database}, and this one is on {connection.vendor}",
            where=str(path),
            remedy="name such a database in the configuration, under [site]",
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    newer = [name for name in manifest.migrations if name not in known]
    if newer:
        raise UsageError(
            f"it was made by {manifest.tool}, whose database has a form that is not known here: {newer[0]}",
            where=str(path),
            remedy="install that version",
        )


def _expect_sound(manifest: Manifest, folder: Path, path: Path) -> None:
    """The chain and the head of an archive, and of the database in it where that can be opened as it is."""
    with (folder / JOURNAL).open("rb") as lines:
        found = chain.verify(chain.read(lines), heads.remembered(folder / HEADS))
    if found != manifest.anchor:
        what = "its last entry is another than its manifest says" if isinstance(found, Anchor) else str(found[0])
        raise EvidenceError(f"its journal is damaged: {what}", where=str(path), remedy="take another backup")
    if manifest.database == "sqlite":
        try:
            with closing(sqlite3.connect(folder / DATABASES["sqlite"])) as copy:
                told = copy.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            told = (str(error),)
        if told != ("ok",):
            raise EvidenceError(f"its database is damaged: {told[0]}", where=str(path), remedy="take another backup")
        with _database_of(folder / DATABASES["sqlite"]) as copied:
            _expect_head(manifest, copied, path)


def _expect_head(manifest: Manifest, database: str, path: Path) -> None:
    found = verified([manifest.anchor], database)
    if found.head != manifest.anchor:
        raise EvidenceError("the journal in its database is another than its own", where=str(path))


def _put_in(path: Path, manifest: Manifest, archive_path: Path) -> None:
    if manifest.database == "postgresql":
        postgresql.put_back(path)
        connection.close()
        return
    connection.close()
    try:
        with (
            closing(sqlite3.connect(path)) as copy,
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=5)) as here,
        ):
            here.execute("PRAGMA journal_mode=WAL")
            here.execute("BEGIN EXCLUSIVE")  # the backup itself would wait for ever
            here.rollback()
            copy.backup(here)
    except sqlite3.OperationalError as error:
        raise BusyError(
            f"the site is being written to: {error}", where=str(archive_path), remedy="stop it first"
        ) from None


def _bring_forward() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _set_heads(given: Path, at: datetime) -> None:
    """The archive's heads in the place of ours, which stay beside them: they may know of entries that are gone."""
    here = settings.FOLDER / heads.HEADS
    if here.exists():
        here.rename(here.with_name(f"{here.name}.before-{stamp(at).replace(':', '')}"))
    _copy_heads(given, here)


def _copy_heads(given: Path, to: Path) -> None:
    to.touch(mode=0o600)
    if given.exists():
        to.write_bytes(given.read_bytes())


def is_there() -> bool:
    """Whether the database holds a site at all, be it an empty one."""
    return Entry._meta.db_table in connection.introspection.table_names()


def _entries_here() -> int:
    return Entry.objects.count() if is_there() else 0


def _is_empty() -> bool:
    there = set(connection.introspection.table_names())
    return not any(model._meta.db_table in there and model.objects.exists() for model in (Entry, Person, CaseRow))
