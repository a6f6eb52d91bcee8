"""What the first page says of casework: what may be one matter, and which letters wait for an answer."""

from __future__ import annotations

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.cases.following import counted, requests_of
from bongsu.web.pages.cases.suggesting import shown, suggestions_for
from bongsu.web.pages.panel import Panel
from bongsu.web.record.models import CycleRow

_FIRST: Final = 5


def panels(reader: Reader, cycle: CycleRow) -> list[Panel]:
    """The strongest suggestions, and the requests that are overdue; no panel where there is neither."""
    found = suggestions_for(reader)
    asked = requests_of(reader, timezone.now().date())
    overdue = [each for each in asked if each.days_left is not None and each.days_left < 0]
    made = []
    if found:
        content = {"suggestions": shown(found[:_FIRST], reader), "number": len(found)}
        made.append(
            Panel(title=_("May be one matter"), template="cases/panel_suggested.html", content=content, order=20)
        )
    if overdue:
        content = {"asked": overdue[:_FIRST], "counts": counted(asked)}
        made.append(Panel(title=_("Requests overdue"), template="cases/panel_requests.html", content=content, order=30))
    return made
