"""One record, followed from the bytes on the host that served them to the page, and back to those bytes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.citation import Citation
from bongsu.lists import register
from bongsu.lists.model import Statement

if TYPE_CHECKING:
    from conftest import ListHost

BEFORE = {"KPi.901": "SANDBOX PERSON ONE"}
AFTER = {**BEFORE, "KPi.902": "SANDBOX PERSON TWO"}
EXTRA = {
    "KPi.902": "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Sandbox  Person Tu</ALIAS_NAME></INDIVIDUAL_ALIAS>"
    "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>SANDBOX-0002</NUMBER>"
    "</INDIVIDUAL_DOCUMENT>"
}


def bongsu(folder: Path, *arguments: str) -> Any:
    """What a command answers, as JSON."""
    script = Path(sys.executable).with_name("bongsu")
    ended = subprocess.run([str(script), *arguments, "--json"], capture_output=True, check=False, cwd=folder)
    assert (ended.returncode, ended.stderr) == (0, b"")
    return json.loads(ended.stdout)


def statements(store: Folder, list_id: str, day: str) -> Iterator[Statement]:
    """What the register holds of one copy."""
    (name,) = [name for name in store.names(f"register/{list_id}/{day}-") if name.endswith(".parquet")]
    yield from register.load(store, name)


def report_of(store: Folder, run: Any) -> Any:
    return json.loads(store.read(f"cycles/{run['cycle']}/report.json"))


class Page(HTMLParser):
    """The ids of a page, the addresses its links name, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: dict[str, set[str]] = {}
        self.text = ""
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.add(str(named["id"]))
        if tag == "a" and named.get("title"):
            self.links.setdefault(str(named["title"]), set()).add(str(named["href"]))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_un_listing_is_followed_from_the_served_bytes_to_the_page_and_back(
    tmp_path: Path, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    # The host serves a list, and the day after another with one more person.
    served = {"2026-02-15": un_list("2026-02-15", BEFORE), "2026-02-16": un_list("2026-02-16", AFTER, extra=EXTRA)}
    url = f"{list_host.url}/consolidated.xml"
    (tmp_path / "bongsu.toml").write_text(
        f'[store]\nurl = "data"\n[lists.un_sc]\nurls = {{ consolidated = "{url}" }}\n', "utf-8"
    )
    for day, content in served.items():
        list_host.answers["/consolidated.xml"] = content
        run = bongsu(tmp_path, "run", "--clock", f"{day}T06:00:00Z")
    assert list_host.asked == ["/consolidated.xml"] * 2
    store = Folder.open(str(tmp_path / "data"), create=False)

    # The bytes are an exhibit under their own name.
    exhibit = digest(served["2026-02-16"])
    assert ExhibitStore(store, tool="test 1").read(exhibit) == served["2026-02-16"]

    # The register says what they say, each value with the place it stands at, as printed.
    root = ElementTree.fromstring(served["2026-02-16"])
    said = [row for row in statements(store, "un_sc", "2026-02-16") if row.listing == "un_sc:KPi.902"]
    checked = 0
    for row in said:
        assert row.exhibit == exhibit
        element = found_by_xpath(root, row.citation)
        if row.prop not in {"name", "authority", "holder"}:  # put together of several fields, or ours
            assert row.value in list(element.itertext())
            checked += 1
    assert checked >= 8
    (alias,) = [row for row in said if row.prop == "alias"]
    assert (alias.value, alias.cleaned) == ("Sandbox  Person Tu", "Sandbox Person Tu")
    assert alias.locator == "xpath=/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL[2]/INDIVIDUAL_ALIAS[1]"

    # The change and the indicator cite the entry.
    report = report_of(store, run)
    (step,) = report["changes"]
    (change,) = step["dprk"]
    citation = f"sha256:{exhibit}#xpath=/CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL[2]"
    assert (change["kind"], change["listing"], change["citations"]) == ("listed", "un_sc:KPi.902", [citation])
    (indicator,) = report["indicators"]
    assert (indicator["subject"]["id"], indicator["citations"], indicator["new"]) == ("un_sc:KPi.902", [citation], True)
    (designated,) = [row for row in report["designated"] if row["reference"] == "KPi.902"]
    assert (designated["name"], designated["citation"]) == ("SANDBOX PERSON TWO", citation)

    # The page shows it, and its citation leads to the record of the exhibit on the page itself.
    page = Page(store.read(f"cycles/{run['cycle']}/report.html"))
    assert f"i-{indicator['id']}" in page.ids
    assert indicator["title"] in page.text
    assert page.links[citation] == {f"#x-{exhibit}"}
    assert f"x-{exhibit}" in page.ids
    for key in indicator["measures"]:
        assert f"m-{key}" in page.ids
        assert bongsu(tmp_path, "law", "show", key)["key"] == key

    # From the page back: the citation opens the custody of the bytes, and the place in them says the name.
    shown = bongsu(tmp_path, "evidence", "show", citation)
    (received,) = shown["custody"]
    assert (shown["sha256"], shown["bytes"]) == (exhibit, len(served["2026-02-16"]))
    capture = received["detail"]["capture"]
    assert (received["event"], capture["url"], capture["http_status"]) == ("received", url, 200)
    element = found_by_xpath(root, Citation.parse(citation))
    assert element.findtext("FIRST_NAME") == "SANDBOX PERSON TWO"
    assert element.findtext("REFERENCE_NUMBER") == "KPi.902"


def found_by_xpath(root: ElementTree.Element, citation: Citation) -> ElementTree.Element:
    """The one element a locator leads to."""
    _, _, path = citation.locator.partition("xpath=/CONSOLIDATED_LIST/")
    (element,) = root.findall(path)
    return element


def test_an_ofac_listing_is_followed_from_the_served_rows_to_the_page_and_back(
    tmp_path: Path, list_host: ListHost, ofac_set: Callable[..., Any]
) -> None:
    days = {
        "2026-02-15": ofac_set({901: "SANDBOX PERSON ONE"}),
        "2026-02-16": ofac_set({901: "SANDBOX PERSON ONE", 902: "SANDBOX, Person Two"}, {902: "SANDBOX PERSON TU"}),
    }
    parts = ("sdn", "alt", "add", "comments")
    urls = ", ".join(f'{part} = "{list_host.url}/{part}.csv"' for part in parts)
    (tmp_path / "bongsu.toml").write_text(f'[store]\nurl = "data"\n[lists.ofac_sdn]\nurls = {{ {urls} }}\n', "utf-8")
    for day, files in days.items():
        for part in ("sdn", "alt", "add"):
            list_host.answers[f"/{part}.csv"] = getattr(files, part)
        run = bongsu(tmp_path, "run", "--clock", f"{day}T06:00:00Z")
    store = Folder.open(str(tmp_path / "data"), create=False)
    exhibits = ExhibitStore(store, tool="test 1")

    said = [row for row in statements(store, "ofac_sdn", "2026-02-16") if row.listing == "ofac_sdn:902"]
    by_property = {row.prop: row for row in said}
    for prop, part, value in (
        ("name", "sdn", "SANDBOX, Person Two"),
        ("program", "sdn", "DPRK"),
        ("alias", "alt", "SANDBOX PERSON TU"),
    ):
        row = by_property[prop]
        assert (row.exhibit, row.value) == (digest(getattr(days["2026-02-16"], part)), value)
        assert value in cells_at(exhibits, row.citation)

    report = report_of(store, run)
    (indicator,) = report["indicators"]
    (citation,) = indicator["citations"]
    assert indicator["subject"] == {"id": "ofac_sdn:902", "name": "SANDBOX, Person Two", "schema": "Person"}
    assert cells_at(exhibits, Citation.parse(citation))[:2] == ["902", "SANDBOX, Person Two"]
    page = Page(store.read(f"cycles/{run['cycle']}/report.html"))
    assert page.links[citation] == {f"#x-{Citation.parse(citation).exhibit}"}
    assert f"x-{Citation.parse(citation).exhibit}" in page.ids
    shown = bongsu(tmp_path, "evidence", "show", citation)
    assert shown["custody"][0]["detail"]["capture"]["url"] == f"{list_host.url}/sdn.csv"


def cells_at(exhibits: ExhibitStore, citation: Citation) -> list[str]:
    """The cells of the row a locator names, counted from 1 (RFC 7111)."""
    text = exhibits.read(citation.exhibit).decode("utf-8").removesuffix("\x1a")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return rows[int(citation.locator.removeprefix("row=")) - 1]


@pytest.mark.parametrize("change", ["served", "exhibit"])
def test_the_way_back_is_closed_where_the_bytes_are_others(
    tmp_path: Path, list_host: ListHost, un_list: Callable[..., bytes], change: str
) -> None:
    """The exhibit decides, not the host: what is served later changes nothing, what is changed in the store is seen."""
    content = un_list("2026-02-15", BEFORE)
    list_host.answers["/list.xml"] = content
    (tmp_path / "bongsu.toml").write_text(
        f'[store]\nurl = "data"\n[lists.un_sc]\nurls = {{ consolidated = "{list_host.url}/list.xml" }}\n', "utf-8"
    )
    run = bongsu(tmp_path, "run", "--clock", "2026-02-16T06:00:00Z")
    manifest = f"data/cycles/{run['cycle']}/manifest.json"
    other = content.replace(b"PERSON ONE", b"PERSON OHE")
    if change == "served":
        list_host.answers["/list.xml"] = other
        assert bongsu(tmp_path, "reproduce", manifest)["agrees"] is True
        return
    path = tmp_path / "data" / "exhibits" / digest(content)[:2] / digest(content)
    path.unlink()
    path.write_bytes(other)
    script = Path(sys.executable).with_name("bongsu")
    ended = subprocess.run([str(script), "reproduce", manifest], capture_output=True, check=False, cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (4, b"")
    assert digest(content).encode() in ended.stderr
