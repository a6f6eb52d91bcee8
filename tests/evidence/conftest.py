"""The places where exhibits can live, each as a folder of its own: a disk, this process's memory, an S3 server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from bongsu.evidence import Capture, ExhibitStore, Folder

BUCKET = "bongsu-invented"
_NUMBERS = count()


class OneAtATime:
    """A WSGI application that answers one request after another.

    moto looks for the key and stores it in two steps, so two conditional puts at once may both win. S3 itself decides
    in one step; the lock makes moto do so.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        with self._turn:
            return self._app(environ, start_response)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    server._server.app = OneAtATime(server._server.app)
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="invented",
        aws_secret_access_key="invented",
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    yield endpoint
    server.stop()
    server._server.server_close()


def close_s3_sessions() -> None:
    """s3fs closes its sessions when it is garbage-collected, too late for a test that counts open sockets."""
    for files in list(S3FileSystem._cache.values()):
        if files._s3 is not None:
            S3FileSystem.close_session(files.loop, files._s3)
    S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="module")
def s3_environment(s3_endpoint: str) -> Iterator[None]:
    """The usual environment variables. For a whole module, because opening an S3 session takes a tenth of a second."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", s3_endpoint)
        environment.setenv("AWS_ACCESS_KEY_ID", "invented")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "invented")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield
        close_s3_sessions()


@pytest.fixture
def s3_url(s3_environment: None) -> str:
    return f"s3://{BUCKET}/store-{next(_NUMBERS)}"


@pytest.fixture
def memory_url() -> str:
    return f"memory://store-{next(_NUMBERS)}"


@pytest.fixture(params=["disk", "memory", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A folder on each kind of file system in turn."""
    if request.param == "disk":
        return Folder.open(str(tmp_path / "store"))
    return Folder.open(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["disk", "memory"])
def near_folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    """A folder on each kind of file system that answers at once: for what a file system has no part in."""
    return Folder.open(str(tmp_path / "store") if request.param == "disk" else request.getfixturevalue("memory_url"))


@pytest.fixture
def disk(tmp_path: Path) -> Folder:
    return Folder.open(str(tmp_path / "store"))


@pytest.fixture
def store(folder: Folder) -> ExhibitStore:
    return ExhibitStore(folder, tool="bongsu 0.1.0")


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture
def capture(now: datetime) -> Capture:
    """The Security Council's consolidated list, fetched well."""
    return Capture(
        source="un_sc",
        part="consolidated",
        url="https://scsanctions.un.org/resources/xml/en/consolidated.xml",
        retrieved_at=now,
        http_status=200,
        headers=(("Content-Type", "text/xml"), ("Last-Modified", "Mon, 23 Nov 2026 19:00:02 GMT")),
        tool="bongsu 0.1.0",
    )
