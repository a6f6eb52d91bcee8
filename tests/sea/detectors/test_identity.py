"""What identity's pure functions promise, for all sayings; and what its card's examples cannot show."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from bongsu.kernel.canonical import digest
from bongsu.sea import desk
from bongsu.sea.calls import Call
from bongsu.sea.claims import Claim, is_sound
from bongsu.sea.contradictions import Limits, Span, different, gap_s, most_flags, of_imo, of_ship, resized
from bongsu.sea.detectors.answers import Answers
from bongsu.sea.detectors.identity import KINDS, Heard, InWaters, TwoPlaces, detect
from bongsu.sea.mmsi import imo_is_sound
from bongsu.sea.model import SANDBOX, Identity
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.seas import Known
from bongsu.sea.ships import Ships
from bongsu.sea.signs import time_of
from bongsu.tables.engine import Engine

DAY_S = 86_400
PARAMETERS = desk.parameters_of("identity")
LIMITS: Limits = PARAMETERS.limits
spans = st.builds(
    lambda begin, length: Span(from_s=begin, to_s=begin + length), st.integers(0, 10**9), st.integers(0, 10**7)
)


def claim(mmsi: int = 199_000_001, **changes: object) -> Claim:
    made: dict[str, object] = {
        "mmsi": mmsi,
        "imo": 12_340,
        "name": "SANDBOX ALPHA",
        "call_sign": None,
        "length_m": 95.0,
        "beam_m": 14.0,
        "first_s": 0,
        "last_s": 3600,
        "reports": 1,
        "cite": f"{digest(b'SANDBOX sayings')}#row=1",
        "invented": True,
        **changes,
    }
    return Claim(**made)  # type: ignore[arg-type]  # fields by name


def found(*claims: Claim) -> list[str]:
    known = Known(ships=Ships([]), gazetteer=gazetteer(), designated=(), clock=datetime(2027, 1, 1, tzinfo=UTC))
    answers = Answers({Claim: claims, Heard: [], TwoPlaces: [], InWaters: [], Call: []})
    return [str(sign.facts["kind"]) for sign in detect(answers, known, PARAMETERS)]


def subjects(*claims: Claim) -> list[str]:
    """Whom the signs are about, where all that was said is in the claims."""
    said = [
        Identity(
            mmsi=each.mmsi,
            first_at=time_of(each.first_s),
            last_at=time_of(each.last_s),
            reports=each.reports,
            imo=each.imo,
            name=each.name,
            call_sign=each.call_sign,
            ship_type=70,
            length_m=each.length_m,
            beam_m=each.beam_m,
            draught_m=None,
            destination=None,
            source=SANDBOX,
            exhibit=each.citation.exhibit,
            row=1,
            world=SANDBOX,
        )
        for each in claims
    ]
    known = Known(ships=Ships(said), gazetteer=gazetteer(), designated=(), clock=datetime(2027, 1, 1, tzinfo=UTC))
    answers = Answers({Claim: claims, Heard: [], TwoPlaces: [], InWaters: [], Call: []})
    return [sign.ships[0].subject.id for sign in detect(answers, known, PARAMETERS)]


def test_a_sign_about_several_numbers_of_one_transponder_is_about_neither_hull() -> None:
    rows = [claim(first_s=0, last_s=5 * DAY_S), claim(imo=23_454, first_s=6 * DAY_S, last_s=7 * DAY_S)]
    assert found(*rows) == ["mmsi_shared"]
    assert subjects(*rows) == ["mmsi:199000001"]


def test_a_sign_about_one_number_is_about_it_though_others_sent_it_years_later() -> None:
    rows = [
        claim(name="SANDBOX ALPHA"),
        claim(199_000_002, name="SANDBOX OMEGA", first_s=3000 * DAY_S, last_s=3000 * DAY_S + 60),
    ]
    assert found(*rows) == ["renamed"]
    assert subjects(*rows) == ["imo:0012340"]
    assert subjects(claim(imo=12_347)) == ["imo:0012347"]


@given(st.lists(st.integers(1, 9_999_999), min_size=1, max_size=50))
def test_every_engine_checks_an_imo_number_as_python_does(numbers: list[int]) -> None:
    table = ibis.memtable(pa.table({"imo": pa.array(numbers, pa.int64())}))
    with Engine() as engine:
        rows = engine.rows(table.mutate(sound=is_sound(table.imo)))
    assert {(row["imo"], row["sound"]) for row in rows} == {(number, imo_is_sound(number)) for number in numbers}


def test_a_number_below_a_million_was_never_issued_in_the_real_world_only() -> None:
    assert found(claim(invented=False)) == ["imo_never_issued"]
    assert found(claim(invented=True)) == []


def test_a_number_from_a_million_on_may_have_been_issued() -> None:
    assert imo_is_sound(1_000_007)
    assert found(claim(imo=1_000_007, invented=False)) == []
    assert found(claim(imo=1_000_006, invented=False)) == ["imo_check"]


@given(spans, spans)
def test_the_gap_between_two_spans_does_not_care_which_comes_first(a: Span, b: Span) -> None:
    assert gap_s(a, b) == gap_s(b, a)
    assert (gap_s(a, b) <= 0) == (a.from_s <= b.to_s and b.from_s <= a.to_s)


@given(
    st.dictionaries(st.sampled_from([667_000_001, 671_000_001, 457_000_001, 351_000_001]), spans), st.integers(0, 10**8)
)
def test_within_a_longer_time_there_are_no_fewer_flags(ships: dict[int, Span], within_s: int) -> None:
    some, more = most_flags(ships, within_s), most_flags(ships, within_s * 2)
    assert len(some) <= len(more) <= len(ships)
    assert len(set(some)) == len(some)


def test_two_digits_of_one_state_are_one_flag_and_digits_of_none_are_no_flag() -> None:
    span = Span(from_s=0, to_s=DAY_S)
    assert most_flags({351_000_001: span, 352_000_001: span, 199_000_001: span}, 365 * DAY_S) == ("PA",)


@given(st.lists(st.text(alphabet="ABCDE 1", min_size=1, max_size=8), max_size=6), st.integers(0, 3))
def test_texts_that_differ_do_so_from_each_one_kept(texts: list[str], typing: int) -> None:
    said = {text: Span(from_s=at, to_s=at) for at, text in enumerate(texts)}
    kept = different(said, typing)
    assert set(kept) <= set(texts)
    assert bool(kept) == bool(texts)
    assert different({text: Span(from_s=0, to_s=0) for text in kept}, typing) == kept


@given(st.lists(st.floats(10, 400), min_size=1, max_size=5))
def test_sizes_that_differ_by_less_than_the_card_says_are_one(lengths: list[float]) -> None:
    apart = max(lengths) - min(lengths)
    claims = [claim(length_m=length) for length in lengths]
    assert resized(claims, LIMITS) == (apart >= max(LIMITS.longer_m, LIMITS.share * max(lengths)))


def test_what_was_not_said_does_not_contradict() -> None:
    halves = [claim(name=None, length_m=None, beam_m=None), claim(call_sign="QX00001", imo=None), claim()]
    assert found(*halves) == []


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [
        claim(imo=12_347),
        claim(351_999_901, call_sign="P5SX"),
        claim(667_999_901, name="SANDBOX OMEGA", length_m=180.0, beam_m=28.0),
        claim(671_999_901, imo=23_454, first_s=40 * DAY_S, last_s=41 * DAY_S),
    ]
    assert found(*rows) == found(*reversed(rows))
    assert set(found(*rows)) <= set(KINDS)


def test_a_number_sent_again_after_another_is_told_as_to_and_fro() -> None:
    rows = [claim(first_s=0, last_s=5 * DAY_S), claim(imo=23_454, first_s=DAY_S, last_s=2 * DAY_S)]
    (shared,) = [each for each in of_ship(199_000_001, rows, LIMITS) if each.kind == "mmsi_shared"]
    assert [weight for _, weight in shared.reasons] == ["mmsi_shared", "to_and_fro"]


def test_a_ship_that_two_transponders_share_is_not_called_renamed_besides() -> None:
    rows = [claim(199_000_001), claim(199_000_002, name="SANDBOX OMEGA")]
    assert [each.kind for each in of_imo(12_340, rows, (), LIMITS)] == ["imo_shared"]
