"""Rates of the API: how often a token may ask, and an address be refused; counted by minutes of the clock."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from bongsu.kernel.errors import BongsuError
from bongsu.web.accounts.models import RequestCount

#: So often an address may show a token that is not good, in a minute; as often as it may knock at the door.
MOST_REFUSED: Final = 30
_MINUTE: Final = timedelta(minutes=1)


class TooManyRequestsError(BongsuError):
    """Someone asked more often than is taken here."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__("too many requests", remedy=f"ask again in {wait_s} s")


def count(what: str, most: int, now: datetime) -> None:
    """Count a request, whichever process answers it; one too many is not counted, and writes nothing.

    Args:
        what: whose requests are counted together, in at most 64 characters.
        most: how many there may be in a minute.
        now: when it came.

    Raises:
        TooManyRequestsError: there were as many already.
    """
    minute = now.replace(second=0, microsecond=0)
    row = RequestCount.objects.filter(what=what, minute=minute)
    number = row.values_list("number", flat=True).first()
    if number is None or number < most:
        number = _counted(what, minute)
    else:
        number += 1
    if number > most:
        raise TooManyRequestsError(math.ceil((minute + _MINUTE - now).total_seconds()))


def _counted(what: str, minute: datetime) -> int:
    """The number with this one; what two count at once is counted twice."""
    row = RequestCount.objects.filter(what=what, minute=minute)
    with transaction.atomic():
        if not row.exists():
            RequestCount.objects.filter(minute__lt=minute).delete()
            RequestCount.objects.bulk_create([RequestCount(what=what, minute=minute, number=0)], ignore_conflicts=True)
        row.update(number=F("number") + 1)
        return row.get().number
