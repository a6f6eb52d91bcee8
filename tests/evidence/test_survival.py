"""kill -9 at any moment: what bears a name is whole, the log holds together, and work goes on."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import datetime

from bongsu.evidence import Capture, ExhibitStore, Folder

RECEIVER = """
import sys
from datetime import UTC, datetime
from io import BytesIO
from bongsu.evidence import Capture, ExhibitStore, Folder

store = ExhibitStore(Folder.open(sys.argv[1]), tool="bongsu 0.1.0")
capture = Capture(source="un_sc", url="/invented", retrieved_at=datetime(2026, 11, 24, tzinfo=UTC), tool="bongsu 0.1.0")
print("in", flush=True)
number = 0
while True:
    number += 1
    content = f"invented {sys.argv[2]} {number} ".encode() * (number * 7919 % 50_000)
    parent = store.receive(BytesIO(content) if number % 2 else content, capture)
    store.derive(content + b"derived", parent.digest, "invented", capture.retrieved_at)
"""


def test_a_store_survives_being_killed_at_any_moment(disk: Folder, capture: Capture, now: datetime) -> None:
    moments = random.Random(20261124)
    received = 0
    for life in range(6):
        command = [sys.executable, "-c", RECEIVER, disk.url(""), str(life)]
        receiver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert receiver.stdout is not None
        assert receiver.stdout.readline() == "in\n"
        time.sleep(moments.uniform(0.01, 0.2))
        receiver.send_signal(signal.SIGKILL)
        receiver.communicate()
        assert receiver.returncode == -signal.SIGKILL

        store = ExhibitStore(disk, tool="bongsu 0.1.0")
        report = store.scrub(now)
        assert report.damaged == ()
        assert report.custody == ()
        assert report.leftovers_removed <= 1
        assert len(report.unlogged) <= life + 1
        assert report.checked >= received
        received = report.checked
        content = b"after life %d" % life
        assert store.read(store.receive(content, capture).digest) == content
        assert store.custody.verify() == []
    assert received > 6


STEPWISE = """
import os, signal, sys
from datetime import UTC, datetime
from io import BytesIO
from bongsu.evidence import Capture, ExhibitStore, Folder

NOW = datetime(2026, 11, 24, tzinfo=UTC)
capture = Capture(source="un_sc", url="/invented", retrieved_at=NOW, tool="bongsu 0.1.0")

def work():
    store = ExhibitStore(Folder.open(sys.argv[1]), tool="bongsu 0.1.0")
    with store.folder.exclusive():
        parent = store.receive(BytesIO(b"invented list"), capture)
        store.derive(b"invented rows", parent.digest, "invented", NOW)
        store.folder.replace("state.json", b"{}")

def die_at(step):
    # Python announces every open, link, rename, unlink, mkdir, chmod and flock before it does it.
    left = [step]
    def count(event, arguments):
        if event.startswith(("open", "os.", "fcntl.")):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

for step in range(1, 1000):
    child = os.fork()
    if not child:
        die_at(step)
        work()
        os._exit(0)
    died = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    store = ExhibitStore(Folder.open(sys.argv[1]), tool="bongsu 0.1.0")
    report = store.scrub(NOW)
    assert report.is_sound, (step, report)
    assert report.leftovers_removed <= 1, (step, report)
    if not died:
        break
    work()
    assert store.scrub(NOW).unlogged == (), step
    for name in store.folder.names():
        store.folder.delete(name)
print(step)
"""


def test_a_store_survives_being_killed_before_any_of_its_steps(disk: Folder) -> None:
    ran = subprocess.run([sys.executable, "-c", STEPWISE, disk.url("")], capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert int(ran.stdout) > 40
