"""Exhibits on the site: taken in from the custody log, shown at the place cited, given by persons, guarded."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.cycle.version import TOOL
from bongsu.evidence import Capture, CustodyLog, ExhibitStore, Folder
from bongsu.evidence.bag import read_bag
from bongsu.evidence.exhibit import name_of
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import EvidenceError
from bongsu.web.accounts.models import Person
from bongsu.web.pages.exhibits import views
from bongsu.web.record.exhibits import take_in_exhibits, verify_exhibits
from bongsu.web.record.models import CustodyRow, Derivation, Entry, ExhibitRow, SearchText, Submission

sys.path.insert(0, str(Path(__file__).parent))
from exhibits_floor import case_citing, exhibits_of

pytestmark = pytest.mark.django_db
_VALUES = r"%(?:\(\w+\))?s"
CLOCK = datetime(2026, 11, 24, 7, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "lists" / "fixtures"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
Persons = Callable[..., Person]
Browsers = Callable[..., Client]


def give(browser: Client, content: bytes, name: str = "note.txt", **told: object) -> str:
    """Give a file as a person does; the digest of what was kept."""
    form = {"title": "SANDBOX note", "origin": "an invented sender", "tlp": int(Tlp.AMBER_STRICT), **told}
    answer = browser.post("/exhibits/add/", {"file": SimpleUploadedFile(name, content), **form})
    assert answer.status_code == 302, re.sub(r"\s+", " ", answer.content.decode())[:3000]
    return answer["Location"].split("/")[2]


def read(answer: HttpResponseBase) -> bytes:
    """All of an answer, streamed or not: one that is left half read keeps its file open."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def shown_at(browser: Client, digest: str, locator: str = "") -> str:
    """The page of an exhibit at a place."""
    answer = browser.get(f"/exhibits/{digest}/" + (f"?{urlencode({'at': locator})}" if locator else ""))
    assert answer.status_code == 200
    return answer.content.decode()


def here(page: str) -> str:
    """The row that bears the id `here`, with its texts alone."""
    found = re.search(r'<tr[^>]* id="here">(.*?)</tr>', page, re.DOTALL)
    assert found, page[-6000:]
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


def test_everything_the_log_tells_becomes_an_exhibit_once(store: Folder, person: Persons) -> None:
    analyst = person()
    digests = exhibits_of(store, analyst)
    entries = list(CustodyLog(store).entries())
    assert {entry.exhibit for entry in entries} == set(digests.values())
    assert [row.digest for row in CustodyRow.objects.all()] == [entry.digest for entry in entries]
    assert take_in_exhibits(store, "alpha") == 0
    assert SearchText.objects.filter(kind="exhibit").count() == len(digests)


def test_only_what_is_new_in_the_log_is_read_again(store: Folder, person: Persons) -> None:
    exhibits_of(store, person())
    for name in store.names("custody/")[:-1]:
        store.delete(name)  # what was read before is not asked for again
    kept = ExhibitStore(store, tool=TOOL)
    last = CustodyRow.objects.order_by("-seq")[0]
    capture = Capture(source="un_sc", url="https://list.example/x.xml", retrieved_at=last.at, tool=TOOL)
    one = kept.receive(b"<SANDBOX/>", capture)
    assert take_in_exhibits(store, "alpha") == 1
    row = ExhibitRow.objects.get(digest=one.digest)
    assert (row.handling.tlp, row.sandbox, row.sound) == (Tlp.CLEAR, False, None)


def test_a_log_that_was_rewritten_is_not_taken_in(store: Folder, person: Persons) -> None:
    exhibits_of(store, person())
    CustodyRow.objects.filter(seq=CustodyRow.objects.order_by("-seq")[0].seq).update(digest="f" * 64)
    with pytest.raises(EvidenceError, match="rewritten"):
        take_in_exhibits(store, "alpha")


