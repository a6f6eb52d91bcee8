"""What the first page says of petroleum: the gauge of the newest year in small."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.panel import Panel
from bongsu.web.pages.petroleum.deliveries import years
from bongsu.web.record.models import CycleRow


def panels(reader: Reader, cycle: CycleRow) -> list[Panel]:
    """One panel, where tankers were seen; none else."""
    every = years(reader, cycle)
    if not every:
        return []
    title = _("Refined petroleum against the yearly limit")
    return [Panel(title=title, template="petroleum/panel.html", content={"year": every[0]}, order=110)]
