"""The register on pages: found by likeness, told by its statements, ruled on by people, and nothing beyond rights."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.words import Role
from bongsu.cycle.config import Config, read_config
from bongsu.cycle.run import run_cycle
from bongsu.evidence import Folder
from bongsu.lists.judgements import JudgementLog
from bongsu.web import pages
from bongsu.web.pages.register import customers
from bongsu.web.record.cycles import take_in
from bongsu.web.record.models import CaseRow, Entry, HandlingRow, IndicatorRow
from bongsu.web.record.register import Register, Registers, registers

pytestmark = pytest.mark.django_db
HOSTILE = ("<script>alert(1)</script>", "' OR 1=1 --", "\x07", "김" * 5000, "*?[{", "{{ 7*7 }}", "%00", "٣" * 9)
CLOCK = datetime(2026, 3, 1, 6, tzinfo=UTC)
UN_NAMES = {"KPi.901": "SANDBOX MO RAE", "KPi.902": "SANDBOX SANG JA", "KPi.903": "SANDBOX TONG HAE"}
OFAC_NAMES = {901: "SANDBOX, Mo-Rae", 902: "SANDBOX, Sang Ja", 904: "SANDBOX, Un San"}
PASSPORT = (
    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>987654321</NUMBER></INDIVIDUAL_DOCUMENT>"
)


@pytest.fixture
def register(store: Folder) -> Register:
    """The register of the sandbox's cycle."""
    found = registers().latest(60)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def two_lists(
    tmp_path_factory: pytest.TempPathFactory, un_list: Callable[..., bytes], ofac_set: Callable[..., Any]
) -> Path:
    """A store with two invented lists: one pair shares a passport, one a name, and one entry names another."""
    folder = tmp_path_factory.mktemp("two-lists")
    (folder / "un.xml").write_bytes(un_list("2026-02-15", UN_NAMES, extra={"KPi.901": PASSPORT}))
    files = ofac_set(OFAC_NAMES)
    rows = files.sdn.split(b"\r\n")
    rows[0] = rows[0].removesuffix(b"-0- ") + b'"Passport 987654321 (Korea, North)."'
    rows[2] = rows[2].removesuffix(b"-0- ") + b'"Linked To: SANDBOX, Sang Ja."'
    (folder / "sdn.csv").write_bytes(b"\r\n".join(rows))
    (folder / "alt.csv").write_bytes(files.alt)
    (folder / "add.csv").write_bytes(files.add)
    (folder / "bongsu.toml").write_text(
        '[store]\nurl = "data"\n[sandbox]\nwhen = "never"\n'
        '[[lists.un_sc.copy]]\nparts = { consolidated = "un.xml" }\n'
        "[[lists.ofac_sdn.copy]]\nlist_date = 2026-02-20\n"
        'parts = { sdn = "sdn.csv", alt = "alt.csv", add = "add.csv" }\n',
        "utf-8",
    )
    run_cycle(read_config(folder / "bongsu.toml"), CLOCK, lambda: CLOCK)
    return folder / "data"


@pytest.fixture
def joined(two_lists: Path, config: Config) -> Iterator[Register]:
    """The register of these two lists, as the site's own."""
    shutil.copytree(two_lists, config.store)
    found = registers().latest(60)
    assert found is not None
    yield found
    shutil.rmtree(config.store)


def page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return str(answer.content.decode())


def test_until_the_register_is_loaded_the_page_says_so_and_does_not_wait(
    signed_in: Callable[..., Client], store: Folder
) -> None:
    registers.cache_clear()
    assert "The register is being loaded" in page(signed_in(), "/register/")
    assert registers().latest(60) is not None
    assert "SANDBOX TRADING ONE" in page(signed_in(), "/register/")


def test_a_store_without_a_cycle_is_told_in_words(tmp_path: Path) -> None:
    empty = Registers(str(tmp_path / "nothing"))
    assert empty.latest(30) is None
    assert empty.problem


def test_a_newer_cycle_replaces_the_register_at_hand(register: Register, store: Folder, config: Config) -> None:
    later = datetime(2026, 11, 25, 6, tzinfo=UTC)
    run_cycle(replace(config, store=config.store), later, lambda: later)
    newer = registers().latest(120)
    assert newer is not None
    assert newer.standing.cycle.startswith("20261125T060000Z")
    assert newer.screener is register.screener  # the copies are the same


