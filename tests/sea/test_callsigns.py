"""Call signs: whose they are, and whether that is whose MMSI it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.cards import read_card
from bongsu.kernel.errors import CardError
from bongsu.sea.callsigns import disagree, family, family_of_mmsi, plain, prefixes, read_call_signs, state_of
from bongsu.sea.mmsi import digits


@pytest.mark.parametrize(
    ("call_sign", "state"),
    [
        ("HMYZ", "KP"),
        ("P5AB", "KP"),
        ("p9 ab 2", "KP"),
        ("P4AB", "NL"),  # Aruba counts as one with the Netherlands
        ("HLAB", "KR"),
        ("3FAB7", "PA"),
        ("9V1234", "SG"),
        ("WDE1234", "US"),
        ("VRAB2", "CN"),  # Hong Kong
        ("SSAB", "EG"),
        ("SSNB", "SD"),  # SSN to SSZ are Sudan's
        ("SS1234", None),  # the digit does not tell which
        ("QX00001", None),  # no State has Q
        ("HAPPY STAR", None),  # a name, though HA is Hungary's
        ("12345678", None),
        ("", None),
        (None, None),
    ],
)
def test_a_call_sign_is_of_the_state_whose_series_it_is_of(call_sign: str | None, state: str | None) -> None:
    assert state_of(call_sign) == state


def test_a_call_sign_and_an_mmsi_disagree_only_where_both_are_of_a_state() -> None:
    assert disagree("P5AB", 351_000_000)
    assert not disagree("3FAB7", 351_000_000)
    assert not disagree("ZGAB2", 319_000_000)  # the Cayman Islands have the United Kingdom's call signs
    assert not disagree("BXAB", 416_000_000)  # the table has all of B for China
    assert not disagree("P5AB", 199_000_001)
    assert not disagree("QX00001", 351_000_000)


def test_every_state_with_digits_has_a_series_of_its_own_or_of_the_state_it_counts_with() -> None:
    states = set(prefixes().values())
    lacking = {family_of_mmsi(mid * 1_000_000) for mid in digits().flags} - states
    # Eswatini and Fiji share 3D; each is told by the third letter.
    assert lacking <= {"FJ", "SZ"}
    assert state_of("3DAB") == "SZ"
    assert state_of("3DNB") == "FJ"


def test_a_family_is_its_own_family() -> None:
    assert {family(family(code)) == family(code) for codes in digits().flags.values() for code in codes} == {True}


@given(st.text(max_size=12))
def test_blanks_and_small_letters_do_not_matter(text: str) -> None:
    assert state_of(text) == state_of(plain(text))


@pytest.mark.parametrize(
    ("series", "words"),
    [
        ('KP = ["HMA-HLZ"]', "ends before it begins"),
        ('KP = ["HMA-JMZ"]', "no series of one first character"),
        ('KP = ["HMA-HMZ"]\nKR = ["HLA-HMZ"]', "is given to"),
        ('KPR = ["HMA-HMZ"]', "no code"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(series: str, words: str) -> None:
    text = f'title = "t"\nsource = "s"\n[territories]\nCN = ["HK"]\n[series]\n{series}\n'
    with pytest.raises(CardError, match=words):
        read_card(text.encode(), where="x.toml", read=read_call_signs)
