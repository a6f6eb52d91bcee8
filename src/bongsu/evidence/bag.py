"""A bag: files for another installation with the digests of all of them (BagIt 1.0, RFC 8493), in one zip file."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from io import SEEK_END, RawIOBase
from typing import BinaryIO, Final, cast

from bongsu.evidence.exhibit import BLOCK_BYTES
from bongsu.evidence.zipped import lists_more_than
from bongsu.kernel.errors import BongsuError

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_MANIFESTS: Final = {"manifest-sha256.txt": "sha256", "manifest-sha512.txt": "sha512"}
_TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
_INFO: Final = "bag-info.txt"
_DATA: Final = "data/"
# Zip keeps local time without a zone; one fixed moment keeps the same bag the same bytes (APPNOTE.TXT, 4.4.6).
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_LINE: Final = re.compile(r"([0-9a-f]{64,128}) [ *]?(\S.*)")
_SYMLINK: Final = 0o120000
_KIND: Final = 0o170000
_MOST_FILES: Final = 20_000
_MOST_BYTES: Final = 8 * 2**30
_MOST_TAG_BYTES: Final = 16 * 2**20
#: Deflate reaches 1032; texts stay below 40. What comes to more than 64 MiB so packed is a bomb.
_MOST_RATIO: Final = 200
_RATIO_FREE_BYTES: Final = 64 * 2**20


class BagError(BongsuError):
    """A bag that is not whole, was changed on its way, or is none."""

    exit_code = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BagFile:
    """One file of a bag.

    Args:
        name: under `data/`, such as `exhibits/ab12...`.
        blocks: gives its content, block by block.
    """

    name: str
    blocks: Callable[[], Iterable[bytes]]


def write_bag(name: str, files: Iterable[BagFile], told: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """A bag as a zip file, piece by piece: nothing of it is held but one block.

    Args:
        name: the bag's own folder, letters, digits and hyphens.
        files: what is in it, in order.
        told: what `bag-info.txt` says, (label, value) in order.

    Raises:
        ValueError: a name that is none, or stands there twice.
    """
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise ValueError(f"not the name of a bag: {name!r}")
    sink = _Sink()
    sums: dict[str, dict[str, str]] = {}
    size = 0
    with zipfile.ZipFile(cast(BinaryIO, sink), "w", zipfile.ZIP_STORED) as packed:
        for each in files:
            inside = _safe(_DATA + each.name)
            if inside in sums:
                raise ValueError(f"twice in the bag: {inside}")
            running = {kind: hashlib.new(kind) for kind in _MANIFESTS.values()}
            with packed.open(_entry(f"{name}/{inside}"), "w", force_zip64=True) as target:
                for block in each.blocks():
                    size += len(block)
                    for one in running.values():
                        one.update(block)
                    target.write(block)
                    yield sink.taken()
            sums[inside] = {kind: one.hexdigest() for kind, one in running.items()}
        for tag, content in _tags(sums, [*told, ("Payload-Oxum", f"{size}.{len(sums)}")]):
            packed.writestr(_entry(f"{name}/{tag}"), content)
            yield sink.taken()
    yield sink.taken()


def _tags(sums: Mapping[str, Mapping[str, str]], told: Sequence[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    tags = {"bagit.txt": _DECLARATION, _INFO: "".join(f"{key}: {_one_line(value)}\n" for key, value in told).encode()}
    for manifest, kind in _MANIFESTS.items():
        tags[manifest] = "".join(f"{found[kind]}  {_escaped(name)}\n" for name, found in sorted(sums.items())).encode()
    yield from tags.items()
    lines = (f"{hashlib.sha256(content).hexdigest()}  {tag}\n" for tag, content in sorted(tags.items()))
    yield _TAG_MANIFEST, "".join(lines).encode()


@dataclass(slots=True)
class Bag:
    """A bag, all of it verified.

    Attributes:
        told: what `bag-info.txt` says; of a label that stands there twice the last.
        names: its files, under `data/`, sorted.
        size_bytes: of all its files, unpacked.
    """

    told: dict[str, str]
    names: tuple[str, ...]
    size_bytes: int
    _packed: zipfile.ZipFile = field(repr=False)
    _items: dict[str, zipfile.ZipInfo] = field(repr=False)
    _sha256: dict[str, str] = field(repr=False)

    def sha256(self, name: str) -> str | None:
        """The SHA-256 of a file of it, as it was hashed; None where there is none of that name."""
        return self._sha256.get(_DATA + name)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """A file of it as a stream.

        Raises:
            BagError: there is none of that name.
        """
        item = self._items.get(_DATA + name)
        if item is None:
            raise BagError("is not in the bag", where=name)
        with self._packed.open(item) as stream:
            yield cast(BinaryIO, stream)

    def read(self, name: str) -> bytes:
        """The whole of a small file.

        Raises:
            BagError: there is none of that name, or it is not small.
        """
        with self.open(name) as stream:
            content = stream.read(_MOST_TAG_BYTES + 1)
        if len(content) > _MOST_TAG_BYTES:
            raise BagError("is larger than such a file can be", where=name)
        return content


@contextmanager
def read_bag(file: BinaryIO, *, most_bytes: int = _MOST_BYTES) -> Iterator[Bag]:
    """A bag of which every byte was held against its digests before anything of it is given out.

    Args:
        file: the zip file; can be rewound.
        most_bytes: the most that all of it may come to, unpacked.

    Raises:
        BagError: a changed byte, a file too many or too few, a tag file that was edited, a path that leads out of the
            bag, a bomb, or no bag at all.
    """
    if lists_more_than(file, _MOST_FILES):
        raise _too_much()
    try:
        with zipfile.ZipFile(file) as packed:
            _hold_to_size(packed, file.seek(0, SEEK_END), most_bytes)
            items = _items(packed)
            told, sums = _verified(packed, items)
            yield Bag(
                told=told,
                names=tuple(sorted(name.removeprefix(_DATA) for name in items if name.startswith(_DATA))),
                size_bytes=sum(item.file_size for item in items.values()),
                _packed=packed,
                _items=items,
                _sha256=sums,
            )
    except (zipfile.BadZipFile, NotImplementedError, EOFError, UnicodeError, RuntimeError) as error:
        raise BagError(f"is no zip file that can be read: {str(error)[:200]}") from None


def _too_much() -> BagError:
    return BagError("holds more than a bag may", remedy="split it")


def _hold_to_size(packed: zipfile.ZipFile, packed_bytes: int, most_bytes: int) -> None:
    """Refuse what would unpack to too much, before any of it is: no more of a file is read than the archive states.

    Held against the whole archive, since many files may be packed in the same few bytes.
    """
    size = sum(item.file_size for item in packed.infolist())
    if size > most_bytes:
        raise _too_much()
    if size > _RATIO_FREE_BYTES and size > _MOST_RATIO * packed_bytes:
        raise BagError("unpacks to far more than it is")


def _items(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by their names in the bag.

    Raises:
        BagError: a name that leads out, a link, or two folders at the top.
    """
    entries = packed.infolist()
    found: dict[str, zipfile.ZipInfo] = {}
    tops = set()
    for item in entries:
        if (item.external_attr >> 16) & _KIND == _SYMLINK or item.flag_bits & 0x1:
            raise BagError("holds a link, or is encrypted", where=item.filename[:200])
        if item.is_dir():
            continue
        top, _, name = item.filename.partition("/")
        tops.add(top)
        try:
            _safe(f"{top}/{name}")
        except ValueError:
            raise BagError("holds a name that leads out of it", where=item.filename[:200]) from None
        if name in found:
            raise BagError("holds the same name twice", where=name)
        found[name] = item
    if len(tops) != 1:
        raise BagError("is no bag: not one folder at its top")
    return found


