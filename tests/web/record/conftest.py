"""Sites of their own: a folder, a configuration and a database that other processes work with too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

ON_POSTGRES = os.environ.get("BONGSU_TEST_DATABASE") == "postgres"
READY = "from bongsu.web.serving import ready; ready()\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSite:
    """A site, made ready.

    Args:
        base: the folder its configuration is in.
        database: the address of its database, where that is PostgreSQL.
    """

    base: Path
    database: str | None

    @property
    def folder(self) -> Path:
        """What is the site's own."""
        return self.base / "own"

    def command(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """What `bongsu ...` comes to in the folder of its configuration."""
        return self._finished([sys.executable, "-m", "bongsu.cli.main", *map(str, arguments)])

    def python(self, code: str) -> str:
        """What some lines print that run with Django set up; they must succeed."""
        done = self._finished([sys.executable, "-c", READY + code])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begun(self, code: str) -> subprocess.Popen[str]:
        """Some lines, running beside the test."""
        return subprocess.Popen(
            [sys.executable, "-c", READY + code],
            cwd=self.base,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def sql(self, *statements: str) -> None:
        """Change the database as its owner can, past the site."""
        code = "from django.db import connection\nwith connection.cursor() as cursor:\n"
        self.python(code + "".join(f"    cursor.execute({statement!r})\n" for statement in statements))

    def _finished(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments, cwd=self.base, env=self._environment(), capture_output=True, text=True, check=False, timeout=300
        )

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "BONGSU_DATABASE"}
        own = {"BONGSU_CONFIG": str(self.base / "bongsu.toml"), "COLUMNS": "200"}
        return {**kept, **own, **({"BONGSU_DATABASE": self.database} if self.database else {})}


@pytest.fixture(scope="session")
def first_site(tmp_path_factory: pytest.TempPathFactory, database_server: None) -> OwnSite:
    """A site without people or entries, from which others are copied."""
    site = _site(tmp_path_factory.mktemp("first-site"), "first_site")
    if ON_POSTGRES:
        _administer('CREATE DATABASE "first_site"')
    site.python("from django.core.management import call_command\ncall_command('migrate', verbosity=0)\n")
    site.python("from django.core.management import call_command\ncall_command('createcachetable', verbosity=0)\n")
    return site


@pytest.fixture(scope="session")
def other_site(first_site: OwnSite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], OwnSite]]:
    """Makes a site of a given name, with a database of its own that is made ready and empty."""
    made: list[str] = []

    def make(name: str) -> OwnSite:
        made.append(name)
        site = _site(tmp_path_factory.mktemp(name), name)
        if ON_POSTGRES:
            _administer(f'CREATE DATABASE "{name}" TEMPLATE "first_site"')
        else:
            shutil.copy(first_site.folder / "site.sqlite3", site.folder)
        return site

    yield make
    for name in made if ON_POSTGRES else ():
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    """A number that no other test has."""
    return count()


@pytest.fixture
def own_site(other_site: Callable[[str], OwnSite], numbers: Iterator[int]) -> Callable[[], OwnSite]:
    """Makes sites of the test's own."""
    return lambda: other_site(f"site{next(numbers)}")


def _site(base: Path, name: str) -> OwnSite:
    (base / "own").mkdir(parents=True, mode=0o700)
    (base / "bongsu.toml").write_text(
        '[store]\nurl = "store"\n[sandbox]\nwhen = "always"\n[site]\nfolder = "own"\nmember = "alpha"\n[lists]\n'
    )
    database = f"{os.environ['BONGSU_DATABASE'].rpartition('/')[0]}/{name}" if ON_POSTGRES else None
    return OwnSite(base=base, database=database)


def _administer(statement: str) -> None:
    with psycopg.connect(f"{os.environ['BONGSU_DATABASE'].rpartition('/')[0]}/postgres", autocommit=True) as server:
        server.execute(statement)
