"""The desk: who is asked, and that every indicator cites the rows it rests on."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ships import EXHIBIT, OTHER, identity
from waters import ONE, TWO, at, numbered, sea_of, second, stretch

from bongsu.cycle.standing import standing
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import UsageError
from bongsu.kernel.indicator import Indicator
from bongsu.sea import desk
from bongsu.sea.model import DesignatedShip
from bongsu.sea.signs import Seen, Sign
from bongsu.tables.engine import Engine

HERE, BESIDE, AWAY = (30.5, 124.5), (30.501, 124.5), (30.5, 125.5)
WORLD = numbered(
    [
        *stretch(ONE, (4, 8), AWAY, HERE, speed=9.0),
        *stretch(ONE, (8, 12), HERE, speed=0.2),
        *stretch(ONE, (12, 16), HERE, AWAY, speed=9.0),
    ]
) + [{**row, "exhibit": OTHER} for row in numbered(stretch(TWO, (7, 13), BESIDE, speed=0.1))]
SAID = [
    identity(901, mmsi=ONE, imo=123_001, name="SANDBOX HERON", first_at=at(0), last_at=at(7200)),
    identity(902, mmsi=TWO, imo=123_002, name="SANDBOX EGRET", first_at=at(0), last_at=at(7200)),
]
LISTED = DesignatedShip(
    listing="sandbox_un:123001",
    authority="SANDBOX",
    binding="un",
    name="SANDBOX HERON",
    imo=123_001,
    mmsi=None,
    listed_on="2020-01-01",
    exhibit="f" * 64,
    locator="row=7",
    sandbox=True,
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as opened:
        yield opened


def cited(
    engine: Engine, positions: list[dict[str, Any]], *, only: tuple[str, ...] = ("encounter",)
) -> tuple[desk.Cited, ...]:
    sea = sea_of(engine, positions, SAID, designated=[LISTED])
    return desk.cited(sea, desk.signs(sea, only=only), standing=standing)


def statics(sign: Sign) -> set[Citation]:
    """The static reports that a sign's ships rest on."""
    return {citation for ship in sign.ships for citation in ship.citations}


def test_a_detector_that_is_not_there_is_refused_with_those_that_are(engine: Engine) -> None:
    with pytest.raises(UsageError, match="there is no detector dark_gaps, encuonter") as refused:
        desk.detect(sea_of(engine, []), standing=standing, only=["encounter", "encuonter", "dark_gaps"])
    assert all(name in (refused.value.remedy or "") for name in desk.detector_names())


def test_the_folder_of_detectors_is_told_in_order() -> None:
    names = desk.detector_names()
    assert list(names) == sorted(names)
    assert {"dark_gap", "encounter", "port_call", "petroleum_delivery"} <= set(names)


def test_only_the_detectors_named_are_asked_and_told(engine: Engine) -> None:
    told: list[str] = []
    desk.detect(sea_of(engine, WORLD, SAID), standing=standing, only=["loitering", "encounter"], tell=told.append)
    assert told == ["encounter", "loitering", "looking up what is cited"]


def test_a_sea_without_ships_has_no_signs(engine: Engine) -> None:
    assert desk.detect(sea_of(engine, []), standing=standing) == ()


def test_citations_stand_in_the_right_exhibit_and_row(engine: Engine) -> None:
    (found,) = cited(engine, WORLD)
    rows = {(row["exhibit"], f"row={row['row']}"): row for row in WORLD}
    meant = {Seen(mmsi=row["mmsi"], at_s=int(row["at"].timestamp())): row for row in WORLD}
    assert found.indicator.citations
    said = {(row["exhibit"], f"row={row['row']}") for row in SAID}
    cites = {(each.exhibit, each.locator) for each in found.indicator.citations}
    assert said < cites
    for place in cites - said:
        row = rows[place]
        assert Seen(mmsi=row["mmsi"], at_s=int(row["at"].timestamp())) in found.sign.seen
    assert cites - said == {(meant[seen]["exhibit"], f"row={meant[seen]['row']}") for seen in found.sign.seen}
    assert {each.exhibit for each in found.indicator.citations} == {EXHIBIT, OTHER}


def test_the_subject_is_named_as_she_was_then(engine: Engine) -> None:
    (found,) = cited(engine, WORLD)
    assert found.indicator.subject.id in {"imo:0123001", "imo:0123002"}
    assert found.indicator.when.low == at(8 * 3600)
    assert found.sign.from_s == second(8)
    assert found.indicator.sandbox


def about(engine: Engine, said: list[dict[str, Any]]) -> Indicator:
    """The encounter of the world's two ships, with what else they said."""
    sea = sea_of(engine, WORLD, said)
    (found,) = desk.detect(sea, standing=standing, only=["encounter"])
    return found


def test_what_was_sent_near_a_sign_needs_no_words(engine: Engine) -> None:
    assert not any("not in it" in reason.text for reason in about(engine, SAID).reasons)


def test_what_was_sent_days_before_or_after_a_sign_says_so_and_weighs_nothing(engine: Engine) -> None:
    later = {**SAID[0], "first_at": at(10 * 86_400), "last_at": at(11 * 86_400), "name": None}
    found = about(
        engine, [later, SAID[1], {**SAID[0], "imo": None, "first_at": at(-30 * 3600), "last_at": at(-108_000)}]
    )
    assert [reason.text for reason in found.reasons if reason.text.endswith("not in it.")] == [
        "Of MMSI 199000001 the name, type, length and beam were sent 38.0 hours before that time, not in it.",
        "Of MMSI 199000001 the IMO number was sent 9.5 days after that time, not in it.",
    ]
    assert found.score == about(engine, SAID).score


