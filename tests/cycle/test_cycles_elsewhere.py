"""A whole cycle on a store that is no disk: the memory of this process, and an S3 server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from bongsu.cycle.answers import designated
from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import reproduce
from bongsu.evidence import ExhibitStore
from bongsu.kernel.clock import instant

if TYPE_CHECKING:
    from conftest import Watch


BUCKET = "bongsu-invented"
_NUMBERS = count()


@pytest.fixture(scope="module")
def s3_environment() -> Iterator[None]:
    """A real S3 server on this machine, and the usual variables that name it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    app, turn = server._server.app, threading.Lock()

    def one_at_a_time(environ: Any, start_response: Any) -> Any:
        with turn:  # moto decides a conditional put in two steps, S3 in one
            return app(environ, start_response)

    server._server.app = one_at_a_time
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "invented")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "invented")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield
        for files in list(S3FileSystem._cache.values()):
            if files._s3 is not None:
                S3FileSystem.close_session(files.loop, files._s3)
        S3FileSystem.clear_instance_cache()
    server.stop()
    server._server.server_close()


@pytest.fixture(params=["memory", "s3"])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "memory":
        return f"memory://cycles-{next(_NUMBERS)}"
    request.getfixturevalue("s3_environment")
    return f"s3://{BUCKET}/cycles-{next(_NUMBERS)}"


def test_two_cycles_there_give_the_bytes_they_give_on_a_disk(
    watch: Watch, other_watch: Watch, un_list: Callable[..., bytes], address: str
) -> None:
    seen = []
    for place, store in ((watch, "data"), (other_watch, address)):
        place.keep("a.xml", un_list("2026-01-15", {"KPi.901": "SANDBOX PERSON ONE"}))
        place.keep("b.xml", un_list("2026-02-15", {"KPi.902": "SANDBOX PERSON TWO"}))
        ran = []
        for name, clock in (("a.xml", "2026-01-16T06:00:00Z"), ("b.xml", "2026-02-16T06:00:00Z")):
            place.configure(f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "{name}" }}', store=store)
            ran.append(place.run(clock))
        assert ran[1].outputs()["report.json"] == place.run("2026-02-16T06:00:00Z").outputs()["report.json"]
        seen.append([(cycle.cycle, cycle.outputs()) for cycle in ran])
    assert seen[0] == seen[1]
    last = ran[1]
    assert reproduce(read_manifest(last.outputs()["manifest.json"], where=last.place), last.store).agrees
    assert ExhibitStore(last.store, tool="test 1").scrub(instant("2026-02-17")).is_sound
    day = instant("2026-02-20").date()
    (answer,) = designated(address, "KPi.901", day, day)
    assert answer.verdict is not None
    assert (answer.verdict.designated, answer.copies_with, answer.copies) == (False, 1, 2)
