"""The law cards: read strictly, refused with the path inside the file; and what the shipped ones promise together."""

from __future__ import annotations

import re
import tomllib
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from bongsu.kernel.errors import CardError
from bongsu.law import load_regime, regime_from
from bongsu.law.headings import headings_from
from bongsu.law.model import Cap, Resolution

# Invented: no such resolution exists, and the card says so in its bytes.
INVENTED = """
number = 9999
document = "S/RES/9999 (INVENTED)"
adopted = 2999-01-01
kind = "sanctions"
trigger = "an invented event"
summary = "Invented for the tests: no such resolution exists."
url = "https://invented.example/9999"
checked = "invented-text"

[[text]]
id = "invented-text"
title = "An invented text"
publisher = "Nobody"
url = "https://invented.example/text"
read_on = 2026-11-24

[vote]
for = 13
against = 1
abstaining = 1
against_states = ["Inventia"]
abstaining_states = ["Fictonia"]
reference = "S/PV.INVENTED"
unverified = "invented"

[mandate]
paragraph = "9"
until = 2999-12-31
reference = "invented, para. 9"
unverified = "invented"

[[measure]]
key = "9999/1"
paragraph = "1"
title = "Invented goods"
topics = ["coal", "iron"]
kind = "cap"
says = "Invented:  supply of   nothing."
binds = ["all Member States"]
direction = "from"
binds_from = 2999-01-01
checked = "invented-text"

  [[measure.goods]]
  what = "invented goods"
  hs = ["27", "2601", "720110"]
  hs_revision = "HS 2017"
  basis = "our reading"
  part_only = false
  except_hs = ["2710"]
  reference = "invented, para. 1"
  unverified = "invented"

    [measure.goods.threshold]
    over = "1500"
    unit = "USD"
    reference = "invented, para. 1"
    unverified = "invented"

  [[measure.cap]]
  amount = "1000.50"
  unit = "tonne"
  period = "calendar year"
  binds_from = 2999-02-01
  reference = "invented, para. 1"
  checked = "invented-text"

  [[measure.wind_down]]
  what = "invented contracts"
  hs = ["2701"]
  until = 2999-01-31
  reference = "invented, para. 1"
  unverified = "invented"

  [[measure.condition]]
  what = "invented  notice"
  hs = ["2601"]
  reference = "invented, para. 1"
  unverified = "invented"

  [[measure.exemption]]
  what = "invented needs"
  granted_by = "the invented Committee"
  hs = ["2701"]
  holds_from = 2999-01-10
  holds_until = 2999-01-20
  reference = "invented, para. 1"
  unverified = "invented"

  [[measure.change]]
  by = "9999/2"
  effect = "clarified"
  on = 2999-03-01
  reference = "invented, para. 2"
  unverified = "invented"

[[measure]]
key = "9999/2"
paragraph = "2"
title = "Invented duty"
topics = ["reporting"]
kind = "duty"
says = "Invented: everyone reports nothing."
binds = ["all Member States"]
direction = "from"
binds_from = 2999-03-01
goods_of = "9999/1"
unverified = "invented"
"""


def _card(old: str = "", new: str = "", *, name: str = "9999.toml") -> tuple[str, bytes]:
    """The invented card, with one passage, that must be in it, changed."""
    assert old in INVENTED
    return name, INVENTED.replace(old, new, 1).encode() if old else INVENTED.encode()


def _refusal(*cards: tuple[str, bytes]) -> CardError:
    with pytest.raises(CardError) as caught:
        regime_from(cards)
    return caught.value


