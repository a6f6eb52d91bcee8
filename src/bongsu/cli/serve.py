"""`bongsu serve`: the site on this machine."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import click

from bongsu.cli.configuration import CONFIG_FILE, config_option, configuration
from bongsu.cli.terminal import progress, say, several
from bongsu.cycle.site import SiteConfig
from bongsu.kernel.errors import BusyError, UsageError
from bongsu.web.configuration import CONFIG_VARIABLE, LISTEN_VARIABLE, site_configuration, site_folder

_ALL = ("0.0.0.0", "::")  # noqa: S104 - looked for, not listened on


def enter_site(config: Path | None) -> None:
    """Make Django ready for the configuration of a command.

    Raises:
        UsageError: the configuration is not one, or the site is not installed.
    """
    chosen = config or (CONFIG_FILE if CONFIG_FILE.exists() else None)
    if chosen is not None:
        os.environ[CONFIG_VARIABLE] = str(chosen.resolve())
    configuration(config)  # refuses in words what Django would refuse with a traceback
    try:
        from bongsu.web import serving
    except ImportError as error:
        raise UsageError(
            f"the site is not installed: there is no {error.name}", remedy="pip install 'bongsu[web]'"
        ) from None
    serving.ready()


def enter_made_site(config: Path | None) -> None:
    """Make Django ready, where there is a site.

    Raises:
        UsageError: there is none yet; or as `enter_site` says.
    """
    enter_site(config)
    from bongsu.web.record.backup import is_there

    if not is_there():
        raise UsageError("there is no site here yet", remedy="bongsu serve makes one; or name its --config")


def enter_working_site(config: Path | None) -> None:
    """Make Django ready, where there is a site, and bring its database to the form that this release works with.

    Raises:
        UsageError: as `enter_made_site` says.
    """
    enter_made_site(config)
    from bongsu.web.accounts.operating import bring_forward

    bring_forward()


@click.command()
@config_option
@click.option("--listen", help="host:port to listen on; by default that of the configuration, else 127.0.0.1:8718.")
def serve(config: Path | None, listen: str | None) -> None:
    """Serve the site: the watch, the register, the law and casework, in a browser.

    It takes in what the cycles of the store found, and looks for new ones while it serves. As long as no administrator
    has a password, a link is printed with which the first one signs in, once. Stop it with Ctrl-C.
    """
    if listen is not None:
        os.environ[LISTEN_VARIABLE] = listen  # so that who can reach the site is known to all of it
    enter_site(config)
    settings = site_configuration()
    _expect_free(settings.site)
    from bongsu.web import serving
    from bongsu.web.intake import Lookout, take_in_all

    with progress() as tell:
        tell("preparing the site")
        serving.prepare()
        taken = take_in_all(settings, tell)
    if taken:
        say(f"{several(len(taken), 'cycle')} taken in")
    where = settings.site.origin
    link = serving.first_link()
    say()
    say(f"the site is at {where}/")
    if settings.site.host in _ALL and not settings.site.hosts:
        say("no other machine can ask for it: name the host they ask for in `hosts` of [site]")
    if link is not None:
        say(f"the first administrator signs in, once and within a day, with {where}{link}")
    if stopped := serving.stopped_administrators():
        say(f"no administrator may sign in; `bongsu site person admit {stopped[0]}` lets one in again")
    say(f"its own files are in {site_folder(settings)}")
    say("stop it with Ctrl-C")
    lookout = Lookout(settings)
    lookout.start()
    serving.serve(settings.site.listen)


def _expect_free(site: SiteConfig) -> None:
    """Refuse an address that another program listens on, before anything is done."""
    family = socket.AF_INET6 if ":" in site.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((site.host, site.port))
        except OSError as error:
            raise BusyError(
                f"cannot listen on {site.listen}: {error.strerror}",
                remedy="stop what listens there, or give --listen",
            ) from None
