"""Panels: what a page tells on the first page of the site; found by being there, as the pages are.

A page with a module `panels.py` has a function `panels(reader, cycle)` in it. A later desk tells of itself so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from django.apps import apps
from django.utils.functional import Promise

from bongsu.cases.handling import Reader
from bongsu.web.pages.page import PageConfig
from bongsu.web.record.models import CycleRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the first page.

    Args:
        title: its heading, translated.
        template: what draws it; it knows `content`, and nothing that the reader may not read.
        content: what the template needs.
        order: where it stands; the panels of desks between 100 and 199, as their pages.
    """

    title: str | Promise
    template: str
    content: Mapping[str, object] = field(default_factory=dict)
    order: int = 500


class _Panels(Protocol):
    def panels(self, reader: Reader, cycle: CycleRow) -> list[Panel]: ...


def panels(reader: Reader, cycle: CycleRow) -> list[Panel]:
    """The panels of all pages, in their order.

    Args:
        reader: who looks: a panel holds only what this person may read.
        cycle: the newest cycle.
    """
    found: list[Panel] = []
    for app in apps.get_app_configs():
        name = f"{app.name}.panels"
        if isinstance(app, PageConfig) and find_spec(name) is not None:
            found += cast("_Panels", import_module(name)).panels(reader, cycle)
    return sorted(found, key=lambda panel: panel.order)
