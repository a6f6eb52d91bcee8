"""Two files of a list that bear one date: the one served last is in force, and nothing hides that there are two."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.cycle.answers import designated
from bongsu.cycle.collect import Delivery
from bongsu.cycle.copies import accept
from bongsu.cycle.library import Library
from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import reproduce
from bongsu.cycle.screening import screened_register
from bongsu.evidence import Capture, ExhibitStore, Folder
from bongsu.lists.register import Copy, CopyPart, in_force
from bongsu.names import Query

if TYPE_CHECKING:
    from conftest import ListHost, Ran, Watch

FOUR = "SANDBOX PERSON FOUR"
WHOLE = {**{f"KPe.{910 + n}": f"SANDBOX TRADING {n}" for n in range(24)}, "KPi.904": FOUR}
LESS = {reference: name for reference, name in WHOLE.items() if reference != "KPi.904"}
DAY = "2026-01-14"
ALTERNATIVE = (
    f"Two different files of the list bear the date {DAY} and disagree about this entry: the keeper may have changed "
    "the list within the day, or one of them may be incomplete or not the keeper's, and nothing was decided."
)


@dataclass(frozen=True, slots=True)
class Served:
    """A list that a host serves day by day, and the watch that fetches it."""

    watch: Watch
    host: ListHost

    def day(self, day: int, content: bytes) -> Ran:
        """A cycle on a day of January 2026."""
        self.host.answers["/list.xml"] = content
        return self.watch.run(f"2026-01-{day}T06:00:00Z")

    def says_of_four(self) -> str:
        """Whether KPi.904 is designated on the 18th, in words."""
        store = str(self.watch.folder / "data")
        (answer,) = designated(store, "KPi.904", date(2026, 1, 18), date(2026, 1, 18))
        assert answer.verdict is not None
        return answer.verdict.sentence


@pytest.fixture
def served(watch: Watch, list_host: ListHost) -> Served:
    watch.configure(
        f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}',
        more="[collect]\ntimeout_seconds = 5",
        when="never",
    )
    return Served(watch, list_host)


def signs(ran: Ran) -> list[tuple[str, str, bool]]:
    """The signs of a change: what, from when, and whether they say that two files are of one date."""
    return [
        (row["facts"]["change"], row["facts"]["from"], ALTERNATIVE in row["alternatives"])
        for row in ran.report["indicators"]
    ]


def test_a_file_that_is_served_again_takes_the_place_of_another_of_its_date(
    served: Served, un_list: Callable[..., bytes]
) -> None:
    whole, less = un_list(DAY, WHOLE), un_list(DAY, LESS)
    assert served.day(15, whole).list("un_sc")["warnings"] == []
    ran = served.day(16, less)
    assert (ran.list("un_sc")["status"], len(ran.report["designated"])) == ("new copy", 24)
    assert signs(ran) == [("delisted", DAY, True)]
    assert "between two copies of 2026-01-14" in ran.report["indicators"][0]["reasons"][0]["text"]

    ran = served.day(17, whole)
    state = ran.list("un_sc")
    assert (state["status"], state["new_copies"], len(ran.report["designated"])) == ("new copy", [DAY], 25)
    assert (state["copies"], state["in_force"]["last_served_at"]) == (2, "2026-01-17T06:00:00Z")
    assert state["in_force"]["received_at"] == "2026-01-15T06:00:00Z"
    assert signs(ran) == [("listed", DAY, True)]

    ran = served.day(18, whole)
    assert (ran.list("un_sc")["status"], len(ran.report["designated"])) == ("unchanged", 25)
    register = screened_register(str(served.watch.folder / "data"))
    assert [hit.entity.id for hit in register.screener.screen(Query(name=FOUR), min_score=0.95)] == ["un_sc:KPi.904"]
    assert served.says_of_four() == (
        f"On 2026-01-18: yes. The copy of {DAY} holds it; it is the last one received, and was still served on "
        f"2026-01-18. Another file that bears the date {DAY} does not hold it; the one that came last counts."
    )
    assert reproduce(read_manifest(ran.outputs()["manifest.json"], where=ran.place), ran.store).agrees


def test_two_files_of_one_date_are_a_warning_until_a_later_date_comes(
    served: Served, un_list: Callable[..., bytes]
) -> None:
    whole, less = un_list(DAY, WHOLE), un_list(DAY, LESS)
    first = served.day(15, whole).list("un_sc")["in_force"]["parts"][0]["exhibit"]
    ran = served.day(16, less)
    second = ran.list("un_sc")["in_force"]["parts"][0]["exhibit"]
    (warning,) = ran.list("un_sc")["warnings"]
    assert warning == (
        f"two different files bear the date {DAY}, and 1 DPRK entry differs: {second[:12]}, last seen 2026-01-16, is "
        f"in force, {first[:12]}, last seen 2026-01-15, is not: find out which one the publisher stands by"
    )
    assert ran.report["summary"]["warnings"] == 1
    assert f"look first: {warning}" in ran.outputs()["report.html"].decode()
    assert len(served.day(17, less).list("un_sc")["warnings"]) == 1
    ran = served.day(18, un_list("2026-01-17", LESS))
    assert ran.list("un_sc")["warnings"] == []
    # What the two files disagree about stays in doubt; what is of later days does not.
    assert signs(ran) == [("delisted", DAY, True)]


def test_a_sign_that_both_files_agree_about_says_nothing_of_them(served: Served, un_list: Callable[..., bytes]) -> None:
    served.day(14, un_list("2026-01-13", dict(list(WHOLE.items())[1:])))
    served.day(15, un_list(DAY, WHOLE))
    ran = served.day(16, un_list(DAY, LESS))
    assert sorted(signs(ran)) == [("delisted", DAY, True), ("listed", "2026-01-13", False)]


def test_a_file_of_a_persons_own_that_stays_configured_does_not_outweigh_what_is_served(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list(DAY, WHOLE))
    list_host.answers["/list.xml"] = un_list(DAY, LESS)
    watch.configure(
        f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}\nfetch = true\n'
        '[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }',
        more="[collect]\ntimeout_seconds = 5",
    )
    for day in (15, 16):
        assert len(watch.run(f"2026-01-{day}T06:00:00Z").report["designated"]) == 24


# --- whatever is served in whatever order


@dataclass(frozen=True, slots=True)
class Files:
    """Exhibits in memory, by the date and the entries they hold."""

    library: Library
    parts: dict[tuple[int, int], CopyPart]


@pytest.fixture(scope="module")
def stored(un_list: Callable[..., bytes]) -> Files:
    folder = Folder.open("memory://two-files-of-one-date")
    store = ExhibitStore(folder, tool="test 1")
    parts = {}
    for day in (14, 15):
        for kept in (23, 24, 25):
            content = un_list(f"2026-01-{day}", dict(list(WHOLE.items())[:kept]))
            capture = Capture(source="un_sc", url="list.xml", retrieved_at=datetime(2026, 1, 1, tzinfo=UTC), tool="t")
            digest = store.receive(content, capture).digest
            parts[day, kept] = CopyPart(name="consolidated", exhibit=digest, received=digest, origin="list.xml")
    return Files(Library(store, folder), parts)


def after(files: Files, known: Iterable[Copy], part: CopyPart, at: datetime) -> tuple[Copy, ...]:
    delivery = Delivery(list_id="un_sc", dated=None, parts=(part,), received_at=at, fetched=True, sandbox=False)
    accepted = accept(files.library, known, [delivery], (), lambda _: None)
    assert not accepted.refusals
    return tuple(read.copy for read in accepted.good)


@settings(max_examples=60)
@given(history=st.lists(st.tuples(st.sampled_from((14, 15)), st.sampled_from((23, 24, 25))), min_size=1, max_size=8))
def test_of_the_latest_date_the_file_served_last_is_in_force(stored: Files, history: list[tuple[int, int]]) -> None:
    known: tuple[Copy, ...] = ()
    for hour, which in enumerate(history):
        known = after(stored, known, stored.parts[which], datetime(2026, 2, 1, tzinfo=UTC) + timedelta(hours=hour))
        latest = max(day for day, _ in history[: hour + 1])
        last = next(each for each in reversed(history[: hour + 1]) if each[0] == latest)
        (copy,) = in_force(known)
        assert copy.parts == (stored.parts[last],)
    assert len(known) == len(set(history))
