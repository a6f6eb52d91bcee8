"""Questions asked of a store's positions: days and clock bound what is found, and change no sign within them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "sea"))

from ships import DAY, EXHIBIT, OTHER, batches, identity
from waters import at, numbered, stretch

from bongsu.cycle.seas import store_outlook, store_track, store_untied
from bongsu.evidence import Folder
from bongsu.kernel.errors import UsageError
from bongsu.sea.lake import Lake
from bongsu.sea.overview import Outlook

KP, OTHER_SHIP = 445_999_901, 199_000_002
YELLOW_SEA, NAMPO, AT_SEA = (35.5, 123.5), (38.715, 125.36), (38.40, 124.40)
CLOCK = datetime(2027, 1, 1, tzinfo=UTC)


def says(row: int, mmsi: int, days: tuple[int, int], **changes: Any) -> dict[str, Any]:
    first, last = (at(day * 86_400) for day in days)
    made = {"imo": None, "name": f"SANDBOX {mmsi}", "first_at": first, "last_at": last, **changes}
    return identity(row, mmsi=mmsi, **made)


def land(
    folder: Folder, rows: Sequence[dict[str, Any]], said: Sequence[dict[str, Any]], exhibit: str = EXHIBIT
) -> None:
    positions = [{**row, "exhibit": exhibit} for row in numbered(rows)]
    names = [{**row, "exhibit": exhibit, "row": len(positions) + number} for number, row in enumerate(said, start=1)]
    lines = len(positions) + len(names)
    Lake(folder).land(batches(positions, names, lines=lines), exhibit=exhibit, source="sandbox")


def call(mmsi: int, begins: float) -> list[dict[str, Any]]:
    return [
        *stretch(mmsi, (begins, begins + 8), AT_SEA, NAMPO, speed=8.0),
        *stretch(mmsi, (begins + 8, begins + 32), NAMPO, speed=0.0, status=5),
        *stretch(mmsi, (begins + 32, begins + 40), NAMPO, AT_SEA, speed=8.0),
    ]


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A tanker of the DPRK calls at Nampo on the first days, and lies beside another ship ten days later."""
    meeting = [*stretch(KP, (250, 255), YELLOW_SEA), *stretch(OTHER_SHIP, (250, 255), (35.501, 123.5))]
    kinds = {"ship_type": 80, "length_m": 100.0, "beam_m": 16.0, "draught_m": None}
    said = [says(1, KP, (0, 12), **kinds), says(2, OTHER_SHIP, (0, 12), **kinds)]
    land(Folder.open(str(tmp_path)), [*call(KP, 0), *meeting], said)
    return str(tmp_path)


def asked(store: str, detector: str, clock: datetime = CLOCK, **days: date) -> Outlook:
    return store_outlook(store, clock, only=[detector], **days)


def test_a_sign_is_the_same_whichever_days_are_asked_about(store: str) -> None:
    met = (DAY + timedelta(days=10)).date()
    (whole,) = asked(store, "encounter").indicators
    assert whole.facts["ties"] == ["dprk_flag", "dprk_call"]
    for days in ({"since": met}, {"until": met}, {"since": met, "until": met}, {"since": DAY.date()}):
        assert [each.id for each in asked(store, "encounter", **days).indicators] == [whole.id]
    (delivery,) = asked(store, "petroleum_delivery").indicators
    assert [each.id for each in asked(store, "petroleum_delivery", since=date(2026, 1, 3)).indicators] == [delivery.id]


def test_what_lies_wholly_outside_the_days_asked_about_is_not_found_and_not_counted(store: str) -> None:
    met = (DAY + timedelta(days=10)).date()
    found = asked(store, "petroleum_delivery", since=met)
    assert (found.indicators, found.ships, found.bins) == ((), 2, 60)
    assert found.first_s == int(at(250 * 3600).timestamp())


def test_what_was_said_years_before_the_days_asked_about_makes_no_sign(tmp_path: Path) -> None:
    said = [says(1, KP, (-2000, -1999), imo=12_347), says(2, KP, (0, 1), imo=12_340)]
    land(Folder.open(str(tmp_path)), stretch(KP, (0, 20), YELLOW_SEA, speed=5.0), said)
    whole, of_days = asked(str(tmp_path), "identity"), asked(str(tmp_path), "identity", since=DAY.date())
    assert {each.facts["kind"] for each in whole.indicators} == {"imo_check", "dprk_mmsi"}
    assert {each.facts["kind"] for each in of_days.indicators} == {"dprk_mmsi"}


def test_what_nothing_ties_to_the_dprk_is_counted_and_listed_of_the_days_asked_about(tmp_path: Path) -> None:
    far = (56.5, 5.0)
    rows = [
        *stretch(KP + 1, (0, 6), far),
        *stretch(OTHER_SHIP, (100, 106), far),
        *stretch(OTHER_SHIP + 1, (100, 106), far),
    ]
    land(Folder.open(str(tmp_path)), rows, [says(1, OTHER_SHIP, (0, 5)), says(2, OTHER_SHIP + 1, (0, 5))])
    met = (DAY + timedelta(days=4)).date()
    for days, untied in (({}, 1), ({"since": met}, 1), ({"until": DAY.date()}, 0)):
        (tally,) = asked(str(tmp_path), "encounter", **days).tallies
        assert (tally.indicators, tally.untied, tally.lapsed) == (0, untied, 0)
        left = store_untied(str(tmp_path), CLOCK, only=["encounter"], **days)
        assert [each.from_s for each in left] == [int(at(100 * 3600).timestamp())] * untied


def test_a_late_file_about_another_ship_changes_no_id(store: str) -> None:
    (mine,) = asked(store, "petroleum_delivery").indicators
    kinds = {"ship_type": 80, "length_m": 120.0, "beam_m": 18.0, "draught_m": None}
    land(Folder.open(store), call(199_000_003, -100), [says(1, 199_000_003, (-6, 0), **kinds)], OTHER)
    both = asked(store, "petroleum_delivery")
    assert mine.id in {each.id for each in both.indicators}
    assert both.petroleum[-1].deliveries + both.petroleum[0].deliveries >= 2


def test_nothing_after_the_clock_counts(store: str) -> None:
    with pytest.raises(UsageError, match="no positions lie in it"):
        asked(store, "encounter", datetime(2016, 1, 1, tzinfo=UTC))
    in_the_midst = at(252 * 3600)
    (cut,) = asked(store, "encounter", in_the_midst + timedelta(hours=1)).indicators
    assert cut.when.high == in_the_midst + timedelta(hours=1)
    assert asked(store, "encounter", in_the_midst - timedelta(hours=1)).indicators == ()
    assert asked(store, "encounter", in_the_midst).last_s == int(in_the_midst.timestamp())
    way, said = store_track(store, str(KP), in_the_midst)
    assert way.points[-1].at_s == int(in_the_midst.timestamp())
    assert [row.last_at for row in said] == [in_the_midst]


def test_the_day_of_the_clock_is_not_kept_and_the_next_question_has_it_whole(store: str) -> None:
    cut = asked(store, "encounter", at(252 * 3600))
    whole = asked(store, "encounter")
    assert cut.bins < whole.bins
    assert asked(store, "encounter", at(252 * 3600)) == cut