def test_lists_are_for_all_and_positions_and_customers_for_the_member_alone(store: Folder, members: object) -> None:
    kept = ExhibitStore(store, tool=TOOL)
    own = {
        kept.receive(content, Capture(source=source, url=name, retrieved_at=CLOCK, tool=TOOL)).digest
        for source, name, content in (
            ("customers", "customers.csv", b"name\nSANDBOX WORKS\n"),  # bears the name of the sandbox's file
            ("nmea", "sandbox/sandbox_ships.nmea", b"!AIVDM,SANDBOX\n"),  # and this lies where the sandbox's would
        )
    }
    take_in_exhibits(store, "alpha")
    alpha = frozenset({"alpha"})
    for digest in own:
        assert ExhibitRow.objects.get(digest=digest).handling.handling == Handling(
            tlp=Tlp.AMBER_STRICT, originators=alpha
        )
    rows = {row.origin: row for row in ExhibitRow.objects.exclude(digest__in=own)}
    assert rows["sandbox/sandbox_2026-01-15.xml"].handling.handling.tlp is Tlp.CLEAR
    for origin in ("customers.csv", "sandbox/sandbox_ships.nmea"):  # invented, for whoever tries it out
        assert rows[origin].handling.handling == Handling(tlp=Tlp.GREEN, originators=alpha)
    assert all(row.sandbox for row in rows.values())


def test_a_look_at_the_bytes_tells_what_is_damaged_and_so_does_an_inspection(
    store: Folder, person: Persons, config: object
) -> None:
    digests = exhibits_of(store, person())
    customers = digests["customers.csv"]
    path = Path(str(store.local_path(name_of(customers))))
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert verify_exhibits(digests.values()) == {digest: digest != customers for digest in digests.values()}
    assert ExhibitRow.objects.get(digest=customers).sound is False
    ExhibitRow.objects.update(sound=None, verified_at=None)
    last = CustodyRow.objects.order_by("-seq")[0]
    ExhibitStore(store, tool=TOOL).scrub(last.at)
    take_in_exhibits(store, "alpha")
    assert {row.digest: row.sound for row in ExhibitRow.objects.all()} == {
        digest: digest != customers for digest in digests.values()
    }


def test_the_way_from_a_claim_leads_to_the_row_it_cites(store: Folder, person: Persons, signed_in: Browsers) -> None:
    analyst = person()
    digests = exhibits_of(store, analyst)
    places = {
        "customers.csv": ("row=3", "3"),
        "sandbox_2026-01-15.xml": ("xpath=/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL[1]", "1 &lt;INDIVIDUAL&gt;"),
        "sandbox_ships.nmea": ("line=4000", "4000 "),
    }
    citations = [Citation(exhibit=digests[name], locator=locator) for name, (locator, _) in places.items()]
    case = case_citing(analyst, citations)
    browser = signed_in(of=analyst)
    finding = browser.get(f"/cases/{case.id}/findings/{case.findings[0].id}/").content.decode()
    for name, (locator, begins) in places.items():
        address = f"/exhibits/{digests[name]}/?{urlencode({'at': locator})}"
        assert f"{address}#here".replace("&", "&amp;") in finding
        page = browser.get(address).content.decode()
        assert here(page).startswith(begins)
        assert case.title in page  # the claim that cites it is named
    line = gzip.decompress((Path(__file__).parents[3] / "src/bongsu/sandbox/data/sandbox_ships.nmea.gz").read_bytes())
    assert line.splitlines()[3999].decode() in unescape(
        here(shown_at(browser, digests["sandbox_ships.nmea"], "line=4000"))
    )


@pytest.mark.parametrize(
    ("name", "content", "locator", "expected"),
    [
        ("a.csv", b'name,said\n"SANDBOX A","x, y"\nSANDBOX B,z\n', "cell=2,2", "2 SANDBOX A x, y"),
        ("a.csv", b"name;said\nSANDBOX A;1\n", "row=2", "2 SANDBOX A 1"),
        ("a.txt", b"one\ntwo SANDBOX\n", "line=2", "2 two SANDBOX"),
        ("a.gz", gzip.compress(b"one\ntwo SANDBOX\n", mtime=0), "line=2", "2 two SANDBOX"),
        ("a.json", b'[{"a": 1}, {"a": 2}]', "row=2", "1 {"),
        ("a.xml", b"<a><b>SANDBOX</b></a>", "xpath=/a/b", "1 &lt;b&gt;SANDBOX&lt;/b&gt;"),
        ("a.bin", bytes(64), "bytes=16,20", "16 00 00"),
        ("a.xlsx", (FIXTURES / "au_dfat_sandbox.xlsx").read_bytes(), "row=2", "2 "),
    ],
)  # fmt: skip
def test_every_kind_of_file_shows_the_place_cited(
    store: Folder, signed_in: Browsers, name: str, content: bytes, locator: str, expected: str
) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, content, name), locator)
    assert here(page).startswith(expected)
    assert page.count('id="here"') == 1


