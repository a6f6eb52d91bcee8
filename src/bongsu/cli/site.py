"""`bongsu site`: what whoever runs the site does with it beside serving it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.cli import site_storage
from bongsu.cli.configuration import config_option, configuration
from bongsu.cli.deferral import LazyGroup
from bongsu.cli.serve import enter_site, enter_working_site
from bongsu.cli.terminal import say

_CLEARANCES = {tlp.label.removeprefix("TLP:").lower(): tlp for tlp in Tlp}


@click.group(cls=LazyGroup)
def site() -> None:
    """The site's own affairs: persons, links with which they sign in, backups."""


@site.group()
def person() -> None:
    """The persons who work on the site."""


@person.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="What they may do.")
@click.option(
    "--clearance",
    type=click.Choice(list(_CLEARANCES), case_sensitive=False),
    required=True,
    help="The strictest marking they may read.",
)
@click.option("--member", help="Id of the member they are of; by default the one that runs the site.")
@click.option("--full-name", help="As colleagues know them; by default the user name.")
@config_option
def add(name: str, role: str, clearance: str, member: str | None, full_name: str | None, config: Path | None) -> None:
    """Make a person with the user name NAME, and print the link with which they sign in once.

    Here, and nowhere on the site, any member and any clearance can be given.
    """

    def made() -> str:
        from bongsu.web.accounts.operating import add_person

        return add_person(
            name, name=full_name or name, role=Role(role), clearance=_CLEARANCES[clearance.lower()], member=member
        )

    _print_link(config, name, made)


@person.command("admit")
@click.argument("name")
@config_option
def admit(name: str, config: Path | None) -> None:
    """Let the person NAME sign in again who was stopped, and print a link with which they sign in once.

    It works for any account, also where no administrator is left who could do it on the site.
    """

    def made() -> str:
        from bongsu.web.accounts.operating import admit_person

        return admit_person(name)

    _print_link(config, name, made)


@person.command("forget-second-step")
@click.argument("name")
@config_option
def forget_second_step(name: str, config: Path | None) -> None:
    """Remove the authenticators and recovery codes of the person NAME, who can use none of them any more.

    It works for any account, ends the person's sessions and tokens, and is written into the journal. The password
    stays. Where everyone needs a second step, the person sets one up at the next sign-in, before anything else.
    """
    enter_working_site(config)
    from bongsu.web.accounts.operating import forget_second_step_of

    if not forget_second_step_of(name):
        say(f"{name} had no second step; nothing was changed")
        return
    say(f"{name} has no second step any more; all sessions and tokens of {name} ended")
    say(f"next: bongsu site link {name} prints a link with which {name} sets a password and a second step anew")


@site.command()
@click.argument("name")
@config_option
def link(name: str, config: Path | None) -> None:
    """Print a new link with which the person NAME signs in once, and sets a password.

    It goes around no second step. Links given before end with it.
    """

    def made() -> str:
        from bongsu.web.accounts.operating import link_for

        return link_for(name)

    _print_link(config, name, made)


def _print_link(config: Path | None, name: str, made: Callable[[], str]) -> None:
    enter_site(config)
    from bongsu.web.accounts.operating import bring_forward

    bring_forward()
    path = made()
    say(f"{name} signs in, once and within a day, with {configuration(config).site.origin}{path}")


for command in site_storage.COMMANDS:
    site.add_command(command)