def test_a_sound_card_is_read_value_by_value() -> None:
    (resolution,) = regime_from([_card()]).resolutions
    assert (resolution.name, resolution.number, resolution.document) == ("9999", 9999, "S/RES/9999 (INVENTED)")
    assert resolution.adopted == date(2999, 1, 1)
    assert str(resolution.vote) == "13-1-1"
    assert (resolution.vote.against_states, resolution.vote.abstaining_states) == (("Inventia",), ("Fictonia",))
    assert resolution.charter is None
    assert resolution.mandate is not None
    assert resolution.mandate.until == date(2999, 12, 31)
    first, second = resolution.measures
    assert first.says == "Invented: supply of nothing."
    assert (first.binds_until, first.direction, first.goods_of, second.goods_of) == (None, "from", None, "9999/1")
    assert first.goods[0].hs == ("27", "2601", "720110")
    assert first.goods[0].except_hs == ("2710",)
    assert first.caps[0].amount == Decimal("1000.50")
    assert first.caps[0].whichever_is_lower is False
    assert (first.wind_downs[0].until, first.wind_downs[0].hs) == (date(2999, 1, 31), ("2701",))
    assert str(first.goods[0].threshold) == "valued over 1,500 USD"
    assert (first.conditions[0].what, first.conditions[0].hs) == ("invented notice", ("2601",))
    (exemption,) = first.exemptions
    assert (exemption.granted_by, exemption.hs) == ("the invented Committee", ("2701",))
    assert (exemption.holds_from, exemption.holds_until) == (date(2999, 1, 10), date(2999, 1, 20))
    assert (first.changes[0].by, first.changes[0].effect) == ("9999/2", "clarified")


def test_a_sound_card_says_what_was_checked_and_what_was_not() -> None:
    regime = regime_from([_card()])
    verification = regime.verification()
    assert (verification.verified, verification.unverified) == (3, 9)
    first = regime.measure("9999/1")
    assert first.check.text_id == "invented-text"
    assert regime.text(first, "invented-text").publisher == "Nobody"


def test_what_a_sound_card_says_is_answered() -> None:
    regime = regime_from([_card()])
    (bearing,) = regime.check_goods("2701", direction="from", on=date(2999, 1, 31))
    assert (bearing.measure.key, bearing.whole) == ("9999/1", True)
    assert [match.matched_hs for match in bearing.matches] == [("27",)]
    assert (len(bearing.wind_downs), len(bearing.caps)) == (1, 0)
    (later,) = regime.check_goods("2701", direction="from", on=date(2999, 2, 1))
    assert (len(later.wind_downs), len(later.caps)) == (0, 1)
    assert regime.check_goods("2710.19", direction="from", on=date(2999, 2, 1)) == ()
    (ore,) = regime.check_goods("2601", direction="from", on=date(2999, 1, 31))
    assert ore.wind_downs == (), "the grace is given for 2701 only"
    assert [row.what for row in ore.conditions] == ["invented notice"]
    assert bearing.conditions == (), "the condition is set for 2601 only"
    (chapter,) = regime.check_goods("27", direction="from", on=date(2999, 2, 1))
    assert chapter.whole is False, "2710 is carved out of chapter 27"


def test_an_exemption_is_shown_on_its_days_and_for_its_goods_only() -> None:
    regime = regime_from([_card()])

    def exempt(hs: str, day: int) -> int:
        (bearing,) = regime.check_goods(hs, direction="from", on=date(2999, 1, day))
        return len(bearing.exemptions)

    assert [exempt("2701", day) for day in (9, 10, 20, 21)] == [0, 1, 1, 0]
    assert exempt("2601", 15) == 0


def test_a_measure_that_goes_with_another_bears_on_its_goods() -> None:
    regime = regime_from([_card()])
    first, second = regime.check_goods("2701", direction="from", on=date(2999, 3, 1))
    assert (first.measure.key, second.measure.key) == ("9999/1", "9999/2")
    assert first.matches == second.matches
    assert regime.check_goods("2701", direction="to", on=date(2999, 3, 1)) == ()