def _verified(packed: zipfile.ZipFile, items: Mapping[str, zipfile.ZipInfo]) -> tuple[dict[str, str], dict[str, str]]:
    """What the bag tells of itself and the SHA-256 of its files, after all of it was hashed.

    Raises:
        BagError: it is not whole.
    """
    tags = {name: _tag(packed, item) for name, item in items.items() if not name.startswith(_DATA)}
    if not tags.get("bagit.txt", b"").startswith(b"BagIt-Version: 1.0\n") or b"UTF-8" not in tags["bagit.txt"]:
        raise BagError("is no bag of BagIt 1.0", where="bagit.txt")
    if _TAG_MANIFEST not in tags or _INFO not in tags or not _MANIFESTS.keys() & tags.keys():
        raise BagError("lacks what it is verified by", where=", ".join((_INFO, *_MANIFESTS, _TAG_MANIFEST)))
    listed = _sums(tags[_TAG_MANIFEST], _TAG_MANIFEST)
    _same(set(listed), set(tags) - {_TAG_MANIFEST}, _TAG_MANIFEST)
    for name, wanted in listed.items():
        if hashlib.sha256(tags[name]).hexdigest() != wanted:
            raise BagError("was changed", where=name)
    payload = {name: item for name, item in items.items() if name.startswith(_DATA)}
    manifests = {kind: _sums(tags[name], name) for name, kind in _MANIFESTS.items() if name in tags}
    for kind, wanted_of in manifests.items():
        _same(set(wanted_of), set(payload), f"manifest-{kind}.txt")
    sums = {}
    for name, item in payload.items():
        found = _hashes(packed, item, ("sha256", *manifests))
        sums[name] = found["sha256"]
        if any(found[kind] != manifests[kind][name] for kind in manifests):
            raise BagError("was changed", where=name)
    return _told(tags[_INFO]), sums


