"""One invented world for all tests that only look at it."""

from __future__ import annotations

import pytest

from bongsu.sandbox.sea.world import World, make_world

SEED = 20260105


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(seed=SEED, vessels=90, days=8)