GOODS = "measure[0].goods[0]"
BROKEN = {
    "an unknown key of the card": ('trigger = "an', 'colour = "an', "9999.toml", "no one knows: colour"),
    "an unknown key of a goods row": (
        'what = "invented goods"',
        'what = "invented goods"\n  colour = "red"',
        f"9999.toml, {GOODS}",
        "no one knows: colour",
    ),
    "an unknown key of the vote": (
        'against_states = ["Inventia"]',
        'against_states = ["Inventia"]\nnoes = 1',
        "9999.toml, vote",
        "no one knows: noes",
    ),
    "an unknown key of a cap": ('unit = "tonne"', 'unit = "tonne"\n  per = "year"', "measure[0].cap[0]", "per"),
    "an unknown key of a second measure": (
        'title = "Invented duty"',
        'title = "Invented duty"\nname = "x"',
        "9999.toml, measure[1]",
        "no one knows: name",
    ),
    "a missing key": ('kind = "sanctions"\n', "", "9999.toml, kind", "is missing"),
    "a goods row without part_only": ("part_only = false", "", f"{GOODS}.part_only", "is missing"),
    "a missing vote": ("against = 1\n", "", "9999.toml, vote.against", "is missing"),
    "a day written as a text": ("adopted = 2999-01-01", 'adopted = "2999-01-01"', "9999.toml, adopted", "a text"),
    "a time where a day is meant": (
        "adopted = 2999-01-01",
        "adopted = 2999-01-01T00:00:00Z",
        "9999.toml, adopted",
        "is a time",
    ),
    "a number written as a text": ("number = 9999", 'number = "9999"', "9999.toml, number", "a text"),
    "an amount that is a bare number": ('amount = "1000.50"', "amount = 1000.50", "measure[0].cap[0].amount", "number"),
    "an amount that is no number": ('"1000.50"', '"a thousand"', "measure[0].cap[0].amount", "decimal"),
    "an amount with a thousands comma": ('"1000.50"', '"1,000.50"', "measure[0].cap[0].amount", "decimal"),
    "an infinite amount": ('"1000.50"', '"Infinity"', "measure[0].cap[0].amount", "decimal"),
    "a true or false written as a number": ("part_only = false", "part_only = 0", f"{GOODS}.part_only", "whole number"),
    "a vote written as true": ("against = 1", "against = true", "9999.toml, vote.against", "true or false"),
    "codes written as one text": (
        'hs = ["27", "2601", "720110"]',
        'hs = "27"',
        f"{GOODS}.hs",
        "a text, not a list",
    ),
    "codes written as numbers": ('hs = ["27", "2601", "720110"]', "hs = [27]", f"{GOODS}.hs", "list of texts"),
    "an empty text": ('trigger = "an invented event"', 'trigger = ""', "9999.toml, trigger", "is empty"),
    "a vote of fourteen members": ("for = 13", "for = 12", "9999.toml, vote", "15 members"),
    "a vote below nothing": ("against = 1", "against = -1", "9999.toml, vote.against", "below 0"),
    "a vote against by no one": (
        'against_states = ["Inventia"]',
        "against_states = []",
        "9999.toml, vote",
        "does not name",
    ),
    "an abstention by two where one is counted": (
        'abstaining_states = ["Fictonia"]',
        'abstaining_states = ["Fictonia", "Inventia"]',
        "9999.toml, vote",
        "does not name",
    ),
    "an unknown kind of resolution": ('kind = "sanctions"', 'kind = "letter"', "9999.toml, kind", "'letter'"),
    "an unknown topic": ('topics = ["coal", "iron"]', 'topics = ["coal", "peat"]', "measure[0].topics", "'peat'"),
    "a measure without a topic": ('topics = ["coal", "iron"]', "topics = []", "measure[0].topics", "at least 1"),
    "a measure that binds no one": (
        'binds = ["all Member States"]\ndirection',
        "binds = []\ndirection",
        "measure[0].binds",
        "at least 1",
    ),
    "an unknown kind of measure": ('kind = "cap"', 'kind = "quota"', "measure[0].kind", "'quota'"),
    "an unknown direction": ('direction = "from"', 'direction = "export"', "measure[0].direction", "'export'"),
    "an unknown edition of the Harmonized System": ('"HS 2017"', '"HS 2019"', f"{GOODS}.hs_revision", "'HS 2019'"),
    "an unknown basis": ('basis = "our reading"', 'basis = "habit"', f"{GOODS}.basis", "'habit'"),
    "an unknown effect": ('effect = "clarified"', 'effect = "softened"', "measure[0].change[0].effect", "'softened'"),
    "both checked and unverified": (
        'says = "Invented: everyone reports nothing."',
        'says = "Invented: everyone reports nothing."\nchecked = "invented-text"',
        "9999.toml, measure[1]",
        "one of the two",
    ),
    "neither checked nor unverified": (
        '  amount = "1000.50"\n  unit = "tonne"\n  period = "calendar year"\n  binds_from = 2999-02-01\n'
        '  reference = "invented, para. 1"\n  checked = "invented-text"\n',
        '  amount = "1000.50"\n  unit = "tonne"\n  period = "calendar year"\n  binds_from = 2999-02-01\n'
        '  reference = "invented, para. 1"\n',
        "measure[0].cap[0]",
        "one of the two",
    ),
    "a check against a text that is not listed": (
        'binds_from = 2999-01-01\nchecked = "invented-text"',
        'binds_from = 2999-01-01\nchecked = "no-such-text"',
        "9999.toml",
        "no-such-text",
    ),
    "a code of three digits": ('"27", "2601"', '"271", "2601"', f"{GOODS}.hs", "'271'"),
    "a code with a dot": ('"720110"', '"7201.10"', f"{GOODS}.hs", "'7201.10'"),
    "a national tariff line as a code": ('"720110"', '"72011011"', f"{GOODS}.hs", "'72011011'"),
    "a carved-out code of letters": ('["2710"]', '["ex 2710"]', f"{GOODS}.except_hs", "'ex 2710'"),
    "a grace for a code of letters": ('hs = ["2701"]', 'hs = ["coal"]', "measure[0].wind_down[0].hs", "'coal'"),
    "a key of another resolution": ('key = "9999/1"', 'key = "9998/1"', "9999.toml", "9998/1"),
    "a key that is none": ('key = "9999/1"', 'key = "9999 para 1"', "measure[0].key", "9999 para 1"),
    "goods that move nowhere": ('direction = "from"\n', "", "measure[0].direction", "no direction"),
    "an end before the beginning": (
        'direction = "from"\nbinds_from = 2999-01-01',
        'direction = "from"\nbinds_from = 2999-01-01\nbinds_until = 2998-12-31',
        "measure[0].binds_until",
        "ends before",
    ),
    "a measure that stands twice in its card": ('key = "9999/2"\n', 'key = "9999/1"\n', "9999/1", "twice"),
    "a change by a measure no card holds": ('by = "9999/2"', 'by = "9999/7"', "9999/1", "9999/7"),
    "a change before the measure binds": ("on = 2999-03-01", "on = 2998-12-31", "9999/1", "before it binds"),
    "a replaced measure without a last day": ('"clarified"', '"replaced"', "9999/1", "no last day"),
    "an ended measure without a last day": ('"clarified"', '"ended"', "9999/1", "no last day"),
    "goods of its own and of another": (
        'goods_of = "9999/1"\n',
        'goods_of = "9999/1"\ngoods = [{what = "x", hs = [], hs_revision = "HS 2017", basis = "our reading", '
        'part_only = false, reference = "invented", unverified = "invented"}]\n',
        "measure[1].goods_of",
        "those of another",
    ),
    "the goods of a measure no card holds": ('goods_of = "9999/1"', 'goods_of = "9999/7"', "9999/2", "9999/7"),
    "the goods of a measure of the other direction": (
        'direction = "from"\nbinds_from = 2999-03-01',
        'direction = "to"\nbinds_from = 2999-03-01',
        "9999/2",
        "another way",
    ),
    "an exemption that ends before it begins": (
        "holds_until = 2999-01-20",
        "holds_until = 2999-01-09",
        "measure[0].exemption[0].holds_until",
        "ends before",
    ),
    "an exemption from a day on which nothing binds": (
        "holds_from = 2999-01-10",
        "holds_from = 2998-12-31",
        "9999/1",
        "does not bind",
    ),
    "a threshold that is no number": ('over = "1500"', 'over = "much"', f"{GOODS}.threshold.over", "decimal"),
    "text that is not TOML": ("[vote]", "[vote", "9999.toml", "not TOML"),
    "the same key written twice": ("number = 9999\n", "number = 9999\nnumber = 9998\n", "9999.toml", "not TOML"),
}


