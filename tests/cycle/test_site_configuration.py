"""The site's part of the configuration: who needs a second step where nothing is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bongsu.cycle.config import read_config
from bongsu.kernel.errors import UsageError


@pytest.mark.parametrize(
    ("written", "required"),
    [
        ("", False),
        ('listen = "localhost:80"', False),
        ('listen = "[::1]:8718"', False),
        ('listen = "0.0.0.0:8718"', True),
        ("behind_proxy = true", True),
        ("https = true", True),
        ('hosts = ["watch.example"]', True),
        ('mfa = "required"', True),
        ('listen = "0.0.0.0:8718"\nmfa = "optional"', False),
    ],
)
def test_a_second_step_is_required_wherever_others_can_reach_the_site_unless_the_file_says_otherwise(
    tmp_path: Path, written: str, required: bool
) -> None:
    path = tmp_path / "bongsu.toml"
    path.write_text(f"[site]\n{written}\n")
    assert read_config(path).site.mfa_required is required


def test_another_word_for_it_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bongsu.toml"
    path.write_text('[site]\nmfa = "sometimes"\n')
    with pytest.raises(UsageError, match="not one of optional, required"):
        read_config(path)
