"""Sendings: a number counts while it is sent and for some hours beside, and never beyond a report of another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bongsu.sea.sendings import Claim, sendings

SHIP, LISTED, OWN = 440_000_602, 9_000_003, 9_074_729
HOUR, DAY = 3600, 86_400


def claim(imo: int, first_s: int, last_s: int, *, row: int = 1) -> Claim:
    return Claim(mmsi=SHIP, imo=imo, first_s=first_s, last_s=last_s, exhibit="e" * 64, row=row, source="sandbox")


def test_a_number_that_was_mistyped_for_minutes_counts_until_the_right_one_is_sent() -> None:
    said = [claim(LISTED, DAY, DAY + 720), claim(OWN, DAY + HOUR, DAY * 2500, row=2)]
    (run,) = sendings(said, {LISTED}, beside_s=DAY)
    assert (run.from_s, run.to_s) == (0, DAY + HOUR - 1)
    assert (run.first_s, run.last_s, run.others) == (DAY, DAY + 720, (OWN,))


def test_reports_a_day_apart_are_one_run_and_a_week_apart_two() -> None:
    said = [claim(LISTED, each * DAY, each * DAY + HOUR, row=each) for each in (1, 2, 9)]
    assert [(run.first_s // DAY, run.last_s // DAY) for run in sendings(said, {LISTED}, beside_s=DAY)] == [
        (1, 2),
        (9, 9),
    ]


def test_another_number_between_parts_a_run() -> None:
    said = [claim(LISTED, 0, HOUR), claim(OWN, 2 * HOUR, 3 * HOUR, row=2), claim(LISTED, 4 * HOUR, 5 * HOUR, row=3)]
    first, second = sendings(said, {LISTED}, beside_s=DAY)
    assert first.to_s == 2 * HOUR - 1
    assert second.from_s == 3 * HOUR + 1


spans = st.tuples(st.sampled_from([LISTED, OWN, 9_111_111]), st.integers(0, 200), st.integers(0, 30))


@given(st.lists(spans, max_size=12), st.integers(0, 40))
def test_every_report_lies_in_a_run_and_no_run_reaches_a_report_of_another_number_beyond_its_own(
    rows: list[tuple[int, int, int]], beside_s: int
) -> None:
    said = [claim(imo, first, first + lasting, row=number) for number, (imo, first, lasting) in enumerate(rows)]
    runs = sendings(said, {LISTED}, beside_s=beside_s)
    own, others = ([each for each in said if (each.imo == LISTED) is is_own] for is_own in (True, False))
    for each in own:
        assert any(run.first_s <= each.first_s and each.last_s <= run.last_s for run in runs)
    for run in runs:
        assert run.first_s - beside_s <= run.from_s <= run.first_s
        assert run.last_s <= run.to_s <= run.last_s + beside_s
        for other in others:
            assert not (run.last_s < other.first_s <= run.to_s)
            assert not (run.from_s <= other.last_s < run.first_s)
    assert sendings(said[::-1], {LISTED}, beside_s=beside_s) == runs