@pytest.mark.parametrize(("old", "new", "where", "what"), BROKEN.values(), ids=BROKEN)
def test_a_broken_card_is_refused_with_the_place(old: str, new: str, where: str, what: str) -> None:
    refusal = _refusal(_card(old, new))
    assert refusal.where is not None
    assert refusal.where == where or refusal.where.endswith(f", {where}") or refusal.where == f"9999.toml, {where}"
    assert what in refusal.what
    assert "Traceback" not in str(refusal)


def test_a_draft_has_no_number() -> None:
    head = INVENTED.partition("[[measure]]")[0].replace('kind = "sanctions"', 'kind = "draft"')
    refusal = _refusal(("S-2999-1.toml", head.encode()))
    assert refusal.where == "S-2999-1.toml"
    assert "no one knows: number" in refusal.what
    (draft,) = regime_from([("S-2999-1.toml", head.replace("number = 9999\n", "").encode())]).resolutions
    assert (draft.number, draft.name) == (None, "S/RES/9999 (INVENTED)")


def test_a_draft_holds_no_measures() -> None:
    """What was not adopted binds no one."""
    draft = INVENTED.replace('kind = "sanctions"', 'kind = "draft"').replace("number = 9999\n", "")
    assert "9999/1" in _refusal(("S-2999-1.toml", draft.encode())).what


