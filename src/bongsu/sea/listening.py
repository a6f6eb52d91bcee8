"""Listening: sentences received over TCP, UDP or standard input, kept as they come and then handed on file by file."""

from __future__ import annotations

import errno
import fcntl
import os
import selectors
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from bongsu.kernel.errors import BusyError, NotReachedError, UsageError
from bongsu.sea.recording import Recording, Rotation

_FORMS: Final = "write tcp://host:port, udp://host:port (the address to listen on), or - for standard input"
_BLOCK_BYTES: Final = 2**16
_TICK_SECONDS: Final = 1.0
_LOCK: Final = ".lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where sentences come from.

    Args:
        kind: `tcp` (we connect), `udp` (we wait) or `stdin`.
        host, port: of the other side for TCP, of ours for UDP; empty and 0 for standard input.
    """

    kind: Literal["tcp", "udp", "stdin"]
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        if self.kind == "stdin":
            return "stdin:"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.kind}://{host}:{self.port}"


def read_address(text: str) -> Address:
    """An address as people write it: `tcp://host:port`, `udp://host:port`, `-`.

    Raises:
        UsageError: another form.
    """
    if text in {"-", "stdin:"}:
        return Address(kind="stdin")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"is no address to listen to: {error}", where=text, remedy=_FORMS) from None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"tcp", "udp"} or not parts.hostname or port is None or extra:
        raise UsageError("is no address to listen to", where=text, remedy=_FORMS)
    return Address(kind="tcp" if parts.scheme == "tcp" else "udp", host=parts.hostname, port=port)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for the other side of a TCP connection.

    Args:
        connect_seconds: for a connection to open.
        silent_seconds: without a byte before the connection is taken for dead.
        first_pause_seconds, longest_pause_seconds: before the first attempt after a loss; doubled after each that
            brought nothing, up to the longest.
    """

    connect_seconds: float = 10.0
    silent_seconds: float = 300.0
    first_pause_seconds: float = 1.0
    longest_pause_seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a time of listening brought.

    Args:
        received: how many bytes came.
        connections: how often the other side was reached.
        taken: how many files were handed on.
        left: files that could not be handed on, since another process works on the store; the next start takes them.
    """

    received: int
    connections: int
    taken: int
    left: tuple[Path, ...]


class Stop:
    """A wish to end, which another thread or a signal's handler may set, and which wakes whoever waits."""

    def __init__(self) -> None:
        self._here, self._there = socket.socketpair()
        self._here.setblocking(False)
        self._there.setblocking(False)
        self.is_set = False

    def set(self) -> None:
        """Ask for the end."""
        self.is_set = True
        with suppress(OSError):  # full of wishes already, or closed
            self._there.send(b".")

    def fileno(self) -> int:
        """What becomes readable when the end is asked for."""
        return self._here.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._here.close()
        self._there.close()


class _Gap:
    """The sender went away: the line he left open will not be continued."""


# A block, or None where a second passed in which nothing came.
_Item: TypeAlias = bytes | _Gap | None
_GAP: Final = _Gap()


