"""A site for tests: persons of every role and of two members, and a store with a cycle of the sandbox."""

from __future__ import annotations

import fcntl
import os
import shutil
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

import django
from django.conf import settings

from bongsu.web.catalogues import compile_catalogues

# Names of static files with their hashes are made when the site is prepared for serving; the browser tests do that.
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second
settings.STATIC_ROOT.mkdir(parents=True)
compile_catalogues(settings.FOLDER / "locale")
django.setup()

from django.test import Client

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.cycle import run_cycle
from bongsu.cycle.config import Config, read_config
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Member, Person

CLOCK = datetime(2026, 11, 24, 6, tzinfo=UTC)
PASSWORD = "a long sandbox pass phrase"


def pytest_sessionfinish() -> None:
    """Nothing stays behind."""
    shutil.rmtree(_HOME, ignore_errors=True)


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