def test_bytes_that_are_not_utf_8_are_refused() -> None:
    assert _refusal(("9999.toml", b'summary = "\xff"')).where == "9999.toml"


def test_an_empty_card_is_refused() -> None:
    assert _refusal(("9999.toml", b"")).where is not None


def test_a_key_that_stands_in_two_cards_is_refused() -> None:
    refusal = _refusal(_card(), _card(name="9999-again.toml"))
    assert refusal.where == "9999/1"
    assert "twice" in refusal.what


def test_no_cards_make_an_empty_regime() -> None:
    regime = regime_from([])
    assert regime.measures() == ()
    assert regime.timeline() == ()
    assert regime.check_goods("2701", direction="from", on=date(2018, 1, 1)) == ()


def test_the_order_of_the_cards_does_not_matter() -> None:
    earlier = INVENTED.replace("9999", "9998").replace("2999-01-01", "2998-01-01").encode()
    cards = [_card(), ("9998.toml", earlier)]
    assert regime_from(cards) == regime_from(reversed(cards))
    assert [resolution.name for resolution in regime_from(cards).resolutions] == ["9998", "9999"]


# ---------------------------------------------------------------- the shipped regime

SANCTIONS = {
    "1695": date(2006, 7, 15),
    "1718": date(2006, 10, 14),
    "1874": date(2009, 6, 12),
    "2087": date(2013, 1, 22),
    "2094": date(2013, 3, 7),
    "2270": date(2016, 3, 2),
    "2321": date(2016, 11, 30),
    "2356": date(2017, 6, 2),
    "2371": date(2017, 8, 5),
    "2375": date(2017, 9, 11),
    "2397": date(2017, 12, 22),
}
MANDATES = {  # adopted, last day of the Panel's mandate: UN press releases and the 1718 Committee's list of resolutions
    "1928": (date(2010, 6, 7), date(2011, 6, 12)),
    "1985": (date(2011, 6, 10), date(2012, 6, 12)),
    "2050": (date(2012, 6, 12), date(2013, 7, 12)),
    "2141": (date(2014, 3, 5), date(2015, 4, 5)),
    "2207": (date(2015, 3, 4), date(2016, 4, 5)),
    "2276": (date(2016, 3, 24), date(2017, 4, 24)),
    "2345": (date(2017, 3, 23), date(2018, 4, 24)),
    "2407": (date(2018, 3, 21), date(2019, 4, 24)),
    "2464": (date(2019, 4, 10), date(2020, 4, 24)),
    "2515": (date(2020, 3, 30), date(2021, 4, 30)),
    "2569": (date(2021, 3, 26), date(2022, 4, 30)),
    "2627": (date(2022, 3, 25), date(2023, 4, 30)),
    "2680": (date(2023, 3, 23), date(2024, 4, 30)),
}
DRAFTS = {
    "S/2022/431": (date(2022, 5, 26), "13-2-0", {"China", "Russian Federation"}, set[str]()),
    "S/2024/255": (date(2024, 3, 28), "13-1-1", {"Russian Federation"}, {"China"}),
}


def _resolution(name: str) -> Resolution:
    resolution = load_regime().resolution(name)
    assert resolution is not None, f"no card for {name}"
    return resolution


