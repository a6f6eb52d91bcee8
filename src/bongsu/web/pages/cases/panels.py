"""What the first page says of casework: the letters whose answer is overdue."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.cases.following import requests_of
from bongsu.web.pages.panel import Panel
from bongsu.web.record.models import CycleRow

_FIRST: Final = 5


def panels(reader: Reader, cycle: CycleRow) -> list[Panel]:
    """The requests that are overdue; no panel where there is none."""
    asked = requests_of(reader, timezone.now().date())
    overdue = [each for each in asked if each.days_left is not None and each.days_left < 0]
    if not overdue:
        return []
    content = {"asked": overdue[:_FIRST]}
    return [Panel(title=_("Requests overdue"), template="cases/panel_requests.html", content=content, order=30)]
