"""Reproducing a cycle: green on what was left alone, loud on a changed byte anywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bongsu.cycle.manifest import cycle_id, read_manifest
from bongsu.cycle.reproduce import Reproduction, reproduce
from bongsu.evidence import Folder
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.errors import EvidenceError, NotReproducedError, UsageError

if TYPE_CHECKING:
    from conftest import Ran, Watch

BOTH = {"KPi.901": "SANDBOX PERSON ONE", "KPe.903": "SANDBOX TRADING THREE"}


@pytest.fixture(scope="module")
def two_days(new_watch: Callable[[], Watch], un_list: Callable[..., bytes]) -> tuple[Watch, Ran]:
    """Two cycles and the second of them, which has known copies and known indicators; copied, never changed."""
    watch = new_watch()
    watch.keep("a.xml", un_list("2026-01-14", BOTH))
    watch.keep("b.xml", un_list("2026-01-15", {**BOTH, "KPi.902": "SANDBOX PERSON TWO"}))
    watch.keep("c.xml", un_list("2026-01-16", {"KPi.902": "SANDBOX PERSON TWO"}))
    watch.configure(
        '[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }\n'
        '[[lists.un_sc.copy]]\nparts = { consolidated = "b.xml" }'
    )
    watch.run("2026-01-16T06:00:00Z")
    watch.configure('[[lists.un_sc.copy]]\nparts = { consolidated = "c.xml" }')
    return watch, watch.run("2026-01-17T06:00:00Z")


@pytest.fixture
def second_day(two_days: tuple[Watch, Ran], watch: Watch) -> Ran:
    """The second day in a copy of a test's own: its watch's folder."""
    there, ran = two_days
    shutil.copytree(there.folder, watch.folder, dirs_exist_ok=True)
    return replace(ran, store=Folder.open(str(watch.folder / "data")))


def again(ran: Ran) -> Reproduction:
    name = f"{ran.place}/manifest.json"
    return reproduce(read_manifest(ran.store.read(name), where=name), ran.store)


def rewritten(ran: Ran, change: Callable[[dict[str, Any]], None], *, new_id: bool = False) -> Ran:
    """The cycle with its manifest changed and written canonically; with `new_id` by a forger who knows our id rule."""
    manifest = ran.manifest
    change(manifest)
    if new_id:
        manifest["cycle"] = cycle_id(manifest["inputs"], manifest["code"])
    ran.store.replace(f"{ran.place}/manifest.json", canonical_json(manifest))
    return ran


def test_a_cycle_left_alone_is_reproduced_byte_for_byte(second_day: Ran) -> None:
    result = again(second_day)
    assert result.agrees
    assert [(row.name, row.agrees) for row in result.outputs] == [
        ("indicators.json", True),
        ("quarantine.json", True),
        ("report.html", True),
        ("report.json", True),
    ]
    assert (result.differences, result.contradictions) == ((), ())
    assert len(second_day.report["indicators"]) == 3


def test_the_sandbox_cycle_is_reproduced(watch: Watch) -> None:
    watch.configure("")
    assert again(watch.run("2026-03-01T06:00:00Z")).agrees


def test_nothing_is_taken_from_the_register_and_nothing_is_written(second_day: Ran) -> None:
    for name in second_day.store.names("register/"):
        second_day.store.delete(name)
    before = second_day.store.names()
    assert again(second_day).agrees
    assert second_day.store.names() == before


def test_a_register_that_lies_is_not_believed(watch: Watch, second_day: Ran) -> None:
    (step,) = [
        name for name in second_day.store.names("register/un_sc/steps/") if "2026-01-15" in name.split("-to-")[0]
    ]
    honest = second_day.store.read(step)
    second_day.store.replace(step, b"[]")
    ran = watch.run("2026-01-18T06:00:00Z")
    assert [row for row in ran.report["indicators"] if row["facts"]["change"] == "delisted"]
    assert second_day.store.read(step) == honest
    assert again(ran).agrees


@pytest.mark.parametrize("name", ["report.json", "report.html", "indicators.json", "quarantine.json"])
def test_one_changed_byte_in_a_stored_output_is_named(second_day: Ran, name: str) -> None:
    content = bytearray(second_day.store.read(f"{second_day.place}/{name}"))
    content[len(content) // 2] ^= 1
    second_day.store.replace(f"{second_day.place}/{name}", bytes(content))
    result = again(second_day)
    assert not result.agrees
    assert [row.name for row in result.outputs if not row.agrees] == [name]


def test_a_stored_output_that_is_gone_is_named(second_day: Ran) -> None:
    second_day.store.delete(f"{second_day.place}/report.html")
    (row,) = [row for row in again(second_day).outputs if not row.agrees]
    assert (row.name, row.stored, row.computed) == ("report.html", None, row.named)


def test_a_changed_digest_in_the_manifest_is_named(second_day: Ran) -> None:
    rewritten(second_day, lambda m: m["outputs"]["report.json"].update(sha256="0" * 64))
    (row,) = [row for row in again(second_day).outputs if not row.agrees]
    assert (row.name, row.named) == ("report.json", "0" * 64)


def test_an_output_the_manifest_does_not_name_is_named_as_such(second_day: Ran) -> None:
    rewritten(second_day, lambda m: m["outputs"].pop("report.html"))
    (row,) = [row for row in again(second_day).outputs if not row.agrees]
    assert (row.name, row.named) == ("report.html", "not named")


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("outputs", lambda m: m["outputs"]["report.json"].update(bytes=1)),
        ("cards", lambda m: m["cards"].update({"lists/sources/un_sc.toml": "0" * 64})),
        ("bongsu", lambda m: m.update(bongsu="9.9.9")),
        ("copies", lambda m: m["copies"].pop(0)),
        ("unread", lambda m: m["unread"].append(m["copies"][0])),
    ],
)
def test_what_the_manifest_says_beside_the_outputs_is_recomputed_too(
    second_day: Ran, key: str, change: Callable[[dict[str, Any]], None]
) -> None:
    result = again(rewritten(second_day, change))
    assert not result.agrees
    assert f"the manifest names other {key} than were computed" in result.contradictions


def test_another_release_of_what_shapes_the_bytes_is_a_note_and_no_failure(second_day: Ran) -> None:
    result = again(rewritten(second_day, lambda m: m["environment"].update(jinja2="0.1")))
    assert result.agrees
    assert len(result.differences) == 1
    assert result.differences[0].startswith("jinja2 is ")
    assert result.differences[0].endswith(" here, was 0.1")


def test_other_code_that_gives_the_same_bytes_would_be_a_note_but_the_id_is_made_with_the_code(
    second_day: Ran,
) -> None:
    with pytest.raises(EvidenceError, match="was changed after it was written"):
        again(rewritten(second_day, lambda m: m.update(code="0" * 64)))


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.update(cycle="20260117T060000Z-00000000"),
        lambda m: m.update(cycle="../../20260117T060000Z-00000000"),
        lambda m: m["inputs"].update(clock="2026-01-18T06:00:00Z"),
        lambda m: m["inputs"].update(clock="yesterday"),
        lambda m: m["inputs"]["deliveries"][0].update(sandbox=True),
        lambda m: m["inputs"]["deliveries"][0]["parts"][0].update(origin="elsewhere.xml"),
        lambda m: m["inputs"]["deliveries"][0]["parts"][0].update(more="x"),
        lambda m: m["inputs"]["known_indicators"].pop(),
        lambda m: m["inputs"].pop("watched"),
        lambda m: m.pop("outputs"),
        lambda m: m.update(note="added"),
        lambda m: m["outputs"]["report.json"].update(sha256="not a digest"),
        lambda m: m.update(inputs=[]),
    ],
)
def test_a_manifest_that_contradicts_itself_is_damaged(
    second_day: Ran, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(EvidenceError, match="was changed after it was written"):
        again(rewritten(second_day, change))


def test_a_forged_input_with_its_id_made_anew_gives_other_bytes(second_day: Ran) -> None:
    name = f"{second_day.place}/manifest.json"
    forged = rewritten(second_day, lambda m: m["inputs"].update(known_indicators=[]), new_id=True)
    manifest = read_manifest(forged.store.read(name), where=name)
    result = reproduce(manifest, forged.store)
    assert not result.agrees
    assert {row.name for row in result.outputs if row.computed != row.named} == {"report.html", "report.json"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_single_bit_of_a_manifest_can_change_unseen_short_of_what_is_recomputed(
    second_day: Ran, where: float, bit: int
) -> None:
    content = bytearray(second_day.store.read(f"{second_day.place}/manifest.json"))
    content[int(where * len(content))] ^= 1 << bit
    try:
        record = read_manifest(bytes(content), where="changed")
    except (UsageError, EvidenceError):
        return
    # Readable only where the change lies in what a reproduction compares.
    changed = {key for key, value in record.items() if value != second_day.manifest[key]}
    assert len(changed) == 1
    assert changed <= {"outputs", "cards", "bongsu", "copies", "environment"}


@pytest.mark.parametrize(
    "content",
    [b"", b"not json", b"[]", b"{}", b'"x"', b'{"format":2}', b"\xff\xfe", b"[" * 100_000],
)
def test_what_is_no_manifest_of_this_format_is_refused(content: bytes) -> None:
    with pytest.raises(UsageError, match="is not the manifest of a cycle"):
        read_manifest(content, where="x.json")


def test_a_manifest_of_another_format_is_told_from_a_changed_one() -> None:
    with pytest.raises(UsageError, match="has the format bongsu-manifest/1; this release reads bongsu-manifest/4"):
        read_manifest(b'{"format":"bongsu-manifest/1"}', where="x.json")


def test_a_manifest_laid_out_anew_is_not_as_it_was_written(second_day: Ran) -> None:
    with pytest.raises(EvidenceError, match="was changed after it was written"):
        read_manifest(json.dumps(second_day.manifest, indent=2).encode(), where="x.json")


def exhibit_names(ran: Ran) -> dict[str, str]:
    """The names of the exhibits of known copies and of what came."""
    known, came = ran.manifest["inputs"]["known_copies"], ran.manifest["inputs"]["deliveries"]
    digests = {"known": known[0]["parts"][0]["exhibit"], "came": came[0]["parts"][0]["exhibit"]}
    return {key: f"exhibits/{value[:2]}/{value}" for key, value in digests.items()}


@pytest.mark.parametrize("which", ["known", "came"])
def test_an_exhibit_that_is_gone_is_named_whether_it_came_now_or_before(second_day: Ran, which: str) -> None:
    name = exhibit_names(second_day)[which]
    second_day.store.delete(name)
    with pytest.raises(EvidenceError, match=f"{name.rpartition('/')[2]}: there is no such exhibit"):
        again(second_day)


@pytest.mark.parametrize("which", ["known", "came"])
def test_one_changed_byte_in_an_exhibit_is_named_whether_it_came_now_or_before(second_day: Ran, which: str) -> None:
    name = exhibit_names(second_day)[which]
    content = second_day.store.read(name)
    second_day.store.replace(
        name, content.replace(b"SANDBOX PERSON TWO", b"SANDBOX PERSON TOO").replace(b"ONE", b"OHE")
    )
    assert digest(second_day.store.read(name)) != digest(content)
    with pytest.raises(EvidenceError, match=f"{name.rpartition('/')[2]}: damaged: these are not the bytes received"):
        again(second_day)


def test_a_member_reproduces_from_a_mirror_of_the_exhibits_and_the_cycle_alone(second_day: Ran, tmp_path: Any) -> None:
    mirror = Folder.open(str(tmp_path / "mirror"))
    for prefix in ("exhibits/", f"{second_day.place}/"):
        for name in second_day.store.names(prefix):
            mirror.write_once(name, second_day.store.read(name))
    name = f"{second_day.place}/manifest.json"
    assert reproduce(read_manifest(mirror.read(name), where=name), mirror).agrees


# --- a finished cycle is left as it is


def test_a_finished_report_is_not_overwritten_by_other_bytes(watch: Watch) -> None:
    watch.configure("")
    ran = watch.run("2026-03-01T06:00:00Z")
    other = ran.outputs()["report.html"] + b"<!-- as another release of a library wrote it -->"
    ran.store.replace(f"{ran.place}/report.html", other)
    rewritten(ran, lambda m: m["outputs"]["report.html"].update(sha256=digest(other), bytes=len(other)))
    before = ran.outputs()
    with pytest.raises(NotReproducedError, match=r"would now be other bytes: report\.html .it is left as it is"):
        watch.run("2026-03-01T06:00:00Z")
    assert ran.outputs() == before


def test_a_finished_cycle_that_comes_out_the_same_keeps_its_manifest_and_gets_back_what_was_changed(
    watch: Watch,
) -> None:
    watch.configure("")
    ran = watch.run("2026-03-01T06:00:00Z")
    rewritten(ran, lambda m: m["environment"].update(jinja2="0.1"))
    before = ran.outputs()
    ran.store.replace(f"{ran.place}/report.html", b"changed by hand")
    assert watch.run("2026-03-01T06:00:00Z").outputs() == before
