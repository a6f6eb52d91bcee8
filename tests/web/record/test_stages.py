"""Where a case stands on the board: nothing is told of findings that not all its readers may read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.handling import Handling, Reader, Tlp, may_read
from bongsu.sandbox.casework import NORTH, SOUTH, led_to
from bongsu.web.record.rows import stage_of

DAY = date(2026, 6, 1)
CASE = led_to("decided").open
HANDLINGS = st.builds(
    Handling,
    tlp=st.sampled_from([tlp for tlp in Tlp if tlp is not Tlp.RED]),
    originators=st.frozensets(st.sampled_from([NORTH, SOUTH]), min_size=1),
    releasable_to=st.none() | st.frozensets(st.sampled_from([NORTH, SOUTH])),
    expires_on=st.none() | st.just(date(2026, 5, 1)),
)
READERS = st.builds(
    Reader, person=st.just("someone"), member=st.sampled_from([NORTH, SOUTH]), clearance=st.sampled_from(Tlp)
)


@given(HANDLINGS, HANDLINGS, READERS)
def test_who_may_not_read_a_finding_learns_nothing_of_it_from_the_stage(
    of_case: Handling, of_finding: Handling, reader: Reader
) -> None:
    (finding,) = CASE.findings
    case = replace(CASE, handling=of_case, findings=(replace(finding, handling=of_finding),))
    if may_read(reader, of_case, DAY) and not may_read(reader, of_finding, DAY):
        assert stage_of(case) == stage_of(replace(case, findings=()))


def test_the_least_advanced_of_the_findings_that_all_may_read_counts() -> None:
    (decided,) = CASE.findings
    (draft,) = led_to("draft").open.findings
    hidden = replace(draft, handling=Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({NORTH})))
    assert stage_of(replace(CASE, findings=(decided, draft))) == "draft"
    assert stage_of(replace(CASE, findings=(decided, hidden))) == "decided"
