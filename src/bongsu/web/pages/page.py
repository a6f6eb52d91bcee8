"""What a page says of itself: where it stands in the navigation, and who sees it there."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig, apps
from django.utils.functional import Promise


class PageConfig(AppConfig):
    """The application of a page.

    Attributes:
        title: its name in the navigation, translated; None where it does not stand there.
        home: the name of the address it opens with, such as `watch:home`.
        order: where it stands; the desks between 100 and 199.
        roles: the roles that see it in the navigation; empty means all. Views check for themselves.
    """

    default: ClassVar[bool] = False  # so that Django takes the page's own class, which imports this one

    def __init_subclass__(cls) -> None:
        cls.default = True

    title: ClassVar[str | Promise | None] = None
    home: ClassVar[str] = ""
    order: ClassVar[int] = 500
    roles: ClassVar[frozenset[str]] = frozenset()


def navigation(role: str) -> list[PageConfig]:
    """The pages that a role sees in the navigation, in order."""
    pages = [app for app in apps.get_app_configs() if isinstance(app, PageConfig) and app.title is not None]
    return sorted((page for page in pages if not page.roles or role in page.roles), key=lambda page: page.order)
