"""PostgreSQL's own programs, run with the address of the site's database."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db import connection

from bongsu.kernel.errors import UsageError

_VARIABLES: Final = {
    "NAME": "PGDATABASE",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "HOST": "PGHOST",
    "PORT": "PGPORT",
}
_OPTIONS: Final = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}


def dump(path: Path, snapshot: str, without: Iterable[str]) -> None:
    """Write the database to a file, as a snapshot sees it.

    Args:
        path: the file.
        snapshot: its name, as the transaction that holds it was told.
        without: tables whose rows are left out.

    Raises:
        UsageError: `pg_dump` is missing, or says why it could not.
    """
    left_out = [f"--exclude-table-data={table}" for table in without]
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", *left_out, f"--snapshot={snapshot}", f"--file={path}")


def put_back(path: Path) -> None:
    """Put a dump in the place of what the database holds, all of it or nothing.

    Raises:
        UsageError: `pg_restore` is missing, or says why it could not.
    """
    whole = ["--single-transaction", "--exit-on-error", "--clean", "--if-exists", "--no-owner", "--no-acl"]
    _run("pg_restore", *whole, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, with arguments of ours
        [_found(program), "--no-password", *arguments],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr.strip())
        raise UsageError(said or f"{program} ended with {done.returncode}", remedy="nothing was changed")


def _found(program: str) -> str:
    """The newest that Debian keeps, since one older than the server refuses; else that of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(program)
    if found is None:
        raise UsageError(f"{program} is not installed", remedy="on Debian, apt-get install postgresql-client")
    return found


def _environment() -> dict[str, str]:
    """Our own, and the database's address: a password on the command line could be read by every user."""
    given = connection.settings_dict
    address = {variable: str(given[name]) for name, variable in _VARIABLES.items() if given.get(name)}
    options = {variable: str(given["OPTIONS"][name]) for name, variable in _OPTIONS.items() if name in given["OPTIONS"]}
    return {**os.environ, **address, **options}
