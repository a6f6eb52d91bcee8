"""What is made of printed values: dates, territories, identifiers, names."""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from datetime import date
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.lists import cleaning
from bongsu.lists.cleaning import Cleaned, clean

TERRITORIES = tomllib.loads((files("bongsu.lists") / "territories.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("1958", "1958"),
        ("1958-02", "1958-02"),
        ("1958-02-01", "1958-02-01"),
        (" 1958-02-01 ", "1958-02-01"),
        ("2016-02-29", "2016-02-29"),
        ("2015-04-14-04:00", "2015-04-14"),
        ("2015-04-14+09:00", "2015-04-14"),
        ("2015-04-14Z", "2015-04-14"),
        ("Feb 1958", "1958-02"),
        ("1 Feb 1958", "1958-02-01"),
        ("01 Feb 1958", "1958-02-01"),
        ("29 Feb 2000", "2000-02-29"),
        ("01  Feb\n1958", "1958-02-01"),
    ],
)
def test_a_day_is_written_one_way(printed: str, day: str) -> None:
    assert cleaning.day(printed) == Cleaned.of(day)


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        ("2015-02-29", "no such day in the calendar"),
        ("29 Feb 1900", "no such day in the calendar"),
        ("31 Apr 1958", "no such day in the calendar"),
        ("00 Feb 1958", "no such day in the calendar"),
        ("1958-00", "no such day in the calendar"),
        ("1958-00-00", "no such day in the calendar"),
        ("1958-13-01", "no such day in the calendar"),
        ("0000", "no such day in the calendar"),
        ("1799-12-31", "outside the years 1800 to 2200"),
        ("2201", "outside the years 1800 to 2200"),
        ("circa 1947", "approximate, not a date"),
        ("Circa Feb 1947", "approximate, not a date"),
        ("APPROXIMATELY 1947", "approximate, not a date"),
        ("c. 1947", "approximate, not a date"),
        ("BETWEEN 1946 AND 1947", "a range, not a date"),
        ("1946 to 1947", "a range, not a date"),
        ("Feb 1946 to Mar 1947", "a range, not a date"),
        ("01 Fev 1958", "not written as a date"),
        ("01/02/1958", "not written as a date"),
        ("58", "not written as a date"),
        ("", "not written as a date"),
        ("1958?", "not written as a date"),
        ("١٩٥٨", "not written as a date"),
        ("１９５８", "not written as a date"),
    ],
)
def test_what_is_no_certain_day_is_rejected_with_its_reason(printed: str, reason: str) -> None:
    assert cleaning.day(printed) == Cleaned.no(reason)


@given(on=st.dates(date(1800, 1, 1), date(2200, 1, 1)))
def test_every_day_is_understood_in_both_spellings(on: date) -> None:
    assert cleaning.day(on.isoformat()) == Cleaned.of(on.isoformat())
    assert cleaning.day(f"{on.day:02d} {cleaning.MONTHS[on.month - 1]} {on.year}") == Cleaned.of(on.isoformat())


@given(printed=st.text(max_size=30))
def test_no_text_makes_a_cleaner_fail_and_one_of_two_always_comes(printed: str) -> None:
    for prop in ("birthDate", "country", "imoNumber", "mmsi", "gender", "tonnage", "name"):
        cleaned = clean(prop, printed)
        assert (cleaned.value is None) != (cleaned.rejected is None)
        assert cleaned.value != ""


@pytest.mark.parametrize("code", sorted(TERRITORIES))
def test_every_name_of_a_territory_gives_its_code(code: str) -> None:
    assert len(code) == 2
    for name in TERRITORIES[code]:
        for printed in (name, name.upper(), f"  {name.lower()} ", name.replace("'", "’")):
            assert cleaning.territory(printed) == Cleaned.of(code.lower())


@pytest.mark.parametrize("code", sorted(TERRITORIES))
def test_a_territory_is_known_by_its_code_too(code: str) -> None:
    for printed in (code, code.lower(), f" {code} "):
        assert cleaning.territory_code(printed) == Cleaned.of(code.lower())


@pytest.mark.parametrize("printed", ["", "XK", "North Korea", "KOR", "UK", "K P"])
def test_what_is_no_code_of_a_territory_is_rejected(printed: str) -> None:
    assert cleaning.territory_code(printed) == Cleaned.no("no code of ISO 3166-1")


def test_no_name_stands_for_two_territories() -> None:
    bearers = Counter(name for names in TERRITORIES.values() for name in {cleaning._fold(name) for name in names})
    assert [name for name, count in bearers.items() if count > 1] == []


@pytest.mark.parametrize(
    "printed",
    [
        "Korea",
        "Congo",
        "Netherlands Antilles",
        "Sudan/South Sudan",
        "USSR",
        "Ireland, Northern",
        "Region: Crimea",
        "undetermined",
        "None Identified",
        "Sandboxland",
        "북한",
        "???",
        "",
    ],
)
def test_what_names_no_single_territory_stays_without_a_code(printed: str) -> None:
    assert cleaning.territory(printed) == Cleaned.no("names no single territory of ISO 3166-1")


