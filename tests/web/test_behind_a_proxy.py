"""A site behind a server that speaks HTTPS: whom its headers are believed of, by a real server and real requests."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _asked(port: int, **headers: str) -> http.client.HTTPResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", "/alive", headers={"Host": "sandbox.example", **named})
        answer = connection.getresponse()
        answer.read()
        return answer


@pytest.fixture(params=[True, False], ids=["behind a proxy", "alone"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, bool]]:
    """The port of a site that is served over HTTPS by another server, and whether it was told of that server."""
    port = _free_port()
    config = tmp_path / "bongsu.toml"
    config.write_text(
        f'[site]\nlisten = "127.0.0.1:{port}"\nhosts = ["sandbox.example"]\nhttps = true\n'
        f"behind_proxy = {str(request.param).lower()}\n[lists]\n"
    )
    environment = {
        name: value for name, value in os.environ.items() if name not in {"BONGSU_CONFIG", "BONGSU_DATABASE"}
    }
    served = subprocess.Popen(
        [sys.executable, "-m", "bongsu.cli.main", "serve", "--config", str(config)],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert served.poll() is None, "the site ended"
            time.sleep(0.2)
        yield port, request.param
    finally:
        served.terminate()
        served.wait(30)


def test_only_a_site_that_was_told_of_its_proxy_believes_it(site: tuple[int, bool]) -> None:
    port, told = site
    plain = _asked(port)
    assert plain.status == 301
    assert plain.headers["Location"] == "https://sandbox.example/alive"
    forwarded = _asked(port, X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.7")
    assert forwarded.status == (200 if told else 301)
    if told:
        assert "max-age" in forwarded.headers["Strict-Transport-Security"]
