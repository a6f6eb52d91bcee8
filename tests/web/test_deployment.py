"""Django's own checks for deployment, over a site that is reached by others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("database_server")  # the one in whose name the checks are made


def test_the_checks_for_deployment_find_nothing(tmp_path: Path) -> None:
    config = tmp_path / "bongsu.toml"
    config.write_text(
        '[store]\nurl = "store"\n[site]\nfolder = "own"\nlisten = "127.0.0.1:8718"\nhosts = ["sandbox.example"]\n'
        "https = true\nbehind_proxy = true\n[lists]\n"
    )
    told = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"],
        env={**os.environ, "BONGSU_CONFIG": str(config), "DJANGO_SETTINGS_MODULE": "bongsu.web.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def test_the_models_are_as_their_migrations_leave_them(tmp_path: Path) -> None:
    config = tmp_path / "bongsu.toml"
    config.write_text('[store]\nurl = "store"\n[site]\nfolder = "own"\n[lists]\n')
    told = subprocess.run(
        [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run", "accounts", "record"],
        env={**os.environ, "BONGSU_CONFIG": str(config), "DJANGO_SETTINGS_MODULE": "bongsu.web.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout + told.stderr
