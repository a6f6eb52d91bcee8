"""Making the site ready and serving it: migrations, static files, the first administrator, the server itself."""

from __future__ import annotations

import os
from typing import Final

import django
from django.core.management import call_command

from bongsu.web.catalogues import compile_catalogues

_THREADS: Final = 8
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
    """The path of a one-time link for the first administrator; None once one has a password."""
    from django.conf import settings
    from django.utils import timezone

    from bongsu.cases.handling import Tlp
    from bongsu.cases.words import Role
    from bongsu.web.accounts.models import Member, OneTimeLink, Person

    administrators = Person.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    if any(person.has_usable_password() for person in administrators):
        return None
    member, _ = Member.objects.get_or_create(id=settings.SITE.member, defaults={"name": settings.SITE.member_name})
    person = administrators.first() or Person.objects.make(
        "administrator", member=member, role=Role.ADMINISTRATOR, clearance=Tlp.AMBER, name="Administrator"
    )
    return f"/welcome/{OneTimeLink.issue(person, timezone.now())}/"


def serve(listen: str) -> None:
    """Serve the site until it is stopped."""
    from waitress import serve as wait

    from bongsu.web.wsgi import application

    wait(application, listen=listen, threads=_THREADS, ident=None, max_request_body_size=_BODY_BYTES)
