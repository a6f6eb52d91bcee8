"""Reports of whole cycles: of the sandbox, and of an invented list whose every text tries to break the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pytest

from bongsu.cycle.config import Config, FileCopy, ListConfig
from bongsu.cycle.run import run_cycle
from bongsu.reports.model import CycleReport

CLOCK: Final = datetime(2026, 3, 1, 6, tzinfo=UTC)
VOID: Final = {"meta", "br", "link", "img", "input", "hr", "source", "base", "col", "area", "embed", "wbr"}

# What a hostile list could print as a name: markup, quotes, template language, signs that turn a line around, a wall.
HOSTILE: Final[Mapping[str, str]] = {
    "KPi.911": "SANDBOX <script>alert(1)</script>",
    "KPi.912": 'SANDBOX "><img src=x onerror=alert(2)>',
    "KPi.913": "SANDBOX ' onmouseover='alert(3)",
    "KPi.914": "SANDBOX {{ 7 * 7 }} {% raw %} ${7*7}",
    "KPi.915": "SANDBOX &lt;b&gt; &amp; &#60;i&#62; ]]>",
    "KPi.916": "SANDBOX \u202egnp.exe\u202c \u2066left\u2069",
    "KPi.917": "SANDBOX " + "W" * 5000,
    "KPi.918": "SANDBOX 강 صوت ☃ 𝔘 \U0001f600",
    "KPi.919": "SANDBOX </title></style></details></main></html><!-- --",
    "KPi.920": "SANDBOX javascript:alert(4) http://127.0.0.1:9/x.js",
    "KPi.921": "SANDBOX \u0085\u009b C1",
}


@dataclass(frozen=True, slots=True)
class Element:
    """An opened tag: its name, its attributes, and the text inside it, tags left out."""

    tag: str
    attributes: dict[str, str]
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, with single blanks."""
        return " ".join("".join(self.texts).split())


class Page(HTMLParser):
    """A page taken apart: its elements in order, its nesting checked as strictly as HTML allows."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.comments: list[str] = []
        self._open: list[Element] = []
        self.feed(content.decode("utf-8"))
        self.close()
        assert self._open == [], [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:  # only a drawing's elements may close themselves (HTML, foreign elements)
            assert any(element.tag == "svg" for element in self._open), f"<{tag}/> outside of a drawing"
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        assert self._open
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    def all(self, tag: str) -> list[Element]:
        """Every element of a tag, in order."""
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, name: str) -> Element:
        """The one element of an id."""
        (found,) = [element for element in self.elements if element.attributes.get("id") == name]
        return found

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    @property
    def text(self) -> str:
        """What a reader reads."""
        return self.all("body")[0].text


@dataclass(frozen=True, slots=True)
class Ran:
    """A cycle and its two reports as they lie in the store."""

    report: CycleReport
    json: bytes
    html: bytes

    @property
    def record(self) -> dict[str, Any]:
        """The report's JSON."""
        record: dict[str, Any] = json.loads(self.json)
        return record

    @property
    def page(self) -> Page:
        """The report's page."""
        return Page(self.html)


def ran(config: Config, clock: datetime = CLOCK) -> Ran:
    """Run a cycle and take its reports from the store."""
    result = run_cycle(config, clock, lambda: CLOCK)
    folder = Path(config.store) / result.folder
    return Ran(result.report, (folder / "report.json").read_bytes(), (folder / "report.html").read_bytes())


def entry(reference: str, name: str, *, programme: str = "DPRK", more: str = "") -> str:
    """One person of an invented list; `more` is XML."""
    return (
        f"<INDIVIDUAL><DATAID>{reference[-3:]}</DATAID><FIRST_NAME>{escape(name)}</FIRST_NAME>"
        f"<UN_LIST_TYPE>{programme}</UN_LIST_TYPE><REFERENCE_NUMBER>{reference}</REFERENCE_NUMBER>"
        f"<LISTED_ON>2026-01-02</LISTED_ON>{more}</INDIVIDUAL>\n"
    )