@pytest.mark.parametrize(("name", "adopted"), SANCTIONS.items())
def test_each_sanctions_resolution_has_its_day_and_was_unanimous(name: str, adopted: date) -> None:
    resolution = _resolution(name)
    assert (resolution.kind, resolution.adopted, str(resolution.vote)) == ("sanctions", adopted, "15-0-0")


@pytest.mark.parametrize(("name", "days"), MANDATES.items())
def test_each_renewal_of_the_panel_has_its_day_and_its_end(name: str, days: tuple[date, date]) -> None:
    resolution = _resolution(name)
    assert resolution.mandate is not None
    assert (resolution.kind, resolution.adopted, resolution.mandate.until) == ("mandate", *days)


@pytest.mark.parametrize(("name", "facts"), DRAFTS.items())
def test_each_failed_draft_has_its_vote(name: str, facts: tuple[date, str, set[str], set[str]]) -> None:
    day, vote, against, abstaining = facts
    resolution = _resolution(name)
    assert (resolution.kind, resolution.adopted, str(resolution.vote)) == ("draft", day, vote)
    assert set(resolution.vote.against_states) == against
    assert set(resolution.vote.abstaining_states) == abstaining
    assert resolution.measures == ()
    assert resolution.mandate is None, "what was not adopted grants no mandate"


def test_a_resolution_on_all_the_councils_sanctions_has_its_vote_and_its_day() -> None:
    """S/PV.9214: fourteen for, India abstaining."""
    resolution = _resolution("2664")
    assert (resolution.kind, resolution.adopted, str(resolution.vote)) == ("general", date(2022, 12, 9), "14-0-1")
    assert resolution.vote.abstaining_states == ("India",)


def test_there_is_no_resolution_besides() -> None:
    names = {resolution.name for resolution in load_regime().resolutions}
    assert names == {*SANCTIONS, *MANDATES, *DRAFTS, "2664"}


def test_only_1695_and_2087_do_not_act_under_chapter_seven_among_the_adopted() -> None:
    """1695 avoids the chapter on purpose; 2087 builds on 1718 and 1874 without naming it again."""
    adopted = [resolution for resolution in load_regime().resolutions if resolution.kind != "draft"]
    assert {resolution.name for resolution in adopted if resolution.charter is None} == {"1695", "2087"}


def test_the_panel_was_created_in_2009_and_its_mandates_follow_without_a_gap() -> None:
    granting = [resolution for resolution in load_regime().resolutions if resolution.mandate is not None]
    assert [resolution.name for resolution in granting] == sorted([*MANDATES, "1874", "2094"], key=int)
    ends = [resolution.mandate.until for resolution in granting if resolution.mandate is not None]
    assert ends == sorted(set(ends))
    assert ends[0] == date(2010, 6, 12)
    assert ends[-1] == date(2024, 4, 30)
    late = [new.name for new, end in zip(granting[1:], ends, strict=False) if new.adopted > end]
    assert late == [], "each renewal came before the mandate before it ran out"


def test_a_card_is_named_after_what_it_holds() -> None:
    cards = [card for card in (files("bongsu.law") / "data" / "resolutions").iterdir() if card.name != "README.md"]
    misnamed = [
        card.name
        for card in cards
        if card.name.removesuffix(".toml")
        not in {
            str(tomllib.loads(card.read_text("utf-8")).get("number")),
            str(tomllib.loads(card.read_text("utf-8"))["document"]).replace("/", "-"),
        }
    ]
    assert misnamed == []


def test_keys_are_unique_and_belong_to_their_resolution() -> None:
    keys = [measure.key for measure in load_regime().measures()]
    assert len(keys) == len(set(keys))
    strangers = [
        measure.key
        for resolution in load_regime().resolutions
        for measure in resolution.measures
        if not measure.key.startswith(f"{resolution.name}/") or measure.resolution != resolution.document
    ]
    assert strangers == []


def test_a_key_begins_with_its_paragraph() -> None:
    """`2397/5` stands in paragraph 5, `1718/8a1` in paragraph 8 (a) (i)."""
    strays = [
        measure.key
        for measure in load_regime().measures()
        if re.findall(r"\d+", measure.key.partition("/")[2])[0] != re.findall(r"\d+", measure.paragraph)[0]
    ]
    assert strays == []


