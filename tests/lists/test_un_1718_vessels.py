"""The reader of the UN's designated vessels: a table in a PDF, drawn as the committee's is, with invented ships."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from bongsu.kernel.canonical import digest
from bongsu.kernel.errors import SourceRefusedError
from bongsu.law import load_regime
from bongsu.lists.cards import Source, source
from bongsu.lists.model import Part, Reading, Statement
from bongsu.lists.sources import un_1718_vessels

Said = Callable[..., list[Statement]]
Text = tuple[float, float, str]  # points from the left, points from the top, what stands there
# Left edges of the columns, in points: number, label or name, value, IMO number, day, five measures. The widths are
# those of a public HTML conversion of the real document.
EDGES = (15.0, 43.0, 107.0, 275.0, 351.0, 420.0, 491.0, 548.0, 611.0, 682.0)
LINE = 13.4
HEADING = (
    ("Paragraph 8", "(d) of resolution", "1718 (2006)", "and paragraph", "12 of resolution", "2270 (2016)"),
    ("Paragraph", "12 (a) of", "resolution", "2321", "(2016)"),
    ("Paragraph", "12 (d) of", "resolution", "2321", "(2016)"),
    ("Paragraph 6", "of resolution", "2371 (2017)", "and paragraph", "6 of resolution", "2375 (2017)"),
    ("Economic", "resources", "controlled or", "operated by", "Ocean Maritime", "Management", "(KPe.020)"),
)


@dataclass(frozen=True)
class Ship:
    """An invented row: what its cells hold, line by line."""

    names: tuple[str, ...] = ("1: SANDBOX ONE",)
    imo: tuple[str, ...] = ("9074729",)
    day: str = "30-Mar-18"
    measures: tuple[str, ...] = ("na", "na", "Yes", "Yes", "na")
    fields: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
        (("Other", "information"), ("SANDBOX ship, invented, took part in", "an invented transfer.")),
    )
    number: str | None = None


def table(
    *ships: Ship, title: str = "1718 Designated Vessels List", heading: Sequence[Sequence[str]] = HEADING
) -> bytes:
    """A PDF of the table, two ships to a page; cells begin at the top, numbers and labels stand in their middle."""
    pages: list[list[Text]] = [_heading(title, heading)]
    top = 170.0
    for index, ship in enumerate(ships, start=1):
        if index > 1 and index % 2 == 1:
            pages.append([])
            top = 30.0
        texts, height = _row(ship, ship.number or str(index), top)
        pages[-1].extend(texts)
        top += height
    return pdf([b"\n".join(_shown(text) for text in sorted(page, key=lambda text: text[1])) for page in pages])


def _heading(title: str, heading: Sequence[Sequence[str]]) -> list[Text]:
    texts: list[Text] = [(320, 30, title), (EDGES[0] + 8, 60, "#"), (140, 60, "Vessel Name")]
    texts += [(EDGES[3], 60, "IMO number"), (EDGES[4], 60, "Date of"), (EDGES[4], 60 + LINE, "designation")]
    texts.append((520, 46, "Relevant sanctions measures"))
    for edge, lines in zip(EDGES[5:], heading, strict=False):
        texts += [(edge, 70 + LINE * place, line) for place, line in enumerate(lines)]
    return texts


def _row(ship: Ship, number: str, top: float) -> tuple[list[Text], float]:
    texts: list[Text] = [(EDGES[1], top + LINE * place, line) for place, line in enumerate(ship.names)]
    texts += [(EDGES[3], top + LINE * place, line) for place, line in enumerate(ship.imo) if line]
    texts.append((EDGES[4], top, ship.day))
    texts += [(edge, top, cell) for edge, cell in zip(EDGES[5:], ship.measures, strict=False)]
    below = top + LINE * len(ship.names)
    for label, value in ship.fields:
        lines = max(len(label), len(value))
        start = below + LINE * (lines - len(label)) / 2
        texts += [(EDGES[1], start + LINE * place, line) for place, line in enumerate(label)]
        texts += [(EDGES[2], below + LINE * place, line) for place, line in enumerate(value)]
        below += LINE * lines
    height = max(below - top, LINE * len(ship.imo))
    texts.append((EDGES[0], top + height / 2 - 4, number))
    return texts, height + 6


def _shown(text: Text) -> bytes:
    left, top, words = text
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 10 Tf 1 0 0 1 {left:.2f} {595 - top:.2f} Tm ({escaped}) Tj ET".encode("cp1252")


def pdf(pages: Sequence[bytes], *, more: bytes = b"") -> bytes:
    """The smallest PDF there is, with pages of drawing instructions (ISO 32000-1, 7.5)."""
    count = len(pages)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for index, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * index)
        )
        packed = zlib.compress(content)
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream")
    out, places = bytearray(b"%PDF-1.4\n%SANDBOX, invented\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, more, start)
    return bytes(out)


def read(content: bytes) -> Reading:
    real = source("un_1718_vessels")
    lenient = Source(card=replace(real.card, most_set_aside_share=1.0), reader=real.reader)
    return lenient.read((Part(name="vessels", exhibit=digest(content), content=content),))


OWNED = Ship(
    names=("1: Sandbox Two 2 2: Sandbox Former 3: Sandbox", "7"),
    imo=("9074731", "", "MMSI:", "1: 445000001", "2: 445000002", "3: 145000003"),
    day="21-Jun-17",
    measures=("na", "na", "na", "na", "Yes"),
    fields=(
        (("Flag",), ("1. Democratic People’s Republic of", "Korea")),
        (("Call Sign",), ("1: SBX1 2: SBX2 3: SBX3",)),
        (("Type",), ("General Cargo Ship",)),
        (
            ("Other", "information"),
            (
                "Listed as an economic resource",
                "controlled by SANDBOX, invented;",
                "see paragraph 23 of",
                "a resolution.",
            ),
        ),
        (("Picture link",), ("http://sandbox.invalid/galle", "ry/photo.php?lid=1")),
    ),
)
NUMBERLESS = Ship(names=("1: SANDBOX THREE 078",), imo=("Does not exist",), measures=("na", "Yes", "na", "Yes", "na"))
FLEET = (Ship(), OWNED, NUMBERLESS)


ODD = (
    Ship(day="31-Feb-18", imo=("9074728",)),
    Ship(names=("1: SANDBOX SIX",), imo=("9074743",), measures=("na", "Yes*", "na", "na", "na")),
    Ship(names=("1: SANDBOX TWICE",), imo=("9074728",)),
    Ship(names=("1: SANDBOX SHORT",), imo=("9074755",), measures=("Yes", "na")),
    Ship(names=("1: SANDBOX WHENEVER",), imo=("9074767",), day="na", fields=((("Colour",), ("Red",)),)),
)


@pytest.mark.parametrize(
    ("name", "ships"), [("un_1718_vessels_sandbox", FLEET), ("un_1718_vessels_broken_sandbox", ODD)]
)
def test_the_pdf_among_the_invented_copies_holds_what_is_drawn_here(
    name: str, ships: Sequence[Ship], fixture_bytes: Callable[[str], bytes]
) -> None:
    """The contract tests read the file; after a change here, write it anew. What zlib packs differs by version."""
    filed, drawn = (read(content) for content in (fixture_bytes(f"{name}.pdf"), table(*ships)))
    assert [row.id for row in filed.statements] == [row.id for row in drawn.statements]
    assert [row.reason for row in filed.set_aside] == [row.reason for row in drawn.set_aside]


def test_another_pdf_is_not_recognised() -> None:
    assert not un_1718_vessels.recognises(table(Ship(), title="SANDBOX list"))
    assert not un_1718_vessels.recognises(b"%PDF-1.4 SANDBOX")


def test_every_measure_is_said_and_its_paragraphs_are_of_resolutions_the_law_holds(said: Said) -> None:
    reading = read(table(Ship(measures=("Yes",) * 5)))
    rows = said(reading, prop="provisions")
    assert [row.value for row in rows] == list(source("un_1718_vessels").card.values["headings"].values())
    resolutions = {measure.key.partition("/")[0] for measure in load_regime().measures()}
    assert {key.partition("/")[0] for row in rows for key in (row.cleaned or "").split()} <= resolutions


def test_a_ship_without_an_imo_number_keeps_the_words_and_goes_by_its_name(said: Said) -> None:
    reading = read(table(NUMBERLESS))
    row = said(reading, prop="imoNumber")[0]
    assert (row.listing, row.value, row.cleaned) == ("un_1718_vessels:SANDBOX-THREE-078", "Does not exist", None)


def test_a_false_imo_number_stays_as_evidence(said: Said) -> None:
    row = said(read(table(Ship(imo=("9074728",)))), prop="imoNumber")[0]
    assert (row.value, row.cleaned, row.rejected) == ("9074728", None, "check digit is 8, should be 9")


def test_names_that_wrap_and_names_that_end_in_numbers_are_whole(said: Said) -> None:
    reading = read(table(OWNED))
    assert [row.value for row in said(reading, prop="name")] == ["Sandbox Two 2"]
    assert [row.value for row in said(reading, prop="alias")] == ["Sandbox Former", "Sandbox 7"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_every_row_is_found_on_whatever_page(size: int) -> None:
    fleet = [Ship(names=(f"1: SANDBOX {number}",), imo=(f"{9000000 + number}",)) for number in range(size)]
    reading = read(table(*fleet))
    assert (reading.tally.in_file, reading.tally.vessels) == (size, size)
    assert reading.set_aside == ()


def test_nothing_printed_beneath_a_row_is_dropped() -> None:
    reading = read(table(*FLEET))
    said = "".join("".join(row.value.split()) for row in reading.statements)
    for ship in FLEET:
        for _, value in ship.fields:
            words = [word for line in value for word in line.split() if not word.rstrip(":.").isdigit()]
            assert all(word in said for word in words), words


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (table(Ship(), title="SANDBOX list"), "missing: 1718 Designated Vessels List"),
        (table(Ship(), heading=HEADING[:4]), "missing: KPe.020"),
        (table(Ship(), heading=(*HEADING[3:4], *HEADING[:3], HEADING[4])), "another order"),
        (table(Ship(), replace(NUMBERLESS, number="3")), "numbers its rows to 3, and 2 rows were found"),
        (pdf([b""]), "other columns"),
        (pdf([]), "other columns"),
        (b"SANDBOX, invented", "no PDF"),
        (b"%PDF-1.4\nSANDBOX", "cannot be read"),
        (pdf([b""], more=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P 0 >>"), "encrypted|cannot be read"),
        (pdf([b"q Q " * 2_000_000]), "more than a page"),
        (pdf([b""] * 301), "301 pages"),
        (b"%PDF-" + bytes(20_000_000), "bytes, more than"),
    ],
)
def test_a_document_of_another_form_is_refused_in_words(content: bytes, says: str) -> None:
    with pytest.raises(SourceRefusedError, match=says):
        read(content)


def test_the_parsers_remarks_are_not_heard(caplog: pytest.LogCaptureFixture) -> None:
    content = table(Ship()).replace(b"startxref\n", b"startxref\n9")
    with caplog.at_level(logging.DEBUG):
        assert read(content).tally.vessels == 1
    assert not [record for record in caplog.records if record.name.startswith("pypdf")]
