"""A finding from the first administrator to publication, as people live it in their browsers."""

from __future__ import annotations

from browser_story import SENTENCE, Story
from playwright.sync_api import expect


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
