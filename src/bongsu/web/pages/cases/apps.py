"""The pages of casework."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class CasesConfig(PageConfig):
    """Cases and findings."""

    name = "bongsu.web.pages.cases"
    label = "cases"
    title = _("Cases")
    home = "cases:board"
    order = 400