@given(six=st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_each_six_digits_have_exactly_one_imo_check_digit(six: str) -> None:
    accepted = [digit for digit in range(10) if cleaning.imo_number(f"IMO {six}{digit}").value]
    assert accepted == [sum(int(digit) * weight for digit, weight in zip(six, (7, 6, 5, 4, 3, 2), strict=True)) % 10]


@given(six=st.from_regex(r"[0-9]{6}", fullmatch=True), place=st.integers(0, 6), shift=st.integers(1, 9))
def test_an_imo_number_with_its_check_digit_altered_is_rejected(six: str, place: int, shift: int) -> None:
    right = next(f"{six}{digit}" for digit in range(10) if cleaning.imo_number(f"{six}{digit}").value)
    wrong = right[:6] + str((int(right[6]) + shift) % 10)
    assert cleaning.imo_number(wrong).rejected == f"check digit is {wrong[6]}, should be {right[6]}"


@pytest.mark.parametrize(
    "printed", ["IMO 9074729", "9074729", "IMO9074729", "IMO No. 9074729", "imo number: 9074729", " 9074729 "]
)
def test_an_imo_number_is_written_one_way(printed: str) -> None:
    assert cleaning.imo_number(printed) == Cleaned.of("IMO9074729")  # the usual textbook example


@pytest.mark.parametrize(
    "printed", ["Does not exist", "IMO Does not exist", "907472", "90747299", "٩٠٧٤٧٢٩", "９０７４７２９", ""]
)
def test_what_is_not_written_as_an_imo_number_is_rejected(printed: str) -> None:
    assert cleaning.imo_number(printed) == Cleaned.no("not written as an IMO number (seven digits)")


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("445000000", Cleaned.of("445000000")),
        (" 273000000 ", Cleaned.of("273000000")),
        ("12345678", Cleaned.no("not written as an MMSI (nine digits)")),
        ("4450000001", Cleaned.no("not written as an MMSI (nine digits)")),
        ("44512300O", Cleaned.no("not written as an MMSI (nine digits)")),
        ("４４５００００００", Cleaned.no("not written as an MMSI (nine digits)")),
        ("000000000", Cleaned.no("begins with 0: no ship station")),
        ("123456789", Cleaned.no("begins with 1: no ship station")),
        ("970123456", Cleaned.no("begins with 9: no ship station")),
    ],
)
def test_an_mmsi_is_that_of_a_ship_station(printed: str, cleaned: Cleaned) -> None:
    assert cleaning.mmsi(printed) == cleaned


@pytest.mark.parametrize(
    ("prop", "printed", "cleaned"),
    [
        ("gender", " Male", Cleaned.of("male")),
        ("gender", "FEMALE", Cleaned.of("female")),
        ("gender", "unknown", Cleaned.no("neither male nor female")),
        ("tonnage", "10,500", Cleaned.of("10500")),
        ("tonnage", "10.5", Cleaned.no("not a whole number")),
        ("tonnage", "-1", Cleaned.no("not a whole number")),
        ("name", " 김\u00a0철 ", Cleaned.of("김 철")),
        ("name", unicodedata.normalize("NFD", "김철"), Cleaned.of("김철")),
        ("name", " \u3000", Cleaned.no("empty")),
    ],
)
def test_other_values_are_cleaned_by_their_property(prop: str, printed: str, cleaned: Cleaned) -> None:
    assert clean(prop, printed) == cleaned


@pytest.mark.parametrize(
    ("printed", "lang"),
    [
        ("김철", "kor"),
        ("KIM 김", "kor"),
        ("金哲", "zho"),
        ("丹东", "zho"),
        ("サンドボックス", "jpn"),
        ("株式会社サンドボックス", "jpn"),
        ("朝鮮の海運", "jpn"),
        ("金哲 김철", "kor"),
        ("Kim Chol", None),
        ("Ким", None),
        ("Société", None),
        ("", None),
    ],
)
def test_the_script_tells_the_language_where_it_can(printed: str, lang: str | None) -> None:
    assert cleaning.language_of(printed) == lang


@given(printed=st.text(max_size=40))
def test_squeezing_twice_squeezes_no_further(printed: str) -> None:
    once = cleaning.squeezed(printed)
    assert cleaning.squeezed(once) == once


@pytest.mark.parametrize("printed", ["a ̈", "ΐ", "ͅ", "ﬃ", "K", "ẞ", "ᄀ ᅡ", "Å ng"])
def test_squeezing_hard_letters_twice_squeezes_no_further(printed: str) -> None:
    assert cleaning.squeezed(cleaning.squeezed(printed)) == cleaning.squeezed(printed)


@given(printed=st.text(max_size=40), blank=st.sampled_from([" ", "\t", "\u00a0", "\u3000", "\n"]))
def test_blanks_and_compatible_spellings_are_mere_form(printed: str, blank: str) -> None:
    assert cleaning.squeezed(f"{blank}{printed}{blank}") == cleaning.squeezed(printed)
    assert cleaning.squeezed(unicodedata.normalize("NFKC", printed)) == cleaning.squeezed(printed)


def test_two_names_of_different_letters_are_never_mere_form() -> None:
    assert cleaning.squeezed("Jo Chol") != cleaning.squeezed("Jo Yong Chol")
    assert cleaning.squeezed("KIM, Yong Chol") == cleaning.squeezed("kim,yongchol")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("03.02.1961", "1961-02-03"),
        ("3/2/1961", "1961-02-03"),
        ("dd/mm/1961", "1961"),
        ("DD/02/1961", "1961-02"),
        ("00.00.1961", "1961"),
        ("1961-02-03", "1961-02-03"),
    ],
)
def test_a_date_with_its_day_first_is_written_one_way(printed: str, day: str) -> None:
    assert cleaning.day_first(printed) == Cleaned.of(day)


@pytest.mark.parametrize("printed", ["31.02.1961", "12/31/1961", "03.mm.1961", "dd/mm/yyyy", "circa 1961"])
def test_what_is_no_date_with_its_day_first_is_rejected(printed: str) -> None:
    assert cleaning.day_first(printed).value is None
