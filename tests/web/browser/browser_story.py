"""The story of a finding, from the first administrator to publication, told through the pages alone."""

from __future__ import annotations

import re
import sys
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from browser_people import PASSWORD, Site, Someone, arrives
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1]))
from written_pdf import pdf, rectangle, words

CLEAR: Final = "TLP:CLEAR"
LEDGER: Final = "ship,berth,day\nSANDBOX SHIP ONE,an invented berth,2026-03-01\nSANDBOX SHIP TWO,another,2026-03-02\n"
SENTENCE: Final = "SANDBOX SHIP ONE called at an invented berth on 1 March 2026."
#: The box of the bill's second page in which its one black rectangle lies, in points from the top left.
BLACK_BOX: Final = (72, 292, 200, 100)
_BILL: Final = (
    "SANDBOX BILL OF LADING, INVENTED THROUGHOUT",
    "Ship: SANDBOX SHIP ONE        Voyage: 000",
    "Port of loading: an invented berth",
    "Cargo: 500 barrels of invented oil, said to be bunkers",
    "Consignee: SANDBOX TRADING ONE, 1 Invented Street",
)
PEOPLE: Final = {"ann": "analyst", "rae": "reviewer", "rob": "reviewer", "cora": "coordinator"}


@dataclass(slots=True)
class Story:
    """What happened so far.

    Args:
        site: the site it happens on.
        people: everybody by user name.
        case: the address of the case.
        finding: the address of its finding.
        exhibits: digests of what was uploaded, by name.
        indicator: the address of the indicator it began with.
        highlighted: the words of the cited place, as the exhibit's page showed them.
        screened: the names that the screener answered with.
        entity: the address of an entity that it answered with.
        ship: the address of a ship.
    """

    site: Site
    people: dict[str, Someone] = field(default_factory=dict)
    case: str = ""
    finding: str = ""
    exhibits: dict[str, str] = field(default_factory=dict)
    indicator: str = ""
    highlighted: str = ""
    screened: str = ""
    entity: str = ""
    ship: str = ""


