"""The application of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Members, persons, tokens, one-time links."""

    name = "bongsu.web.accounts"
    label = "accounts"
