"""`bongsu sea import`, `detect` and `track`, and a run over what was imported, as processes of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bongsu

CLOCK = "2026-03-01T06:00:00Z"
SCRIPT = (str(Path(sys.executable).with_name("bongsu")),)
START = datetime(2026, 1, 5, tzinfo=UTC)
NAMPO, SEA = (38.72, 125.395), (38.60, 124.90)
HEADER = "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,world"


def positions() -> str:
    """An invented cargo ship that lies at Nampo for twenty hours and leaves: a row every five minutes."""
    rows = [HEADER]
    for minute in range(0, 28 * 60, 5):
        share = min(1.0, max(0.0, (minute / 60 - 20) / 4))
        latitude, longitude = (here + (there - here) * share for here, there in zip(NAMPO, SEA, strict=True))
        at = START + timedelta(minutes=minute)
        speed = "0.0" if share in {0.0, 1.0} else "6.2"
        rows.append(
            f"199000399,{at:%Y-%m-%d %H:%M:%S},{longitude:.5f},{latitude:.5f},{speed},0.0,511,"
            "SANDBOX CARGO 00039,IMO0200399,QS00039,70,sandbox"
        )
    return "\n".join([*rows, ""])


@pytest.fixture(scope="module")
def at_nampo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder whose store holds that ship's positions and a cycle of them, and what the commands printed."""
    folder = tmp_path_factory.mktemp("nampo")
    (folder / "bongsu.toml").write_text('[store]\nurl = "data"\n[sandbox]\nwhen = "never"\n[lists]\n', "utf-8")
    (folder / "ais.csv").write_text(positions(), "utf-8")
    printed = {}
    for arguments in (("sea", "import", "ais.csv"), ("run", "--clock", CLOCK)):
        ended = subprocess.run([*SCRIPT, *arguments], capture_output=True, check=False, cwd=folder)
        assert (ended.returncode, ended.stderr) == (0, b"")
        printed[" ".join(arguments[:2])] = ended.stdout.decode()
    return folder, printed


