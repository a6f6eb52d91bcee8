"""The questions asked of the regime: what bears on goods, what is in force, what happened when, where a key stands."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.errors import UsageError
from bongsu.law import load_regime
from bongsu.law.headings import load_headings
from bongsu.law.regime import hs_digits

CHAPTERS = [f"{number:02}" for number in range(1, 98) if number != 77]
DIRECTIONS = ["to", "from"]

EXISTING = sorted(frozenset[str]().union(*load_headings().editions.values()))
headings = (
    st.sampled_from(CHAPTERS)
    | st.sampled_from(EXISTING)
    | st.builds("{}{:02}".format, st.sampled_from(EXISTING), st.integers(0, 99))
)
endings = st.sampled_from([2, 4]).flatmap(lambda length: st.text("0123456789", min_size=length, max_size=length))
tariff_lines = st.builds(lambda heading, ending: heading + ending, st.sampled_from(EXISTING), endings)
wider = st.sampled_from([2, 4, 6])
directions = st.sampled_from(DIRECTIONS)
days = st.dates(date(2006, 7, 1), date(2030, 1, 1)) | st.sampled_from(
    [date(2016, 11, 30), date(2017, 8, 5), date(2017, 9, 11), date(2017, 12, 22), date(2018, 1, 1)]
)


@pytest.fixture(autouse=True, scope="module")
def _cards_are_read() -> None:
    """Reading the cards once must not count against the first example's time limit."""
    load_regime()


# ---------------------------------------------------------------- keys