def test_a_ship_that_sent_nothing_within_the_days_is_named_by_her_number(engine: Engine) -> None:
    later = {**SAID[0], "first_at": at(3000 * 86_400), "last_at": at(3000 * 86_400)}
    found = about(engine, [later, {**SAID[1], "imo": None}])
    assert found.title.startswith("MMSI 199000001 and SANDBOX EGRET (MMSI 199000002) lay beside each other")
    assert found.subject.id == "mmsi:199000001"
    assert not {"row=901"} & {citation.locator for citation in found.citations}


def test_where_two_imo_numbers_were_sent_through_a_sign_it_is_about_the_mmsi_and_says_so(engine: Engine) -> None:
    found = about(engine, [*SAID, {**SAID[0], "row": 903, "imo": 123_003, "first_at": at(10 * 3600)}])
    assert found.subject.id == "mmsi:199000001"
    doubt = "about that time MMSI 199000001 sent the IMO numbers 0123001 and 0123003."
    assert [text for text in found.alternatives if doubt in text]
    assert {"row=901", "row=903"} <= {citation.locator for citation in found.citations}


def test_a_report_that_two_receivers_heard_is_cited_twice(engine: Engine) -> None:
    again = [{**row, "exhibit": "e" * 64} for row in WORLD]
    (once,), (twice,) = cited(engine, WORLD), cited(engine, [*WORLD, *again])
    reports = 2 * len(set(once.indicator.citations) - statics(once.sign))
    assert len(set(twice.indicator.citations) - statics(twice.sign)) == reports
    assert statics(twice.sign) == statics(once.sign)
    assert twice.indicator.facts == once.indicator.facts


def test_of_sentences_the_line_is_cited(engine: Engine) -> None:
    (found,) = cited(engine, [{**row, "source": "nmea"} for row in WORLD])
    positions = set(found.indicator.citations) - statics(found.sign)
    assert positions
    assert all(each.locator.startswith("line=") for each in positions)


def test_a_row_of_a_list_is_cited_beside_the_positions(engine: Engine) -> None:
    found = cited(engine, WORLD, only=("designated_vessel",))
    assert found
    for each in found:
        assert Citation(exhibit="f" * 64, locator="row=7") in each.indicator.citations


def test_reports_in_another_order_give_the_same_indicators_in_the_same_order(engine: Engine) -> None:
    names = ("encounter", "designated_vessel", "loitering")
    first = [each.indicator.record() for each in cited(engine, WORLD, only=names)]
    assert len(first) > 1
    for seed in (1, 2):
        shuffled = random.Random(seed).sample(WORLD, len(WORLD))
        with Engine() as other:
            assert [each.indicator.record() for each in cited(other, shuffled, only=names[::-1])] == first


FAR, NEAR_IT = (56.5, 5.0), (56.501, 5.0)
UNTIED = numbered([*stretch(ONE, (0, 6), FAR), *stretch(TWO, (0, 6), NEAR_IT)])


def test_what_nothing_ties_is_kept_apart_and_names_no_measure(engine: Engine) -> None:
    sea = sea_of(engine, UNTIED, SAID)
    found = desk.signs(sea, only=["encounter", "loitering"])
    assert [(each.name, len(each.signs), len(each.untied)) for each in found] == [
        ("sea.encounter", 0, 1),
        ("sea.loitering", 0, 0),
    ]
    assert found[0].untied[0].measures == ()
    assert desk.cited(sea, found, standing=standing) == ()


def test_what_nothing_ties_is_listed_with_time_place_and_score(engine: Engine) -> None:
    sea = sea_of(engine, UNTIED, SAID)
    (found,) = desk.untied(sea, desk.signs(sea, only=["encounter"]))
    assert (found.detector, found.kind, found.sandbox) == ("sea.encounter", "encounter", True)
    assert (found.from_s, found.to_s) == (second(0), second(5) + 50 * 60)
    assert found.place is not None
    assert (found.place.latitude_deg, found.place.longitude_deg) == FAR
    assert "SANDBOX HERON" in found.title
    assert 0 < found.score < 0.2


def test_every_thing_found_is_counted_once_as_told_untied_or_of_days_without_a_measure(engine: Engine) -> None:
    """A ship of the DPRK beside another in 2015, one in 2026, and two ships that nothing ties."""
    kp, third, fourth = 445_999_901, 199_000_003, 199_000_004
    old = [
        {**row, "at": row["at"].replace(year=2015)}
        for row in [*stretch(kp, (0, 6), HERE), *stretch(ONE, (0, 6), BESIDE)]
    ]
    rows = numbered([*old, *WORLD, *stretch(third, (0, 6), FAR), *stretch(fourth, (0, 6), NEAR_IT)])
    sea = sea_of(engine, rows, SAID)
    found = desk.signs(sea, only=["encounter"])
    (tally,) = desk.tallies(found, desk.cited(sea, found, standing=standing))
    assert (tally.detector, tally.indicators, tally.untied, tally.lapsed) == ("sea.encounter", 1, 1, 1)


def test_the_strongest_comes_first(engine: Engine) -> None:
    found = cited(engine, WORLD, only=("encounter", "designated_vessel", "loitering"))
    order = [(-each.indicator.score, each.indicator.subject.id, each.indicator.id) for each in found]
    assert order == sorted(order)