@pytest.mark.parametrize(
    ("name", "content", "locator", "said", "drawn"),
    [
        ("a.png", PNG, "xywh=0,0,1,1", "0 pixels from the left, 0 from the top, 1 wide and 1 high", "0 0 1 1"),
        ("a.png", PNG, "xywh=percent:25,10,50,80", "25 % from the left, 10 % from the top, 50 % wide", "0 0 100 100"),
        ("a.png", PNG, "t=10,20&xywh=percent:1,1,2,2", "From second 10 to second 20 of the recording", "0 0 100 100"),
        ("a.bin", bytes(64), "t=10,20.5", "From second 10 to second 20.5 of the recording", ""),
        ("a.bin", bytes(64), "t=,20", "From second 0 to second 20 of the recording", ""),
        ("a.bin", bytes(64), "t=10", "From second 10 of the recording to its end", ""),
        ("a.pdf", (FIXTURES / "un_1718_vessels_sandbox.pdf").read_bytes(), "page=1&xywh=72,144,200,36",
         "72 points from the left, 144 from the top, 200 wide and 36 high", "0 0 842 595"),
    ],
)  # fmt: skip
def test_a_box_and_a_span_are_shown_and_told_in_words(
    store: Folder, signed_in: Browsers, name: str, content: bytes, locator: str, said: str, drawn: str
) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, content, name), locator)
    assert "not written as a locator" not in page
    found = re.search(r'<p id="here">(.*?)</p>', page)
    assert found, page[-6000:]
    assert said in found[1]
    assert page.count('id="here"') == 1
    assert re.findall(r'<svg viewBox="([^"]*)" preserveAspectRatio="none" role="img"', page) == [drawn] * bool(drawn)
    assert 'style="' not in page.partition('id="here"')[2].partition("</section>")[0]
    assert ('<img class="exhibit-image"' in page) == bool(drawn)
    assert ("exhibit-window" in page) == (name != "a.png")


def test_a_box_outside_the_image_is_not_there(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, PNG, "a.png"), "xywh=5,5,2,2")
    assert "The place cited is not in this exhibit." in page
    assert page.count('id="here"') == 1