def _same(listed: set[str], there: set[str], manifest: str) -> None:
    for names, what in ((there - listed, "is in the bag and in no manifest"), (listed - there, "is missing")):
        if names:
            raise BagError(what, where=f"{min(names)[:200]} ({manifest})")


def _hashes(packed: zipfile.ZipFile, item: zipfile.ZipInfo, kinds: Sequence[str]) -> dict[str, str]:
    running = {kind: hashlib.new(kind) for kind in kinds}
    with packed.open(item) as stream:
        for block in iter(partial(stream.read, BLOCK_BYTES), b""):
            for one in running.values():
                one.update(block)
    return {kind: one.hexdigest() for kind, one in running.items()}


def _tag(packed: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    with packed.open(item) as stream:
        content = stream.read(_MOST_TAG_BYTES + 1)
    if len(content) > _MOST_TAG_BYTES:
        raise BagError("is larger than such a file can be", where=item.filename[:200])
    return content


def _sums(content: bytes, where: str) -> dict[str, str]:
    sums: dict[str, str] = {}
    for line in content.decode("utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or (name := _unescaped(match[2])) in sums:
            raise BagError("holds a line that is none, or a name twice", where=f"{where}: {line[:100]}")
        sums[name] = match[1]
    return sums


def _told(content: bytes) -> dict[str, str]:
    pairs = (line.partition(":") for line in content.decode("utf-8").splitlines() if not line[:1].isspace())
    return {label.strip(): value.strip() for label, _, value in pairs}


def _safe(name: str) -> str:
    """A name that stays where it is put, on any system.

    Raises:
        ValueError: absolute, with `..`, a backslash, a drive, or a character that cannot be printed.
    """
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts) or "\\" in name or ":" in name or not name.isprintable():
        raise ValueError(f"not a name in a bag: {name!r}")
    return name


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _STAMP)
    entry.external_attr = 0o644 << 16
    return entry


def _one_line(text: str) -> str:
    return " ".join(text.split())


# RFC 8493, section 2.1.3: a line feed, a return and a per cent sign in a path are written so.
def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _unescaped(name: str) -> str:
    return re.sub(r"%(0[Aa]|0[Dd]|25)", lambda found: chr(int(found[1], 16)), name)


class _Sink(RawIOBase):
    """What was written since it was last taken; it cannot go back, so that the zip file is written as a stream."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: object) -> int:
        """Keep a piece until it is taken."""
        block = bytes(cast(bytes, content))
        self._waiting.append(block)
        return len(block)

    def taken(self) -> bytes:
        """What was written since the last time."""
        block = b"".join(self._waiting)
        self._waiting.clear()
        return block
