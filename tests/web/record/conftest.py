"""Sites of their own: a folder, a configuration and a database that other processes work with too."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any, NoReturn

import psycopg
import pytest
from asgiref.local import Local
from django.db import connections

ON_POSTGRES = os.environ.get("BONGSU_TEST_DATABASE") == "postgres"
_INHERITED: list[object] = []  # what would say goodbye to the server if it were collected
READY = "from bongsu.web.serving import ready; ready()\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSite:
    """A site, made ready.

    Args:
        base: the folder its configuration is in.
        database: the address of its database, where that is PostgreSQL.
        blocker: pytest-django's.
    """

    base: Path
    database: str | None
    blocker: Any

    @property
    def folder(self) -> Path:
        """What is the site's own."""
        return self.base / "own"

    def command(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """What `bongsu ...` comes to in the folder of its configuration."""

        def run() -> None:
            from bongsu.cli.shell import run as run_shell

            sys.argv = ["bongsu", *map(str, arguments)]
            run_shell()

        return self._forked(run)

    def python(self, code: str) -> str:
        """What some lines print that run with Django set up; they must succeed."""
        done = self._forked(lambda: exec(READY + code, {"__name__": "lines"}))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begun(self, code: str) -> subprocess.Popen[str]:
        """Some lines, running beside the test."""
        return subprocess.Popen(
            [sys.executable, "-c", READY + code],
            cwd=self.base,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def sql(self, *statements: str) -> None:
        """Change the database as its owner can, past the site."""
        code = "from django.db import connection\nwith connection.cursor() as cursor:\n"
        self.python(code + "".join(f"    cursor.execute({statement!r})\n" for statement in statements))

    def _forked(self, run: Callable[[], None]) -> subprocess.CompletedProcess[str]:
        """What a process of its own comes to. It is forked, since Django takes a second and a half to be imported."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that threads are not forked with us is meant
            child = os.fork()
            if child == 0:
                self._be_the_child(run, out, err)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess([], code, out.read(), err.read())

    def _be_the_child(self, run: Callable[[], None], out: IO[str], err: IO[str]) -> NoReturn:
        code = 1
        try:
            sys.stdout, sys.stderr = out, err
            os.chdir(self.base)
            os.environ.update(self._environment())
            _turn_to_this_site()
            self.blocker.unblock()  # the database, which pytest-django closes outside tests that are marked for it
            run()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        except BaseException:  # noqa: BLE001 - whatever it is, the test is told, and the child does not go on as pytest
            traceback.print_exc(file=err)
        finally:
            connections.close_all()  # so that SQLite's log of writes is taken into the file, as at the end of a process
            out.flush()
            err.flush()
            os._exit(code)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "BONGSU_DATABASE"}
        own = {"BONGSU_CONFIG": str(self.base / "bongsu.toml"), "COLUMNS": "200"}
        return {**kept, **own, **({"BONGSU_DATABASE": self.database} if self.database else {})}


@pytest.fixture(scope="session")
def first_site(tmp_path_factory: pytest.TempPathFactory, database_server: None, django_db_blocker: Any) -> OwnSite:
    """A site without people or entries, from which others are copied."""
    site = _site(tmp_path_factory.mktemp("first-site"), "first_site", django_db_blocker)
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
        site = _site(tmp_path_factory.mktemp(name), name, first_site.blocker)
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


def _turn_to_this_site() -> None:
    """Django reads its settings again; connections of the tests' own process stay open and untouched."""
    from django.conf import Settings
    from django.conf import settings as used

    import bongsu.web.settings

    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    importlib.reload(bongsu.web.settings)
    used._wrapped = Settings("bongsu.web.settings")
    _INHERITED.append(connections._connections)
    connections._connections = Local()
    connections._settings = None
    connections.__dict__.pop("settings", None)


def _site(base: Path, name: str, blocker: Any) -> OwnSite:
    (base / "own").mkdir(parents=True, mode=0o700)
    (base / "bongsu.toml").write_text(
        '[store]\nurl = "store"\n[sandbox]\nwhen = "always"\n[site]\nfolder = "own"\nmember = "alpha"\n[lists]\n'
    )
    database = f"{os.environ['BONGSU_DATABASE'].rpartition('/')[0]}/{name}" if ON_POSTGRES else None
    return OwnSite(base=base, database=database, blocker=blocker)


def _administer(statement: str) -> None:
    with psycopg.connect(f"{os.environ['BONGSU_DATABASE'].rpartition('/')[0]}/postgres", autocommit=True) as server:
        server.execute(statement)
