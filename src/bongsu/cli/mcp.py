"""`bongsu mcp`: the read-only questions for assistants."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from bongsu.cli.configuration import config_option
from bongsu.cli.serve import enter_site, enter_working_site

TOKEN_VARIABLE: Final = "BONGSU_TOKEN"  # noqa: S105 - the name of a variable


@click.command()
@config_option
def mcp(config: Path | None) -> None:
    """Answer an assistant's read-only questions over the Model Context Protocol.

    It speaks on standard input and output. Without a token it answers about the law and the public lists; with one in
    BONGSU_TOKEN (scope read) also about what its holder may read. Evidence is marked as untrusted input.
    """
    token = os.environ.get(TOKEN_VARIABLE)
    enter_site(config) if token is None else enter_working_site(config)
    from bongsu.web.assistants import server

    server(token).run("stdio")
