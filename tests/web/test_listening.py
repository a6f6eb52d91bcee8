"""Where the site listens, and what follows for who reaches it, by a real server and by the settings of a process."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bongsu.cycle.site import SiteConfig

SETTINGS = """
import json
from bongsu.web.serving import ready
ready()
from django.conf import settings
print(json.dumps([settings.ALLOWED_HOSTS, settings.SECOND_STEP_REQUIRED]))
"""
KEPT = {name: value for name, value in os.environ.items() if name not in {"BONGSU_CONFIG", "BONGSU_DATABASE"}}


def _settings(tmp_path: Path, listen: str) -> Any:
    told = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=tmp_path,
        env={**KEPT, "BONGSU_LISTEN": listen},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(told.stdout)


def test_an_address_given_for_the_process_decides_who_is_let_in_and_how(tmp_path: Path) -> None:
    assert _settings(tmp_path, "192.0.2.1:8718") == [["192.0.2.1"], True]
    assert _settings(tmp_path, "[::1]:8718") == [["[::1]", "localhost"], False]


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        (SiteConfig(), "http://127.0.0.1:8718"),
        (SiteConfig(https=True, hosts=("sandbox.example",)), "https://sandbox.example"),
        (SiteConfig(listen="0.0.0.0:80", hosts=("sandbox.example",)), "http://sandbox.example:80"),
        (SiteConfig(listen="[::1]:8718"), "http://[::1]:8718"),
    ],
)
def test_browsers_ask_where_something_answers(site: SiteConfig, origin: str) -> None:
    assert site.origin == origin


def test_a_site_on_ipv6_prints_the_name_of_its_proxy_and_believes_it(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        port: int = probe.getsockname()[1]
    config = tmp_path / "bongsu.toml"
    config.write_text('[site]\nhosts = ["sandbox.example"]\nhttps = true\nbehind_proxy = true\n[lists]\n')
    served = subprocess.Popen(
        [sys.executable, "-m", "bongsu.cli.main", "serve", "--config", str(config), "--listen", f"[::1]:{port}"],
        cwd=tmp_path,
        env={**KEPT, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert served.stdout is not None
        printed = ""
        while "Ctrl-C" not in printed:
            line = served.stdout.readline()
            assert line, "the site ended"
            printed += line
        assert "the site is at https://sandbox.example/\n" in printed
        assert re.search(r"with https://sandbox\.example/welcome/[\w-]{43}/\n", printed)
        _wait(port)
        with closing(http.client.HTTPConnection("::1", port, timeout=30)) as connection:
            headers = {"Host": "sandbox.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
            connection.request("GET", "/alive", headers=headers)
            assert connection.getresponse().status == 200
    finally:
        served.terminate()
        served.communicate(timeout=30)


def _wait(port: int) -> None:
    """Until something listens."""
    for _ in range(600):
        with socket.socket(socket.AF_INET6) as probe:
            if probe.connect_ex(("::1", port)) == 0:
                return
        time.sleep(0.2)
