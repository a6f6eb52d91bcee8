"""The page's place in the site."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class SourcesConfig(PageConfig):
    """Where bytes come from: every source of every desk, and how it stands."""

    name = "bongsu.web.pages.sources"
    label = "sources"
    title = _("Sources")
    home = "sources:home"
    order = 200
