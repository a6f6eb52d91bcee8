"""The site in a browser: the story of a finding, then every page, for all eyes, on small screens, by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_people import Someone, with_browser
from browser_story import BLACK_BOX, SENTENCE, Story
from playwright.sync_api import Browser, Page, expect

# With the addresses of the story: `{case}`, `{finding}`, `{indicator}`, `{entity}`, `{ship}`, and the digests and the
# id `{ledger}`, `{picture}`, `{bill}`, `{case_id}`.
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
    "/exhibits/{bill}/",
    "/exhibits/{bill}/?at=page%3D2%26xywh%3D72,292,200,100",
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
    expect(page.locator(".exhibit-image")).to_have_js_property("naturalWidth", 400)
    image = page.locator(".exhibit-image").bounding_box()
    box = page.locator(".exhibit-framed rect").last.evaluate(
        "rect => { const box = rect.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] }"
    )
    assert image is not None
    across, down = image["width"] / 400, image["height"] / 300
    drawn = [image["x"] + 40 * across, image["y"] + 60 * down, 200 * across, 120 * down]
    assert all(abs(is_ - meant) < 3 for is_, meant in zip(box, drawn, strict=True)), (box, drawn)  # lines have a width


def drag(page: Page, box: tuple[int, int, int, int], size: tuple[int, int]) -> None:
    """Drag from one corner of a box to the other, on the picture of what measures so much."""
    page.get_by_role("button", name="Choose a box").click()
    choosing = page.locator("svg.choosing")
    choosing.scroll_into_view_if_needed()
    shown = choosing.bounding_box()
    assert shown is not None
    across, down = shown["width"] / size[0], shown["height"] / size[1]
    left, top, width, height = box
    page.mouse.move(shown["x"] + (left + width) * across, shown["y"] + (top + height) * down)
    page.mouse.down()
    page.mouse.move(shown["x"] + (left + width / 2) * across, shown["y"] + top * down)
    page.mouse.move(shown["x"] + left * across, shown["y"] + top * down)
    page.mouse.up()


def locator_in(page: Page) -> str:
    """The locator of the citation that the page tells."""
    return page.locator("#chosen").inner_text().partition("#")[2]


def near(locator: str, box: tuple[int, int, int, int]) -> bool:
    """Whether a locator names a box, give or take what a pixel of the screen is."""
    numbers = [int(each) for each in locator.rpartition("=")[2].split(",")]
    return all(abs(is_ - meant) <= 2 for is_, meant in zip(numbers, box, strict=True))


def darkness(page: Page) -> tuple[float, float]:
    """How much of a page's picture is dark inside the box that is drawn over it, and outside; from 0 to 1."""
    inside, outside = page.evaluate(
        """() => {
          const image = document.querySelector('.exhibit-image');
          const canvas = Object.assign(document.createElement('canvas'),
            {width: image.naturalWidth, height: image.naturalHeight});
          const pen = canvas.getContext('2d');
          pen.drawImage(image, 0, 0);
          const shown = image.getBoundingClientRect();
          const box = document.querySelector('.exhibit-framed > svg:not(.choosing) rect').getBoundingClientRect();
          const scale = canvas.width / shown.width;
          const [left, top] = [(box.x - shown.x) * scale, (box.y - shown.y) * scale];
          const [right, bottom] = [left + box.width * scale, top + box.height * scale];
          const {data} = pen.getImageData(0, 0, canvas.width, canvas.height);
          const dark = [0, 0], all = [0, 0];
          for (let at = 0; at < data.length; at += 4) {
            const x = (at / 4) % canvas.width, y = Math.floor(at / 4 / canvas.width);
            const where = x > left && x < right && y > top && y < bottom ? 0 : 1;
            all[where] += 1;
            dark[where] += data[at] < 64;
          }
          return [dark[0] / all[0], dark[1] / all[1]];
        }"""
    )
    return inside, outside


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_a_box_is_dragged_over_a_page_and_used_as_evidence(story: Story, width: int) -> None:
    someone = story.people["ann"]
    someone.page.set_viewport_size({"width": width, "height": 900})
    page = look_at(someone, address(story, "/exhibits/{bill}/?at=page%3D2"))
    drag(page, BLACK_BOX, (612, 792))
    locator = locator_in(page)
    assert page.locator("#chosen").inner_text() == f"sha256:{story.exhibits['bill']}#{locator}"
    assert locator.startswith("page=2&xywh=")
    assert near(locator, BLACK_BOX), locator
    someone.follow("Show this box")
    expect(page.locator("h2 code").first).to_have_text(locator)
    expect(page.locator(".exhibit-image")).to_have_js_property("complete", True)
    inside, outside = darkness(page)
    assert inside > 0.9
    assert outside < 0.02
    drag(page, BLACK_BOX, (612, 792))
    locator = locator_in(page)
    someone.follow("Use this box as evidence")
    expect(page.locator("main")).to_contain_text(f"#{locator}")
    assert someone.complaints == []
    page.set_viewport_size({"width": WIDE, "height": 900})


def test_a_box_is_written_by_the_keyboard_alone(story: Story, cora: Someone) -> None:
    page = look_at(cora, address(story, "/exhibits/{bill}/"))
    button = page.get_by_role("button", name="Choose a box")
    button.focus()
    page.keyboard.press("Enter")
    for number in (10, 20, 300, 40):
        page.keyboard.press("Tab")
        page.keyboard.type(str(number))
    assert locator_in(page) == "page=1&xywh=10,20,300,40"
    drawn = page.locator("svg.choosing rect").last
    assert [drawn.get_attribute(name) for name in ("x", "y", "width", "height")] == ["10", "20", "300", "40"]
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(page.locator("svg.choosing")).to_have_count(0)


def test_a_box_is_dragged_over_an_image(story: Story, cora: Someone) -> None:
    page = look_at(cora, address(story, "/exhibits/{picture}/"))
    drag(page, (40, 60, 200, 120), (400, 300))
    assert locator_in(page).startswith("xywh=")
    assert near(locator_in(page), (40, 60, 200, 120))


def test_the_way_through_the_pages_of_a_file_is_walked_by_the_keyboard(story: Story, cora: Someone) -> None:
    page = look_at(cora, address(story, "/exhibits/{bill}/"))
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"at=page%3D2#here$"))
    expect(page.get_by_alt_text("Page 2 of 2 of")).to_be_visible()
    page.get_by_label("Go to page").fill("1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"at=page%3D1#here$"))


def test_why_there_is_no_picture_is_told_where_it_would_be(story: Story, cora: Someone) -> None:
    page = look_at(cora, address(story, "/exhibits/{vast}/"))
    expect(page.locator("[data-failed]")).to_contain_text("The page measures more than a page of a PDF file may.")
    expect(page.locator("[data-choose]")).to_be_hidden()
    expect(page.get_by_role("link", name="Larger picture")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("SANDBOX VAST")


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
