"""The page of ships."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class ShipsConfig(PageConfig):
    """Ships, for everyone."""

    name = "bongsu.web.pages.ships"
    label = "ships"
    title = _("Ships")
    home = "ships:home"
    order = 100
