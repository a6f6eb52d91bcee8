"""The page of the law."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class LawConfig(PageConfig):
    """The law, for everyone."""

    name = "bongsu.web.pages.law"
    label = "law"
    title = _("Law")
    home = "law:home"
    order = 310
