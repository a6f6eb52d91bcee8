"""The report's page in a real browser: no network, no errors, usable on a telephone, by keyboard and on paper."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bongsu.cycle.config import Config
from bongsu.cycle.run import run_cycle

CLOCK = datetime(2026, 3, 1, 6, tzinfo=UTC)
BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1200,1600",
)

pytestmark = pytest.mark.skipif(
    BROWSER is None or DRIVER is None,
    reason="chromium and chromedriver are not installed (apt: chromium chromium-driver)",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report of the sandbox."""
    store = tmp_path_factory.mktemp("store")
    result = run_cycle(Config(store=str(store), sandbox="always"), CLOCK, lambda: CLOCK)
    return (store / result.folder / "report.html").as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium that keeps its console and its requests."""
    options = ChromeOptions()
    options.binary_location = str(BROWSER)
    for argument in (*ARGUMENTS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(executable_path=str(DRIVER)))
    yield driver
    driver.quit()


def test_the_page_asks_for_nothing_and_says_nothing_on_the_console(browser: Chrome, page: str) -> None:
    browser.get(page)
    logged = [json.loads(row["message"])["message"] for row in browser.get_log("performance")]
    sent = [row["params"] for row in logged if row["method"] == "Network.requestWillBeSent"]
    # The browser's own first tab asks for things of its own; what counts is what this document asked for.
    assert [row["request"]["url"] for row in sent if row["documentURL"] == page] == [page]
    assert browser.get_log("browser") == []


def test_a_citation_opens_the_record_of_its_exhibit(browser: Chrome, page: str) -> None:
    browser.get(page)
    link = browser.find_element(By.CSS_SELECTOR, "#changed a.cite")
    link.click()
    target = browser.find_element(By.CSS_SELECTOR, ":target")
    assert target.get_attribute("class") == "exhibit"
    digest = (link.get_attribute("title") or "").removeprefix("sha256:").partition("#")[0]
    assert digest in target.text


@pytest.mark.parametrize("width", [360, 768, 1200])
def test_nothing_runs_over_the_edge(browser: Chrome, page: str, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.get(page)
    browser.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_the_first_key_reaches_the_link_past_the_navigation(browser: Chrome, page: str) -> None:
    browser.get(page)
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.get_attribute("href") == f"{page}#main"
    assert focused.is_displayed()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Chrome, page: str, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: text of normal size has a contrast of at least 4.5 to 1."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(page)
    browser.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")
    pale = browser.execute_script(CONTRAST)
    assert pale == []


def test_paper_shows_what_is_folded_away_on_the_screen(browser: Chrome, page: str, tmp_path: Path) -> None:
    browser.get(page)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    shown = browser.execute_script(
        "return [...document.querySelectorAll('details:not([open]) > *:not(summary)')]"
        ".every(part => part.checkVisibility())"
    )
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    assert shown
    assert base64.b64decode(printed["data"]).startswith(b"%PDF-")


# Relative luminance and contrast as WCAG 2.2 defines them, over every element that holds text of its own.
CONTRAST = """
const channel = value => { value /= 255; return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4 };
const luminance = rgb => 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) + 0.0722 * channel(rgb[2]);
const numbers = text => text.match(/[0-9.]+/g).map(Number);
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const rgb = numbers(getComputedStyle(at).backgroundColor);
    if (rgb.length === 3 || rgb[3] === 1) return rgb;
  }
  return [255, 255, 255];
};
const pale = [];
for (const element of document.querySelectorAll('body *')) {
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  if (!own || !element.getClientRects().length) continue;
  const pair = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
  const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (contrast < 4.5) pale.push(element.tagName + '.' + element.className + ' ' + contrast.toFixed(2));
}
return [...new Set(pale)];
"""
