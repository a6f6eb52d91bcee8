"""Invented lists in the form of the real ones, and a host on this machine that serves them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, settings

# Timings belong in benchmarks: a slow or busy machine must not fail a property.
settings.register_profile("bongsu", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("bongsu")

# The cards refuse lists that are too short to be true; these entries of another programme make up the number.
UN_OTHERS = 400
OFAC_OTHERS = 4000


def _un_entry(reference: str, name: str, *, programme: str, extra: str = "") -> str:
    tag = "INDIVIDUAL" if reference[2] == "i" else "ENTITY"
    number = 9_000_000 + int(reference.partition(".")[2]) * 1000 + sum(map(ord, reference[:3]))
    return (
        f"<{tag}><DATAID>{number}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{escape(name)}</FIRST_NAME>"
        f"<UN_LIST_TYPE>{programme}</UN_LIST_TYPE><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2026-01-02</LISTED_ON><COMMENTS1>SANDBOX entry, invented.</COMMENTS1>{extra}</{tag}>\n"
    )


@pytest.fixture(scope="session")
def un_list() -> Callable[..., bytes]:
    """Builds an invented list in the form of the UN's: the day it prints, and name by reference of its DPRK entries."""

    def build(
        day: str,
        names: Mapping[str, str],
        *,
        others: int = UN_OTHERS,
        programme: str = "DPRK",
        extra: Mapping[str, str] | None = None,
    ) -> bytes:
        rows = {
            reference: _un_entry(reference, name, programme=programme, extra=(extra or {}).get(reference, ""))
            for reference, name in names.items()
        }
        filler = "".join(
            _un_entry(f"TAi.{9000 + number}", f"SANDBOX OTHER {number}", programme="Taliban")
            for number in range(others)
        )
        persons = "".join(row for reference, row in rows.items() if reference[2] == "i")
        entities = "".join(row for reference, row in rows.items() if reference[2] == "e")
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n<!-- SANDBOX: invented throughout. It is no list. -->\n'
            f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z">\n'
            f"<INDIVIDUALS>\n{persons}{filler}</INDIVIDUALS>\n<ENTITIES>\n{entities}</ENTITIES>\n</CONSOLIDATED_LIST>\n"
        ).encode()

    return build


@dataclass(frozen=True, slots=True, kw_only=True)
class OfacSet:
    """The files of one invented copy in the form of OFAC's."""

    sdn: bytes
    alt: bytes
    add: bytes


@pytest.fixture(scope="session")
def ofac_set() -> Callable[..., OfacSet]:
    """Builds invented files in the form of OFAC's: name by number of the DPRK entries, and alias by number."""

    def build(names: Mapping[int, str], aliases: Mapping[int, str] | None = None) -> OfacSet:
        tail = ",".join(["-0- "] * 7)
        others = {number: f"SANDBOX OTHER {number}" for number in range(100_000, 100_000 + OFAC_OTHERS)}
        sdn = [f'{number},"{name}","individual","DPRK","-0- ",{tail}' for number, name in names.items()]
        sdn += [f'{number},"{name}","individual","CUBA","-0- ",{tail}' for number, name in others.items()]
        alt = [f'{number},{number + 500_000},"aka","SANDBOX ALIAS {number}",-0- ' for number in list(others)[:100]]
        alt += [f'{number},{number + 500_000},"aka","{name}",-0- ' for number, name in (aliases or {}).items()]
        add = [f'{number},{number + 700_000},"1 Invented Street","SANDBOX CITY","Cuba",-0- ' for number in others]
        parts = (("sdn", sdn), ("alt", alt), ("add", add))
        return OfacSet(**{part: "\r\n".join(rows).encode() + b"\r\n\x1a" for part, rows in parts})

    return build


@dataclass(slots=True)
class ListHost:
    """A host on 127.0.0.1 that answers each path as it was told to, and notes what it was asked.

    Args:
        url: its address, without a slash at the end.
        answers: what it answers, by path: bytes, or what a handler does.
        asked: the paths, in order, with their query.
        released: set when the test is over, so that silent answers end.
    """

    url: str
    answers: dict[str, bytes | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def silent(self, handler: BaseHTTPRequestHandler) -> None:
        """Never a word."""
        handler.close_connection = True
        self.released.wait()

    def trickling(self, handler: BaseHTTPRequestHandler) -> None:
        """A byte now and then, never silent and never done."""
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.close_connection = True
        while not self.released.is_set():
            try:
                handler.wfile.write(b"<")
            except OSError:
                return
            time.sleep(0.05)

    @staticmethod
    def status(code: int, body: bytes = b"invented", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
        """An answer with a status, a body and headers (`_` for `-`)."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(code)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            if "Content_Length" not in headers:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
            handler.close_connection = True

        return answer


@pytest.fixture
def list_host() -> Iterator[ListHost]:
    """A host that serves what a test tells it to."""
    host = ListHost(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            answer = host.answers.get(self.path.partition("?")[0], ListHost.status(404))
            (ListHost.status(200, answer) if isinstance(answer, bytes) else answer)(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield host
    host.released.set()
    server.shutdown()
    thread.join()
    server.server_close()