def listen(
    address: Address,
    *,
    folder: Path,
    take: Callable[[Path], None],
    clock: Callable[[], datetime],
    stop: Stop,
    rotation: Rotation | None = None,
    patience: Patience | None = None,
    stdin: BinaryIO | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Heard:
    """Receive until told to stop; keep every block before anything else is done with it.

    Blocks go into a file that grows. When it ends, by size or time, it is handed to `take` on a second thread, so that
    reception goes on meanwhile, and removed when that returns. What a killed process left is taken first.

    Args:
        address: where from.
        folder: where the files grow, on this machine; one listener has it at a time.
        take: keeps a whole file as an exhibit and reads it; the same file twice must do no harm. Where it raises
            `BusyError`, the file is kept and tried again when the next is whole.
        clock: the wall clock, aware.
        stop: ends it.
        rotation: when a file ends.
        patience: how long to wait for the other side; a lost TCP connection is opened again for ever.
        stdin: for `stdin`: a file with a descriptor; its end ends the listening.
        tell: told in a sentence of connections, losses and files.

    Returns:
        What came.

    Raises:
        BusyError: another process listens into this folder.
        UsageError: the address cannot be listened on.
        EvidenceError: what came cannot be kept.
        BongsuError: whatever else `take` raises; nothing more is received then, and what was is kept in the folder.
    """
    recording = Recording(folder, rotation or Rotation())
    with _alone(folder), _Taker(take, tell) as taker:
        for left_over in recording.left():
            taker.give(left_over)
        ear = _Ear(address, stop, patience or Patience(), tell, stdin)
        try:
            for item in ear.items():
                _keep(item, recording, clock())
                if recording.is_due(clock()):
                    _give(recording, taker)
                taker.check()
        finally:
            recording.end_line()
            _give(recording, taker)
        left = taker.finish()
    return Heard(received=ear.received, connections=ear.connections, taken=taker.taken, left=left)


def _give(recording: Recording, taker: _Taker) -> None:
    path = recording.finish()
    if path is not None:
        taker.give(path)


def _keep(item: _Item, recording: Recording, at: datetime) -> None:
    if isinstance(item, bytes):
        recording.write(item, at)
    elif isinstance(item, _Gap):
        recording.end_line()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            remedy = "stop it, or give this one a folder of its own"
            raise BusyError("another process listens into this folder", where=str(folder), remedy=remedy) from None
        yield


class _Taker:
    """Hands files on, one after another, on a thread of its own."""

    def __init__(self, take: Callable[[Path], None], tell: Callable[[str], None]) -> None:
        self._take, self._tell = take, tell
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._given: list[Future[None]] = []
        self._busy: list[Path] = []
        self.taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._pool.shutdown(wait=True, cancel_futures=kind is not None)

    def give(self, path: Path) -> None:
        """Take a file, after those given before and those that could not be taken then."""
        # Taken away first: the thread may find the same file busy again before the last is submitted.
        again, self._busy = self._busy, []
        self._given += [self._pool.submit(self._one, each) for each in (*again, path)]

    def check(self) -> None:
        """Raise what went wrong with a file that was given."""
        done = [future for future in self._given if future.done()]
        self._given = [future for future in self._given if not future.done()]
        for future in done:
            future.result()

    def finish(self) -> tuple[Path, ...]:
        """Wait until all are taken, and say which could not be."""
        for future in self._given:
            future.result()
        return tuple(self._busy)

    def _one(self, path: Path) -> None:
        try:
            self._take(path)
        except BusyError as error:
            self._busy.append(path)
            self._tell(f"{path.name} waits: {error.what}")
            return
        path.unlink()
        self.taken += 1
        self._tell(f"{path.name} was taken")


@dataclass(slots=True)
class _Ear:
    """What receives, and counts."""

    address: Address
    stop: Stop
    patience: Patience
    tell: Callable[[str], None]
    stdin: BinaryIO | None
    received: int = field(default=0, init=False)
    connections: int = field(default=0, init=False)

    def items(self) -> Iterator[_Item]:
        """Blocks as they come, None each second without one, until the end or the wish to stop."""
        if self.address.kind == "tcp":
            yield from self._tcp()
        elif self.address.kind == "udp":
            yield from self._udp()
        else:
            yield from self._stdin()

    def _tcp(self) -> Iterator[_Item]:
        pause = self.patience.first_pause_seconds
        while not self.stop.is_set:
            before = self.received
            try:
                with self._connected() as link:
                    self.connections += 1
                    self.tell(f"connected to {self.address}")
                    yield from self._stream(link)
            except (OSError, NotReachedError) as error:
                self.tell(f"{self.address}: {getattr(error, 'strerror', None) or error}")
            yield _GAP
            pause = self.patience.first_pause_seconds if self.received > before else pause
            if not self.stop.is_set:
                self.tell(f"{self.address} is tried again in {pause:g} seconds")
            yield from self._paused(pause)
            pause = min(2 * pause, self.patience.longest_pause_seconds)

    def _connected(self) -> socket.socket:
        """A connection, opened so that the wish to stop is heard meanwhile.

        Raises:
            OSError: it was refused.
            NotReachedError: it did not open in time, or the end was asked for.
        """
        problem: Exception = NotReachedError("the host has no address", where=str(self.address))
        for family, kind, protocol, _, place in socket.getaddrinfo(
            self.address.host, self.address.port, type=socket.SOCK_STREAM
        ):
            link = socket.socket(family, kind, protocol)
            try:
                link.setblocking(False)
                link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                code = link.connect_ex(place)
                if code == errno.EINPROGRESS:
                    if not self._ready(link, selectors.EVENT_WRITE, self.patience.connect_seconds):
                        raise NotReachedError("no answer in time", where=str(self.address))
                    code = link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    raise OSError(code, os.strerror(code))
                return link
            except (OSError, NotReachedError) as error:
                link.close()
                problem = error
        raise problem

    def _stream(self, link: socket.socket) -> Iterator[_Item]:
        silent = 0.0
        while not self.stop.is_set:
            if not self._ready(link, selectors.EVENT_READ, _TICK_SECONDS):
                silent += _TICK_SECONDS
                if silent >= self.patience.silent_seconds:
                    raise NotReachedError(f"silent for {silent:.0f} seconds")
                yield None
                continue
            block = link.recv(_BLOCK_BYTES)
            if not block:
                self.tell(f"{self.address} closed the connection")
                return
            silent = 0.0
            self.received += len(block)
            yield block

    def _udp(self) -> Iterator[_Item]:
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(
                self.address.host, self.address.port, type=socket.SOCK_DGRAM
            )[0]
            ear = socket.socket(family, kind, protocol)
        except OSError as error:
            raise _deaf(self.address, error) from error
        with ear:
            try:
                ear.setblocking(False)
                ear.bind(place)
            except OSError as error:
                raise _deaf(self.address, error) from error
            self.connections = 1
            self.tell(f"listening on {self.address}")
            while not self.stop.is_set:
                if not self._ready(ear, selectors.EVENT_READ, _TICK_SECONDS):
                    yield None
                    continue
                with suppress(BlockingIOError):  # a datagram whose check sum failed is gone when it is fetched
                    datagram = ear.recv(_BLOCK_BYTES)
                    self.received += len(datagram)
                    # A datagram is whole lines, whether its last is ended or not; the next may be another sender's.
                    yield datagram
                    yield _GAP

    def _stdin(self) -> Iterator[_Item]:
        if self.stdin is None:
            raise UsageError("there is no standard input", remedy=_FORMS)
        number = self.stdin.fileno()
        self.connections = 1
        while not self.stop.is_set:
            if not self._ready(number, selectors.EVENT_READ, _TICK_SECONDS):
                yield None
                continue
            block = os.read(number, _BLOCK_BYTES)
            if not block:
                return
            self.received += len(block)
            yield block

    def _ready(self, what: socket.socket | int, event: int, seconds: float) -> bool:
        """Whether something became ready in time, and before the end was asked for."""
        with selectors.DefaultSelector() as selector:
            try:
                selector.register(what, event)
            except PermissionError:  # a file on a disk: always ready, and not to be waited for
                return not self.stop.is_set
            selector.register(self.stop, selectors.EVENT_READ)
            return any(key.fileobj is what for key, _ in selector.select(seconds)) and not self.stop.is_set

    def _paused(self, seconds: float) -> Iterator[_Item]:
        left = seconds
        while left > 0 and not self.stop.is_set:
            with selectors.DefaultSelector() as selector:
                selector.register(self.stop, selectors.EVENT_READ)
                selector.select(min(left, _TICK_SECONDS))
            left -= _TICK_SECONDS
            yield None


def _deaf(address: Address, error: OSError) -> UsageError:
    return UsageError(f"cannot be listened on: {error.strerror}", where=str(address), remedy=_FORMS)
