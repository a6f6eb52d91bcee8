"""A bag goes out whole and comes in whole, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.evidence import CustodyLog, Folder
from bongsu.evidence.bag import BagError, BagFile, read_bag, write_bag
from bongsu.evidence.exhibit import name_of
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.citation import Citation
from bongsu.web.accounts.models import Person
from bongsu.web.record.models import Entry, ExhibitRow

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
from exhibits_floor import case_citing, exhibits_of

WHEN = datetime(2026, 11, 27, tzinfo=UTC)
NAMES = st.text("abc/..-%\\:é\n", min_size=1, max_size=12)


def bag(files: dict[str, bytes], told: tuple[tuple[str, str], ...] = (("Source-Organization", "SANDBOX"),)) -> bytes:
    """A bag of some files."""
    listed = [BagFile(name=name, blocks=lambda content=content: [content]) for name, content in files.items()]  # type: ignore[misc]  # bound early
    return b"".join(write_bag("sandbox", listed, told))


def again(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The same bag with something changed in it, packed anew."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, each in files.items():
            packed.writestr(name, each)
    return made.getvalue()


@given(
    st.dictionaries(
        st.from_regex(r"[a-z0-9%é]{1,8}(/[a-z0-9]{1,4})?", fullmatch=True), st.binary(max_size=200), max_size=6
    )
)
def test_what_goes_in_comes_out_and_the_same_files_are_the_same_bytes(files: dict[str, bytes]) -> None:
    made = bag(files)
    assert made == bag(files)
    with read_bag(io.BytesIO(made)) as found:
        assert found.names == tuple(sorted(files))
        assert {name: found.read(name) for name in found.names} == files
        assert found.told["Source-Organization"] == "SANDBOX"
        assert found.told["Payload-Oxum"] == f"{sum(map(len, files.values()))}.{len(files)}"


@given(NAMES)
def test_a_name_that_would_lead_out_is_never_written(name: str) -> None:
    try:
        made = bag({name: b"x"})
    except ValueError:
        return
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert all(".." not in each.split("/") and "\\" not in each for each in packed.namelist())


def changes() -> Iterator[tuple[str, Callable[[dict[str, bytes]], None]]]:
    """What may happen to a bag on its way."""
    yield "changed byte", lambda files: files.update({"sandbox/data/a": b"Sandbox"})
    yield "extra file", lambda files: files.update({"sandbox/data/b": b"more"})
    yield "extra tag file", lambda files: files.update({"sandbox/notes.txt": b"more"})
    yield "missing file", lambda files: files.pop("sandbox/data/a") and None
    yield "edited bag-info", lambda files: files.update({"sandbox/bag-info.txt": b"Source-Organization: Other\n"})
    yield "no tag manifest", lambda files: files.pop("sandbox/tagmanifest-sha256.txt") and None
    yield (
        "no manifest",
        lambda files: [files.pop(f"sandbox/manifest-{kind}.txt") for kind in ("sha256", "sha512")] and None,
    )
    yield "no declaration", lambda files: files.pop("sandbox/bagit.txt") and None
    yield "another version", lambda files: files.update({"sandbox/bagit.txt": b"BagIt-Version: 9.9\n"})
    yield "path traversal", lambda files: files.update({"sandbox/data/../../x": b"x"})
    yield "path of another top", lambda files: files.update({"../x": b"x"})
    yield "absolute path", lambda files: files.update({"/etc/x": b"x"})
    yield "backslashes", lambda files: files.update({"sandbox/data\\..\\x": b"x"})
    yield "second folder", lambda files: files.update({"other/data/a": b"x"})
    yield "garbled manifest", lambda files: files.update({"sandbox/manifest-sha256.txt": b"\xff\xfe"})


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in changes()])
def test_a_bag_that_was_changed_on_its_way_is_refused(change: Callable[[dict[str, bytes]], None]) -> None:
    made = again(bag({"a": b"SANDBOX"}), change)
    with pytest.raises(BagError), read_bag(io.BytesIO(made)):
        pytest.fail("it was given out")


def test_changed_bytes_with_a_changed_manifest_are_refused_by_the_manifest_of_manifests() -> None:
    def forge(files: dict[str, bytes]) -> None:
        files["sandbox/data/a"] = b"forged"
        files["sandbox/manifest-sha256.txt"] = f"{hashlib.sha256(b'forged').hexdigest()}  data/a\n".encode()
        files["sandbox/manifest-sha512.txt"] = f"{hashlib.sha512(b'forged').hexdigest()}  data/a\n".encode()

    with pytest.raises(BagError, match="was changed"), read_bag(io.BytesIO(again(bag({"a": b"SANDBOX"}), forge))):
        pytest.fail("it was given out")


def test_a_bag_that_lists_too_much_is_refused_whatever_count_it_states() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"bag/data/{number}", b"")
    content = bytearray(packed.getvalue())
    content[-14:-10] = struct.pack("<HH", 1, 1)  # APPNOTE.TXT, 4.3.16: entries on this disk, entries in all
    with pytest.raises(BagError, match="more than a bag may"), read_bag(io.BytesIO(bytes(content))):
        pytest.fail("nothing of it is read")


def test_a_bomb_and_a_link_and_no_zip_at_all_are_refused() -> None:
    bomb = again(bag({"a": b"\0" * (80 * 2**20)}), lambda files: None)
    cluster = again(bag({name: bytes(30 * 2**20) for name in "abc"}), lambda files: None)
    link = io.BytesIO(bag({"a": b"x"}))
    with zipfile.ZipFile(link, "a") as packed:
        entry = zipfile.ZipInfo("sandbox/data/link")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    for content in (bomb, cluster, link.getvalue(), b"PK\x03\x04nothing", b"", bag({"a": b"x"})[:-30]):
        with pytest.raises(BagError), read_bag(io.BytesIO(content)):
            pytest.fail("it was given out")


@pytest.mark.django_db
def test_a_bag_that_unpacks_to_more_than_is_taken_is_refused_before_it_is_unpacked() -> None:
    content = again(
        bag({"a": bytes(1000), "b": bytes(1000)}), lambda files: files.update({"sandbox/data/b": b"!" * 1000})
    )
    with pytest.raises(BagError, match="more than a bag may"), read_bag(io.BytesIO(content), most_bytes=2000):
        pytest.fail("it was given out")
    with pytest.raises(BagError, match="was changed"), read_bag(io.BytesIO(content), most_bytes=8000):
        pytest.fail("it was given out")


def test_the_exhibits_of_a_case_go_out_with_their_custody_and_come_in_elsewhere(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    analyst = person()
    digests = exhibits_of(store, analyst)
    cited = sorted([digests["customers.csv"], digests["sandbox_2026-01-15.xml"]])
    case = case_citing(analyst, [Citation(exhibit=digest) for digest in cited])
    browser = signed_in(of=analyst)
    answer = browser.get(f"/exhibits/cases/{case.id}/bag")
    assert answer["X-Marking"] == "TLP:AMBER+STRICT"
    made = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with read_bag(io.BytesIO(made)) as found:
        told = json.loads(found.read("custody.json"))
        assert [each["sha256"] for each in told["exhibits"]] == cited
        assert told["marking"] == "TLP:AMBER+STRICT"
        assert found.told["Case-Version"] == str(case.acts)
        logged = {entry.exhibit: entry for entry in CustodyLog(store).entries()}
        for each in told["exhibits"]:
            assert each["custody"][0]["digest"] == logged[each["sha256"]].digest
        graph = json.loads(found.read("custody.jsonld"))["@graph"]
        assert sum(each["@type"] == "uco-observable:ObservableObject" for each in graph) == len(cited)
    # a damaged one does not go out
    path = Path(str(store.local_path(name_of(cited[0]))))
    path.chmod(0o600)
    sound = path.read_bytes()
    path.write_bytes(b"changed")
    assert browser.get(f"/exhibits/cases/{case.id}/bag").status_code == 409
    path.write_bytes(sound)
    # no member but its own may take it in, and the own finds one exhibit received twice
    form = {"file": SimpleUploadedFile("bag.zip", made), "tlp": int(Tlp.GREEN)}
    refused = signed_in(of=person(Role.ANALYST, member="beta")).post("/exhibits/add/bag/", form)
    assert refused.status_code == 422
    assert "not releasable to your member" in refused.content.decode()
    form["file"] = SimpleUploadedFile("bag.zip", made)
    assert browser.post("/exhibits/add/bag/", form).status_code == 302
    assert ExhibitRow.objects.get(digest=digests["customers.csv"]).handling.tlp == Tlp.AMBER_STRICT
    assert Entry.objects.filter(kind="exhibits.imported").count() == 1


@pytest.mark.django_db
def test_a_bag_of_another_member_keeps_its_handling(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    content = b"SANDBOX from beta\n"
    name = hashlib.sha256(content).hexdigest()
    handling = Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"beta"}), releasable_to=frozenset({"alpha"}))
    told = {
        "exhibits": [
            {"sha256": name, "title": "SANDBOX letter", "origin": "x", "sandbox": True, "handling": handling.record()}
        ]
    }
    files = {"custody.json": canonical_json(told), "custody.jsonld": b"{}", f"exhibits/{name}": content}  # type: ignore[arg-type]
    browser = signed_in()
    answer = browser.post(
        "/exhibits/add/bag/", {"file": SimpleUploadedFile("b.zip", bag(files)), "tlp": int(Tlp.GREEN)}
    )
    assert answer.status_code == 302
    row = ExhibitRow.objects.get(digest=name)
    assert (row.sandbox, row.sound, row.handling.handling.originators) == (True, True, {"alpha", "beta"})
    assert row.handling.handling.tlp is Tlp.AMBER_STRICT
    assert browser.get(f"/exhibits/{name}/handling/").status_code == 403  # beta alone loosens it
    page = browser.get(f"/exhibits/{name}/").content.decode()
    for record in ("custody.json", "custody.jsonld"):  # what the sender tells is kept, handled alike and linked
        digest = hashlib.sha256(files[record]).hexdigest()
        told_of = ExhibitRow.objects.get(digest=digest)
        assert f'href="/exhibits/{digest}/"' in page
        assert (told_of.handling.handling, told_of.sandbox, told_of.sound) == (row.handling.handling, True, True)
        assert f'href="/exhibits/{name}/"' in browser.get(f"/exhibits/{digest}/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [b"{", b"[]", b'{"exhibits": [{"sha256": "x"}]}', b'{"exhibits": [1]}'])
def test_a_bag_that_tells_nothing_of_use_is_refused_and_nothing_is_kept(
    store: Folder, signed_in: Callable[..., Client], broken: bytes
) -> None:
    before = store.names()
    file = SimpleUploadedFile("b.zip", bag({"custody.json": broken, "custody.jsonld": b"{}"}))
    assert signed_in().post("/exhibits/add/bag/", {"file": file, "tlp": 3}).status_code == 422
    assert store.names() == before