def test_a_place_that_is_not_there_and_one_that_is_none_are_told_in_words(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    digest = give(browser, b"one\n")
    assert "The place cited is not in this exhibit." in shown_at(browser, digest, "line=2")
    assert "not written as a locator" in shown_at(browser, digest, "../../etc/passwd")


def test_what_may_not_be_read_answers_as_what_is_not_there_and_who_asked_is_written_down(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = exhibits_of(store, person())["customers.csv"]
    stranger = person(Role.COORDINATOR, member="beta")
    browser = signed_in(of=stranger)

    def plain(answer: HttpResponse) -> str:
        return re.sub(r"[0-9a-f]{64}|[0-9A-Za-z]{64}", "", answer.content.decode())

    for path in ("", "bytes", "image", "handling/"):
        there, not_there = (browser.get(f"/exhibits/{each}/{path}") for each in (digest, "a" * 64))
        assert (there.status_code, not_there.status_code) == (404, 404)
        assert plain(there) == plain(not_there)
    refused = Entry.objects.filter(kind="access.refused", by=stranger.username)
    assert set(refused.values_list("subject", flat=True)) == {digest, "a" * 64}
    assert digest[:12] not in browser.get("/exhibits/").content.decode()
    assert browser.post(f"/exhibits/{digest}/verify/").status_code == 404


def test_looks_at_what_is_not_public_and_every_download_are_in_the_journal(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digests = exhibits_of(store, person())
    browser = signed_in()
    shown_at(browser, digests["customers.csv"], "row=2")
    shown_at(browser, digests["sandbox_2026-01-15.xml"])
    answer = browser.get(f"/exhibits/{digests['customers.csv']}/bytes")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == digests["customers.csv"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    told = [(entry.kind, entry.subject) for entry in Entry.objects.filter(kind__startswith="exhibit.")]
    assert told == [("exhibit.viewed", digests["customers.csv"]), ("exhibit.exported", digests["customers.csv"])]
    # the journal of the site tells it, and the log of the store is as it was
    assert CustodyLog(store).head().seq == CustodyRow.objects.count()


def test_damaged_bytes_are_neither_shown_nor_sent(store: Folder, person: Persons, signed_in: Browsers) -> None:
    digest = exhibits_of(store, person())["customers.csv"]
    path = Path(str(store.local_path(name_of(digest))))
    path.chmod(0o600)
    path.write_bytes(b"forged,row\nSANDBOX FORGED,1\n")
    browser = signed_in()
    page = shown_at(browser, digest, "row=2")
    assert "SANDBOX FORGED" not in page
    assert browser.get(f"/exhibits/{digest}/bytes").status_code == 404
    browser.post(f"/exhibits/{digest}/verify/")
    assert "damaged" in shown_at(browser, digest)


def test_a_file_that_a_person_gives_is_kept_told_and_verified(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = give(signed_in(), b"SANDBOX letter\n", "../../letter\u202etxt.exe", obtained="by invented post")
    row = ExhibitRow.objects.get(digest=digest)
    assert (row.sound, row.title, row.received_by, row.media_type) == (
        True,
        "SANDBOX note",
        "analyst1-alpha",
        "text/plain",
    )
    assert row.handling.handling == Handling(tlp=Tlp.AMBER_STRICT, originators=frozenset({"alpha"}))
    entry = list(CustodyLog(store).entries())[-1]
    assert entry.exhibit == digest
    assert not [name for name in store.names() if "letter" in name]
    assert Entry.objects.filter(kind="exhibit.added", subject=digest, by="analyst1-alpha").exists()
    # the rows can be made anew from the log alone
    for model in (Submission, SearchText, ExhibitRow, CustodyRow):
        model.objects.all().delete()
    take_in_exhibits(store, "alpha")
    assert ExhibitRow.objects.get(digest=digest).handling.handling == row.handling.handling
    assert Submission.objects.get(exhibit_id=digest).obtained == "by invented post"


def test_readers_and_administrators_give_nothing(store: Folder, signed_in: Browsers) -> None:
    for role in (Role.READER, Role.ADMINISTRATOR):
        browser = signed_in(role)
        assert browser.get("/exhibits/add/").status_code == 403
        assert browser.post("/exhibits/add/", {"file": SimpleUploadedFile("a", b"a")}).status_code == 403


def test_a_file_too_large_is_refused_in_words_and_nothing_of_it_is_kept(
    store: Folder, signed_in: Browsers, settings: object
) -> None:
    settings.SITE = replace(settings.SITE, most_upload_bytes=1000)  # type: ignore[attr-defined]
    before = store.names()
    for size in (1001, 3 * 2**20):
        form = {"title": "SANDBOX", "origin": "x", "tlp": 3, "file": SimpleUploadedFile("a", b"a" * size)}
        answer = signed_in().post("/exhibits/add/", form)
        assert answer.status_code == 413
        assert "the most that is taken here" in answer.content.decode()
    assert store.names() == before


def test_a_form_of_another_site_is_refused(store: Folder, person: Persons) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person(), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = browser.post(
        "/exhibits/add/", {"title": "SANDBOX", "origin": "x", "tlp": 3, "file": SimpleUploadedFile("a", b"a")}
    )
    assert answer.status_code == 403


def test_a_second_hand_never_loosens_the_first(store: Folder, person: Persons, signed_in: Browsers) -> None:
    first = give(signed_in(), b"SANDBOX twice\n")
    again = give(signed_in(of=person(Role.ANALYST, number=2)), b"SANDBOX twice\n", tlp=int(Tlp.CLEAR))
    assert first == again
    row = ExhibitRow.objects.get(digest=first)
    assert row.handling.tlp == Tlp.AMBER_STRICT
    assert row.submissions.count() == 2
    stricter = give(signed_in(), b"SANDBOX twice\n", tlp=int(Tlp.AMBER_STRICT), expires_on="2030-01-01")
    assert str(ExhibitRow.objects.get(digest=stricter).handling.handling.expires_on) == "2030-01-01"


def test_another_member_that_gives_the_same_bytes_sees_its_own_giving_and_nothing_else(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = give(signed_in(), b"SANDBOX both\n", title="Of alpha alone")
    stranger = signed_in(of=person(Role.ANALYST, member="beta"))
    assert stranger.get(f"/exhibits/{digest}/").status_code == 404
    give(stranger, b"SANDBOX both\n", title="Of beta")
    page = shown_at(stranger, digest, "line=1")
    assert here(page) == "1 SANDBOX both"
    assert "Of beta" in page
    for hidden in ("Of alpha alone", "analyst1-alpha", ">alpha<"):
        assert hidden not in page
    assert ExhibitRow.objects.get(digest=digest).handling.handling.originators == {"alpha"}
    assert stranger.get(f"/exhibits/{digest}/handling/").status_code == 403


def test_what_another_member_said_of_the_same_bytes_in_confidence_stays_with_it(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst, stranger = person(), person(Role.ANALYST, member="beta")
    open_to_all, in_confidence = int(Tlp.GREEN), {"tlp": int(Tlp.RED), "named": stranger.username}
    digest = give(signed_in(of=analyst), b"SANDBOX both\n", "of-alpha.txt", title="Of alpha", tlp=open_to_all)
    case = case_citing(analyst, [Citation(exhibit=digest)], tlp=Tlp.GREEN, with_indicator=False)
    browser = signed_in(of=person(Role.ANALYST, member="beta", number=2))
    secret = {"title": "Of an informant", "origin": "a name that is not told", "obtained": "by a way not told"}
    Person.objects.filter(pk=stranger.pk).update(clearance=Tlp.RED)
    stranger.refresh_from_db()
    give(signed_in(of=stranger), b"SANDBOX both\n", "informant-2.txt", **secret, **in_confidence)
    told = [*secret.values(), "informant-2", stranger.username]
    bag_of_another = read(browser.get(f"/exhibits/cases/{case.id}/bag"))
    with read_bag(io.BytesIO(bag_of_another)) as found:
        custody, graph = found.read("custody.json").decode(), found.read("custody.jsonld").decode()
    page = shown_at(browser, digest)
    for each in told:
        assert each not in page, each
        assert each not in custody, each
        assert each not in graph, each
    assert "of-alpha.txt" in page
    first, second = json.loads(custody)["exhibits"][0]["custody"]
    assert (first["detail_withheld"], second["detail_withheld"]) == (False, True)
    assert second["detail"] == {"size": len(b"SANDBOX both\n")}
    assert second["previous"] == first["digest"]
    assert "Details are withheld" in page
    assert "informant-2.txt" in shown_at(signed_in(of=stranger), digest)
    own = read(signed_in(of=stranger).get(f"/exhibits/cases/{case.id}/bag"))
    with read_bag(io.BytesIO(own)) as found:
        assert b"informant" not in found.read("custody.json")  # a bag marked GREEN holds nothing RED


def test_what_is_made_from_others_is_handled_as_the_strictest(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digests = exhibits_of(store, person())
    browser = signed_in()
    parents = f"sha256:{digests['customers.csv']} {digests['sandbox_2026-01-15.xml']}"
    child = give(browser, b"SANDBOX extract\n", tlp=int(Tlp.GREEN), parents=parents, how="text extraction")
    assert ExhibitRow.objects.get(digest=child).handling.tlp == Tlp.AMBER_STRICT
    assert Derivation.objects.filter(child=child).count() == 2
    assert "text extraction" in shown_at(browser, digests["customers.csv"])
    stranger = signed_in(of=person(Role.ANALYST, member="beta"))
    form = {"title": "x", "origin": "x", "tlp": 1, "parents": digests["customers.csv"], "how": "crop"}
    answer = stranger.post("/exhibits/add/", {**form, "file": SimpleUploadedFile("a", b"SANDBOX")})
    assert answer.status_code == 422
    assert "There is no such exhibit for you" in answer.content.decode()


def test_only_a_coordinator_of_the_member_that_gave_it_loosens(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = give(signed_in(), b"SANDBOX loosened\n")
    address = f"/exhibits/{digest}/handling/"
    change = {"tlp": int(Tlp.GREEN), "reason": "It was published since (SANDBOX)."}
    assert signed_in().post(address, change).status_code == 422
    assert ExhibitRow.objects.get(digest=digest).handling.tlp == Tlp.AMBER_STRICT
    assert signed_in(of=person(Role.COORDINATOR, member="beta")).post(address, change).status_code == 404
    assert signed_in(Role.COORDINATOR).post(address, change).status_code == 302
    assert ExhibitRow.objects.get(digest=digest).handling.tlp == Tlp.GREEN
    assert SearchText.objects.get(key=digest).handling.tlp == Tlp.GREEN
    change = {"tlp": int(Tlp.AMBER_STRICT), "reason": "It was not (SANDBOX)."}
    assert signed_in().post(address, change).status_code == 302  # stricter: whoever works on cases there
    assert Entry.objects.filter(kind="exhibit.handling", subject=digest).count() == 2


def test_persons_are_named_with_red_alone_and_must_be_known(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst = person(clearance=Tlp.RED)
    browser = signed_in(of=analyst)
    form = {"title": "x", "origin": "x", "named": "nobody-known", "tlp": int(Tlp.RED)}
    assert browser.post("/exhibits/add/", {**form, "file": SimpleUploadedFile("a", b"a")}).status_code == 422
    digest = give(browser, b"SANDBOX red\n", tlp=int(Tlp.RED))
    assert ExhibitRow.objects.get(digest=digest).handling.handling.named == {analyst.username}
    assert signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED)).get(f"/exhibits/{digest}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.html", b"<!doctype html><script>alert(document.cookie)</script>"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"),
        ("x.png", b"<html><body onload=alert(1)>"),
        ("x.gif", b"GIF89a/*<script>alert(1)</script>*/=1;"),
    ],
)
def test_a_hostile_file_is_never_run(store: Folder, signed_in: Browsers, name: str, content: bytes) -> None:
    browser = signed_in()
    digest = give(browser, content, name)
    page = shown_at(browser, digest)
    assert "<script>alert" not in page
    assert "<svg" not in page
    assert "<body onload" not in page
    image = browser.get(f"/exhibits/{digest}/image")
    read(image)
    if content.startswith(b"GIF89a"):
        assert image["Content-Type"] == "image/gif"
        assert image["X-Content-Type-Options"] == "nosniff"
        assert image["Content-Security-Policy"].startswith("sandbox;")
    else:
        assert image.status_code == 404
    answer = browser.get(f"/exhibits/{digest}/bytes")
    read(answer)
    assert answer["Content-Type"] == "application/octet-stream"


def test_an_image_is_shown_by_its_first_bytes(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    digest = give(browser, PNG, "a.txt")
    assert f"/exhibits/{digest}/image" in shown_at(browser, digest)
    answer = browser.get(f"/exhibits/{digest}/image")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]


def test_the_six_questions_are_answered_with_a_reason(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, b"SANDBOX plain\n"))
    words = ("Authenticity", "Availability", "Identity", "Persistence", "Renderability", "Understandability")
    assert all(word in page for word in words)
    assert page.count('class="chip good">pass') == 6


def test_a_file_from_elsewhere_suggests_and_changes_nothing(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    lines = [{"id": "x", "schema": "Vessel", "properties": {"name": ["SANDBOX TWO"], "imoNumber": ["IMO9000016"]}}]
    page = shown_at(browser, give(browser, "\n".join(map(json.dumps, lines)).encode(), "x.ftm.json"))
    assert "SANDBOX TWO" in page
    assert "imo:9000016" in page
    assert "Suggestions, not facts" in page


def test_the_list_is_filtered_by_what_is_asked(store: Folder, person: Persons, signed_in: Browsers) -> None:
    digests = exhibits_of(store, person())
    browser = signed_in()

    def listed(query: str) -> set[str]:
        page = browser.get(f"/exhibits/?{query}").content.decode()
        return {name for name, digest in digests.items() if f"/exhibits/{digest}/" in page}

    assert listed("") == set(digests)
    assert listed("type=application/json") == {"sandbox_ships.json"}
    assert listed("source=sandbox") == {"sandbox_2026-01-15.xml", "sandbox_2026-02-15.xml"}
    assert listed("marking=3") == {"customers.csv", "sandbox_ships.nmea", "sandbox_ships.json"}
    assert listed("state=damaged") == set()
    assert listed("since=2027-01-01") == set()
    assert listed("since=2026-13-77&marking=x&page=zz&state=q") == set(digests)


def test_the_pages_speak_every_language(store: Folder, person: Persons, signed_in: Browsers) -> None:
    digest = exhibits_of(store, person())["customers.csv"]
    browser = signed_in()
    for language in ("ko", "ja", "fr"):
        browser.post("/language/", {"language": language, "next": "/exhibits/"})
        for address in ("/exhibits/", f"/exhibits/{digest}/?at=row%3D2", "/exhibits/add/", "/exhibits/add/bag/"):
            assert browser.get(address).status_code == 200


def test_every_word_of_the_pages_is_in_every_catalogue() -> None:
    folder = Path(str(views.__file__)).parent
    said = set()
    for template in folder.glob("templates/exhibits/*.html"):
        text = template.read_text("utf-8")
        said |= set(re.findall(r"""{% translate ["']([^"']*)["'] %}""", text))
        for block in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
            said.add(re.sub(r"{{ *(\w+) *}}", r"%(\1)s", block))
    for module in folder.rglob("*.py"):
        said |= set(re.findall(r"""(?<![a-z])(?:_|gettext)\(\s*"((?:[^"\\]|\\.)*)"\s*\)""", module.read_text("utf-8")))
    assert len(said) > 150
    for language in ("ko", "ja", "fr"):
        kept = {entry.msgid: entry for entry in polib.pofile(str(folder / f"locale/{language}/LC_MESSAGES/django.po"))}
        assert said <= kept.keys()
        for entry in kept.values():
            assert entry.msgstr
            assert sorted(re.findall(_VALUES, entry.msgid)) == sorted(re.findall(_VALUES, entry.msgstr))


@pytest.mark.parametrize(
    "told",
    [{"expires_on": "0001-01-01"}, {"tlp": [0, 4]}, {"title": ["SANDBOX", "SANDBOX"]}, {"title": "\u202e\u2066"}],
)
def test_a_form_that_says_two_things_or_nothing_is_refused(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client], told: dict[str, object]
) -> None:
    form = {"title": "SANDBOX note", "origin": "an invented sender", "tlp": int(Tlp.AMBER), **told}
    file = SimpleUploadedFile("note.txt", b"SANDBOX")
    analyst = person()
    assert signed_in(of=analyst).post("/exhibits/add/", {"file": file, **form}).status_code == 422
    assert not ExhibitRow.objects.exists()


def test_what_turns_the_direction_of_a_text_is_in_no_title_and_no_file_name(
    store: Folder, person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    turned = "SANDBOX \u202egnp.exe\u2066"
    digest = give(signed_in(of=person()), b"SANDBOX", f"{turned}.txt", title=turned, origin=turned, obtained=turned)
    row = ExhibitRow.objects.get(digest=digest)
    given = row.submissions.get()
    for text in (row.title, row.origin, given.title, given.origin, given.obtained, given.claimed_name):
        assert "SANDBOX" in text
        assert not {"\u202e", "\u2066"} & set(text)
