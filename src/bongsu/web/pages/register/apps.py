"""The page of the register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from bongsu.web.pages.page import PageConfig


class RegisterConfig(PageConfig):
    """The register, for everyone."""

    name = "bongsu.web.pages.register"
    label = "register"
    title = _("Register")
    home = "register:home"
    order = 300
