"""Plain names: those that are not looked at piece by piece would give no pieces."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bongsu.names.several import _firms, _parts, firms_in, parts_in

WORDS = ["Ri", "Won Ho", "KIM", "Acme", "Ltd", "리원호", "김영", "李元浩", "Trading Co.", "O'Neil", "Su-dae", "Lim"]
LATIN = "and AND or und oder u. et ou y ex - attn attention"
PHRASES = ["care of", "estate of", "on behalf of", "for the benefit of", "and others", "and 2 others", "et al"]
BETWEEN = [
    *(f" {word} " for word in (*LATIN.split(), *PHRASES, *["и", "или", "및", "또는", "과", "와", "외"])),
    *(" ", "와 ", "과 ", " 외 1명", "외 2인", " 等3人", "他2名", "-", ". ", "'", "&", " + ", "/", ", "),
]
NAMES = st.lists(st.sampled_from(WORDS + BETWEEN), min_size=1, max_size=7).map("".join)


@settings(max_examples=1000)
@given(NAMES)
@example("리원호와 김영")
@example("KIM Su-dae attn. RI Won Ho")
def test_a_name_that_is_passed_over_as_plain_has_no_parts(name: str) -> None:
    assert parts_in(name) == _parts(name)
    assert firms_in(name) == _firms(name)