def test_measures_stand_in_the_order_of_paragraphs() -> None:
    for resolution in load_regime().resolutions:
        paragraphs = [_natural(measure.key.partition("/")[2]) for measure in resolution.measures]
        assert paragraphs == sorted(paragraphs), resolution.name


def _natural(key: str) -> tuple[int, str, int]:
    match = re.match(r"(\d+)([a-z]?)(\d*)", key)
    assert match is not None
    number, letter, sub = match.groups()
    return int(number), letter, int(sub or 0)


def test_every_measure_with_goods_says_where_they_go() -> None:
    assert [measure.key for measure in load_regime().measures() if measure.goods and measure.direction is None] == []


def test_no_measure_binds_before_its_resolution_was_adopted() -> None:
    early = [
        measure.key
        for resolution in load_regime().resolutions
        for measure in resolution.measures
        if measure.binds_from < resolution.adopted
    ]
    assert early == []


def test_a_measure_that_binds_later_than_adoption_says_why() -> None:
    silent = [
        measure.key
        for resolution in load_regime().resolutions
        for measure in resolution.measures
        if measure.binds_from != resolution.adopted and measure.binds_from_note is None
    ]
    assert silent == []


def test_every_value_names_its_reference() -> None:
    rows = [
        row
        for measure in load_regime().measures()
        for row in (*measure.goods, *measure.caps, *measure.wind_downs, *measure.exemptions, *measure.changes)
    ]
    assert len(rows) > 50
    assert [row for row in rows if not row.reference.strip()] == []


def test_every_checked_value_names_a_text_of_its_card_and_every_other_says_why_not() -> None:
    for resolution in load_regime().resolutions:
        known = {text.id for text in resolution.texts}
        for check in resolution.checks():
            assert (check.text_id is None) != (check.unverified is None)
            assert check.text_id is None or check.text_id in known


def test_every_text_that_is_listed_was_used() -> None:
    for resolution in load_regime().resolutions:
        used = {check.text_id for check in resolution.checks()}
        assert {text.id for text in resolution.texts} <= used, resolution.name


def test_every_change_is_by_a_measure_that_exists_and_already_binds() -> None:
    regime = load_regime()
    changes = [(measure, change) for measure in regime.measures() for change in measure.changes]
    assert changes, "no measure of the regime was ever changed?"
    assert [(measure.key, change.by) for measure, change in changes if change.by == measure.key] == []
    early = [
        (measure.key, change.by)
        for measure, change in changes
        if change.on < regime.measure(change.by).binds_from
        or regime.of_measure(change.by).adopted < regime.of_measure(measure.key).adopted
    ]
    assert early == []


def test_a_replaced_measure_ends_the_day_before_its_successor_takes_over() -> None:
    """The Panel's mandates apart: each was renewed before the day it had been granted until."""
    overlapping = [
        (measure.key, measure.binds_until, change.by, change.on)
        for measure in load_regime().measures()
        for change in measure.changes
        if change.effect == "replaced"
        and "panel" not in measure.topics
        and measure.binds_until != change.on - timedelta(days=1)
    ]
    assert overlapping == []


def test_a_measure_that_ended_says_what_ended_it() -> None:
    """A mandate of the Panel may also run out by itself, as the last one did, and with it what only it could do."""
    last = max(found.mandate.until for found in load_regime().resolutions if found.mandate is not None)
    silent = [
        measure.key
        for resolution in load_regime().resolutions
        for measure in resolution.measures
        if measure.binds_until is not None
        and not any(change.effect in {"replaced", "ended"} for change in measure.changes)
        and not (resolution.mandate is not None and measure.binds_until == resolution.mandate.until)
        and not ("panel" in measure.topics and measure.binds_until == last)
    ]
    assert silent == []


def test_a_grace_ends_after_the_measure_begins() -> None:
    early = [
        (measure.key, grace.until)
        for measure in load_regime().measures()
        for grace in measure.wind_downs
        if grace.until < measure.binds_from
    ]
    assert early == []


def _caps(key: str) -> set[tuple[Decimal, str, date, date | None]]:
    return {_cap(cap) for cap in load_regime().measure(key).caps}


def _cap(cap: Cap) -> tuple[Decimal, str, date, date | None]:
    return cap.amount, cap.unit, cap.binds_from, cap.binds_until


