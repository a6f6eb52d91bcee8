"""Making the site ready and serving it: migrations, static files, the first administrator, the server itself."""

from __future__ import annotations

import os
from typing import Any, Final

import django
from django.core.management import call_command

from bongsu.cycle.site import SiteConfig
from bongsu.web.catalogues import compile_catalogues

_THREADS: Final = 8
# The peer that a proxy on this machine is seen as, by the host that is listened on.
_LOOPBACK: Final = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}
_BODY_BYTES: Final = 300 * 2**20  # above the largest upload the site takes, which it refuses itself in words


def ready() -> None:
    """Django, set up for this process; what imports models comes after this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bongsu.web.settings")
    django.setup()


def prepare() -> None:
    """The database brought to the present form, and the static files put where they are served from."""
    from django.conf import settings

    compile_catalogues(settings.FOLDER / "locale")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def first_link() -> str | None:
    """The path of a one-time link for the first administrator; None once one can sign in with a password."""
    from bongsu.web.accounts.operating import first_link as link

    return link()


def stopped_administrators() -> list[str]:
    """The user names of the administrators, where none of them may sign in."""
    from bongsu.web.accounts.operating import stopped_administrators as stopped

    return stopped()


def serve(listen: str) -> None:
    """Serve the site until it is stopped."""
    from django.conf import settings
    from waitress import serve as wait

    from bongsu.web.record.register import registers
    from bongsu.web.wsgi import application

    registers().begin()
    wait(
        application,
        listen=listen,
        threads=_THREADS,
        ident=None,
        max_request_body_size=_BODY_BYTES,
        **_believed(settings.SITE),
    )


def _believed(site: SiteConfig) -> dict[str, Any]:  # Any: as waitress takes it
    """Whose forwarded headers are believed: those of the one proxy, where there is one; all others are taken off."""
    if not site.behind_proxy:
        return {}
    return {
        "trusted_proxy": _LOOPBACK.get(site.host, "*"),
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }
