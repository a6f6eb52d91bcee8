"""People at a served site, each with a browser of their own."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

PASSWORD: Final = "a long sandbox pass phrase"
CODE_LASTS_S: Final = 30
PATIENCE_MS: Final = 30_000
# What the software renderer of a machine without a graphics card says of itself.
NOISE: Final = re.compile(r"GPU stall|WebGL|GroupMarkerNotSet|Automatic fallback to software")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that is served by its own process.

    Args:
        address: without a slash at its end.
        first_link: the one-time link of the first administrator, as `bongsu serve` printed it.
        base: the folder of its configuration.
    """

    address: str
    first_link: str
    base: Path


@dataclass(slots=True)
class Someone:
    """A person with a browser of their own.

    Args:
        username: as they sign in.
        context: their browser's cookies.
        page: the page they look at.
        secret: of their authenticator, once it is set up.
        complaints: what the browser's console said of errors, with the address of the page.
    """

    username: str
    context: BrowserContext
    page: Page
    secret: str = ""
    complaints: list[str] = field(default_factory=list)

    def code(self, ahead: int = 0) -> str:
        """What the authenticator shows now, or some steps later."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // CODE_LASTS_S + ahead))

    def press(self, name: str) -> None:
        """Press the button of that name, and wait for the page that follows."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        """Follow the link of that name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def fill(self, **values: str) -> None:
        """Fill fields in by their names; what a list offers is chosen, a box is ticked."""
        for name, value in values.items():
            box = self.page.locator(f"main [name={name}]:visible").first
            if box.evaluate("each => each.tagName") == "SELECT":
                box.select_option(value)
            elif box.get_attribute("type") in {"checkbox", "radio"}:
                self.page.locator(f"main [name={name}][value='{value}']").check()
            else:
                box.fill(value)


def arrives(browser: Browser, username: str, link: str) -> Someone:
    """Someone follows a one-time link, sets a password, and sets up an authenticator."""
    someone = with_browser(browser, username)
    page = someone.page
    page.goto(link)
    page.fill("[name=new_password1]", PASSWORD)
    page.fill("[name=new_password2]", PASSWORD)
    someone.press("Set the password and sign in")
    someone.secret = page.locator("#secret").inner_text().strip()
    page.fill("[name=code]", someone.code())
    someone.press("Set up")
    return someone


def with_browser(browser: Browser, username: str) -> Someone:
    """Someone who has not signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    someone = Someone(username=username, context=context, page=page)

    def complain(message: ConsoleMessage) -> None:
        # A refusal is answered with a status of its own, which the browser writes down too.
        refused = "the server responded with a status of 4" in message.text
        if message.type in {"error", "warning"} and not refused and not NOISE.search(message.text):
            someone.complaints.append(f"{page.url}: {message.text}")

    page.on("console", complain)
    page.on("pageerror", lambda error: someone.complaints.append(f"{page.url}: {error}"))
    return someone
