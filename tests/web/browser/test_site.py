"""The site in a browser: the story of a finding, then every page, for all eyes, on small screens, by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_people import Someone, with_browser
from browser_story import SENTENCE, Story
from playwright.sync_api import Browser, Page, expect

# With the addresses of the story: `{case}`, `{finding}`, `{indicator}`, `{entity}`, `{ship}`, and the digests and the
# id `{ledger}`, `{picture}`, `{case_id}`.
PAGES = (
    "/",
    "/indicators/",
    "{indicator}",
    "/ships/",
    "{ship}",
    "/petroleum/",
    "/sources/",
    "/sources/lists/un_sc/",
    "/exhibits/",
    "/exhibits/add/",
    "/exhibits/{ledger}/?at=row%3D2",
    "/exhibits/{picture}/?at=xywh%3D40,60,200,120",
    "/exhibits/cases/{case_id}/",
    "/register/?q=sandbox",
    "{entity}",
    "/law/",
    "/law/ask/",
    "/law/timeline/",
    "/law/measures/",
    "/law/measures/2397/5/",
    "/law/resolutions/2397/",
    "/cases/",
    "/cases/?view=columns",
    "/cases/suggested/",
    "/cases/requests/",
    "/cases/recommendations/",
    "/cases/reports/",
    "/cases/evidence/",
    "/cases/open/",
    "{case}",
    "{case}history/",
    "{case}views/",
    "{case}statement/",
    "{case}do/send_request/",
    "{case}do/change_handling/",
    "{finding}",
    "{finding}versions/1/",
    "{finding}letter/?language=ko",
    "{finding}do/send_notice/",
    "/search/?q=sandbox",
    "/people/",
    "/people/me/",
    "/nowhere/",
)
NOT_THERE = "/nowhere/"
SERIOUS = {"serious", "critical"}
NARROW, WIDE = 360, 1280


def address(story: Story, pattern: str) -> str:
    """The address of a page of the story."""
    parts = {name: getattr(story, name) for name in ("case", "finding", "indicator", "entity", "ship")}
    found = pattern.format(**parts, **story.exhibits, case_id=story.case.rstrip("/").rpartition("/")[2])
    return found if found.startswith("http") else story.site.address + found


@pytest.fixture
def cora(story: Story) -> Iterator[Someone]:
    """The coordinator, who sees most; her browser's complaints begin anew."""
    someone = story.people["cora"]
    someone.complaints.clear()
    yield someone
    someone.page.emulate_media(color_scheme="light")
    someone.page.set_viewport_size({"width": WIDE, "height": 900})


def look_at(someone: Someone, where: str, status: int = 200) -> Page:
    answer = someone.page.goto(where)
    assert answer is not None
    assert answer.status == status
    someone.page.wait_for_load_state("load")
    return someone.page


def test_a_finding_goes_from_a_sign_to_publication(story: Story) -> None:
    reader = story.people["rob"].page
    reader.goto(story.finding)
    expect(reader.locator(".page-head")).to_contain_text("published")
    expect(reader.locator(".page-head")).to_contain_text("TLP:CLEAR")
    for said in (SENTENCE, "She was elsewhere.", "The ledger says otherwise", "established", "2397/9"):
        expect(reader.locator("main")).to_contain_text(said)


def test_the_cited_row_is_shown_in_the_exhibit(story: Story) -> None:
    assert "SANDBOX SHIP ONE" in story.highlighted
    assert "SANDBOX SHIP TWO" not in story.highlighted


def test_a_name_was_found_by_the_screener(story: Story) -> None:
    assert "SANDBOX PERSON ONE" in story.screened


def test_no_page_made_the_browser_complain(story: Story) -> None:
    assert [each for someone in story.people.values() for each in someone.complaints] == []


@pytest.mark.parametrize("pattern", PAGES)
def test_a_page_is_for_everyone(story: Story, cora: Someone, pattern: str) -> None:
    """No serious barrier by axe-core, in light and in dark; nothing wider than a small screen; no complaint."""
    look_without_barriers(cora, address(story, pattern), 404 if pattern == NOT_THERE else 200)


def test_the_pages_of_administrators_and_of_those_who_sign_in_are_for_everyone(story: Story, chromium: Browser) -> None:
    look_without_barriers(story.people["administrator"], f"{story.site.address}/people/new/")
    look_without_barriers(with_browser(chromium, "nobody"), f"{story.site.address}/accounts/login/")


def test_a_box_is_drawn_where_it_is_cited(story: Story, cora: Someone) -> None:
    page = look_at(cora, address(story, "/exhibits/{picture}/?at=xywh%3D40,60,200,120"))
    image = page.locator(".exhibit-image").bounding_box()
    box = page.locator(".exhibit-framed rect").last.evaluate(
        "rect => { const box = rect.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] }"
    )
    assert image is not None
    across, down = image["width"] / 400, image["height"] / 300
    drawn = [image["x"] + 40 * across, image["y"] + 60 * down, 200 * across, 120 * down]
    assert all(abs(is_ - meant) < 3 for is_, meant in zip(box, drawn, strict=True)), (box, drawn)  # lines have a width


def look_without_barriers(someone: Someone, where: str, status: int = 200) -> None:
    """No serious barrier, in light and in dark; nothing too wide for a small screen; no complaint."""
    someone.complaints.clear()
    page = look_at(someone, where, status)
    barriers = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("document.getAnimations().length === 0")
        found = Axe().run(page).response["violations"]
        barriers += [
            (scheme, each["id"], [node["html"][:200] for node in each["nodes"][:3]])
            for each in found
            if each["impact"] in SERIOUS
        ]
    assert barriers == []
    page.set_viewport_size({"width": NARROW, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    assert someone.complaints == []


def test_a_barrier_is_found_where_there_is_one(story: Story, cora: Someone) -> None:
    """What finds nothing everywhere must find something here."""
    page = look_at(cora, story.finding)
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in SERIOUS] == ["button-name"]


@pytest.mark.parametrize("pattern", ["/", "/cases/", "{finding}", "{case}do/send_request/", "/law/ask/"])
def test_the_keyboard_skips_to_the_page_and_reaches_its_first_action(story: Story, cora: Someone, pattern: str) -> None:
    page = look_at(cora, address(story, pattern))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]  # it is on the page, so it has a box
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    action = page.locator("main :is(button, a).primary").first
    if action.count() == 0:
        return
    for _ in range(60):
        if action.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail("the main action was not reached")


@pytest.mark.parametrize("role", ["administrator", "ann", "rob"])
def test_the_navigation_leads_nowhere_that_refuses(story: Story, role: str) -> None:
    page = look_at(story.people[role], story.site.address)
    links = page.locator(".site-nav a").evaluate_all("links => links.map(link => link.href)")
    assert len(links) >= 9
    assert {link: page.goto(link).status for link in links} == dict.fromkeys(links, 200)  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["ko", "ja", "fr"])
def test_a_finding_fits_a_small_screen_in_every_language(story: Story, cora: Someone, language: str) -> None:
    page = look_at(cora, story.finding)
    page.locator(f".languages [value={language}]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language
    page.set_viewport_size({"width": NARROW, "height": 800})
    for where in (story.finding, story.case, f"{story.site.address}/cases/suggested/"):
        look_at(cora, where)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.set_viewport_size({"width": WIDE, "height": 900})
    page.locator(".languages [value=en]").click()
    page.wait_for_load_state()
