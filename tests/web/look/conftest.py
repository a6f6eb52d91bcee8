"""The gallery, served with the site's policy, and a browser that keeps its console."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

GALLERY = Path(__file__).parent / "gallery"
STATIC = Path(__file__).parents[3] / "src/bongsu/web/static"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# WebGL is drawn by the processor, so that a map is seen on a machine without a graphics card.
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1000",
)


class GalleryHandler(SimpleHTTPRequestHandler):
    """Serves the gallery at / and the site's static files at /static/, all under the policy."""

    extensions_map = {  # noqa: RUF012 - the base class reads it so
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".geojson": "application/geo+json",
        ".woff2": "font/woff2",
    }

    def translate_path(self, path: str) -> str:
        """The file of an address; the names are ours alone, so none leads out of the folders."""
        name = urlsplit(path).path.lstrip("/") or "index.html"
        return str(STATIC / name.removeprefix("static/") if name.startswith("static/") else GALLERY / name)

    def end_headers(self) -> None:
        """Every answer carries the policy: a worker is held to that of its own file."""
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "max-age=600")
        super().end_headers()

    def do_POST(self) -> None:
        """Answers with the token that came, and with the status that the address asks for."""
        token = self.headers.get("X-CSRFToken", "none")
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = f'<p id="said">token: {token}</p>'.encode()
        self.send_response(int(urlsplit(self.path).query or 200))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments: object) -> None:
        """Nothing: the tests look at the browser's log."""


@pytest.fixture(scope="session")
def gallery() -> Iterator[str]:
    """The address of the gallery."""
    with ThreadingHTTPServer(("127.0.0.1", 0), GalleryHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium that keeps its console and its requests."""
    program, driver_program = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver_program is None:
        pytest.skip("chromium and chromedriver are not installed (apt: chromium chromium-driver)")
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(executable_path=driver_program))
    yield driver
    driver.quit()
