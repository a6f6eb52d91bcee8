"""A site for tests: persons of every role and of two members, and a store with a cycle of the sandbox."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

# Before Django reads its settings: a folder of its own for each process of the tests, removed when it ends.
_HOME = Path(tempfile.mkdtemp(prefix="bongsu-site-"))
_CONFIG = _HOME / "bongsu.toml"
_CONFIG.write_text(
    '[store]\nurl = "store"\n[sandbox]\nwhen = "always"\n[site]\nfolder = "own"\nmember = "alpha"\n'
    'member_name = "Member Alpha (SANDBOX)"\n[lists]\n'
)
os.environ["BONGSU_CONFIG"] = str(_CONFIG)
os.environ["DJANGO_SETTINGS_MODULE"] = "bongsu.web.settings"
# `BONGSU_TEST_DATABASE=postgres`: the same tests on a PostgreSQL of this process's own, started when needed.
ON_POSTGRES = os.environ.get("BONGSU_TEST_DATABASE") == "postgres"
if ON_POSTGRES:
    _SOCKETS = Path(tempfile.mkdtemp(prefix="bongsu-pg-"))
    os.environ["BONGSU_DATABASE"] = f"postgresql://bongsu@{str(_SOCKETS).replace('/', '%2F')}/bongsu"

import django
from django.conf import settings

from bongsu.web.catalogues import compile_catalogues

# Names of static files with their hashes are made when the site is prepared for serving; the browser tests do that.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second
settings.STATIC_ROOT.mkdir(parents=True)
compile_catalogues(settings.FOLDER / "locale")
django.setup()
# pytest-xdist's workers inherit the environment, and would read the settings before this file chooses them.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.db import connection
from django.test import Client, TransactionTestCase

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.cycle.config import Config, read_config
from bongsu.cycle.run import run_cycle
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record import guards

CLOCK = datetime(2026, 11, 24, 6, tzinfo=UTC)
PASSWORD = "a long sandbox pass phrase"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the tests run again on PostgreSQL, those that have no part of a database do not run twice."""
    if ON_POSTGRES:
        ours = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
        once = {item for item in ours if not _has_a_database(item)}
        config.hook.pytest_deselected(items=list(once))
        items[:] = [item for item in items if item not in once]


def _has_a_database(item: pytest.Item) -> bool:
    """Whether a test may open a database; pytest-django refuses it to all others."""
    asked = {"db", "transactional_db", "database_server"}.intersection(getattr(item, "fixturenames", ()))
    kind = getattr(item, "cls", None)
    marked = item.get_closest_marker("django_db") is not None
    return bool(asked) or marked or (kind is not None and issubclass(kind, TransactionTestCase))


def pytest_sessionfinish() -> None:
    """Nothing stays behind."""
    shutil.rmtree(_HOME, ignore_errors=True)
    if ON_POSTGRES:
        shutil.rmtree(_SOCKETS, ignore_errors=True)


def _binaries() -> Path | None:
    """Where PostgreSQL's programs are: the newest of Debian's, else those of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    return None if found is None else Path(found).parent


def _unprivileged() -> tuple[list[str], tuple[int, int]]:
    """How a program is run that refuses root, and as whom; the kernel ends it when the tests are killed."""
    if os.geteuid() != 0:
        return (["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []), (os.getuid(), os.getgid())
    nobody = pwd.getpwnam("nobody")
    ids = nobody.pw_uid, nobody.pw_gid
    return ["setpriv", f"--reuid={ids[0]}", f"--regid={ids[1]}", "--clear-groups", "--pdeathsig", "QUIT"], ids


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The PostgreSQL of this process of the tests, where the tests run on it: no network, no waiting for the disk."""
    if not ON_POSTGRES:
        yield
        return
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed: on Debian, apt-get install postgresql")
    run, (user, group) = _unprivileged()
    os.chown(_SOCKETS, user, group)
    data = _SOCKETS / "data"
    quick = [f"--{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    made = [*run, binaries / "initdb", "-D", data, "-U", "bongsu", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    subprocess.run(made, check=True, capture_output=True, cwd=_SOCKETS)
    with (_SOCKETS / "log").open("wb") as log:
        server = subprocess.Popen(
            [*run, binaries / "postgres", "-D", data, "-k", _SOCKETS, "-c", "listen_addresses=", *quick],
            stdout=log,
            stderr=log,
            cwd=_SOCKETS,
        )
    while subprocess.run([binaries / "pg_isready", "-q", "-h", _SOCKETS, "-U", "bongsu"], check=False).returncode:
        if server.poll() is not None:
            pytest.fail((_SOCKETS / "log").read_text())
    subprocess.run([binaries / "createdb", "-h", _SOCKETS, "-U", "bongsu", "bongsu"], check=True)
    yield
    server.send_signal(signal.SIGINT)  # a fast shutdown: whoever is still connected is cut off
    server.wait()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, database_server: None) -> None:
    """The server is there before a database is made on it."""


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """A test with transactions of its own ends with an empty database; for that alone the journal's guards go down."""
    emptied = TransactionTestCase._fixture_teardown

    def unguarded(case: TransactionTestCase) -> None:
        guards.down(connection)
        emptied(case)
        guards.up(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", unguarded)
        yield


@pytest.fixture(scope="session")
def config() -> Config:
    """The configuration the site of the tests runs with."""
    return read_config(_CONFIG)


@pytest.fixture(scope="session")
def cycle_store(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Path:
    """A store with one cycle of the sandbox, lists and ships; made once for all processes of the tests, read only."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    store = shared / "sandbox-store"
    with (shared / "sandbox-store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "sandbox-store.made").exists():
            run_cycle(replace(config, store=str(store)), CLOCK, lambda: CLOCK)
            (shared / "sandbox-store.made").touch()
    return store


@pytest.fixture
def store(cycle_store: Path, config: Config) -> Iterator[Folder]:
    """The site's own store, as the sandbox's cycle left it; what a test writes there is gone after it."""
    place = Path(config.store)
    shutil.copytree(cycle_store, place)
    yield Folder.open(config.store)
    shutil.rmtree(place)


@pytest.fixture
def members(db: None) -> dict[str, Member]:
    """Two members, both invented."""
    return {name: Member.objects.create(id=name, name=f"Member {name.title()} (SANDBOX)") for name in ("alpha", "beta")}


@pytest.fixture
def person(members: dict[str, Member]) -> Callable[..., Person]:
    """Makes a person, or gives the one of that role, member and clearance: `person(Role.ANALYST)`."""

    def make(
        role: Role = Role.ANALYST, *, member: str = "alpha", clearance: Tlp = Tlp.AMBER_STRICT, number: int = 1
    ) -> Person:
        username = f"{role.value}{number}-{member}"
        known = Person.objects.filter(username=username).first()
        return known or Person.objects.make(
            username, member=members[member], role=role, clearance=clearance, name=username.title(), password=PASSWORD
        )

    return make


@pytest.fixture
def signed_in(client: Client, person: Callable[..., Person]) -> Callable[..., Client]:
    """A browser in which someone is signed in: `signed_in(Role.ANALYST)` or `signed_in(of=person)`."""

    def enter(role: Role = Role.ANALYST, *, of: Person | None = None) -> Client:
        browser = Client()
        browser.force_login(of or person(role), backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return enter
