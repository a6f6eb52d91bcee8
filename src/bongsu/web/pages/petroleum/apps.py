"""The page's place in the site."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class PetroleumConfig(PageConfig):
    """What tankers may have brought in a calendar year, against the limit of resolution 2397."""

    name = "bongsu.web.pages.petroleum"
    label = "petroleum"
    title = _("Petroleum")
    home = "petroleum:home"
    order = 110
