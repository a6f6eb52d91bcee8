"""The invented ships that the package ships are what their world makes."""

from __future__ import annotations

from bongsu.kernel.canonical import digest
from bongsu.sandbox import ships
from bongsu.sandbox.sea.world import make_world


def test_the_shipped_log_and_register_are_those_of_their_world() -> None:
    """After a change of the world, run tools/sandbox_ships.py."""
    world = ships.made()
    assert digest(ships.log_of(world)) == digest(ships.sandbox_log())
    assert ships.register_of(world) == ships.sandbox_register()


def test_worlds_made_before_in_the_same_process_change_nothing() -> None:
    """The chart is shared: what it remembers of other ships' ways must not bend those of these."""
    for seed in (5, 6):
        make_world(seed=seed, vessels=63, days=7)
    assert digest(ships.log_of(ships.made())) == digest(ships.sandbox_log())


def test_the_register_designates_ships_that_say_they_are_invented() -> None:
    register = ships.sandbox_register()
    designated = ships.sandbox_designated(register, digest(register))
    assert designated
    assert all(ship.sandbox and ship.name.startswith("SANDBOX") for ship in designated)
    assert all(ship.imo is not None and ship.imo < 1_000_000 for ship in designated)
