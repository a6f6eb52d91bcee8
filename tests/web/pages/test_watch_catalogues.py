"""The catalogues of watch, indicators, petroleum and sources: whole, and with the values of the English words."""

from __future__ import annotations

import re
from collections.abc import Callable

import polib
import pytest
from django.test import Client

from bongsu.web.catalogues import HERE, TRANSLATED
from bongsu.web.record.models import CycleRow, IndicatorRow

PAGES = ("watch", "indicators", "petroleum", "sources")
_VALUE = re.compile(r"%\((\w+)\)s|SANDBOX")


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("page", PAGES)
def test_every_sentence_is_translated_and_keeps_its_values(page: str, language: str) -> None:
    catalogue = polib.pofile(str(HERE / "pages" / page / "locale" / language / "LC_MESSAGES" / "django.po"))
    assert catalogue.untranslated_entries() == []
    assert catalogue.fuzzy_entries() == []
    for entry in catalogue:
        said = entry.msgid_plural or entry.msgid
        for text in entry.msgstr_plural.values() if entry.msgid_plural else (entry.msgstr,):
            assert set(_VALUE.findall(text)) == set(_VALUE.findall(said)), text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "heading"),
    [("ko", "감시가 찾은 것"), ("ja", "監視が見つけたもの"), ("fr", "Ce que la veille a trouvé")],
)
def test_every_page_speaks_the_language_that_was_chosen(
    cycle: CycleRow, signed_in: Callable[..., Client], language: str, heading: str
) -> None:
    browser = signed_in()
    browser.post("/language/", {"language": language, "next": "/"})
    row = IndicatorRow.objects.filter(detector="sea.implied_voyage").order_by("id")[0]
    assert heading in browser.get("/").content.decode()
    for address in ("/indicators/", f"/indicators/{row.id}/", "/petroleum/", "/sources/", "/sources/lists/un_sc/"):
        page = browser.get(address).content.decode()
        assert f'<html lang="{language}">' in page
        for english in (
            "What else could explain it",
            "strongest first",
            "How it is estimated",
            "Where bytes come from",
        ):
            assert english not in page
