"""Invented lists in the form of the real ones, a host on this machine that serves them, and invented authorities."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))
from started import ask, at_start

# A run in the background of a shell ignores Ctrl-C, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Timings belong in benchmarks: a slow or busy machine must not fail a property.
settings.register_profile("bongsu", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("bongsu")


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: looking through it for garbage took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_unconfigure() -> None:
    """As it was: libraries look at what is left when the process ends."""
    gc.unfreeze()


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

        def do_POST(self) -> None:
            # Read in any case: to close on a question that was not heard would reset the connection.
            self.rfile = BytesIO(self.rfile.read(int(self.headers["content-length"])))
            self.do_GET()

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


@dataclass(frozen=True, slots=True)
class StartedProgram:
    """`bongsu` with its libraries loaded, from which processes of single commands are forked (see started.py).

    Args:
        address: the socket at which it takes commands.
        environment: what it read of the environment when it started.
    """

    address: str
    environment: Mapping[str, str]

    def run(self, cwd: Path, *arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
        """What a command comes to in a process of its own, with nothing to read."""
        assert at_start(environment) == self.environment, "Python reads this when it starts: it needs a new interpreter"
        with Path(os.devnull).open() as nothing, ThreadPoolExecutor(max_workers=2) as readers:
            ends = [os.pipe(), os.pipe()]
            told = [readers.submit(_read_whole, reading) for reading, _ in ends]
            writing = [end for _, end in ends]
            try:
                streams = [nothing.fileno(), *writing]
                code = ask(self.address, arguments, cwd=str(cwd), environment=environment, streams=streams)
            finally:
                for end in writing:
                    os.close(end)
            return subprocess.CompletedProcess(arguments, code, *(each.result() for each in told))


def _read_whole(descriptor: int) -> bytes:
    with open(descriptor, "rb") as end:
        return end.read()


@contextmanager
def _started(environment: Mapping[str, str]) -> Iterator[StartedProgram]:
    with tempfile.TemporaryDirectory(prefix="bongsu-started-") as folder:
        address = f"{folder}/socket"
        command = [sys.executable, str(Path(__file__).with_name("started.py")), "serve", address]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            assert server.stdout.readline() == b"ready\n"
            yield StartedProgram(address, at_start(environment))
            server.stdin.close()


@pytest.fixture(scope="session")
def started_program() -> Iterator[StartedProgram]:
    """`bongsu`, loaded once for this process of the tests."""
    with _started(os.environ) as program:
        yield program


@pytest.fixture(scope="session")
def start_program() -> Callable[[Mapping[str, str]], AbstractContextManager[StartedProgram]]:
    """Loads `bongsu` in an environment of its own."""
    return _started


# OpenSSL's own authority, as `openssl ts` reads it; `certs` go along with every token.
TIME_AUTHORITY = """
[tsa]
default_tsa = invented
[invented]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
certs = chain.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class TimeAuthority:
    """An invented time-stamping authority in a folder: root.pem, a certificate between, signer.pem, and `openssl ts`.

    Args:
        folder: where all of it lies.
    """

    folder: Path

    @property
    def root(self) -> Path:
        """Its root certificate."""
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """A granted response to a query, or the refusal of one that is none."""
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "authority.cnf", "-queryfile", "query", "-out", "response")
        return (self.folder / "response").read_bytes()

    def signed(self, statement: bytes) -> bytes:
        """A response with a statement (TSTInfo) signed whatever the certificate is for; `openssl ts` would not."""
        (self.folder / "statement").write_bytes(statement)
        kind = ("-econtent_type", "1.2.840.113549.1.9.16.1.4", "-cades", "-md", "sha256")
        files = ("-signer", "signer.pem", "-inkey", "signer.key", "-certfile", "chain.pem", "-in", "statement")
        token = self.openssl("cms", "-sign", "-binary", "-nodetach", "-outform", "DER", *kind, *files)
        granted = bytes.fromhex("3003020100")
        return b"\x30\x82" + (len(granted) + len(token)).to_bytes(2, "big") + granted + token

    def openssl(self, *arguments: str) -> bytes:
        """What an openssl command prints, run in the folder."""
        done = subprocess.run(["openssl", *arguments], cwd=self.folder, capture_output=True, check=True)
        return done.stdout

    def serve(self, host: ListHost, path: str, alter: Callable[[bytes], bytes] = bytes) -> None:
        """Let a host answer queries under a path; `alter` changes each query before the authority sees it."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            query = handler.rfile.read()
            assert handler.headers["content-type"] == "application/timestamp-query"
            ListHost.status(200, self.answer(alter(query)), Content_Type="application/timestamp-reply")(handler)

        host.answers[path] = answer


@pytest.fixture(scope="session")
def new_time_authority(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., TimeAuthority]:
    """Makes authorities: purpose and criticality of the signer's extended key usage, the days it is valid, and the name
    of an impostor, a certificate of nobody's with the signer's issuer and number, that goes along with every token.
    """
    pytest.importorskip("rfc3161_client", reason="needs the extra bongsu[timestamps]")
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl command, whose authority answers")

    def new(
        name: str,
        *,
        purpose: str | None = "TIME_STAMPING",
        critical: bool = True,
        valid_days: tuple[int, int] = (-1, 30),
        impostor: str | None = None,
    ) -> TimeAuthority:
        folder = tmp_path_factory.mktemp("authority")
        root, key = _certificate(f"Invented Root {name}", None, is_ca=True)
        between = _certificate(f"Invented Intermediate {name}", (root, key), is_ca=True)
        usage = (purpose, critical) if purpose else None
        signer, signer_key = _certificate(f"Invented Signer {name}", between, usage=usage, valid_days=valid_days)
        _write_pem(folder / "root.pem", root)
        _write_pem(folder / "signer.pem", signer)
        beside = []
        if impostor is not None:
            forged = (between[0], _certificate("SANDBOX forger", None)[1])
            beside = [_certificate(impostor, forged, usage=usage, serial=signer.serial_number)[0]]
        _write_pem(folder / "chain.pem", between[0], root, *beside)
        _write_key(folder / "root.key", key)
        _write_key(folder / "signer.key", signer_key)
        (folder / "authority.cnf").write_text(TIME_AUTHORITY, "utf-8")
        (folder / "serial").write_text("01", "utf-8")
        return TimeAuthority(folder)

    return new


# Any: cryptography's certificates and keys; it is an extra, imported where it is needed.
def _certificate(
    name: str,
    issuer: tuple[Any, Any] | None,
    *,
    is_ca: bool = False,
    usage: tuple[str, bool] | None = None,
    valid_days: tuple[int, int] = (-400, 400),
    serial: int | None = None,
) -> tuple[Any, Any]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer[0].subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(now + timedelta(days=valid_days[0]))
        .not_valid_after(now + timedelta(days=valid_days[1]))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
    )
    if usage is not None:
        purposes = x509.ExtendedKeyUsage([getattr(ExtendedKeyUsageOID, usage[0])])
        builder = builder.add_extension(purposes, critical=usage[1])
    return builder.sign(key if issuer is None else issuer[1], hashes.SHA256()), key


def _write_pem(path: Path, *certificates: Any) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    path.write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in certificates))


def _write_key(path: Path, key: Any) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
