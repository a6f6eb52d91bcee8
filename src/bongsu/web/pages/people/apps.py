"""The page of people."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from bongsu.cases.words import Role
from bongsu.web.pages.page import PageConfig


class PeopleConfig(PageConfig):
    """People and roles, for administrators and coordinators; one's own account, for all."""

    name = "bongsu.web.pages.people"
    label = "people"
    title = _("People")
    home = "people:home"
    order = 900
    roles: ClassVar = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
