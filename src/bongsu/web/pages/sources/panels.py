"""What the first page says of sources: those that did not come, were refused, or need a look."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.panel import Panel
from bongsu.web.pages.sources.standing import sources
from bongsu.web.record.models import CycleRow


def panels(reader: Reader, cycle: CycleRow) -> list[Panel]:
    """One panel."""
    listed = sources(cycle, reader)
    content = {
        "troubled": [each for each in listed if each.is_troubled],
        "watched": sum(bool(each.state) for each in listed),
        "new": [each for each in listed if each.new_copies],
    }
    return [Panel(title=_("Sources"), template="sources/panel.html", content=content, order=300)]
