"""Write the invented ships that the package ships (`bongsu.sandbox.ships`): run it after a change of the sandbox's world.

.venv/bin/python tools/sandbox_ships.py
"""

from __future__ import annotations

import gzip
from pathlib import Path

from bongsu.sandbox import ships

DATA = Path(ships.__file__).parent / "data"


def main() -> None:
    """Write both files."""
    world = ships.made()
    (DATA / f"{ships.SANDBOX_SHIPS}.gz").write_bytes(gzip.compress(ships.log_of(world), 9, mtime=0))
    (DATA / ships.SANDBOX_SHIPS_REGISTER).write_bytes(ships.register_of(world))


if __name__ == "__main__":
    main()