def test_a_measure_is_found_by_its_key() -> None:
    measure = load_regime().measure("2397/5")
    assert (measure.key, measure.resolution) == ("2397/5", "S/RES/2397 (2017)")


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("2397/99", "2397/25"),
        ("2397/24", "2397/25"),
        ("2397", "2397/3"),
        ("2397/", "2397/3"),
        ("1718/8", "1718/8a1"),
        ("2397/5x", "2397/5"),
        ("2397/5(a)", "2397/5"),
        ("2397/5A", "2397/5"),
        ("2397/7-spares", "2397/7"),
    ],
)
def test_an_unknown_key_is_answered_with_near_ones(key: str, near: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_regime().measure(key)
    assert key in caught.value.what
    assert caught.value.remedy is not None
    assert near in caught.value.remedy.replace(",", " ").split()


@pytest.mark.parametrize("key", ["2397/0", "2397", "2375/99"])
def test_of_near_keys_only_a_few_are_named_and_where_all_are(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_regime().measure(key)
    assert caught.value.remedy is not None
    number = key[:4]
    assert caught.value.remedy.endswith(f" (all of them: bongsu law show {number})")
    assert caught.value.remedy.count(f"{number}/") == 5


@pytest.mark.parametrize(
    ("key", "first", "last", "count"),
    [
        ("1718/8", "1718/8a1", "1718/8f", 8),
        ("S/RES/1718 (2006), para. 8", "1718/8a1", "1718/8f", 8),
        ("1718/8(a)", "1718/8a1", "1718/8a3", 3),
    ],
)
def test_a_paragraph_that_holds_several_measures_is_opened(key: str, first: str, last: str, count: int) -> None:
    keys = [measure.key for measure in load_regime().within(key)]
    assert (keys[0], keys[-1], len(keys)) == (first, last, count)


@pytest.mark.parametrize(
    "key", ["2397/5", "2397", "2397/99", "1718/80", "1718/8 (2007)", "coal", "", "S/RES/1718 (2007), 8"]
)
def test_what_is_a_measure_a_resolution_or_nothing_holds_no_measures(key: str) -> None:
    assert load_regime().within(key) == ()


@pytest.mark.parametrize("key", ["4711/1", "coal", "", "/", "S/2024/255"])
def test_a_key_near_to_nothing_is_answered_with_the_way_to_the_list(key: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_regime().measure(key)
    assert caught.value.remedy is not None
    assert caught.value.exit_code == 2


def test_a_resolution_is_found_by_its_number_a_draft_by_its_symbol() -> None:
    regime = load_regime()
    by_number, by_symbol = regime.resolution("2397"), regime.resolution("S/RES/2397 (2017)")
    assert by_number is not None
    assert by_number is by_symbol
    draft = regime.resolution("S/2024/255")
    assert draft is not None
    assert draft.kind == "draft"
    assert regime.resolution("4711") is None


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("2397/5", "2397/5"),
        ("UNSCR 2397 para 9", "2397/9"),
        ("S/RES/2397 (2017), para. 5", "2397/5"),
        ("1718/8(a)(iii)", "1718/8a3"),
        ("1718/8a3", "1718/8a3"),
        ("resolution 2375 § 14", "2375/14"),
        ("2397/5-NOTIFY", "2397/5-notify"),
    ],
)
def test_a_measure_is_found_however_its_key_is_written(written: str, key: str) -> None:
    assert load_regime().measure(written).key == key


@pytest.mark.parametrize("written", ["S/RES/2397 (2016), para. 5", "2397/5a9", "para. 5"])
def test_a_key_with_the_wrong_year_or_paragraph_is_not_bent_into_another(written: str) -> None:
    with pytest.raises(UsageError):
        load_regime().measure(written)


@given(on=days)
def test_what_stands_of_a_topic_is_what_binds_of_it(on: date) -> None:
    regime = load_regime()
    for topic in ("petroleum", "finance", "shipping"):
        standing = regime.standing(on, topic=topic)
        assert [row.measure for row in standing] == list(regime.in_force(on, topic=topic))
        assert all(cap.in_force(on) for row in standing for cap in row.caps)
        assert all(exemption.in_force(on) for row in standing for exemption in row.exemptions)


@given(heading=headings, direction=directions, on=days)
def test_an_answer_names_no_measure_twice(heading: str, direction: str, on: date) -> None:
    answer = load_regime().answer(heading, direction=direction, on=on)
    named = [bearing.measure.key for bearing in answer.bearings] + [measure.key for measure in answer.without_codes]
    assert len(named) == len(set(named))


def test_diesel_within_the_cap_comes_under_three_conditions_and_two_duties() -> None:
    """2397, para. 5, (a) to (c): a cap is no licence, what lies below it still must meet them."""
    answer = load_regime().answer("271019", direction="to", on=date(2024, 2, 1))
    found = {bearing.measure.key: bearing for bearing in answer.bearings}
    assert {condition.what[:3] for condition in found["2397/5"].conditions} == {"(a)", "(b)", "(c)"}
    assert found["2397/5"].exemptions == ()
    assert {"2397/5-notify", "2397/5-stop"} <= found.keys()
    assert "2397/25" in {measure.key for measure in answer.committee_exemptions}


def test_every_measure_leads_back_to_its_resolution_and_its_texts() -> None:
    regime = load_regime()
    for measure in regime.measures():
        assert measure in regime.of_measure(measure.key).measures
        for check in measure.checks():
            if check.text_id is not None:
                assert regime.text(measure, check.text_id).url.startswith("http")


# ---------------------------------------------------------------- HS codes


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("27", "27"),
        ("2710", "2710"),
        ("2710.19", "271019"),
        ("2710 19 43", "27101943"),
        ("0303", "0303"),
        ("2710.19.43.00.11", "271019430011"),
    ],
)
def test_a_code_is_read_with_dots_and_blanks(text: str, digits: str) -> None:
    assert hs_digits(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "..",
        "2",
        "coal",
        "27a",
        "27-10",
        "2710,19",
        "-27",
        "+27",
        "2.7e3",
        "２７１０",
        "٢٧",
        "2710\n",
        "1" * 13,
    ],
)
def test_what_is_no_code_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        hs_digits(text)
    assert caught.value.remedy is not None


@pytest.mark.parametrize("text", ["00", "0000", "77", "7701", "98", "9801", "99"])
def test_a_chapter_the_harmonized_system_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=text[:2]):
        hs_digits(text)


