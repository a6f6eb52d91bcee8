"""Was X designated by Y on day D? Yes, no or unknown, over a made history with a delisting and a relisting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cycle.answers import designated
from bongsu.cycle.verdicts import History, Verdict, verdict
from bongsu.kernel.errors import UsageError

if TYPE_CHECKING:
    from conftest import ListHost, Watch


TODAY = date(2030, 1, 2)
ONE, TWO = "SANDBOX PERSON ONE", "SANDBOX PERSON TWO"
IN, OUT = {"KPi.901": ONE, "KPi.902": TWO}, {"KPi.901": ONE}
# Four copies: in, out, in again, in still. The list says 2026-01-02 is the day of listing.
HISTORY = (("2026-01-10", IN), ("2026-02-10", OUT), ("2026-03-10", IN), ("2026-04-10", IN))


@pytest.fixture(scope="module")
def store(new_watch: Callable[[], Watch], un_list: Callable[..., bytes]) -> str:
    """The store after one cycle over that history; tests ask it and change nothing."""
    watch, rows = new_watch(), []
    for day, names in HISTORY:
        watch.keep(f"{day}.xml", un_list(day, names))
        rows.append(f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "{day}.xml" }}')
    watch.configure("\n".join(rows))
    watch.run("2026-05-01T06:00:00Z")
    return str(watch.folder / "data")


@pytest.mark.parametrize(
    ("on", "known", "says"),
    [
        ("2025-12-31", False, "no, by the list's own word: the copy of 2026-01-10 says it was listed on 2026-01-02."),
        ("2026-01-01", False, "no, by the list's own word"),
        ("2026-01-02", True, "yes, by the list's own word: the copy of 2026-01-10 says it was listed on 2026-01-02."),
        ("2026-01-09", True, "yes, by the list's own word"),
        ("2026-01-10", None, "unknown. The copy of 2026-01-10 holds it, the next one, of 2026-02-10, does not."),
        ("2026-02-09", None, "unknown. The copy of 2026-01-10 holds it, the next one, of 2026-02-10, does not."),
        # Listed on 2026-01-02 again, says the third copy; the second contradicts it and is believed.
        ("2026-02-10", None, "unknown. The copy of 2026-02-10 does not hold it, the next one, of 2026-03-10, does."),
        ("2026-03-09", None, "unknown. The copy of 2026-02-10 does not hold it, the next one, of 2026-03-10, does."),
        ("2026-03-10", True, "yes. The copy of 2026-03-10 holds it, and so does that of 2026-04-10."),
        ("2026-04-09", True, "yes. The copy of 2026-03-10 holds it, and so does that of 2026-04-10."),
        ("2026-04-10", True, "yes. The copy of 2026-04-10 holds it."),
        ("2026-04-11", True, "yes, as of the last copy of 2026-04-10, which holds it."),
        ("2030-01-02", True, "yes, as of the last copy of 2026-04-10, which holds it."),
        ("2030-01-03", None, "unknown. That day is yet to come; the last copy is of 2026-04-10."),
    ],
)
def test_the_copies_around_the_day_decide(store: str, on: str, known: bool | None, says: str) -> None:
    said = asked(store, "KPi.902", on)
    assert said.designated is known
    assert said.sentence.startswith(f"On {on}: {says}")
    assert said.as_of == (date(2026, 4, 10) if "as of" in says else None)


def asked(store: str, reference: str, on: str, today: date = TODAY) -> Verdict:
    """The one verdict on a reference."""
    (answer,) = designated(store, reference, date.fromisoformat(on), today)
    assert answer.verdict is not None
    return answer.verdict


def test_a_list_that_is_served_unchanged_is_known_until_it_was_last_served(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    watch.configure(f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}')
    list_host.answers["/list.xml"] = un_list("2026-01-10", OUT)
    for day in ("2026-01-11", "2026-02-11"):
        ran = watch.run(f"{day}T06:00:00Z")
    in_force = ran.list("un_sc")["in_force"]
    assert (in_force["received_at"], in_force["last_served_at"]) == ("2026-01-11T06:00:00Z", "2026-02-11T06:00:00Z")
    assert (in_force["age_days"], ran.list("un_sc")["status"]) == (32, "unchanged")
    list_host.answers["/list.xml"] = list_host.status(404)
    assert watch.run("2026-02-20T06:00:00Z").list("un_sc")["in_force"]["last_served_at"] == "2026-02-11T06:00:00Z"
    store = str(watch.folder / "data")
    assert asked(store, "KPi.901", "2026-02-11") == Verdict(
        designated=True,
        as_of=None,
        sentence="On 2026-02-11: yes. The copy of 2026-01-10 holds it; it is the last one received, and was still "
        "served on 2026-02-11.",
    )
    assert asked(store, "KPi.901", "2026-02-12") == Verdict(
        designated=True,
        as_of=date(2026, 1, 10),
        sentence="On 2026-02-12: yes, as of the last copy of 2026-01-10, which holds it, last seen unchanged on "
        "2026-02-11.",
    )
    assert asked(store, "KPi.901", "2026-02-12", today=date(2026, 2, 11)).designated is None


def test_a_file_that_stands_in_the_configuration_for_ever_proves_nothing_of_later_days(store: str) -> None:
    (answer,) = designated(store, "KPi.901", None, TODAY)
    assert answer.last_served is None


def test_the_frame_of_an_answer_counts_the_copies(store: str) -> None:
    (answer,) = designated(store, "KPi.902", None, TODAY)
    assert (answer.first_seen, answer.last_seen) == (date(2026, 1, 10), date(2026, 4, 10))
    assert (answer.copies_with, answer.copies, answer.listed_on) == (3, 4, "2026-01-02")
    assert answer.verdict is None
    assert answer.record()["designated"] is None


@pytest.mark.parametrize(
    "reference", ["KPi.902", "kpi.902", " KPi.902 ", "un_sc:KPi.902", "SANDBOX PERSON TWO", "sandbox  person two"]
)
def test_an_entry_is_found_by_number_id_or_exact_name(store: str, reference: str) -> None:
    assert [answer.listing for answer in designated(store, reference, None, TODAY)] == ["un_sc:KPi.902"]


@pytest.mark.parametrize("reference", ["KPi.90", "PERSON TWO", "", "%", "' OR 1=1 --", "KPi.902\x00"])
def test_nothing_else_is_found(store: str, reference: str) -> None:
    assert designated(store, reference, None, TODAY) == ()


DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 20))


@given(
    copies=st.sets(DAYS, min_size=1),
    data=st.data(),
    served=st.none() | DAYS,
    listed=st.none() | DAYS,
    on=DAYS,
    today=DAYS,
)
def test_a_verdict_never_goes_beyond_what_the_copies_and_the_list_itself_say(
    copies: set[date], data: st.DataObject, served: date | None, listed: date | None, on: date, today: date
) -> None:
    seen, disputed = (data.draw(st.sets(st.sampled_from(sorted(copies)))) for _ in range(2))
    history = History(
        days=sorted(copies),
        held=seen,
        disputed=disputed,
        last_served=served,
        listed_on=None if listed is None else listed.isoformat(),
    )
    said = verdict(history, on, today)
    known = said.designated
    assert said.sentence.startswith(f"On {on}: { {True: 'yes', False: 'no', None: 'unknown'}[known] }")
    seen_until = max(*copies, served or min(copies))
    assert said.as_of == (max(copies) if seen_until < on <= today else None)
    if on > max(today, seen_until):
        assert known is None
        return
    before = max((day for day in copies if day <= on), default=None)
    after = min((day for day in copies if day > on), default=None)
    doubted = {day for day in copies if f"Another file that bears the date {day}" in said.sentence}
    assert doubted == disputed & {before, after}
    around = {day in seen for day in (before, after) if day is not None}
    if before is not None and len(around) == 1:
        assert known is (before in seen)
    elif known is not None:
        # One copy does not hold it, or there is none, and the next does: the list's own date decides, and may not
        # contradict the copy before.
        assert after in seen
        assert before not in seen
        assert listed is not None
        assert before is None or listed > before
        assert known is (listed <= on)


def test_two_copies_of_one_day_are_told_apart_and_the_later_one_counts(
    watch: Watch, list_host: ListHost, ofac_set: Callable[..., Any]
) -> None:
    """OFAC's files print no date: fetched twice a day, two copies bear the same one."""
    urls = ", ".join(f'{part} = "{list_host.url}/{part}.csv"' for part in ("sdn", "alt", "add", "comments"))
    watch.configure(f"[lists.ofac_sdn]\nurls = {{ {urls} }}")
    for clock, names in (
        ("2026-01-10T06:00:00Z", {901: ONE, 902: TWO}),
        ("2026-01-10T18:00:00Z", {901: ONE}),
    ):
        list_host.answers["/sdn.csv"] = ofac_set(names).sdn
        watch.run(clock)
    store = str(watch.folder / "data")
    (answer,) = designated(store, "902", date(2026, 1, 10), TODAY)
    assert answer.verdict is not None
    assert answer.verdict.sentence == "On 2026-01-10: no. The copy of 2026-01-10 does not hold it."
    assert (answer.copies_with, answer.copies) == (1, 2)
    (other,) = designated(store, "901", date(2026, 1, 10), TODAY)
    assert other.verdict is not None
    assert (other.verdict.designated, other.copies_with) == (True, 2)


def test_a_store_without_a_finished_cycle_holds_no_one(tmp_path: Any) -> None:
    (tmp_path / "store").mkdir()
    assert designated(str(tmp_path / "store"), "KPi.901", None, TODAY) == ()


def test_a_store_that_is_not_there_is_said(tmp_path: Any) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        designated(str(tmp_path / "store"), "KPi.901", None, TODAY)


def test_what_was_printed_keeps_its_first_and_last_copy(store: str) -> None:
    (answer,) = designated(store, "KPi.902", None, TODAY)
    (name,) = [row for row in answer.rows if row.prop == "name"]
    assert (name.value, name.first_seen, name.last_seen, name.copies) == (TWO, date(2026, 1, 10), date(2026, 4, 10), 3)