@pytest.fixture
def nampo(at_nampo: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of that folder, which is the folder commands are run in."""
    shutil.copytree(at_nampo[0], tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_run_says_what_was_heard_of_imported_positions(
    at_nampo: tuple[Path, dict[str, str]],
) -> None:
    _, printed = at_nampo
    assert "the lake holds 336 positions of 2 days" in printed["sea import"]
    assert "at sea: 1 ship heard between 2026-01-05 and 2026-01-06, " in printed["run --clock"]
    assert " SANDBOX CARGO 00039 (imo:0200399): port call" in printed["run --clock"]


@pytest.mark.usefixtures("nampo")
def test_a_cycle_over_imported_positions_is_reproduced(bongsu: Bongsu, nampo: Path) -> None:
    (manifest,) = nampo.glob("data/cycles/*/manifest.json")
    ended = bongsu("reproduce", str(manifest))
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode().endswith("is reproduced: 4 outputs, byte for byte\n")


@pytest.mark.usefixtures("nampo")
def test_detect_prints_each_sign_with_reasons_and_what_else_could_explain_it(bongsu: Bongsu) -> None:
    ended = bongsu("sea", "detect", "--detector", "port_call", "--clock", CLOCK)
    text = ended.stdout.decode()
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert "SANDBOX CARGO 00039 (MMSI 199000399) called at Nampo" in text
    assert "      - She stopped within" in text
    assert "      what else could explain it: " in text
    assert text.endswith("\n1 indicator. An indicator is a sign found by a machine, not an accusation.\n")
    assert "\nsea.port_call           1       0                    0\n" in text
    record = json.loads(bongsu("sea", "detect", "--detector", "port_call", "--json").stdout)
    (row,) = record["indicators"]
    assert all("#row=" in citation for citation in row["citations"])
    assert record["detectors"] == {"sea.port_call": {"indicators": 1, "untied": 0, "no_measure_in_force": 0}}


@pytest.fixture
def far_off(bongsu: Bongsu, tmp_path: Path) -> Path:
    """A folder whose store holds an invented ship that leaps from one side of the North Sea to the other, and back."""
    rows = [HEADER]
    for minute in range(0, 180, 5):
        latitude = 56.3 if minute // 60 != 1 else 55.0
        rows.append(
            f"199000399,{START + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S},5.0,{latitude},0.1,0.0,511,"
            "SANDBOX CARGO 00039,IMO0200399,QS00039,70,sandbox"
        )
    (tmp_path / "bongsu.toml").write_text('[store]\nurl = "data"\n', "utf-8")
    (tmp_path / "ais.csv").write_text("\n".join([*rows, ""]), "utf-8")
    assert bongsu("sea", "import", "ais.csv").returncode == 0
    return tmp_path


@pytest.mark.usefixtures("far_off")
def test_what_nothing_ties_to_the_dprk_is_counted_and_listed_and_is_no_indicator(bongsu: Bongsu) -> None:
    asked = ("sea", "detect", "--detector", "spoofing", "--clock", CLOCK)
    text = bongsu(*asked).stdout.decode()
    assert "\nsea.spoofing           0       1                    0\n" in text
    assert (
        "\nuntied: nothing ties it to the DPRK, so it names no measure and is no indicator; --untied lists it\n" in text
    )
    assert text.endswith("\n0 indicators. An indicator is a sign found by a machine, not an accusation.\n")
    listed = bongsu(*asked, "--untied").stdout.decode()
    assert "SANDBOX CARGO 00039 (MMSI 199000399) made " in listed
    assert "[SANDBOX]\n      sea.spoofing, 2026-01-05 00:55 UTC to 2026-01-05 02:" in listed
    assert ", at 56.3000 5.0000\n" in listed
    assert listed.endswith(
        "\n1 found that nothing ties to the DPRK. None names a measure, is an indicator, or is part of a report or a "
        "release.\n"
    )
    (row,) = json.loads(bongsu(*asked, "--untied", "--json").stdout)
    assert (row["detector"], row["kind"], row["measures"]) == ("sea.spoofing", "impossible_speed", [])
    assert row["sandbox"] is True
    assert (row["latitude_deg"], row["longitude_deg"]) == (56.3, 5.0)
    assert 0 < row["score"] < 0.3


@pytest.mark.usefixtures("nampo")
def test_days_outside_the_span_are_not_looked_at(bongsu: Bongsu) -> None:
    ended = bongsu("sea", "detect", "--since", "2026-02-01")
    assert ended.returncode == 2
    assert b"no positions lie in it" in ended.stderr


@pytest.mark.parametrize("number", ["199000399", "0200399", "IMO0200399"])
def test_a_track_is_found_by_either_number_and_drawn_into_one_file(bongsu: Bongsu, nampo: Path, number: str) -> None:
    ended = bongsu("sea", "track", number, "--map", "way.html")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode().startswith("MMSI 199000399: 168 places from 2026-01-05T00:00:00Z")
    page = (nampo / "way.html").read_text("utf-8")
    assert "SANDBOX CARGO 00039, MMSI 199000399" in page
    assert "<polyline" in page


@pytest.mark.usefixtures("nampo")
@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("199000400", "no ship with the number 199000400 was heard"),
        ("12", "'12' is neither an MMSI nor an IMO number"),
    ],
)
def test_a_number_that_no_one_sent_is_said(bongsu: Bongsu, number: str, says: str) -> None:
    ended = bongsu("sea", "track", number)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert says in ended.stderr.decode()


def test_an_engine_that_does_not_exist_is_said(bongsu: Bongsu, nampo: Path) -> None:
    ended = bongsu("sea", "detect", "--engine", "abacus", "--store", str(nampo / "data"))
    assert ended.returncode == 2
    assert b"there is no engine 'abacus'" in ended.stderr


def test_a_damaged_file_of_positions_ends_the_run_with_4_and_importing_it_again_mends_it(
    bongsu: Bongsu, nampo: Path
) -> None:
    (exhibit,) = [path for path in (nampo / "data" / "exhibits").glob("*/*") if b"SANDBOX CARGO" in path.read_bytes()]
    exhibit.chmod(0o644)
    exhibit.write_bytes(exhibit.read_bytes()[:-10])
    ended = bongsu("run", "--clock", "2026-03-02T06:00:00Z")
    assert ended.returncode == 4
    assert f"sea: the positions of exhibit {exhibit.name} are not used" in ended.stdout.decode()
    assert exhibit.name in ended.stderr.decode()
    again = bongsu("sea", "import", "ais.csv")
    assert (again.returncode, again.stderr) == (0, b"")
    assert f"exhibit {exhibit.name} was damaged; the same bytes came once more" in again.stdout.decode()
    assert bongsu("run", "--clock", "2026-03-03T06:00:00Z").returncode == 0
