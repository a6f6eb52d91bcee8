"""The page's place in the site."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class IndicatorsConfig(PageConfig):
    """Indicators: the list, one by one, and what people do with them."""

    name = "bongsu.web.pages.indicators"
    label = "indicators"
    title = _("Indicators")
    home = "indicators:home"
    order = 20
