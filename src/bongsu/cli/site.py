"""`bongsu site`: what whoever runs the site does with it beside serving it."""

from __future__ import annotations

import click

from bongsu.cli import site_storage
from bongsu.cli.deferral import LazyGroup


@click.group(cls=LazyGroup)
def site() -> None:
    """The site's own affairs: persons, links with which they sign in, backups."""


for command in site_storage.COMMANDS:
    site.add_command(command)
