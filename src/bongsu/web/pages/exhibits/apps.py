"""The page of exhibits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class ExhibitsConfig(PageConfig):
    """Exhibits, for all who may read any."""

    name = "bongsu.web.pages.exhibits"
    label = "exhibits"
    title = _("Exhibits")
    home = "exhibits:home"
    order = 300
