"""The application of the site itself: its templates, static files and translations."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The house of the pages."""

    name = "bongsu.web"
    label = "site"
