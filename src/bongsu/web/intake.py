"""What the watch has done since: the site takes it in when it starts, and looks again while it serves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.db import close_old_connections

from bongsu.cycle.config import Config
from bongsu.evidence import Folder
from bongsu.kernel.errors import BongsuError
from bongsu.web.record.cycles import take_in
from bongsu.web.record.exhibits import take_in_exhibits, verify_exhibits
from bongsu.web.record.models import ExhibitRow

LOG = logging.getLogger(__name__)
_EVERY_S: Final = 60.0
# Exhibits that nobody looked at are hashed as they come, the largest when someone asks for it or rests a claim on it.
_SOON_BYTES: Final = 64 * 2**20
_SOON: Final = 500


def take_in_all(config: Config, tell: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
    """Take in the finished cycles of the store that were not taken in yet, and the exhibits they rest on.

    Returns:
        The ids of the cycles taken in now; none where there is no store yet.

    Raises:
        EvidenceError: what a cycle left is damaged.
    """
    if "://" not in config.store and not (config.base / config.store).exists():
        return ()
    folder = Folder.open(config.store, create=False)
    tell("taking in the exhibits")
    take_in_exhibits(folder, config.site.member)
    unseen = ExhibitRow.objects.filter(sound=None, size_bytes__lte=_SOON_BYTES)[:_SOON]
    verify_exhibits(unseen.values_list("digest", flat=True))
    tell("taking in what the watch found")
    return take_in(folder, config.site.member)


class Lookout(threading.Thread):
    """Looks for new cycles once a minute, beside the threads that serve. What fails is logged and tried again."""

    def __init__(self, config: Config) -> None:
        super().__init__(name="lookout", daemon=True)
        self._config = config
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stopped.wait(_EVERY_S):
            close_old_connections()
            try:
                take_in_all(self._config)
            except BongsuError as error:
                LOG.warning("the last cycle could not be taken in: %s", error)

    def stop(self) -> None:
        """Do not look again."""
        self._stopped.set()