def invented_list(day: str, entries: str) -> bytes:
    """A list in the form of the UN's, made long enough with entries of another programme."""
    filler = "".join(
        entry(f"SOi.{number}", f"SANDBOX OTHER {number}", programme="Somalia") for number in range(100, 520)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- SANDBOX: invented throughout. It is no list. -->\n'
        f'<CONSOLIDATED_LIST dateGenerated="{day}T00:00:00Z"><INDIVIDUALS>{entries}{filler}</INDIVIDUALS>'
        "<ENTITIES/></CONSOLIDATED_LIST>"
    ).encode()


def files_config(folder: Path, copies: Mapping[str, bytes], *, sandbox: str = "never", missing: str = "") -> Config:
    """A watch over files beside the store; `missing` names one that is to come from a host that is not there."""
    for name, content in copies.items():
        (folder / name).write_bytes(content)
    urls = (("consolidated", f"http://127.0.0.1:9/{missing}"),) if missing else ()
    settings = ListConfig(
        list_id="un_sc",
        fetch=bool(missing),
        urls=urls,
        copies=tuple(FileCopy(list_date=None, parts=(("consolidated", name),)) for name in copies),
    )
    return Config(store=str(folder / "store"), base=folder, sandbox=sandbox, sandbox_ships=False, lists=(settings,))


def hostile_copies() -> dict[str, bytes]:
    """Two copies: in the later one every hostile name has come, and a quiet one has become hostile."""

    def alias(name: str) -> str:
        return f"<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>{escape(name)}</ALIAS_NAME></INDIVIDUAL_ALIAS>"

    quiet = entry("KPi.901", "SANDBOX PERSON ONE", more=alias("SANDBOX QUIET"))
    turned = entry("KPi.901", "SANDBOX PERSON ONE", more="".join(map(alias, HOSTILE.values())))
    came = "".join(
        entry(reference, name, more=f"<SANDBOX_FIELD>{escape(name)}</SANDBOX_FIELD>")
        for reference, name in HOSTILE.items()
    )
    nameless = entry("<script>alert(5)</script>".replace("<", "&lt;"), "SANDBOX NO REFERENCE")
    return {
        "earlier <img src=x onerror=alert(6)>.xml": invented_list("2026-01-15", quiet),
        "later 'quoted' \"twice\" & so on.xml": invented_list("2026-02-15", turned + came + nameless),
    }


@pytest.fixture(scope="session")
def two_cycles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran]:
    """Two cycles of one store over the same copies, a day apart."""
    config = Config(store=str(tmp_path_factory.mktemp("sandbox")), lists=(), sandbox="always")
    return ran(config), ran(config, CLOCK.replace(day=2))


@pytest.fixture(scope="session")
def sandbox_run(two_cycles: tuple[Ran, Ran]) -> Ran:
    """A cycle of the sandbox alone."""
    return two_cycles[0]


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A cycle over hostile copies, without the sandbox."""
    return ran(files_config(tmp_path_factory.mktemp("hostile"), hostile_copies()))


@pytest.fixture(scope="session")
def mixed_run(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A cycle over one copy from a file and the sandbox beside it, with a host that is not there."""
    copies = {"one.xml": invented_list("2026-02-01", entry("KPi.901", "SANDBOX PERSON ONE"))}
    return ran(files_config(tmp_path_factory.mktemp("mixed"), copies, sandbox="always", missing="absent.xml"))


@pytest.fixture(params=["sandbox_run", "hostile_run", "mixed_run"])
def any_run(request: pytest.FixtureRequest) -> Ran:
    """Each of the cycles in turn."""
    run: Ran = request.getfixturevalue(request.param)
    return run


@pytest.fixture
def empty_run(tmp_path: Path) -> Ran:
    """A cycle that watched nothing."""
    return ran(Config(store=str(tmp_path / "store"), lists=(), sandbox="never", sandbox_ships=False))


@pytest.fixture
def refused_run(tmp_path: Path) -> Ran:
    """A cycle in which the only copy that came was refused, with markup in the reason's place."""
    copies = {"<b>short<b>.xml": b"<CONSOLIDATED_LIST><SANDBOX>invented</SANDBOX></CONSOLIDATED_LIST>"}
    return ran(files_config(tmp_path, copies, missing="absent&gone.xml"))


@pytest.fixture
def clock_day() -> date:
    """The day of the cycles' clock."""
    return CLOCK.date()
