"""Killed, interrupted or doubled: the last good state stands, and running again completes it."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.clock import instant

if TYPE_CHECKING:
    from conftest import ListHost, Watch

CLOCK = "2026-03-01T06:00:00Z"
BONGSU = (sys.executable, "-m", "bongsu.cli.main")


def command(config: Path, clock: str = CLOCK) -> list[str]:
    return [*BONGSU, "run", "--config", str(config), "--clock", clock]


def outputs(store: Path) -> dict[str, bytes]:
    """Every file of every cycle, without the heads of the custody log, which keeps real time."""
    found = {path.relative_to(store).as_posix(): path.read_bytes() for path in (store / "cycles").rglob("*.*")}
    return {name: content for name, content in found.items() if not name.endswith("/custody.json")}


def assert_sound(store: Path) -> None:
    folder = Folder.open(str(store), create=False)
    anchors = [
        (row["seq"], row["digest"])
        for name in folder.names("cycles/")
        if name.endswith("/custody.json")
        for row in [json.loads(folder.read(name))]
    ]
    report = ExhibitStore(folder, tool="test 1").scrub(instant(CLOCK), anchors=anchors)
    assert (report.damaged, report.custody) == ((), ())


@pytest.fixture
def history(watch: Watch, other_watch: Watch, un_list: Callable[..., bytes], ofac_set: Callable[..., Any]) -> None:
    """The same lists in two places: three copies of one, one of the other."""
    for place in (watch, other_watch):
        rows = []
        for month in (1, 2, 3):
            names = {f"KPi.9{n:02}": f"SANDBOX PERSON {n}" for n in range(month, month + 20)}
            place.keep(f"un{month}.xml", un_list(f"2026-0{month}-01", names))
            rows.append(f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "un{month}.xml" }}')
        place.keep("sdn.csv", ofac_set({901: "SANDBOX PERSON 1"}).sdn)
        rows.append('[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-03\nparts = { sdn = "sdn.csv" }')
        place.configure("\n".join(rows))


@pytest.mark.usefixtures("history")
def test_killed_at_any_moment_a_run_is_completed_by_running_again(watch: Watch, other_watch: Watch) -> None:
    began = time.monotonic()
    subprocess.run(command(other_watch.config), check=True, capture_output=True)
    whole = time.monotonic() - began
    undisturbed = outputs(other_watch.folder / "data")
    moments = random.Random(20261124)
    store = watch.folder / "data"
    killed = 0
    while killed < 5:
        run = subprocess.Popen(command(watch.config), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.2, 1.0) * whole)
        run.kill()
        if run.wait() == 0:  # too late: begin anew, and sooner
            shutil.rmtree(store)
            whole *= 0.8
            continue
        assert run.returncode == -signal.SIGKILL
        killed += 1
        if store.exists():
            assert_sound(store)
            for name, content in outputs(store).items():
                assert undisturbed[name] == content
    ended = subprocess.run(command(watch.config), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert outputs(watch.folder / "data") == undisturbed
    assert_sound(watch.folder / "data")


STEPWISE = """
import os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bongsu.cycle.config import read_config
from bongsu.cycle.run import run_cycle
from bongsu.evidence import ExhibitStore, Folder

CLOCK = datetime(2026, 3, 1, 6, tzinfo=UTC)
config = read_config(Path(sys.argv[1]))
store = Path(config.store)

def cycle(die_at=None):
    # Python announces every link and rename, which give a file its name, before it does it.
    child = os.fork()
    if not child:
        left = [die_at]
        def count(event, arguments):
            if event in ("os.link", "os.rename"):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
        if die_at:
            sys.addaudithook(count)
        run_cycle(config, CLOCK, lambda: CLOCK)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or status == 0, status
    return os.WIFSIGNALED(status)

def outputs():
    files = (path for path in (store / "cycles").rglob("*.*") if path.name != "custody.json")
    return {path.relative_to(store).as_posix(): path.read_bytes() for path in files}

# In this process, so that the others inherit what a cycle loads and reads once: cards, law, the page's template.
run_cycle(config, CLOCK, lambda: CLOCK)
undisturbed = outputs()
for step in range(1, 1000):
    shutil.rmtree(store)
    died = cycle(step)
    for name, content in outputs().items():
        assert undisturbed[name] == content, (step, name)
    report = ExhibitStore(Folder.open(str(store)), tool="test 1").scrub(CLOCK)
    assert report.is_sound, (step, report)
    if not died:
        break
    assert not cycle()
    assert outputs() == undisturbed, step
print(step)
"""


def test_killed_before_any_file_gets_its_name_a_run_is_completed_by_running_again(watch: Watch) -> None:
    watch.configure("")
    ran = subprocess.run(
        [sys.executable, "-c", STEPWISE, str(watch.config)], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert int(ran.stdout) > 15


def test_killed_on_the_second_day_the_first_day_stands(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    watch.configure(f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}')
    list_host.answers["/list.xml"] = un_list("2026-02-20", {"KPi.901": "SANDBOX PERSON ONE"})
    first = watch.run("2026-02-21T06:00:00Z")
    before = first.outputs()
    list_host.answers["/list.xml"] = list_host.silent
    run = subprocess.Popen(command(watch.config), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(lambda: len(list_host.asked) == 2)
    run.kill()
    assert run.communicate() == (b"", b"")
    assert run.returncode == -signal.SIGKILL
    assert first.outputs() == before
    list_host.answers["/list.xml"] = un_list("2026-02-28", {"KPi.902": "SANDBOX PERSON TWO"})
    second = watch.run(CLOCK)
    assert second.report["previous"] == first.cycle
    assert second.report["summary"]["indicators_new"] == 2


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_a_run_that_is_asked_to_end_says_so_in_one_sentence(
    watch: Watch, list_host: ListHost, number: signal.Signals, code: int, word: str
) -> None:
    watch.configure(f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}')
    list_host.answers["/list.xml"] = list_host.silent
    run = subprocess.Popen(command(watch.config), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: list_host.asked == ["/list.xml"])
    run.send_signal(number)
    out, err = run.communicate()
    assert (run.returncode, out) == (code, "")
    assert err == f"\n{word}; what was finished stands, run the same command again to complete it\n"
    list_host.answers["/list.xml"] = list_host.status(404)
    assert watch.run(CLOCK).list("un_sc")["status"] == "not reached"


def test_a_second_run_on_the_same_store_is_told_to_wait(watch: Watch, list_host: ListHost) -> None:
    watch.configure(f'[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}')
    list_host.answers["/list.xml"] = list_host.silent
    first = subprocess.Popen(command(watch.config), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(lambda: list_host.asked == ["/list.xml"])
    second = subprocess.run(command(watch.config), capture_output=True, text=True, check=False)
    first.kill()
    first.communicate()
    assert (second.returncode, second.stdout) == (6, "")
    assert second.stderr == (
        f"bongsu: {(watch.folder / 'data').as_uri()}: another process is writing to this store\n"
        "  what to do: wait for it to end, or stop it\n"
    )
    list_host.answers["/list.xml"] = list_host.status(404)
    assert subprocess.run(command(watch.config), capture_output=True, check=False).returncode == 0


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(3000):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