@pytest.mark.parametrize("text", ["303", "713", "10121", "27.1", "7131000", "303.89.00"])
def test_a_code_that_may_have_lost_its_leading_zero_is_refused(text: str) -> None:
    """The Harmonized System has 2, 4 and 6 digits; a spreadsheet turns 0303 (fish) into 303, read as chapter 30."""
    with pytest.raises(UsageError):
        hs_digits(text)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("3011", "if a spreadsheet took its leading zero away, ask 0301; else look the code up; chapter 30 has the "),
        ("30111000", "if a spreadsheet took its leading zero away, ask 03011100; else look the code up; chapter 30 "),
        ("3021.11.00.00", "if a spreadsheet took its leading zero away, ask 0302111000; else "),
        ("2717", "look the code up; chapter 27 has the headings 2701 to 2716"),
        ("100999", "look the code up; chapter 10 has the headings 1001 to 1008"),
    ],
)
def test_a_heading_that_no_edition_has_is_refused_with_what_may_have_been_meant(code: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_regime().answer(code, direction="from", on=date(2018, 1, 1))
    digits = code.replace(".", "")
    assert caught.value.what == f"no edition of the Harmonized System from 2002 to 2022 has a heading {digits[:4]}"
    assert caught.value.remedy is not None
    assert caught.value.remedy.startswith(remedy)


def test_a_national_code_on_which_nothing_bears_is_tried_with_a_leading_zero_too() -> None:
    regime, on = load_regime(), date(2018, 1, 1)
    found = regime.answer("71010000", direction="from", on=on)  # 7101 is pearls, 0710 frozen vegetables
    assert found.bearings == ()
    assert found.with_leading_zero is not None
    assert found.with_leading_zero.hs == "07101000"
    assert "2397/6" in found.with_leading_zero.keys
    assert regime.answer("7101", direction="from", on=on).with_leading_zero is None  # no national code
    assert regime.answer("27011200", direction="from", on=on).with_leading_zero is None  # something bears
    assert regime.answer("40111000", direction="from", on=on).with_leading_zero is None  # nothing bears on 0401 either


@pytest.mark.parametrize(
    ("heading", "editions"),
    [
        ("0101", {"HS 2002", "HS 2007", "HS 2012", "HS 2017", "HS 2022"}),
        ("8803", {"HS 2002", "HS 2007", "HS 2012", "HS 2017"}),
        ("8524", {"HS 2002", "HS 2022"}),
        ("9619", {"HS 2012", "HS 2017", "HS 2022"}),
        ("9620", {"HS 2017", "HS 2022"}),
        ("2527", set()),
        ("7701", set()),
    ],
)
def test_headings_come_and_go_with_the_editions(heading: str, editions: set[str]) -> None:
    assert {name for name, codes in load_headings().editions.items() if heading in codes} == editions


def test_every_edition_has_the_headings_the_united_nations_count() -> None:
    """Held against the statistics division's lists of codes, where they are at hand."""
    path = Path(__file__).parents[2] / ".." / "shared" / "data" / "trade" / "hs_codes_H0_H6.csv.gz"
    if not path.is_file():
        pytest.skip("the lists of codes (../shared/data/trade) are not here")
    names = {"H2": "HS 2002", "H3": "HS 2007", "H4": "HS 2012", "H5": "HS 2017", "H6": "HS 2022"}
    counted: dict[str, set[str]] = {name: set() for name in names.values()}
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            # Chapters 98 and 99 hold what a country does not say; they are no part of the Harmonized System.
            if row["rev"] in names and len(row["id"]) == 4 and row["id"].isdigit() and row["id"] < "98":
                counted[names[row["rev"]]].add(row["id"])
    assert counted == {name: set(codes) for name, codes in load_headings().editions.items()}


def test_every_code_of_a_card_has_its_heading_in_the_edition_it_names() -> None:
    wrong = [
        (measure.key, prefix, goods.hs_revision)
        for measure in load_regime().measures()
        for goods in measure.goods
        for prefix in (*goods.hs, *goods.except_hs)
        if len(prefix) >= 4 and prefix[:4] not in load_headings().editions[goods.hs_revision]
    ]
    assert wrong == []


@pytest.mark.parametrize("direction", ["both", "export", "", "TO", "into"])
def test_goods_move_to_or_from_and_nothing_else(direction: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_regime().check_goods("2701", direction=direction, on=date(2018, 1, 1))
    assert repr(direction) in caught.value.what


@given(line=tariff_lines, length=wider, direction=directions, on=days)
def test_a_longer_code_never_loses_a_measure_that_covered_its_heading(
    line: str, length: int, direction: str, on: date
) -> None:
    regime = load_regime()
    covering = {b.measure.key for b in regime.check_goods(line[:length], direction=direction, on=on) if b.whole}
    longer = {b.measure.key for b in regime.check_goods(line, direction=direction, on=on) if b.whole}
    assert covering <= longer


@given(line=tariff_lines, length=wider, direction=directions, on=days)
def test_what_bears_on_a_tariff_line_bears_on_its_heading(line: str, length: int, direction: str, on: date) -> None:
    regime = load_regime()
    bears = {b.measure.key for b in regime.check_goods(line, direction=direction, on=on)}
    above = {b.measure.key for b in regime.check_goods(line[:length], direction=direction, on=on)}
    assert bears <= above


@given(heading=headings, direction=directions, on=days)
def test_each_measure_bears_once_and_in_the_order_of_the_regime(heading: str, direction: str, on: date) -> None:
    regime = load_regime()
    bearings = regime.check_goods(heading, direction=direction, on=on)
    order = [measure.key for measure in regime.measures()]
    places = [order.index(bearing.measure.key) for bearing in bearings]
    assert places == sorted(set(places))
    adopted = [regime.of_measure(bearing.measure.key).adopted for bearing in bearings]
    assert adopted == sorted(adopted)


@given(heading=headings, direction=directions, on=days)
def test_what_bears_is_in_force_and_goes_that_way(heading: str, direction: str, on: date) -> None:
    for bearing in load_regime().check_goods(heading, direction=direction, on=on):
        assert bearing.measure.in_force(on)
        assert bearing.measure.direction in {direction, "both"}
        assert bearing.matches
        for match in bearing.matches:
            assert match.goods in load_regime().goods_of(bearing.measure)
            assert match.matched_hs
            assert set(match.matched_hs) <= set(match.goods.hs)
            assert all(heading.startswith(prefix) or prefix.startswith(heading) for prefix in match.matched_hs)
            assert not (match.goods.part_only and match.covers != "part")
            assert (match.covers == "all") <= heading.startswith(match.matched_hs)
        assert all(cap.in_force(on) for cap in bearing.caps)
        assert all(on <= grace.until for grace in bearing.wind_downs)


@given(heading=headings, direction=directions, on=days)
def test_no_row_of_goods_that_the_code_meets_is_left_out(heading: str, direction: str, on: date) -> None:
    """A row left out is a ban that nobody reads of."""
    regime = load_regime()
    for bearing in regime.check_goods(heading, direction=direction, on=on):
        met = [
            goods
            for goods in regime.goods_of(bearing.measure)
            if any(heading.startswith(prefix) or prefix.startswith(heading) for prefix in goods.hs)
            and not heading.startswith(goods.except_hs)
        ]
        assert [match.goods for match in bearing.matches] == met


def test_a_code_wider_than_the_rows_gets_each_of_them_with_what_it_covers() -> None:
    regime = load_regime()
    fuels = {b.measure.key: b for b in regime.check_goods("27", direction="to", on=date(2018, 5, 1))}["2397/5"]
    said = {match.matched_hs: match.covers for match in fuels.matches}
    assert said["2710", "2712", "2713"] == "these codes"
    assert said["271112", "271113", "271119"] == "part"
    assert not fuels.whole
    ores = {b.measure.key: b for b in regime.check_goods("26", direction="from", on=date(2018, 5, 1))}
    assert {"2603", "2604", "2608", "261610"} <= {hs for match in ores["2321/28"].matches for hs in match.matched_hs}
    assert {"2614", "261590", "2612"} <= {hs for match in ores["2270/30"].matches for hs in match.matched_hs}


@given(heading=headings, direction=directions, on=days)
def test_dots_and_blanks_change_no_answer(heading: str, direction: str, on: date) -> None:
    regime = load_regime()
    dotted = ".".join(heading[at : at + 2] for at in range(0, len(heading), 2))
    plain = regime.check_goods(heading, direction=direction, on=on)
    assert regime.check_goods(dotted, direction=direction, on=on) == plain
    assert regime.check_goods(f" {heading} ", direction=direction, on=on) == plain


def test_luxury_goods_are_judged_by_the_item_on_the_way_to_the_dprk_only() -> None:
    regime = load_regime()
    to = {measure.key for measure in regime.without_codes(direction="to", on=date(2006, 10, 14))}
    assert "1718/8a3" in to
    assert all(measure.direction in {"to", "both"} for measure in regime.without_codes(direction="to", on=date.max))
    back = {measure.key for measure in regime.without_codes(direction="from", on=date(2006, 10, 14))}
    assert "1718/8a3" not in back
    before = {measure.key for measure in regime.without_codes(direction="to", on=date(2006, 10, 13))}
    assert "1718/8a3" not in before


def test_items_of_the_weapons_lists_are_judged_by_the_item() -> None:
    keys = {measure.key for measure in load_regime().without_codes(direction="to", on=date(2018, 1, 1))}
    assert "1718/8a2" in keys


# ---------------------------------------------------------------- what is in force


def _in_force(on: date | None, topic: str | None = None) -> set[str]:
    return {measure.key for measure in load_regime().in_force(on, topic=topic)}


def test_petroleum_on_the_first_of_october_2017_is_under_the_first_cap() -> None:
    keys = _in_force(date(2017, 10, 1), "petroleum")
    assert "2375/14" in keys
    assert "2397/5" not in keys


def test_petroleum_on_the_first_of_january_2018_is_under_the_second_cap() -> None:
    keys = _in_force(date(2018, 1, 1), "petroleum")
    assert {"2397/4", "2397/5", "2375/13"} <= keys
    assert "2375/14" not in keys


def test_petroleum_was_under_no_cap_before_2375() -> None:
    assert not {"2375/13", "2375/14", "2375/15"} & _in_force(date(2017, 9, 10))


def test_coal_has_one_measure_after_another() -> None:
    line = ["2270/29", "2321/26", "2371/8"]
    found = {
        day: [key for key in line if key in _in_force(day, "coal")]
        for day in (
            date(2016, 3, 1),
            date(2016, 3, 2),
            date(2016, 11, 29),
            date(2016, 11, 30),
            date(2017, 8, 4),
            date(2017, 8, 5),
        )
    }
    assert list(found.values()) == [[], ["2270/29"], ["2270/29"], ["2321/26"], ["2321/26"], ["2371/8"]]


@pytest.mark.parametrize(
    ("topic", "key"),
    [
        ("arms", "2270/6"),
        ("luxury", "1718/8a3"),
        ("seafood", "2371/9"),
        ("textiles", "2375/16"),
        ("food", "2397/6"),
        ("machinery", "2397/7"),
        ("vessels", "2397/7"),
        ("statues", "2321/29"),
        ("aviation-fuel", "2270/31"),
        ("assets", "1718/8d"),
        ("labour", "2397/8"),
        ("joint-ventures", "2375/18"),
        ("panel", "1874/26"),
        ("committee", "1718/12"),
        ("humanitarian", "2397/25"),
    ],
)
def test_each_topic_holds_its_measure_in_2018(topic: str, key: str) -> None:
    assert key in _in_force(date(2018, 6, 30), topic)


def test_nothing_was_in_force_before_the_first_resolution() -> None:
    assert _in_force(date(2006, 7, 14)) == set()


def test_no_day_and_no_topic_give_every_measure_in_order() -> None:
    regime = load_regime()
    assert regime.in_force() == regime.measures()
    with pytest.raises(UsageError, match="no topic is called 'no such topic'"):
        regime.in_force(topic="no such topic")


@given(on=days)
def test_topics_share_out_what_is_in_force(on: date) -> None:
    regime = load_regime()
    topics = {topic for measure in regime.in_force(on) for topic in measure.topics}
    by_topic = {measure.key for topic in topics for measure in regime.in_force(on, topic=topic)}
    assert by_topic == {measure.key for measure in regime.in_force(on)}


# ---------------------------------------------------------------- timeline and verification


def test_the_timeline_is_sorted_and_says_nothing_twice() -> None:
    entries = load_regime().timeline()
    assert [entry.on for entry in entries] == sorted(entry.on for entry in entries)
    assert len(entries) == len(set(entries))
    assert all(entry.what and entry.reference for entry in entries)


def test_the_timeline_runs_from_the_first_resolution_and_holds_every_vote() -> None:
    regime = load_regime()
    entries = regime.timeline()
    assert entries[0].on == date(2006, 7, 15)
    days_of = {entry.reference: entry.on for entry in entries if "adopted" in entry.what}
    assert days_of == {resolution.document: resolution.adopted for resolution in regime.resolutions}
    refused = {entry.reference for entry in entries if "not adopted" in entry.what}
    assert refused == {"S/2022/431", "S/2024/255"}


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2024, 4, 30), "Panel of Experts"),
        (date(2017, 12, 10), "wind-down ends"),
        (date(2018, 1, 21), "wind-down ends"),
        (date(2018, 1, 1), "500,000 barrel"),
        (date(2017, 1, 1), "7,500,000 tonne"),
        (date(2017, 8, 5), "2321/26 replaced by 2371/8"),
        (date(2016, 11, 30), "2270/29 replaced by 2321/26"),
    ],
)
def test_the_timeline_holds_what_happened(on: date, words: str) -> None:
    assert [entry for entry in load_regime().timeline() if entry.on == on and words in entry.what]


def test_the_timeline_names_no_cap_that_never_came() -> None:
    """The two million barrels of 2375/14 were to begin on 1 January 2018; 2397/5 came first."""
    assert [entry for entry in load_regime().timeline() if "2,000,000 barrel" in entry.what] == []


def test_verification_counts_every_value_once() -> None:
    regime = load_regime()
    counted = regime.verification()
    checks = [check for resolution in regime.resolutions for check in resolution.checks()]
    assert counted.verified + counted.unverified == len(checks)
    assert counted.verified > 0


def test_the_regime_is_read_once() -> None:
    assert load_regime() is load_regime()
