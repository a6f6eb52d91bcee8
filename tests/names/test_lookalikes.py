"""Letters of other scripts that only look like Latin ones: planted in a name, they hide it from no comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.names import Entity, ListedName, Query, Screener, similarity
from bongsu.names.lookalikes import as_it_looks, lookalikes

CYRILLIC = {latin: letter for letter, latin in lookalikes().latin.items()}


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("RI M\u041eK D\u0410E", "RI MOK DAE"),
        ("RI MOK \u0414AE", "RI MOK \u0414\u0430\u0435"),  # Д looks like no Latin letter, A and E like Cyrillic ones
        ("RI M\u039fK DA\u0395", "RI MOK DAE"),
        ("Ri Mok-d\u0430\u0435", "Ri Mok-dae"),
        ("Ri M\u0585k-dae", "Ri Mok-dae"),
        ("RI WON \u041d\u041e", "RI WON HO"),
        ("K\u0406M", "KIM"),
        ("P\u0430k", "Pak"),
    ],
)
def test_a_letter_is_read_as_it_looks_among_latin_ones(printed: str, read: str) -> None:
    assert as_it_looks(printed) == read


@pytest.mark.parametrize(
    "printed", ["РИ МОК ДЭ", "РАК", "Москва", "Bank Москва", "Ким / Kim", "ΚΙΜ ΓΙΩΡΓΟΣ", "RI MOK DAE", "리목대"]
)
def test_words_of_one_script_stay_as_they_are(printed: str) -> None:
    assert as_it_looks(printed) == printed


def test_latin_letters_in_a_cyrillic_name_are_read_as_cyrillic_ones() -> None:
    assert as_it_looks("Pи Moк Xо").casefold() == "ри мок хо"
    assert as_it_looks("РИ МОН XO").casefold() == "ри мон хо"


@given(places=st.sets(st.integers(0, 9)))
def test_no_planted_letter_hides_a_name(places: set[int]) -> None:
    name = "RI MOK-DAE"
    planted = "".join(CYRILLIC.get(letter, letter) if place in places else letter for place, letter in enumerate(name))
    listed = Entity(id="sandbox:1", schema="Person", caption=name, names=(ListedName(text=name),))
    (hit,) = Screener([listed]).screen(Query(name=planted, schema="Person"))
    assert hit.score == similarity(planted, name, "Person") == 1.0
