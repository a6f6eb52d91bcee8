"""A site that is served, a browser, and the story of a finding as people live it there."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
from browser_people import Site
from browser_story import Story, told

# WebGL is drawn by the processor, so that a map is seen on a machine without a graphics card.
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window.

    It ends with its module: as long as Playwright's loop runs, Django refuses the database to this process.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (apt: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def site(cycle_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the sandbox's cycle, served as its operator serves it; everybody needs a second step."""
    if os.environ.get("BONGSU_TEST_DATABASE") == "postgres":
        pytest.skip("the browser asks the same of both databases; it does so once")
    base, port = tmp_path_factory.mktemp("served"), _free_port()
    shutil.copytree(cycle_store, base / "store")
    (base / "bongsu.toml").write_text(
        f'[store]\nurl = "store"\n[sandbox]\nwhen = "always"\n[lists]\n[site]\nfolder = "own"\nmember = "alpha"\n'
        f'member_name = "Member Alpha (SANDBOX)"\nmfa = "required"\nlisten = "127.0.0.1:{port}"\n'
    )
    kept = {name: value for name, value in os.environ.items() if name != "BONGSU_CONFIG"}
    with (base / "told").open("wb") as told:
        server = subprocess.Popen(
            [sys.executable, "-m", "bongsu.cli.main", "serve"], cwd=base, env=kept, stdout=told, stderr=told
        )
    address = f"http://127.0.0.1:{port}"
    try:
        link = _first_link(base / "told", server, address)
        yield Site(address=address, first_link=link, base=base)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)


def _first_link(told: Path, server: subprocess.Popen[bytes], address: str) -> str:
    """The link in what the server says, once the site answers."""
    while server.poll() is None:
        found = re.search(rf"{address}/welcome/\S+", told.read_text())
        if found is not None and _answers(address):
            return found[0]
        time.sleep(0.2)
    pytest.fail(told.read_text())


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/alive") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="module")
def story(chromium: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A finding that was published, and everybody who took part."""
    return told(chromium, site, tmp_path_factory.mktemp("uploads"))
