"""The application of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Members, persons, tokens, one-time links."""

    name = "bongsu.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen at the door, now that every model is known."""
        from bongsu.web.accounts import door

        door.listen()
