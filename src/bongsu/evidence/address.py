"""The address of a store, and the drive it leads to: this machine's disk, or whatever fsspec's drivers reach."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from bongsu.evidence.drive import Drive
from bongsu.evidence.local import LocalDrive, make_directories
from bongsu.evidence.redaction import redacted_url
from bongsu.evidence.remote import RemoteDrive
from bongsu.kernel.errors import UsageError

# What a store can be kept on: elsewhere a write is not atomic, or two writers can both believe they were first.
_KINDS: Final = frozenset({"file", "local", "memory", "s3", "s3a"})
_FORMS: Final = "write a path, file:///folder, memory://name, or s3://bucket/prefix"


def drive_at(url: str, *, create: bool, storage_options: Mapping[str, Any]) -> Drive:
    """The drive of an address. Takes and raises what `Folder.open` does (Any: each driver has its own options)."""
    files, root = _driver(url, dict(storage_options))
    if isinstance(files, LocalFileSystem):
        path = Path(root)
        _ensure_directory(path, create=create)
        return LocalDrive(path)
    if not root.strip("/") and not isinstance(files, MemoryFileSystem):
        raise UsageError("the bucket is not named", where=redacted_url(url), remedy="write s3://bucket/prefix")
    return RemoteDrive(files, root, _driver_errors(files.protocol))


def _driver(url: str, options: dict[str, Any]) -> tuple[Any, str]:  # Any: fsspec ships no types
    kind = url.partition("://")[0] if "://" in url else "file"
    where = redacted_url(url)
    if kind not in _KINDS:
        raise UsageError(f"no store can be kept at an address of the kind {kind}://", where=where, remedy=_FORMS)
    if kind.startswith("s3"):
        options.setdefault("use_listings_cache", False)
    try:
        files, root = url_to_fs(url, **options)
    except ImportError as error:
        remedy = "pip install 'bongsu[s3]'"
        raise UsageError("the driver for this address is not installed", where=where, remedy=remedy) from error
    except ValueError as error:
        raise UsageError(f"is no address of a store: {error}", where=where, remedy=_FORMS) from error
    return files, str(root)


def _driver_errors(protocol: str | tuple[str, ...]) -> tuple[type[Exception], ...]:
    """What a driver raises beside OSError: for S3 botocore's own, such as no answer and no credentials."""
    if "s3" not in ((protocol,) if isinstance(protocol, str) else protocol):
        return ()
    return (importlib.import_module("botocore.exceptions").BotoCoreError,)


def _ensure_directory(path: Path, *, create: bool) -> None:
    if not create and not path.is_dir():
        raise UsageError("there is no such folder", where=str(path), remedy="check the path, or begin a new store")
    try:
        make_directories(path)
    except OSError as error:
        raise UsageError(f"this folder cannot be made: {error.strerror}", where=str(path)) from error
