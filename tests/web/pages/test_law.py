"""The law on pages: every measure is found by its key, questions are answered in the words of the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.evidence import Folder
from bongsu.law import load_regime
from bongsu.web.record.cycles import take_in
from bongsu.web.record.models import HandlingRow, IndicatorRow

pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "\x07",
    "2375/11" * 200,
    "../../etc/passwd",
    "{{ 7*7 }}",
    "%00",
)


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_every_resolution_and_every_measure_has_a_page(signed_in: Callable[..., Client]) -> None:
    browser, regime = signed_in(), load_regime()
    for resolution in regime.resolutions:
        assert resolution.document in page(browser, f"/law/resolutions/{resolution.name}/")
    for measure in regime.measures():
        assert measure.key in page(browser, f"/law/measures/{measure.key}/")


def test_a_key_written_in_another_way_leads_to_the_measure(signed_in: Callable[..., Client]) -> None:
    answer = signed_in().get("/law/measures/UNSCR 2397 para 5/")
    assert answer.status_code == 302
    assert answer["Location"] == "/law/measures/2397/5/"


def test_a_paragraph_that_holds_several_measures_lists_them(signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/law/measures/1718/8/")
    for measure in load_regime().within("1718/8"):
        assert f"/law/measures/{measure.key}/" in shown


def test_what_is_no_measure_is_not_there(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    for address in ("/law/measures/9999/1/", "/law/measures/2375/999/", "/law/resolutions/9999/", "/law/measures/x/"):
        assert browser.get(address).status_code == 404


def test_a_measure_says_whether_it_binds_on_the_day_asked(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    assert "Does not bind on 2017-01-01" in page(browser, "/law/measures/2397/5/", on="2017-01-01")
    assert "Binds on 2018-06-01" in page(browser, "/law/measures/2397/5/", on="2018-06-01")


def test_an_unverified_value_says_so_with_its_reason(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    measure = next(each for each in load_regime().measures() if each.check.unverified)
    shown = page(browser, f"/law/measures/{measure.key}/")
    assert "unverified" in shown
    assert str(measure.check.unverified)[:30].replace("'", "&#x27;") in shown


def test_measures_of_a_day_are_those_that_bind_on_it(signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/law/measures/", on="2007-01-01")
    assert "/law/measures/1718/8c/" in shown
    assert "/law/measures/2397/5/" not in shown


def test_coal_from_the_dprk_is_answered_as_the_command_line_answers(signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/law/ask/", goods="2701", direction="from", on="2018-01-01")
    answer = load_regime().answer("2701", direction="from", on=date(2018, 1, 1))
    for bearing in answer.bearings:
        assert f"/law/measures/{bearing.measure.key}/" in shown
    assert "National law may go further than the resolutions." in shown
    assert "An answer without measures is no licence." in shown


def test_words_offer_codes_and_decide_nothing(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    shown = page(browser, "/law/ask/", goods="coal", direction="from", on="2018-01-01")
    assert "the words alone decide nothing" in shown
    assert "HS 2701" in shown
    assert "That says nothing of the goods" in page(browser, "/law/ask/", goods="zeppelin", on="2018-01-01")


def test_a_topic_is_answered_and_both_at_once_are_not(signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    assert "measures bind" in page(browser, "/law/ask/", topic="finance", on="2018-01-01")
    assert "one of the two" in page(browser, "/law/ask/", topic="finance", goods="2701")


def test_a_code_that_is_none_is_refused_in_words(signed_in: Callable[..., Client]) -> None:
    assert "an HS code has an even number of digits" in page(signed_in(), "/law/ask/", goods="271")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text_or_refused(text: str, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    shown = page(browser, "/law/ask/", goods=text, direction=text, on=text, topic=text)
    assert "<script>alert" not in shown
    assert "<script>alert" not in page(browser, "/law/measures/", on=text, topic=text)
    assert browser.get(f"/law/measures/{text}/".replace("%", "%25")).status_code == 404


def test_indicators_under_a_measure_are_only_those_the_reader_may_read(
    store: Folder, signed_in: Callable[..., Client], person: Callable[..., object]
) -> None:
    take_in(store, "alpha")
    browser = signed_in()
    mine = IndicatorRow.objects.filter(measures__measure="2375/11")
    hidden = mine.order_by("id")[0]
    before = page(browser, "/law/measures/2375/11/")
    assert f"/indicators/{hidden.id}/" in before
    total = mine.count()
    hidden.handling = HandlingRow.of(Handling(tlp=Tlp.RED, originators=frozenset({"beta"})))
    hidden.save()
    after = page(browser, "/law/measures/2375/11/")
    assert f"/indicators/{hidden.id}/" not in after
    assert f'<span class="count">{total - 1}</span>' in after


def test_a_label_of_the_time_line_is_cut_at_a_word(signed_in: Callable[..., Client]) -> None:
    items = signed_in().get("/law/timeline/").context["timeline"]["items"]
    whole = {entry.what for entry in load_regime().timeline()}
    assert any(item["label"].endswith("…") for item in items)
    for item in items:
        label = item["label"]
        assert len(label) <= 80
        assert label in whole or any(
            each.startswith(label.removesuffix("…") + " ") for each in whole if label.endswith("…")
        )
