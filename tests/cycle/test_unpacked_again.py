"""What came packed is unpacked again: nobody passes off a text as one that a publisher's file holds."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from bongsu.cycle.anchors import MANIFEST
from bongsu.cycle.compute import compute, real_copies
from bongsu.cycle.library import Library
from bongsu.cycle.manifest import cycle_id, inputs_from, manifest_record, read_manifest
from bongsu.cycle.reproduce import Reproduction, reproduce
from bongsu.evidence import GZIP, Capture, ExhibitStore
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError

if TYPE_CHECKING:
    from conftest import Ran, Watch

NOW = instant("2026-01-17T06:00:07Z")
WHOLE = {"KPi.901": "SANDBOX PERSON ONE", "KPi.904": "SANDBOX PERSON FOUR", "KPe.903": "SANDBOX TRADING THREE"}
LESS = {reference: name for reference, name in WHOLE.items() if reference != "KPi.904"}


@dataclass(frozen=True, slots=True)
class Lists:
    """A list as its publisher packed it, and one from which an entry was taken."""

    packed: bytes
    forged: bytes


@pytest.fixture
def lists(un_list: Callable[..., bytes]) -> Lists:
    return Lists(gzip.compress(un_list("2026-01-15", WHOLE), mtime=0), un_list("2026-01-15", LESS))


def again(ran: Ran, cycle: str | None = None) -> Reproduction:
    name = f"cycles/{cycle or ran.cycle}/{MANIFEST}"
    return reproduce(read_manifest(ran.store.read(name), where=name), ran.store)


def passed_off(ran: Ran, forged: str, received: str) -> str:
    """The cycle told anew by a forger with our code: the forged text came out of the file received."""

    def told(value: Any) -> Any:
        match value:
            case {"exhibit": exhibit, "received": _} if exhibit == forged:
                return {**value, "received": received, "origin": "https://lists.example/list.xml.gz"}
            case dict():
                return {key: told(each) for key, each in value.items()}
            case list():
                return [told(each) for each in value]
        return value

    manifest = {**ran.manifest, "inputs": told(ran.manifest["inputs"])}
    manifest["cycle"] = cycle_id(manifest["inputs"], manifest["code"])
    inputs = inputs_from(manifest)
    library = Library(ExhibitStore(ran.store, tool="test 1"), None)
    real = real_copies(library, inputs.known_copies, inputs.deliveries, inputs.damaged, lambda _: None)
    outputs = compute(inputs, real, library, lambda _: None)
    for name, content in outputs.files.items():
        ran.store.replace(f"cycles/{inputs.cycle}/{name}", content)
    ran.store.replace(f"cycles/{inputs.cycle}/{MANIFEST}", canonical_json(manifest_record(inputs, outputs)))
    return inputs.cycle


@pytest.mark.parametrize("kind", ["list", "customers"])
def test_a_text_that_the_file_received_does_not_hold_is_a_contradiction_and_damage(
    watch: Watch, lists: Lists, kind: str
) -> None:
    if kind == "list":
        forged = lists.forged
        watch.keep("a.xml", forged)
        watch.configure('[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }', when="never")
    else:
        forged = b"name\nSANDBOX CUSTOMER\n"
        watch.keep("customers.csv", forged)
        watch.configure("", more='[screen]\ncustomers = ["customers.csv"]')
    ran = watch.run("2026-01-17T06:00:00Z")
    store = ExhibitStore(ran.store, tool="test 1")
    received = store.receive(lists.packed, Capture(source="un_sc", url="list.xml.gz", retrieved_at=NOW, tool="t"))
    store.derive(forged, received.digest, GZIP, NOW)
    result = again(ran, passed_off(ran, digest(forged), received.digest))
    assert all(output.agrees for output in result.outputs)
    assert not result.agrees
    (told,) = result.contradictions
    assert told.startswith(
        f"exhibit {digest(forged)} is not what the manifest says it was unpacked from, {received.digest}: "
    )
    (damage,) = store.scrub(NOW).damaged
    assert damage.exhibit == digest(forged)
    assert damage.what.startswith(f"not what the log says it was unpacked from, {received.digest}: ")


@pytest.fixture
def second_day(watch: Watch, lists: Lists, un_list: Callable[..., bytes]) -> Ran:
    """The second of two cycles, each over a packed copy and a packed customer file."""
    watch.keep("a.xml.gz", lists.packed)
    watch.keep("b.xml.gz", gzip.compress(un_list("2026-01-16", WHOLE), mtime=0))
    watch.keep("customers.csv.gz", gzip.compress(b"name\nSANDBOX CUSTOMER\n", mtime=0))
    for day, name in ((16, "a.xml.gz"), (17, "b.xml.gz")):
        watch.configure(
            f'[[lists.un_sc.copy]]\nparts = {{ consolidated = "{name}" }}',
            more='[screen]\ncustomers = ["customers.csv.gz"]',
        )
        ran = watch.run(f"2026-01-{day}T06:00:00Z")
    return ran


def received(ran: Ran) -> dict[str, str]:
    """The bytes received, of a known copy, of one that came and of the customer file, by digest."""
    inputs = ran.manifest["inputs"]
    return {
        "known": inputs["known_copies"][0]["parts"][0]["received"],
        "came": inputs["deliveries"][0]["parts"][0]["received"],
        "customers": inputs["customers"][0]["received"],
    }


def test_what_was_honestly_unpacked_is_reproduced_and_sound(second_day: Ran) -> None:
    assert len(set(received(second_day).values())) == 3
    assert again(second_day).agrees
    assert ExhibitStore(second_day.store, tool="test 1").scrub(NOW).is_sound


@pytest.mark.parametrize("which", ["known", "came", "customers"])
@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_cycle_whose_bytes_as_received_are_gone_or_cut_is_not_reproduced(
    second_day: Ran, which: str, harm: str
) -> None:
    exhibit = received(second_day)[which]
    name = f"exhibits/{exhibit[:2]}/{exhibit}"
    content = second_day.store.read(name)
    second_day.store.delete(name)
    if harm == "cut":
        second_day.store.write_once(name, content[:-10])
    says = {"gone": "there is no such exhibit", "cut": "damaged: these are not the bytes received"}[harm]
    with pytest.raises(EvidenceError, match=f"{exhibit}: {says}"):
        again(second_day)
