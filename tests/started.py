"""`bongsu` as a process of its own for each command, forked from one in which the libraries are loaded already.

A command loads libraries for up to a second and a half before it does anything, and the tests give many hundreds of
commands. A forked one begins at once, and is a process like any other: its arguments, folder, environment, streams,
signals and exit code are its own. What only a new interpreter can show (the installed script, what is loaded when, what
Python reads of the environment as it starts, how it ends) is tested with one.

As a program this file is one of two things: `serve SOCKET` forks a command for every request that comes, until its
standard input is closed; `ask SOCKET ARGUMENTS...` is `bongsu` on a PATH: it gives a command and ends as it ended.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence

# Loaded beside every module below the command line and the site. Not these two themselves: they look at the terminal
# and the settings there are when they are loaded.
LIBRARIES = (
    "click",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.http",
    "fsspec.implementations.local",
    "httpx",
    "ibis.backends.duckdb",
    "ibis.backends.duckdb.converter",
    "ibis.backends.sql.compilers",
    "pypdf",
    "rich.progress",
    "rich.table",
)
SHELLS = ("bongsu.cli", "bongsu.web")
#: How the names begin of what Python reads as it starts: another value than the server's needs another interpreter.
AT_START = ("PYTHON", "LC_", "LANG")
_LENGTHS = struct.Struct("!II")  # of the request in bytes, and how many of its parts are arguments


def at_start(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that Python reads as it starts."""
    return {name: value for name, value in environment.items() if name.startswith(AT_START)}


def ask(
    address: str, arguments: Sequence[str], *, cwd: str, environment: Mapping[str, str], streams: Sequence[int]
) -> int:
    """Give a command and wait for its end.

    Args:
        address: the socket of a process that serves.
        arguments: what stands after `bongsu`.
        cwd: the folder it works in.
        environment: its whole environment.
        streams: the file descriptors of its standard input, output and error.

    Returns:
        The exit code; negative where a signal ended it.

    Raises:
        ConnectionError: the process that serves went away.
    """
    told = [cwd, *arguments, *(f"{name}={value}" for name, value in environment.items())]
    body = b"\0".join(map(os.fsencode, told))
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [_LENGTHS.pack(len(body), len(arguments))], streams)
        connection.sendall(body)
        status = _received(connection, 4)
    return os.waitstatus_to_exitcode(int.from_bytes(status, "big"))


def _received(connection: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        block = connection.recv(length - len(found))
        if not block:
            raise ConnectionError("the process that forks commands went away")
        found += block
    return found


def serve(address: str) -> bool:
    """Load the libraries, say so, and fork a command for every request until the standard input is closed.

    Returns:
        True in the process of a command, which is to become it; False in that of the server, at its end.
    """
    import gc
    from importlib import import_module
    from select import select

    for name in (*LIBRARIES, *_modules_below_the_shells()):
        import_module(name)
    gc.freeze()  # no command looks through what is loaded for garbage, which would copy it too
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the tests, which close the standard input
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(64)
    os.write(1, b"ready\n")
    while 0 not in select([listener, 0], [], [])[0]:
        connection, _ = listener.accept()
        if _forked() == 0:
            listener.close()
            _become_a_command(connection)
            return True
        connection.close()
        _bury_the_ended()
    gc.unfreeze()
    return False


def _modules_below_the_shells() -> Iterator[str]:
    from importlib import import_module
    from pkgutil import iter_modules

    packages = ["bongsu"]
    while packages:
        package = packages.pop()
        for module in iter_modules(import_module(package).__path__, f"{package}."):
            if module.name not in SHELLS:
                yield module.name
                packages += [module.name] * module.ispkg


def _forked() -> int:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that threads of libraries are not forked with us is meant
        return os.fork()


def _bury_the_ended() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become_a_command(connection: socket.socket) -> None:
    """Fork once more: one process is the command from here on and returns, the other tells how it ended."""
    head, streams, _, _ = socket.recv_fds(connection, _LENGTHS.size, 3)
    length, number = _LENGTHS.unpack(head)
    cwd, *rest = map(os.fsdecode, _received(connection, length).split(b"\0"))
    child = _forked()
    if child:
        for stream in (0, 1, *streams):
            os.close(stream)
        connection.sendall(os.waitpid(child, 0)[1].to_bytes(4, "big"))
        os._exit(0)
    connection.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(entry.split("=", 1) for entry in rest[number:])
    sys.argv[1:] = rest[:number]
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = _text(0), _text(1), _text(2)


def _text(stream: int) -> io.TextIOWrapper:
    """A stream of text over a descriptor, as Python makes it when it starts."""
    errors, lines = ("backslashreplace", True) if stream == 2 else ("strict", os.isatty(stream))
    opened = open(stream, "wb" if stream else "rb", closefd=False)  # noqa: SIM115 - it is to stay open
    return io.TextIOWrapper(opened, encoding=sys.__stdout__.encoding, errors=errors, line_buffering=lines)


def run() -> NoReturn:
    """Be the command. It ends with all that is done at an end, but for taking the libraries apart: that takes long."""
    from bongsu.cli.main import main

    try:
        main()
    except SystemExit as ended:
        threading._shutdown()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)


if __name__ == "__main__":
    word, place = sys.argv[1:3]
    if word == "ask":
        here = os.getcwd()  # noqa: PTH109 - pathlib would take longer to load than all else here
        code = ask(place, sys.argv[3:], cwd=here, environment=os.environ, streams=(0, 1, 2))
        if code < 0:
            os.kill(os.getpid(), -code)
        sys.exit(code)
    import atexit
    import io
    import threading
    from typing import NoReturn

    del sys.path[0]  # where this file is
    sys.argv[:] = ["bongsu"]
    if serve(place):
        run()
