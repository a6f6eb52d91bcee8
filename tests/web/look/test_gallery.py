"""The look and the elements in a real browser, under the site's policy: they draw, and nothing hostile is run."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

HOSTILE = "<img src=x onerror=alert(1)>"
LONGEST_S = 60
WIDTHS = (360, 768, 1200)
NARROW = 360


def wait(browser: Chrome, script: str) -> None:
    """Until the script answers with something true."""
    WebDriverWait(browser, LONGEST_S).until(lambda driver: driver.execute_script(f"return {script}"))


def opened(browser: Chrome, gallery: str) -> Chrome:
    """The gallery, once each element has come to its end."""
    browser.get(gallery)
    wait(
        browser,
        "[...document.querySelectorAll('bongsu-map, bongsu-graph, bongsu-chart, bongsu-timeline')]"
        ".every(element => ['ready', 'failed', 'empty'].includes(element.dataset.state))",
    )
    return browser


@pytest.fixture(scope="module")
def still(browser: Chrome, gallery: str) -> Chrome:
    """The gallery as it opens, for tests that only look; they come first, before any that changes it."""
    return opened(browser, gallery)


@pytest.fixture
def page(browser: Chrome, gallery: str) -> Iterator[Chrome]:
    """The gallery, with an empty console and no theme chosen."""
    browser.get(gallery)
    browser.execute_script("localStorage.clear()")
    browser.get_log("browser")
    browser.get_log("performance")
    yield opened(browser, gallery)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def test_the_page_says_nothing_on_the_console_and_breaks_no_policy(still: Chrome) -> None:
    """A refused style, script, worker or picture would be a line of the console."""
    assert still.get_log("browser") == []


def test_the_page_asks_only_its_own_host(still: Chrome, gallery: str) -> None:
    logged = [json.loads(row["message"])["message"] for row in still.get_log("performance")]
    sent = [row["params"] for row in logged if row["method"] == "Network.requestWillBeSent"]
    # The browser's own first tab asks for things of its own; what counts is what this document asked for.
    asked = [row["request"]["url"] for row in sent if row["documentURL"].startswith(gallery)]
    others = {url.partition(":")[0] for url in asked if not url.startswith(gallery)}
    assert any("maplibre-gl-worker" in url for url in [*asked, *still.execute_script(ASKED)])
    assert others <= {"data", "blob"}


@pytest.mark.parametrize("element", ["the-map", "the-graph", "the-chart", "the-timeline"])
def test_an_element_draws_and_folds_its_table(still: Chrome, element: str) -> None:
    drawn = still.find_element(By.ID, element)
    assert drawn.get_attribute("data-state") == "ready"
    assert not still.execute_script("return arguments[0].querySelector('.fallback').open", drawn)
    assert drawn.find_element(By.CSS_SELECTOR, ".drawing").get_attribute("aria-label") == drawn.get_attribute("label")


@pytest.mark.parametrize("element", ["the-map", "the-graph"])
def test_a_canvas_holds_a_picture(still: Chrome, element: str) -> None:
    """More than a handful of colours: a blank canvas has one."""
    assert still.execute_script(COLOURS, element) > 8


def test_a_chart_and_a_timeline_hold_marks(still: Chrome) -> None:
    assert len(still.find_elements(By.CSS_SELECTOR, "#the-chart svg .mark-rect path[aria-roledescription=bar]")) == 6
    assert len(still.find_elements(By.CSS_SELECTOR, "#the-timeline .vis-item-content")) == 6


def test_a_drawing_that_fails_opens_its_table_and_an_empty_one_says_so(still: Chrome) -> None:
    broken = still.find_element(By.ID, "the-broken")
    assert broken.get_attribute("data-state") == "failed"
    assert "The table stays." in broken.text
    assert still.find_element(By.ID, "the-empty").text == "Nothing to draw."


def test_the_times_of_a_timeline_are_utc(page: Chrome) -> None:
    """An item at 2026-03-09T00:00Z begins at the line of the 9th, wherever the browser is."""
    page.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Seoul"})
    opened(page, page.current_url)
    lines, item = page.execute_script(
        "const all = [...document.querySelectorAll('#the-timeline .vis-text.vis-minor')];"
        "const line = all.find(text => text.textContent === '9').getBoundingClientRect().left;"
        "const item = document.querySelector('#the-timeline .vis-item.good').getBoundingClientRect().left;"
        "return [line, item]"
    )
    page.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})
    assert abs(lines - item) < 6


def test_a_timeline_is_ready_once_it_is_fitted_to_its_items(page: Chrome) -> None:
    """The library first draws a week around today: a page that is photographed or printed then would show nothing."""
    script = page.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TICKS_WHEN_READY})
    opened(page, page.current_url)
    page.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)
    assert "9" in page.execute_script("return window.ticksWhenReady")


def test_a_hostile_name_is_shown_as_text(page: Chrome) -> None:
    """As the label of an item, of a bar, and in a popup; and no picture was made of it."""
    assert HOSTILE in page.find_element(By.ID, "the-timeline").text
    for _ in range(3):
        page.find_element(By.XPATH, "//bongsu-map//button[text()='Next']").click()
    popup = page.find_element(By.CSS_SELECTOR, "#the-map .maplibregl-popup")
    assert popup.find_element(By.TAG_NAME, "h3").text == HOSTILE
    assert "<script>alert(1)</script>" in popup.text
    assert "<b>said</b>" in popup.text
    assert page.find_elements(By.CSS_SELECTOR, "main img") == []
    assert page.get_log("browser") == []


def test_an_address_that_runs_script_is_no_link(page: Chrome) -> None:
    for _ in range(3):
        page.find_element(By.XPATH, "//bongsu-map//button[text()='Next']").click()
    assert page.find_elements(By.CSS_SELECTOR, ".maplibregl-popup a") == []
    addresses = page.execute_script("return [...document.querySelectorAll('.drawing a')].map(link => link.protocol)")
    assert set(addresses) == {"http:"}


def test_a_property_that_begins_with_a_line_is_kept_from_the_popup(page: Chrome) -> None:
    for _ in range(2):
        page.find_element(By.XPATH, "//bongsu-map//button[text()='Next']").click()
    popup = page.find_element(By.CSS_SELECTOR, "#the-map .maplibregl-popup")
    assert "412" in popup.text
    assert "not shown" not in popup.text


def test_a_click_on_the_map_opens_what_lies_uppermost(page: Chrome) -> None:
    """The first feature is the area, whose middle the map is moved to; the meeting lies a few pixels off it."""
    page.find_element(By.XPATH, "//bongsu-map//button[text()='Next']").click()
    frame = page.find_element(By.CSS_SELECTOR, "#the-map .maplibregl-canvas")
    titles = []
    for offset in ((40, 20), (0, 4)):
        page.execute_script("document.querySelector('.maplibregl-popup')?.remove()")
        ActionChains(page).move_to_element_with_offset(frame, *offset).click().perform()
        wait(page, "document.querySelector('.maplibregl-popup h3')")
        titles.append(page.find_element(By.CSS_SELECTOR, ".maplibregl-popup h3").text)
    assert titles == ["Area to look at", HOSTILE]


def test_a_graph_is_walked_by_keys_and_enter_follows(page: Chrome) -> None:
    place = page.find_element(By.CSS_SELECTOR, "#the-graph .drawing")
    place.send_keys(Keys.ARROW_RIGHT)
    assert "1 of 8: SANDBOX HAZEL" in page.find_element(By.ID, "the-graph").text
    place.send_keys(Keys.ENTER)
    assert page.current_url.endswith("#ship")


def test_a_chart_that_htmx_fetched_is_drawn(page: Chrome) -> None:
    page.find_element(By.ID, "more").click()
    wait(page, "document.getElementById('the-fetched')?.dataset.state === 'ready'")
    assert page.find_elements(By.CSS_SELECTOR, "#the-fetched svg")
    assert page.get_log("browser") == []


def test_a_form_sent_by_htmx_carries_the_token(page: Chrome) -> None:
    page.execute_script("document.getElementById('toasts').replaceChildren()")
    page.execute_script("arguments[0].click()", page.find_element(By.ID, "save"))
    wait(page, "document.getElementById('said')")
    assert page.find_element(By.ID, "said").text == "token: token-of-the-gallery"


def test_a_refusal_is_a_message_and_a_form_sent_back_is_shown(page: Chrome) -> None:
    """The library by itself would put the whole page of a refusal into the target."""
    page.execute_script("document.getElementById('refused').click()")
    wait(page, "document.querySelector('.toast.bad')")
    assert "(403)" in page.find_element(By.CSS_SELECTOR, ".toast.bad").text
    assert page.find_element(By.ID, "answer").text == ""
    page.execute_script("document.getElementById('sent-back').click()")
    wait(page, "document.getElementById('said')")
    assert len(page.find_elements(By.CSS_SELECTOR, ".toast.bad")) == 1


def test_the_chosen_theme_is_kept_and_the_drawings_follow(page: Chrome) -> None:
    before = page.execute_script(GROUND, "the-map")
    ActionChains(page).click(page.find_element(By.CSS_SELECTOR, "[data-theme-choice=dark]")).perform()
    wait(page, "document.querySelector('[data-theme-choice=dark]').getAttribute('aria-pressed') === 'true'")
    wait(
        page,
        f"(() => {{ {GROUND.replace('arguments[0]', repr('the-map'))} }})().join() !== '{','.join(map(str, before))}'",
    )
    page.refresh()
    assert page.execute_script("return document.documentElement.dataset.theme") == "dark"
    ActionChains(page).click(page.find_element(By.CSS_SELECTOR, "[data-theme-choice=system]")).perform()
    assert page.execute_script("return document.documentElement.dataset.theme ?? null") is None


def test_keys_find_search_help_and_pages(page: Chrome) -> None:
    body = page.find_element(By.TAG_NAME, "body")
    body.send_keys("gl")
    assert page.current_url.endswith("#law")
    body.send_keys("/")
    assert page.switch_to.active_element.get_attribute("id") == "q"
    page.switch_to.active_element.send_keys("?")
    assert not page.find_element(By.ID, "help").is_displayed()
    page.execute_script("document.activeElement.blur()")
    body.send_keys("?")
    assert page.find_element(By.ID, "help").is_displayed()
    page.find_element(By.CSS_SELECTOR, "#help [data-closes]").click()
    assert not page.find_element(By.ID, "help").is_displayed()


def test_a_digest_is_copied_and_said(page: Chrome, gallery: str) -> None:
    grant = {"origin": gallery.rstrip("/"), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.execute_cdp_cmd("Browser.grantPermissions", grant)
    button = page.find_element(By.CSS_SELECTOR, "[data-copy-from=digest]")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait(page, "document.getElementById('bongsu-said')?.textContent === 'Copied'")
    copied = page.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == page.find_element(By.ID, "digest").text.replace("\n", "")


def test_a_message_goes_when_it_is_dismissed(page: Chrome) -> None:
    page.find_element(By.CSS_SELECTOR, ".toast [data-dismiss]").click()
    assert page.find_elements(By.CSS_SELECTOR, ".toast") == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_runs_over_the_edge(page: Chrome, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    opened(page, page.current_url)
    page.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_the_navigation_is_folded_on_a_telephone_and_a_bar_on_a_desk(page: Chrome) -> None:
    # Not by the driver's own word, which takes whatever is in a closed <details> for hidden.
    seen = "document.querySelector('.site-nav a').checkVisibility({contentVisibilityAuto: true})"
    assert page.execute_script(f"return {seen}")
    metrics = {"width": NARROW, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert not page.execute_script(f"return {seen}")
    page.find_element(By.CSS_SELECTOR, ".menu > summary").click()
    assert page.execute_script(f"return {seen}")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_pressed_is_24_pixels_high_or_stands_in_a_sentence(page: Chrome, width: int) -> None:
    """WCAG 2.2, 2.5.8, with its exception for links inside text."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    assert page.execute_script(SMALL) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Chrome, scheme: str) -> None:
    """WCAG 2.2, 1.4.3: text of normal size has a contrast of at least 4.5 to 1."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    opened(page, page.current_url)
    page.execute_script("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert page.execute_script(CONTRAST) == []


def test_the_focus_is_seen_and_the_first_key_skips_the_navigation(page: Chrome, gallery: str) -> None:
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = page.switch_to.active_element
    assert focused.get_attribute("href") == f"{gallery}#main"
    assert focused.is_displayed()
    assert focused.value_of_css_property("outline-style") == "solid"


def test_paper_has_the_tables_and_the_addresses_but_no_navigation(page: Chrome) -> None:
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": []})
    hidden = page.execute_script(
        "return ['.site-head', '.crumbs', '.filters', '.pages', '.toasts', '.copy']"
        ".filter(part => document.querySelector(part).checkVisibility())"
    )
    shown = page.execute_script(
        "return [...document.querySelectorAll('.fallback > *:not(summary)')].every(part => part.checkVisibility())"
    )
    address = page.execute_script(
        "return getComputedStyle(document.querySelector('.exhibits a[href]'), '::after').content"
    )
    printed = page.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    assert hidden == []
    assert shown
    assert "#exhibit-1" in address
    assert base64.b64decode(printed["data"]).startswith(b"%PDF-")


def test_without_scripts_every_table_is_open(browser: Chrome, gallery: str) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(gallery)
    table = browser.find_element(By.CSS_SELECTOR, "#the-map .fallback table")
    shown = table.is_displayed()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert shown


# The numbers along a timeline's axis at the moment it calls itself ready.
TICKS_WHEN_READY = """
new MutationObserver(changes => {
  const timeline = changes.map(change => change.target).find(target => target.id === 'the-timeline');
  if (timeline?.dataset.state !== 'ready') return;
  window.ticksWhenReady = [...timeline.querySelectorAll('.vis-text.vis-minor')].map(tick => tick.textContent);
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] });
"""

ASKED = "return performance.getEntriesByType('resource').map(entry => entry.name)"

# How many colours a canvas holds, of every seventh pixel. Cytoscape draws on three canvases, one over the other.
COLOURS = """
const colours = new Set();
for (const canvas of document.getElementById(arguments[0]).querySelectorAll('canvas')) {
  const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
  const context = copy.getContext('2d');
  context.drawImage(canvas, 0, 0);
  const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
  for (let at = 0; at < pixels.length; at += 28) colours.add(pixels.slice(at, at + 4).join());
}
return colours.size;
"""

# The colour of the map's corner, which is land or sea.
GROUND = """
const canvas = document.getElementById(arguments[0]).querySelector('canvas');
const copy = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
copy.getContext('2d').drawImage(canvas, 2, 2, 1, 1, 0, 0, 1, 1);
return [...copy.getContext('2d').getImageData(0, 0, 1, 1).data];
"""

SMALL = """
const inText = element => element.matches('p a, li a, td a, th a, dd a, footer a, h3 a');
return [...document.querySelectorAll('a, button, input, select, textarea, summary')]
  .filter(element => element.checkVisibility() && !inText(element) && !element.closest('.skip, label, .vis-timeline'))
  .filter(element => element.getBoundingClientRect().height < 23.5)
  .map(element => element.tagName + '.' + element.className + ' ' + element.getBoundingClientRect().height);
"""

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
  const apart = 'svg, :disabled, script, .maplibregl-cooperative-gesture-screen';
  if (!own || !element.checkVisibility() || element.closest(apart)) continue;
  const pair = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))].sort((a, b) => b - a);
  const contrast = (pair[0] + 0.05) / (pair[1] + 0.05);
  if (contrast < 4.5) pale.push(element.tagName + '.' + element.className + ' ' + contrast.toFixed(2));
}
return [...new Set(pale)];
"""