def test_the_coal_caps_of_2321_are_those_of_its_paragraph_26() -> None:
    first, last = date(2016, 11, 30), date(2016, 12, 31)
    caps = load_regime().measure("2321/26").caps
    assert {_cap(cap)[:3] for cap in caps} == {
        (Decimal(53495894), "USD", first),
        (Decimal(1000866), "tonne", first),
        (Decimal(400870018), "USD", date(2017, 1, 1)),
        (Decimal(7500000), "tonne", date(2017, 1, 1)),
    }
    assert {cap.binds_until for cap in caps if cap.binds_from == first} == {last}
    assert all(cap.whichever_is_lower for cap in caps)


def test_the_refined_petroleum_caps_of_2375_are_those_of_its_paragraph_14() -> None:
    caps = load_regime().measure("2375/14").caps
    assert {_cap(cap)[:3] for cap in caps} == {
        (Decimal(500000), "barrel", date(2017, 10, 1)),
        (Decimal(2000000), "barrel", date(2018, 1, 1)),
    }
    assert {cap.binds_until for cap in caps if cap.amount == 500000} == {date(2017, 12, 31)}


def test_the_crude_oil_caps_of_2397_are_those_of_its_paragraph_4() -> None:
    assert _caps("2397/4") == {
        (Decimal(4000000), "barrel", date(2017, 12, 22), None),
        (Decimal(525000), "tonne", date(2017, 12, 22), None),
    }


def test_the_refined_petroleum_cap_of_2397_is_that_of_its_paragraph_5() -> None:
    assert _caps("2397/5") == {(Decimal(500000), "barrel", date(2018, 1, 1), None)}


def test_the_workers_of_2397_had_to_be_home_by_the_end_of_2019() -> None:
    """Paragraph 8: at once, and no later than 24 months from adoption."""
    measure = load_regime().measure("2397/8")
    assert measure.binds_from == date(2017, 12, 22)
    assert "labour" in measure.topics
    assert "2019" in " ".join([measure.says, *(grace.until.isoformat() for grace in measure.wind_downs)])


@pytest.mark.parametrize(
    ("key", "last_day"),
    [
        ("2371/9", date(2017, 9, 4)),
        ("2371/10", date(2017, 9, 4)),
        ("2375/16", date(2017, 12, 10)),
        ("2397/6", date(2018, 1, 21)),
    ],
)
def test_the_grace_for_old_contracts_counts_its_days_from_adoption(key: str, last_day: date) -> None:
    assert {grace.until for grace in load_regime().measure(key).wind_downs} == {last_day}


def test_nothing_makes_the_panel_work_after_its_last_mandate() -> None:
    """The Panel of Experts ended on 30 April 2024; what lives on of these paragraphs binds others."""
    after = load_regime().in_force(date(2024, 5, 1), topic="panel")
    assert "1874/26" not in {measure.key for measure in after}
    assert not [measure.key for measure in after if measure.topics == ("panel",)]


# ---------------------------------------------------------------- the headings

HEADINGS = b"""first_edition = "HS 2017"
[chapters]
"01" = ["01-06"]
"15" = ["01-18", "20"]
[[later]]
edition = "HS 2022"
ended = ["0106"]
new = ["0107"]
"""


def test_headings_are_read_from_ranges_and_later_editions() -> None:
    editions = headings_from(HEADINGS, where="h.toml").editions
    assert len(editions["HS 2017"]) == 6 + 19
    assert editions["HS 2022"] ^ editions["HS 2017"] == {"0106", "0107"}


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (b'"20"]', b'"2"]', "neither two digits nor a range"),
        (b'"01-18"', b'"01-x8"', "neither two digits nor a range"),
        (b'"15"', b'"5"', "neither two digits nor a range"),
        (b'["0106"]', b'["0108"]', "ends a heading that is not there"),
        (b'["0107"]', b'["0105"]', "begins one that is"),
        (b'"HS 2022"', b'"HS 2023"', "not one of"),
    ],
)
def test_headings_that_contradict_themselves_are_refused(right: bytes, wrong: bytes, says: str) -> None:
    with pytest.raises(CardError, match=says):
        headings_from(HEADINGS.replace(right, wrong), where="h.toml")
