"""Fetching from a host that behaves, and from hosts that do not: every failure is told in words."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from bongsu.cycle.fetch import Answer, fetch_all

if TYPE_CHECKING:
    from conftest import ListHost

LIST = b"<!-- SANDBOX: invented --><CONSOLIDATED_LIST/>"


def fetched(url: str, *, timeout_s: float = 5, deadline_s: float = 30, most_bytes: int = 10_000) -> Answer:
    answers = fetch_all({("un_sc", "x"): url}, timeout_s=timeout_s, deadline_s=deadline_s, most_bytes=most_bytes)
    assert list(answers) == [("un_sc", "x")]
    return answers["un_sc", "x"]


def test_a_file_comes_as_it_is(list_host: ListHost) -> None:
    list_host.answers["/list.xml"] = LIST
    answer = fetched(f"{list_host.url}/list.xml")
    assert (answer.content, answer.problem, answer.http_status, answer.host_silent) == (LIST, None, 200, False)
    assert dict(answer.headers)["content-length"] == str(len(LIST))


def test_a_redirect_is_followed(list_host: ListHost) -> None:
    list_host.answers["/old"] = list_host.status(302, b"", Location="/new")
    list_host.answers["/new"] = LIST
    answer = fetched(f"{list_host.url}/old")
    assert answer.content == LIST
    assert list_host.asked == ["/old", "/new"]
    host = list_host.url.removeprefix("http://")
    assert (answer.final_url, answer.hosts) == (f"{list_host.url}/new", (host, host))


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (404, "the host answered 404 Not Found"),
        (403, "the host answered 403 Forbidden"),
        (500, "the host answered 500 Internal Server Error"),
        (204, "the host answered 204 No Content"),
    ],
)
def test_a_status_other_than_200_is_no_file(list_host: ListHost, code: int, says: str) -> None:
    list_host.answers["/list.xml"] = list_host.status(code, b"" if code == 204 else LIST)
    answer = fetched(f"{list_host.url}/list.xml")
    assert (answer.problem, answer.http_status, answer.host_silent) == (says, code, False)
    assert (answer.final_url, len(answer.hosts)) == (f"{list_host.url}/list.xml", 1)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the host answered with nothing"),
        (b"  \n<!DOCTYPE HTML><title>Sign in</title>", "the host answered with a web page instead of the file"),
        (b"<HTML><body>Sign in", "the host answered with a web page instead of the file"),
    ],
)
def test_a_page_or_nothing_is_no_file(list_host: ListHost, body: bytes, says: str) -> None:
    list_host.answers["/list.xml"] = body
    assert fetched(f"{list_host.url}/list.xml").problem == says


def test_redirects_in_a_circle_end(list_host: ListHost) -> None:
    list_host.answers["/a"] = list_host.status(302, b"", Location="/b")
    list_host.answers["/b"] = list_host.status(302, b"", Location="/a")
    assert fetched(f"{list_host.url}/a").problem == "the address leads in circles"
    assert len(list_host.asked) == 6


def test_a_redirect_to_no_address_is_a_failed_transfer(list_host: ListHost) -> None:
    list_host.answers["/a"] = list_host.status(302, b"", Location="http://[::1")
    assert (fetched(f"{list_host.url}/a").problem or "").startswith("the transfer failed: ")


def test_a_redirect_out_of_the_web_is_a_failed_transfer(list_host: ListHost) -> None:
    list_host.answers["/a"] = list_host.status(302, b"", Location="file:///etc/passwd")
    answer = fetched(f"{list_host.url}/a")
    assert (answer.problem or "").startswith("the transfer failed: ")
    assert answer.content is None


def test_a_file_that_is_too_large_is_left(list_host: ListHost) -> None:
    list_host.answers["/list.xml"] = b"x" * 10_001
    assert fetched(f"{list_host.url}/list.xml").problem == "is larger than 10000 bytes"


def test_a_file_of_the_most_bytes_allowed_is_taken(list_host: ListHost) -> None:
    list_host.answers["/list.xml"] = b"x" * 10_000
    assert fetched(f"{list_host.url}/list.xml").content == b"x" * 10_000


def test_a_body_cut_short_is_a_failed_transfer_of_that_file_alone(list_host: ListHost) -> None:
    list_host.answers["/cut"] = list_host.status(200, LIST, Content_Length=str(len(LIST) + 10))
    list_host.answers["/whole"] = LIST
    wanted = {("ofac_sdn", "sdn"): f"{list_host.url}/cut", ("ofac_sdn", "alt"): f"{list_host.url}/whole"}
    answers = fetch_all(wanted, timeout_s=5, deadline_s=30, most_bytes=10_000)
    cut = answers["ofac_sdn", "sdn"]
    assert cut.content is None
    assert (cut.problem or "").startswith("the transfer failed: peer closed connection without sending complete")
    assert answers["ofac_sdn", "alt"].content == LIST


def test_a_packed_file_comes_packed(list_host: ListHost) -> None:
    packed = gzip.compress(LIST, mtime=0)
    list_host.answers["/list.xml.gz"] = packed
    assert fetched(f"{list_host.url}/list.xml.gz").content == packed


def test_a_file_the_host_packs_unasked_comes_packed_so_that_no_bomb_is_inflated_here(list_host: ListHost) -> None:
    packed = gzip.compress(b"\0" * 5_000_000, mtime=0)
    list_host.answers["/list.xml"] = list_host.status(200, packed, Content_Encoding="gzip")
    assert fetched(f"{list_host.url}/list.xml").content == packed


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port of this machine that is bound and listens to no one."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


def test_a_host_that_refuses_is_named_without_the_systems_number(closed_port: int) -> None:
    answer = fetched(f"http://127.0.0.1:{closed_port}/list.xml")
    assert answer.problem == "the host cannot be reached: Connection refused"
    assert answer.host_silent


def test_a_name_that_does_not_resolve_is_said() -> None:
    answer = fetched("http://nonexistent.invalid/list.xml")
    assert (answer.problem or "").startswith("the host cannot be reached: ")
    assert "Errno" not in (answer.problem or "")


def test_a_silent_host_costs_its_seconds_once_for_all_its_files(list_host: ListHost) -> None:
    list_host.answers["/a"] = list_host.answers["/b"] = list_host.silent
    wanted = {("ofac_sdn", part): f"{list_host.url}/{part}" for part in ("a", "b")}
    answers = fetch_all(wanted, timeout_s=0.3, deadline_s=30, most_bytes=10_000)
    assert {answer.problem for answer in answers.values()} == {"the host did not answer within 0.3 seconds"}
    assert list_host.asked == ["/a"]


def test_a_host_that_trickles_is_left_at_the_deadline(list_host: ListHost) -> None:
    list_host.answers["/a"] = list_host.trickling
    answer = fetched(f"{list_host.url}/a", timeout_s=20, deadline_s=0.5)
    assert (answer.problem, answer.content) == ("did not come within 0.5 seconds", None)


def test_one_silent_host_does_not_hold_up_the_others(list_host: ListHost, closed_port: int) -> None:
    list_host.answers["/list.xml"] = LIST
    list_host.answers["/silent"] = list_host.silent
    wanted = {
        ("a", "x"): f"{list_host.url.replace('127.0.0.1', 'localhost')}/silent",
        ("b", "x"): f"{list_host.url}/list.xml",
        ("c", "x"): f"http://127.0.0.1:{closed_port}/",
    }
    answers = fetch_all(wanted, timeout_s=0.5, deadline_s=30, most_bytes=10_000)
    assert [answers[key].problem for key in wanted] == [
        "the host did not answer within 0.5 seconds",
        None,
        "the host cannot be reached: Connection refused",
    ]


def test_a_proxy_that_cannot_be_used_is_a_failed_transfer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:9")
    assert (fetched("http://nonexistent.invalid/").problem or "").startswith("the transfer failed: ")


@pytest.mark.parametrize("url", ["", "list.xml", "http:///x", "http://[::1/", "http://a b/", "http://\x00/"])
def test_no_address_is_a_failed_transfer_and_no_traceback(url: str) -> None:
    assert (fetched(url, deadline_s=5).problem or "").startswith(("the transfer failed: ", "the host cannot be"))


OUTLIVED = """
import sys
from bongsu.cycle.fetch import fetch_all
answers = fetch_all({("a", "x"): sys.argv[1]}, timeout_s=600, deadline_s=0.2, most_bytes=1000)
print(answers["a", "x"].problem)
"""


def test_a_thread_that_still_waits_does_not_keep_the_process_alive(list_host: ListHost) -> None:
    list_host.answers["/silent"] = list_host.silent
    command = [sys.executable, "-c", OUTLIVED, f"{list_host.url}/silent"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "did not come within 0.2 seconds\n", "")
