"""Which configuration the site runs with: the file that `BONGSU_CONFIG` names, as every process of it finds it."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Final

from bongsu.cycle.config import Config, default_config, read_config
from bongsu.cycle.site import DEFAULT_LISTEN, is_address
from bongsu.kernel.errors import UsageError

CONFIG_VARIABLE: Final = "BONGSU_CONFIG"
DATABASE_VARIABLE: Final = "BONGSU_DATABASE"  # so that a password needs to stand in no file
LISTEN_VARIABLE: Final = "BONGSU_LISTEN"  # what `bongsu serve --listen` says, for the settings of its process
_KEY_BYTES: Final = 48


def site_configuration() -> Config:
    """The configuration of this process.

    `BONGSU_DATABASE` and `BONGSU_LISTEN` go before what the file says of the database and of the address.

    Raises:
        UsageError: the file cannot be read, or says what no one knows; or `BONGSU_LISTEN` is no address.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    config = read_config(Path(named)) if named else default_config()
    listen = os.environ.get(LISTEN_VARIABLE) or config.site.listen
    if not is_address(listen):
        raise UsageError(f"not an address: {listen!r}", remedy=f"write host:port, such as {DEFAULT_LISTEN}")
    database = os.environ.get(DATABASE_VARIABLE) or config.site.database
    return replace(config, site=replace(config.site, database=database, listen=listen))


def site_folder(config: Config) -> Path:
    """The folder of what is the site's own, made where it is not there, for its owner alone.

    Raises:
        UsageError: it cannot be made.
    """
    folder = (config.base / config.site.folder).resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"the site's folder cannot be made: {error.strerror}", where=str(folder)) from None
    return folder


def site_key(folder: Path) -> str:
    """The key that signs sessions and links: made once, readable by its owner alone, never in the store or a backup."""
    path = folder / "site.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(_KEY_BYTES))
    return path.read_text("ascii").strip()
