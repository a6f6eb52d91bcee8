"""The pictures of the documentation, taken anew by `make screenshots`; all that is on them is invented."""

from __future__ import annotations

from pathlib import Path

from browser_story import Story
from playwright.sync_api import expect

IMAGES = Path(__file__).parents[3] / "docs/images"
MOST_BYTES = 1_500_000
WIDTH, HEIGHT = 1100, 760
PICTURES = {
    "watch": "/",
    "indicator": "{indicator}",
    "register": "/register/?q=sandbox+person",
    "suggested": "/cases/suggested/",
    "board": "/cases/?view=columns",
    "finding": "{finding}",
    "exhibit": "/exhibits/{ledger}/?at=row%3D2",
    "notice": "{finding}letter/?language=ko",
    "petroleum": "/petroleum/",
    "law": "/law/timeline/",
}


def test_the_pictures_are_taken(story: Story) -> None:
    page = story.people["cora"].page
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    IMAGES.mkdir(exist_ok=True)
    parts = {"case": story.case, "finding": story.finding, "indicator": story.indicator, **story.exhibits}
    for name, pattern in PICTURES.items():
        where = pattern.format(**parts)
        page.goto(where if where.startswith("http") else story.site.address + where)
        page.wait_for_load_state("networkidle")
        expect(page.locator("[data-state=loading]")).to_have_count(0)
        page.screenshot(path=IMAGES / f"site-{name}.png", animations="disabled")
    assert sum(path.stat().st_size for path in IMAGES.glob("site-*.png")) < MOST_BYTES
