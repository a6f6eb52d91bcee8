"""How often a token may ask, and an address be refused: exactly, whichever process answers, and by a real server."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bongsu.web.accounts.models import RequestCount
from bongsu.web.accounts.rates import MOST_REFUSED, TooManyRequestsError, count

AT = datetime(2026, 11, 24, 6, 0, 12, tzinfo=UTC)
KEPT = {name: value for name, value in os.environ.items() if name not in {"BONGSU_CONFIG", "BONGSU_DATABASE"}}
MOST = 3
PREPARED = """
from datetime import timedelta
from bongsu.web import serving
serving.ready()
from bongsu.web.accounts.operating import add_person, bring_forward
bring_forward()
from django.utils import timezone
from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.web.accounts.models import Person, Token
add_person("eva", name="Eva (SANDBOX)", role=Role.ANALYST, clearance=Tlp.AMBER, member=None)
soon = timezone.now() + timedelta(days=1)
for label in ("one", "two"):
    print(Token.issue(Person.objects.get(), label=label, scopes=["read"], expires_at=soon)[1])
"""
COUNTED = """
import sys
from datetime import datetime
from bongsu.web import serving
serving.ready()
from bongsu.web.accounts.rates import TooManyRequestsError, count
let_in = 0
for _ in range(40):
    try:
        count("token:1", 100, datetime.fromisoformat(sys.argv[1]))
        let_in += 1
    except TooManyRequestsError:
        pass
print(let_in)
"""


@pytest.mark.django_db
def test_one_too_many_waits_for_the_next_minute() -> None:
    for _ in range(MOST):
        count("token:1", MOST, AT)
    with pytest.raises(TooManyRequestsError) as refused:
        count("token:1", MOST, AT)
    assert refused.value.wait_s == 48
    count("token:2", MOST, AT)
    with pytest.raises(TooManyRequestsError):
        count("token:1", MOST, AT + timedelta(seconds=47))
    count("token:1", MOST, AT + timedelta(seconds=48))
    assert list(RequestCount.objects.values_list("what", "number")) == [("token:1", 1)], "what is over is not kept"


def _run(folder: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env={**KEPT, "BONGSU_CONFIG": str(folder / "bongsu.toml")},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, list[str]]:
    """A folder with a site of one person, and the secrets of two tokens."""
    (tmp_path / "bongsu.toml").write_text(f"[site]\nmost_requests_a_minute = {MOST}\n[lists]\n")
    told, _ = _run(tmp_path, PREPARED).communicate()
    return tmp_path, told.split()


def test_several_processes_count_together_and_none_twice(site: tuple[Path, list[str]]) -> None:
    several = [_run(site[0], COUNTED, AT.isoformat()) for _ in range(4)]
    let_in = [int(each.communicate()[0]) for each in several]
    assert sum(let_in) == 100, let_in


@pytest.fixture
def port(site: tuple[Path, list[str]]) -> Iterator[int]:
    """Where a real server serves it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    served = subprocess.Popen(
        [sys.executable, "-m", "bongsu.cli.main", "serve", "--listen", f"127.0.0.1:{port}"],
        cwd=site[0],
        env={**KEPT, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert served.stdout is not None
    while "Ctrl-C" not in (line := served.stdout.readline()):
        assert line, "the site ended"
    yield port
    served.terminate()
    served.communicate(timeout=30)


def _asked(port: int, secret: str) -> tuple[int, str | None, dict[str, object]]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/api/v1/findings", headers={"Authorization": f"Bearer {secret}"})
        answer = connection.getresponse()
        return answer.status, answer.headers["Retry-After"], json.loads(answer.read())


def test_a_server_refuses_what_is_too_often_and_writes_it_down(site: tuple[Path, list[str]], port: int) -> None:
    folder, (one, two) = site
    while not _answering(port):
        time.sleep(0.1)
    answers = [_asked(port, one) for _ in range(3 * MOST)]  # they may reach into a second minute
    refused = [answer for answer in answers if answer[0] == 429]
    assert {status for status, _, _ in answers} == {200, 429}
    assert MOST <= len(refused) <= 2 * MOST
    assert all(after is not None and 1 <= int(after) <= 60 for _, after, _ in refused)
    assert refused[0][2]["error"] == "too many requests"
    forged = [_asked(port, f"bongsu_{number:043}")[0] for number in range(2 * MOST_REFUSED + 2)]
    assert {*forged} == {401, 429}
    assert _asked(port, two)[0] == 200, "a good token is not refused for what others at its address show"
    with closing(sqlite3.connect(folder / "bongsu-site" / "site.sqlite3")) as database:
        told = database.execute("SELECT \"by\", body FROM record_entry WHERE kind = 'request.refused'").fetchall()
    assert {by for by, _ in told} == {"eva", "-"}
    assert len(told) <= 4, "once a minute of each"
    assert all(json.loads(body)["status"] == 429 for _, body in told)


def _answering(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
