"""The page's place in the site."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class WatchConfig(PageConfig):
    """The first page: what the newest cycle found, what changed, what to look at first."""

    name = "bongsu.web.pages.watch"
    label = "watch"
    title = _("Watch")
    home = "watch:home"
    order = 0
