"""The thresholds of an encounter keep what others found and published as such (Miller et al. 2018)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bongsu.sea import desk
from bongsu.sea.cards import source
from bongsu.sea.meetings import NORTHERNMOST_DEG
from bongsu.sea.model import PublishedEvent
from bongsu.sea.spells import SLOW_KN

PUBLISHED = Path(__file__).parents[2].parent / "shared" / "data" / "ais" / "gfw_encounter_events_2012_2017.csv.gz"


def test_at_least_95_in_100_published_encounters_meet_our_thresholds() -> None:
    """As far as they can be judged: by time, median distance, median speed and latitude."""
    if not PUBLISHED.is_file():
        pytest.skip(f"the published encounters are not at {PUBLISHED}")
    card = desk.parameters_of("encounter")
    with PUBLISHED.open("rb") as stream:
        batches = list(source("gfw_events").read(stream, exhibit="0" * 64, clock=datetime(2026, 11, 26, tzinfo=UTC)))
    events = [
        PublishedEvent(**row) for batch in batches if batch.events is not None for row in batch.events.to_pylist()
    ]
    kept = [
        event
        for event in events
        if event.distance_km is not None
        and event.distance_km <= card.within_km
        and event.speed_kn is not None
        and event.speed_kn < SLOW_KN
        and (event.last_at - event.first_at).total_seconds() >= card.shortest_h * 3600
        and abs(event.latitude_deg) <= NORTHERNMOST_DEG
    ]
    assert len(events) == 11_681
    assert len(kept) / len(events) >= 0.95