def test_a_name_in_another_romanisation_is_found_with_its_reasons(
    register: Register, signed_in: Callable[..., Client]
) -> None:
    shown = page(signed_in(), "/register/", q="Sandbox Bong Su-tae")
    assert "SANDBOX PERSON ONE" in shown
    assert "by the name SANDBOX PONG Su-dae" in " ".join(shown.split())
    assert "one syllable in two systems" in shown


def test_part_of_a_name_finds_it_while_it_is_typed(register: Register, signed_in: Callable[..., Client]) -> None:
    shown = page(signed_in(), "/register/", q="sandbox tra")
    assert "SANDBOX TRADING ONE" in shown
    assert "holds the text" in shown


def test_filters_narrow_what_is_found(register: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    assert "SANDBOX TRADING ONE" not in page(browser, "/register/", kind="Person")
    assert "SANDBOX PERSON ONE" in page(browser, "/register/", kind="Person", authority="SANDBOX")
    on_that_day = page(browser, "/register/", on="2026-01-20")
    assert "SANDBOX PERSON ONE" in on_that_day
    assert "SANDBOX PERSON FOUR" not in on_that_day  # listed on 2026-02-05


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text_or_refused(
    text: str, register: Register, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in()
    for address in ("/register/", "/register/past/"):
        shown = page(browser, address, q=text, kind=text, authority=text, on=text, page=text)
        assert "<script>alert" not in shown
    answer = browser.post("/register/names/", {"names": text})
    assert answer.status_code in {200, 400}
    assert "<script>alert" not in answer.content.decode()


def test_an_entity_is_told_with_every_value_and_its_place(register: Register, signed_in: Callable[..., Client]) -> None:
    (entity,) = register.joined.resolution.find("KPi.901")
    shown = page(signed_in(), f"/register/{entity.id}/")
    digest = register.joined.copies[0].parts[0].exhibit
    for value in ("SANDBOX-0001", "1961-02-03", "Sandbox Person Wun", "on the list in the copy of 2026-02-15"):
        assert value in shown
    assert f"/exhibits/{digest}/?at=xpath%3D%2FCONSOLIDATED_LIST%2FINDIVIDUALS%2FINDIVIDUAL%5B1%5D" in shown
    assert "No entry of the lists read here says that it has to do with another." in shown
    assert "representative of SANDBOX TRADING ONE" in shown  # free text makes no link


@pytest.mark.parametrize("reference", ["sandbox:KPi.901", "KPi.901", "SANDBOX PERSON ONE"])
def test_a_reference_leads_to_the_entity(reference: str, register: Register, signed_in: Callable[..., Client]) -> None:
    answer = signed_in().get(f"/register/{reference}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/register/{register.joined.resolution.find('KPi.901')[0].id}/"


def test_an_entry_that_left_the_list_leads_to_its_past(register: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    answer = browser.get("/register/sandbox:KPi.902/")
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    assert "SANDBOX PERSON TWO" in shown
    assert "1 / 2" in shown


def test_what_no_list_holds_is_not_there(register: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    for address in ("/register/bs-000000000000/", "/register/un_sc:KPi.999/", "/register/nobody/history/"):
        assert browser.get(address).status_code == 404


def test_was_it_designated_is_answered_for_the_day(register: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    (entity,) = register.joined.resolution.find("KPi.904")
    assert "not designated" in page(browser, f"/register/{entity.id}/history/", on="2026-01-20")
    assert "yes." in page(browser, f"/register/{entity.id}/history/", on="2026-02-15")
    assert "No copy holds it" in page(browser, "/register/past/", q="SANDBOX NOBODY AT ALL")


def test_a_third_who_screens_many_names_at_once_is_asked_to_come_again(
    register: Register, signed_in: Callable[..., Client]
) -> None:
    browser, names = signed_in(), {"names": "SANDBOX TRADING ONE"}
    with customers._ASKING, customers._ASKING:
        busy = browser.post("/register/names/", names)
    assert busy.status_code == 503
    assert "others screen many names just now" in busy.content.decode()
    assert browser.post("/register/names/", names).status_code == 200


def test_many_names_are_screened_and_their_export_is_journalled_without_names(
    register: Register, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in()
    file = SimpleUploadedFile("names.csv", b"name\nSANDBOX PERSON ONE\n=SUM(A1)\nNobody Whatever\n")
    shown = browser.post("/register/names/", {"file": file}).content.decode()
    assert "SANDBOX PERSON ONE" in shown
    assert not Entry.objects.filter(kind="export").exists()
    answer = browser.post("/register/names/", {"names": "SANDBOX PERSON ONE\n=SUM(A1)", "as": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    assert "sandbox:KPi.901" in text
    assert ",'=SUM(A1)," in text
    entry = Entry.objects.get(kind="export")
    assert (entry.body["rows"], entry.body["hits"]) == (2, 1)
    assert "PERSON" not in str(entry.body)


def test_a_pasted_name_may_hold_commas(register: Register, signed_in: Callable[..., Client]) -> None:
    shown = signed_in().post("/register/names/", {"names": "SANDBOX, PERSON ONE\nSANDBOX PERSON THREE\n"})
    assert shown.status_code == 200
    assert "<b>2</b> <span>with hits" in shown.content.decode()
    assert shown.context["screened"].rows[0][0].row == 1
    again = signed_in().post("/register/names/", {"names": shown.context["text"], "read": "as-file", "as": "csv"})
    assert '1,,"SANDBOX, PERSON ONE",' in again.content.decode("utf-8-sig")
    for text in ("id;name\n7;SANDBOX PERSON ONE\n", "Customers\nid|name\n7|SANDBOX PERSON ONE\n"):
        headed = signed_in().post("/register/names/", {"names": text})
        assert "<b>1</b> <span>with hits" in headed.content.decode()


def test_a_file_that_cannot_be_read_is_refused_in_words(register: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    for content, words in ((b"name\n\xff\xfe\n", "is not UTF-8"), (b"a,b\n1,2\n", "no column for names")):
        answer = browser.post("/register/names/", {"file": SimpleUploadedFile("x.csv", content)})
        assert answer.status_code == 400
        assert words in answer.content.decode()
    answer = browser.post("/register/names/", {"file": SimpleUploadedFile("x.csv", b"name\n" + b"a\n" * 2**19)})
    assert answer.status_code == 400
    assert "larger than 1 MB" in answer.content.decode()


def test_a_link_is_drawn_only_from_a_statement_and_cites_it(joined: Register, signed_in: Callable[..., Client]) -> None:
    browser = signed_in()
    (linked,) = joined.joined.resolution.find("ofac_sdn:904")
    shown = page(browser, f"/register/{linked.id}/")
    assert "is linked to" in shown
    assert "SANDBOX, Sang Ja" in shown
    exhibit = next(copy for copy in joined.joined.copies if copy.list_id == "ofac_sdn").parts[0].exhibit
    assert f"/exhibits/{exhibit}/?at=row%3D3" in shown


def test_listings_of_two_authorities_stand_on_one_page_with_what_joins_them(
    joined: Register, signed_in: Callable[..., Client]
) -> None:
    (entity,) = joined.joined.resolution.find("un_sc:KPi.901")
    shown = page(signed_in(), f"/register/{entity.id}/")
    assert "same passport 987654321" in shown
    assert "No other authority of the register is without it." in shown
    (alone,) = joined.joined.resolution.find("un_sc:KPi.903")
    assert "Not joined to a listing of:" in page(signed_in(), f"/register/{alone.id}/")


RULING = {
    "left": "ofac_sdn:902",
    "right": "un_sc:KPi.902",
    "verdict": "same",
    "why": "one SANDBOX biography in both entries",
}


def test_a_reviewer_rules_on_a_pair_and_the_register_follows(
    joined: Register, signed_in: Callable[..., Client], store_of: Folder
) -> None:
    browser = signed_in(Role.REVIEWER)
    assert "ofac_sdn:902" in page(browser, "/register/review/")
    answer = browser.post("/register/review/judge/", RULING)
    assert answer.status_code == 302
    (entry,) = JudgementLog(store_of).entries()
    assert (entry.left, entry.right, entry.verdict, entry.by) == (
        "ofac_sdn:902",
        "un_sc:KPi.902",
        "same",
        "reviewer1-alpha",
    )
    assert Entry.objects.get(kind="register.judged").subject == entry.id
    after = registers().latest(60)
    assert after is not None
    assert after.entity_of("ofac_sdn:902") is after.entity_of("un_sc:KPi.902")
    assert "Nothing waits" in page(browser, "/register/review/")


@pytest.fixture
def store_of(joined: Register, config: Config) -> Folder:
    return Folder.open(config.store)


@pytest.mark.parametrize("role", [Role.READER, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_may_not_rule_is_refused_and_nothing_is_written(
    role: Role, joined: Register, signed_in: Callable[..., Client], store_of: Folder
) -> None:
    browser = signed_in(role)
    assert "Write the ruling" not in page(browser, "/register/review/")
    assert browser.post("/register/review/judge/", RULING).status_code == 403
    assert JudgementLog(store_of).entries() == ()


@pytest.mark.parametrize(
    "change", [{"why": "no"}, {"why": ""}, {"verdict": "perhaps"}, {"left": "un_sc:KPi.901"}, {"right": "x"}]
)
def test_a_ruling_that_is_none_is_not_written(
    change: dict[str, str], joined: Register, signed_in: Callable[..., Client], store_of: Folder
) -> None:
    assert signed_in(Role.REVIEWER).post("/register/review/judge/", RULING | change).status_code == 302
    assert JudgementLog(store_of).entries() == ()


def test_mentions_are_only_those_the_reader_may_read(
    register: Register, store: Folder, signed_in: Callable[..., Client], person: Callable[..., Any]
) -> None:
    take_in(store, "alpha")
    (entity,) = register.joined.resolution.find("KPe.901")
    opening = {
        "case_kind": "inquiry",
        "title": "About SANDBOX TRADING ONE",
        "summary": "SANDBOX: invented throughout.",
        "standard": "reasonable_grounds",
        "tlp": "TLP:AMBER+STRICT",
    }
    analyst = signed_in(Role.ANALYST)
    answer = analyst.post("/cases/open/", opening)
    assert answer.status_code == 302, answer.content.decode()
    address = f"/register/{entity.id}/"
    mine = page(analyst, address)
    assert "About SANDBOX TRADING ONE" in mine
    indicator = IndicatorRow.objects.get(subject_id="sandbox:KPe.901")
    assert f"/indicators/{indicator.id}/" in mine
    other = signed_in(of=person(Role.ANALYST, member="beta"))
    assert "About SANDBOX TRADING ONE" not in page(other, address)
    indicator.handling = HandlingRow.of(Handling(tlp=Tlp.RED, originators=frozenset({"alpha"})))
    indicator.save()
    theirs = page(other, address)
    assert f"/indicators/{indicator.id}/" not in theirs
    assert 'Indicators <span class="count">0</span>' in theirs
    assert CaseRow.objects.count() == 1


@pytest.mark.parametrize(("language", "word"), [("ko", "대장"), ("ja", "登録簿"), ("fr", "Registre")])
def test_the_register_the_law_and_the_ships_speak_every_language(
    language: str, word: str, register: Register, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in()
    browser.post("/language/", {"language": language, "next": "/register/"})
    assert f"<h1>{word}</h1>" in page(browser, "/register/")
    for address in ("/register/sandbox:KPi.901/", "/law/", "/law/ask/?goods=2701", "/ships/"):
        answer = browser.get(address, follow=True)
        assert answer.status_code == 200


@pytest.mark.parametrize("name", ["register", "law", "ships"])
@pytest.mark.parametrize("language", ["ko", "ja", "fr"])
def test_every_word_of_these_pages_is_translated(name: str, language: str) -> None:
    folder = Path(pages.__file__).parent
    catalogue = polib.pofile(str(folder / name / "locale" / language / "LC_MESSAGES" / "django.po"))
    assert not catalogue.untranslated_entries()
    assert not catalogue.fuzzy_entries()
    assert len(catalogue) > 50
