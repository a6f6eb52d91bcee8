"""The page of the search: marked words, kinds, pages, and nothing of what may not be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import polib
import pytest
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.evidence import Folder
from bongsu.web.pages.search.shown import excerpt, pieces
from bongsu.web.record import search
from bongsu.web.record.cycles import take_in
from bongsu.web.record.models import HandlingRow, IndicatorRow, SearchText
from bongsu.web.record.search import Kind
from bongsu.web.record.tokens import terms_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
OPEN = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
HIDDEN = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"beta"}))


def keep(key: str, title: str, text: str = "", *, kind: Kind = Kind.CASE, under: Handling = OPEN, day: int = 0) -> None:
    at = AT + timedelta(days=day)
    search.keep_text(kind, key, f"/cases/{key}/", title, text, HandlingRow.of(under), at)


def text_of(browser: Client, **query: str) -> str:
    answer = browser.get("/search/", query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_words_that_were_asked_for_are_marked(signed_in: Callable[..., Client]) -> None:
    keep("a", "대북 제재를 위반 (SANDBOX)", "An invented tanker met another tanker.")
    shown = text_of(signed_in(), q="제재 tank")
    assert "대북 <mark>제재</mark>를 위반" in shown
    assert "An invented <mark>tanker</mark> met another <mark>tanker</mark>." in shown
    assert 'href="/cases/a/"' in shown
    assert "1 result" in shown


def test_what_a_text_or_a_question_holds_is_never_read_as_html(signed_in: Callable[..., Client]) -> None:
    keep("a", "<script>alert('tanker')</script>", "<img src=x onerror=tanker>")
    answer = signed_in().get("/search/", {"q": '"><script>tanker'}).content.decode()
    answer += signed_in().get("/search/", {"q": "tanker"}).content.decode()
    assert "<script>alert" not in answer
    assert "<img" not in answer
    assert '"><script>' not in answer


def test_what_may_not_be_read_changes_nothing_on_the_page(signed_in: Callable[..., Client]) -> None:
    keep("a", "tanker one")
    browser = signed_in(Role.READER)
    before = [browser.get(f"/search/{part}", {"q": "tanker"}).content for part in ("", "suggestions/")]
    keep("b", "tanker two", under=HIDDEN, day=1)
    keep("c", "tanker three", kind=Kind.EXHIBIT, under=HIDDEN)
    after = [browser.get(f"/search/{part}", {"q": "tanker"}).content for part in ("", "suggestions/")]
    assert [_without_tokens(each) for each in after] == [_without_tokens(each) for each in before]


def _without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrf" not in line]


def test_a_kind_is_a_filter_and_pages_follow_each_other(signed_in: Callable[..., Client]) -> None:
    for number in range(25):
        keep(f"case{number}", f"tanker {number}", day=number)
    keep("e", "tanker as exhibit", kind=Kind.EXHIBIT)
    browser = signed_in()
    first, second = text_of(browser, q="tanker"), text_of(browser, q="tanker", page="2")
    assert "26 results" in first
    assert "/cases/case24/" in first
    assert "/cases/case24/" not in second
    assert "/cases/case0/" in second
    only = text_of(browser, q="tanker", kind="exhibit")
    assert "/cases/e/" in only
    assert "/cases/case" not in only
    for odd in ({"page": "-1"}, {"page": "x"}, {"kind": "person"}, {"q": ""}, {"q": "%00"}):
        assert browser.get("/search/", {"q": "tanker", **odd}).status_code == 200


def test_titles_are_suggested(signed_in: Callable[..., Client]) -> None:
    keep("a", "Ship-to-ship transfer (SANDBOX)")
    browser = signed_in()
    assert 'href="/cases/a/"' in browser.get("/search/suggestions/", {"q": "ship to sh"}).content.decode()
    assert browser.get("/search/suggestions/", {"q": "nothing"}).content.strip() == b""


def test_what_the_watch_found_is_found(store: Folder, signed_in: Callable[..., Client]) -> None:
    take_in(store, "alpha")
    assert SearchText.objects.filter(kind="indicator").count() == IndicatorRow.objects.count() > 0
    row = IndicatorRow.objects.order_by("id")[0]
    assert f"/indicators/{row.id}/" in text_of(signed_in(), q=f'"{row.title}"', kind="indicator")
    take_in(store, "alpha")
    assert SearchText.objects.filter(kind="indicator").count() == IndicatorRow.objects.count()


def test_a_stranger_finds_nothing(client: Client) -> None:
    for address in ("/search/?q=tanker", "/search/suggestions/?q=tanker"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_pieces_are_the_whole_text_and_an_excerpt_is_around_the_first_word() -> None:
    text = "x " * 400 + "제재 위반" + " y" * 400
    assert "".join(piece.text for piece in pieces(text, terms_of("제재"))) == text
    part = excerpt(text, terms_of("제재"))
    assert [piece.text for piece in part if piece.is_marked] == ["제재"]
    assert sum(len(piece.text) for piece in part) < 260
    assert (part[0].text[:1], part[-1].text[-1:]) == ("…", "…")


@pytest.mark.parametrize("language", ["ko", "ja", "fr"])
def test_every_text_of_the_page_is_translated(language: str) -> None:
    catalogue = polib.pofile(
        str(Path(search.__file__).parents[1] / "pages" / "search" / "locale" / language / "LC_MESSAGES" / "django.po")
    )
    assert catalogue.untranslated_entries() == []
    assert len(catalogue) == 16