def grey(width: int, height: int) -> bytes:
    """A grey image (PNG) of a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def bill() -> bytes:
    """A bill of lading of two pages (PDF)."""
    first = "".join(words(line, bottom=700 - 24 * number) for number, line in enumerate(_BILL))
    return pdf(first, words("SANDBOX STAMP") + rectangle(72, 400, 200, 100))


def told(browser: Browser, site: Site, folder: Path) -> Story:
    """Live it through.

    Args:
        browser: in which everybody has their own cookies.
        site: newly served.
        folder: where files to upload are written.
    """
    story = Story(site=site)
    _people_come(story, browser)
    ann, cora = story.people["ann"], story.people["cora"]
    _signs_in_with_a_code(ann, site)
    _screens_a_name(story, ann)
    _begins_a_case(story, ann)
    for name, content in (("ledger.csv", LEDGER), *((f"{each}.txt", f"SANDBOX {each}\n") for each in _LETTERS)):
        story.exhibits[name.partition(".")[0]] = _uploads(site, ann, folder, name, content.encode())
    story.exhibits["picture"] = _uploads(site, ann, folder, "picture.png", grey(400, 300))
    story.exhibits["bill"] = _uploads(site, ann, folder, "bill.pdf", bill())
    vast = pdf(words("SANDBOX VAST"), box="[0 0 200000 200000]")
    story.exhibits["vast"] = _uploads(site, ann, folder, "vast.pdf", vast)
    _writes(story, ann)
    _review(story)
    _right_of_reply(story, ann, cora)
    _decision(story, cora)
    return story


_LETTERS: Final = ("letter", "receipt", "reply")


def _people_come(story: Story, browser: Browser) -> None:
    admin = arrives(browser, "administrator", story.site.first_link)
    story.people["administrator"] = admin
    for username, role in PEOPLE.items():
        admin.page.goto(f"{story.site.address}/people/new/")
        admin.fill(username=username, name=f"{username.title()} (SANDBOX)", role=role, clearance="2")
        admin.press("Make the account")
        link = admin.page.locator("#link").inner_text().strip()
        story.people[username] = arrives(browser, username, link)


def _signs_in_with_a_code(someone: Someone, site: Site) -> None:
    someone.context.clear_cookies()
    someone.page.goto(f"{site.address}/")
    expect(someone.page).to_have_url(re.compile("/accounts/login/"))
    someone.fill(login=someone.username, password=PASSWORD)
    someone.press("Sign in")
    someone.fill(code=someone.code(ahead=1))  # the code it was set up with is used up
    someone.press("Sign in")
    expect(someone.page.get_by_role("link", name="Ann (SANDBOX)")).to_be_attached()


def _screens_a_name(story: Story, ann: Someone) -> None:
    page = ann.page
    page.goto(f"{story.site.address}/register/?q=sandbox+person+one")
    # The lists are filed while the site serves; the page asks again by itself until they are there.
    expect(page.locator("#hits")).to_contain_text("SANDBOX PERSON ONE", timeout=120_000)
    story.screened = page.locator("#hits").inner_text()
    story.entity = _first_link(page, "#hits a[href^='/register/']")
    page.goto(f"{story.site.address}/ships/")
    story.ship = _first_link(page, "main a[href^='/ships/']:not([href*='?']):not([href='/ships/'])")


def _first_link(page: Page, selector: str) -> str:
    address: str = page.locator(selector).first.evaluate("link => link.href")
    return address


def _begins_a_case(story: Story, ann: Someone) -> None:
    page = ann.page
    page.goto(f"{story.site.address}/indicators/?q=SANDBOX")
    page.locator("main table a[href^='/indicators/']").first.click()
    page.wait_for_load_state()
    story.indicator = page.url
    ann.fill(case="new", title="Invented calls of SANDBOX SHIP ONE", marking="2")
    ann.press("Take into the case")
    page.goto(f"{story.site.address}/cases/")
    ann.follow("Invented calls of SANDBOX SHIP ONE")
    story.case = page.url
    page.goto(f"{story.case}do/add_subject/")
    ann.fill(subject_id="sandbox:ship-one", subject_schema="Vessel", subject_name="SANDBOX SHIP ONE")
    ann.press("Add a subject")


def _uploads(site: Site, ann: Someone, folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    ann.page.goto(f"{site.address}/exhibits/add/")
    ann.page.set_input_files("[name=file]", path)
    ann.fill(title=f"SANDBOX {name}", origin="invented for the sandbox", tlp="0")
    ann.page.locator("main [name=sandbox]").check()
    ann.press("Keep it")
    return ann.page.locator("#digest").inner_text().strip()


def _writes(story: Story, ann: Someone) -> None:
    page = ann.page
    page.goto(f"{story.case}do/start_finding/")
    ann.fill(title="SANDBOX SHIP ONE at an invented berth")
    ann.press("Start a finding")
    ann.follow("SANDBOX SHIP ONE at an invented berth")
    story.finding = page.url
    ann.follow("Write a claim")
    ann.fill(sentence=SENTENCE, subject="sandbox:ship-one", act="called at", object="an invented berth")
    ann.fill(when_from="2026-03-01T06:00:00", when_to="2026-03-01T18:00:00")
    ann.press("Write a claim")
    page.goto(f"{story.site.address}/exhibits/{story.exhibits['ledger']}/?at=row%3D2")
    ann.follow("Use as evidence")
    ann.follow(SENTENCE)
    ann.fill(stance="supports", reliability="B", credibility="2", quote="SANDBOX SHIP ONE,an invented berth,2026-03-01")
    ann.press("Link evidence")
    page.locator("a[href*='#here']").first.click()
    story.highlighted = page.locator("#here").inner_text()
    for kind, values in (
        ("consider_alternative", {"text": "The ledger is false.", "assessment": "A second copy agrees."}),
        ("set_confidence", {"confidence": "moderate"}),
        ("set_measures", {"measures": "2397/9 2026-03-01"}),
        ("submit_for_review", {}),
    ):
        page.goto(f"{story.finding}do/{kind}/")
        ann.fill(**values)
        page.locator("main form.form button.primary").click()
        expect(page).to_have_url(story.finding)


def _review(story: Story) -> None:
    for username in ("rae", "rob"):
        someone = story.people[username]
        someone.page.goto(story.finding)
        someone.follow("Review")
        someone.fill(verdict="agrees", remarks="It holds.")
        someone.press("Review")
        expect(someone.page).to_have_url(story.finding)
    rae = story.people["rae"]
    rae.follow("Check the law")
    rae.fill(verdict="agrees", remarks="It was in force then.")
    rae.press("Check the law")


def _right_of_reply(story: Story, ann: Someone, cora: Someone) -> None:
    cora.page.goto(story.finding)
    cora.follow("Send a notice")
    cora.follow("한국어")
    cora.fill(exhibit=story.exhibits["letter"])
    cora.press("Send a notice")
    ann.page.goto(story.finding)
    ann.follow("Prove delivery")
    ann.fill(exhibit=story.exhibits["receipt"], delivered_on=datetime.now(UTC).date().isoformat())
    ann.press("Prove delivery")
    ann.follow("Record a reply")
    ann.fill(
        exhibit=story.exhibits["reply"],
        received_on=datetime.now(UTC).date().isoformat(),
        points="She was elsewhere.",
        final="yes",
    )
    ann.press("Record a reply")
    ann.follow("Answer a point")
    ann.fill(text="The ledger says otherwise, and nothing else was given.")
    ann.press("Answer a point")


def _decision(story: Story, cora: Someone) -> None:
    cora.page.goto(story.finding)
    cora.follow("Decide")
    cora.fill(outcome="established", reasoning="The ledger is unbroken, and the reply gives nothing against it.")
    cora.press("Decide")
    cora.follow("Approve")
    cora.press("Approve")
    cora.follow("Change the handling")
    cora.fill(tlp=CLEAR, reason="Nothing in it needs care.")
    cora.press("Change the handling")
    cora.page.goto(story.finding)
    cora.follow("Publish")
    cora.press("Publish")
    expect(cora.page).to_have_url(story.finding)
