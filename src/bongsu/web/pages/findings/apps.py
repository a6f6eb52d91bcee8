"""The pages of what was published."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class FindingsConfig(PageConfig):
    """Published findings, for whoever may read them, whoever may read their cases."""

    name = "bongsu.web.pages.findings"
    label = "findings"
    title = _("Published findings")
    home = "findings:home"
    order = 410
