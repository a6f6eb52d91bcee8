"""What an exhibit shows at the place cited: every kind of locator, hostile and broken files, and nothing read whole."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import guess_media_type
from bongsu.kernel.citation import Citation
from bongsu.web.pages.exhibits.preview import Place, UnshownError, Window, shown
from bongsu.web.pages.exhibits.preview.images import size_px
from bongsu.web.pages.exhibits.preview.window import Frame

FIXTURES = Path(__file__).parents[2] / "lists" / "fixtures"
PLAIN = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Co", "Cn")), max_size=20)


def look(content: bytes, locator: str = "") -> Window:
    """The window onto some bytes, as the page opens it."""
    place = Place.parse(locator)
    assert place is not None
    return shown(io.BytesIO(content), size=len(content), media_type=guess_media_type(content), place=place)


def here(window: Window) -> list[tuple[str, ...]]:
    """The lines or rows that are cited."""
    return [row.cells for row in window.rows if row.here]


@given(st.lists(PLAIN, min_size=1, max_size=80), st.data())
def test_a_cited_line_is_the_line_of_that_number(lines: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(1, len(lines)))
    content = "".join(f"!{line}\n" for line in lines).encode()
    for kept in (content, gzip.compress(content, mtime=0)):
        window = look(kept, f"line={number}")
        assert here(window) == [("!" + lines[number - 1],)]
        assert window.rows[0].number == max(1, number - 12)


@given(st.lists(st.tuples(PLAIN, st.text('ab"\n,;\t ', max_size=8)), min_size=1, max_size=60), st.data())
def test_a_cited_row_is_the_record_of_that_number_whatever_is_quoted(
    rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([("name", "said"), *rows])
    number = data.draw(st.integers(2, len(rows) + 1))
    window = look(b"\xef\xbb\xbf" + text.getvalue().encode(), f"cell={number},1")
    assert window.header == ("name", "said")
    assert [cells[0] for cells in here(window)] == [rows[number - 2][0]]
    assert [row.cell for row in window.rows if row.here] == [1]


@given(st.lists(st.sampled_from(["A", "B"]), min_size=1, max_size=40), st.data())
def test_a_cited_element_is_the_one_at_the_path(tags: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(tags) - 1))
    content = "<LIST><PART>" + "".join(f"<{tag} n='{n}'><NAME>Sandbox {n}</NAME></{tag}>" for n, tag in enumerate(tags))
    index = tags[: at + 1].count(tags[at])
    window = look((content + "</PART></LIST>").encode(), f"xpath=/LIST/PART/{tags[at]}[{index}]")
    assert [cells[0].strip() for cells in here(window)] == [
        f'<{tags[at]} n="{at}">', f"<NAME>Sandbox {at}</NAME>", f"</{tags[at]}>",
    ]  # fmt: skip


@given(st.text("linerowcellbytespagexpath=/[]{}@,-;:0123456789 ", max_size=40))
def test_any_text_is_a_place_or_none_and_no_error(text: str) -> None:
    Place.parse(text)


@given(
    st.sampled_from(["line", "row", "cell", "bytes", "page"]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from("-,"),
)
def test_every_locator_that_a_citation_takes_can_be_looked_for_in_any_file(
    unit: str, low: int, high: int, sign: str
) -> None:
    locator = Citation(exhibit="0" * 64, locator=f"{unit}={low}{sign}{high}").locator
    place = Place.parse(locator)
    for content in (b"a,b\n1,2\n", b"<a><b/></a>", b"[1, 2]", b"\x00\x01", b"one\ntwo\n"):
        if place is not None:
            shown(io.BytesIO(content), size=len(content), media_type=guess_media_type(content), place=place)


def png(width: int, height: int) -> bytes:
    """A grey image of a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


COUNTS = st.integers(0, 10**6)
BOXES = st.builds(
    lambda unit, numbers: f"xywh={unit}" + ",".join(map(str, numbers)),
    st.sampled_from(["", "percent:"]),
    st.tuples(COUNTS, COUNTS, COUNTS, COUNTS),
)
SPANS = st.sampled_from(["t=10", "t=10,20", "t=,20", "t=0.5,0.75"])


@given(st.one_of(BOXES, BOXES.map("page=1&{}".format), SPANS, st.builds("{}&{}".format, SPANS, BOXES)))
def test_every_box_and_span_that_a_citation_takes_is_a_place_and_shows_something_of_any_file(locator: str) -> None:
    assert Citation(exhibit="0" * 64, locator=locator).locator == locator
    for content in (png(3, 2), b"a,b\n1,2\n", b"\x00\x01", b"[1]"):
        look(content, locator)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_box_is_drawn_in_the_image_s_own_pixels_and_cut_at_its_edges(
    across: int, down: int, left: int, top: int, side: int
) -> None:
    window = look(png(across, down), f"xywh={left},{top},{side},{side}")
    assert window.found == (left < across and top < down and side > 0)
    if window.found:
        frame = window.frame
        assert frame is not None
        assert (frame.across, frame.down, frame.left, frame.top) == (across, down, left, top)
        assert (frame.left + frame.width, frame.top + frame.height) == (
            min(left + side, across), min(top + side, down),
        )  # fmt: skip


def test_a_box_in_percent_needs_no_size_and_one_in_pixels_of_an_unreadable_head_is_told_in_words_alone() -> None:
    frame = Frame(across=100, down=100, left=25, top=25, width=50, height=75)
    assert look(png(7, 9), "xywh=percent:25,25,50,80").frame == frame
    assert look(b"\xff\xd8\xff\xe0", "xywh=percent:25,25,50,80").frame == frame
    broken = look(b"\xff\xd8\xff\xe0", "xywh=1,1,2,2")
    assert (broken.form, broken.frame, broken.found) == ("image", None, True)


def test_a_page_with_a_box_is_that_page_and_the_box() -> None:
    content = (FIXTURES / "un_1718_vessels_sandbox.pdf").read_bytes()
    frame = Frame(across=842, down=595, left=72, top=144, width=200, height=36)
    assert look(content, "page=1&xywh=72,144,200,36") == replace(look(content), frame=frame)
    assert not here(look(content, "page=1&xywh=72,144,200,36"))  # which lines lie in the box is not known
    assert not look(content, "page=999&xywh=72,144,200,36").found


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (png(640, 480), (640, 480)),
        (b"GIF89a" + bytes.fromhex("80020f00") + bytes(20), (640, 15)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + bytes.fromhex("7f0200df0100"), (640, 480)),
        (b"RIFF\0\0\0\0WEBPVP8L" + bytes(4) + b"\x2f" + (639 | 479 << 14).to_bytes(4, "little"), (640, 480)),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(7) + b"\x9d\x01\x2a" + bytes.fromhex("8002e001"), (640, 480)),
        (b"\xff\xd8\xff\xe1\x00\x04ab\xff\xff\xc2\x00\x11\x08" + bytes.fromhex("01e00280") + bytes(9), (640, 480)),
        (b"\xff\xd8\xff\xda\x00\x04ab" + bytes(30), None),
        (png(0, 480), None),
        (b"\x89PNG", None),
        (b"", None),
    ],
)  # fmt: skip
def test_the_size_of_an_image_is_read_from_its_head(head: bytes, size: tuple[int, int] | None) -> None:
    assert size_px(io.BytesIO(head)) == size


def test_two_positions_of_rfc_5147_hold_the_lines_between_them() -> None:
    assert here(look(b"1\n2\n3\n4\n5\n", "line=2,4")) == [("3",), ("4",)]
    assert here(look(b"a,b\n2,2\n3,3\n4,4\n", "row=2-3")) == [("2", "2"), ("3", "3")]


def test_a_place_that_is_not_there_is_said_not_to_be() -> None:
    for content, locator in (
        (b"one\ntwo\n", "line=3"), (b"a,b\n1,2\n", "row=9"), (b"a,b\n1,2\n", "cell=2,7"),
        (b"<a><b/></a>", "xpath=/a/b[2]"),
        (b"<a/>", "xpath=/a/@missing"), (b"[1]", "row=2"), (b"abc", "bytes=4000,4001"),
    ):  # fmt: skip
        assert not look(content, locator).found


def test_an_attribute_a_namespace_and_a_name_without_one_are_found() -> None:
    content = b'<x:list xmlns:x="urn:sandbox"><x:ship imo="9000004"/></x:list>'
    assert here(look(content, "xpath=/list/ship/@imo")) == [('imo="9000004"',)]
    assert here(look(content, "xpath=/{urn:sandbox}list/{urn:sandbox}ship")) == [
        ('<{urn:sandbox}ship imo="9000004"/>',)
    ]
    assert here(look(content, "xpath=/x:list/x:ship[1]"))


def test_the_lists_own_files_show_what_their_readers_cite() -> None:
    content = (FIXTURES / "un_sc_sandbox.xml").read_bytes()
    golden = [json.loads(line) for line in (FIXTURES / "un_sc_sandbox.golden.jsonl").read_text().splitlines()]
    cited = {row["at"].partition("#")[2]: row["value"] for row in golden if row.get("prop") == "name"}
    assert cited
    for locator, value in cited.items():
        said = " ".join(" ".join(cells) for cells in here(look(content, locator)))
        assert all(word in said for word in value.split())


def test_a_workbook_a_page_and_parquet_rows_show_their_place() -> None:
    window = look((FIXTURES / "au_dfat_sandbox.xlsx").read_bytes(), "row=2")
    assert window.form == "table"
    assert len(here(window)) == 1
    page = look((FIXTURES / "un_1718_vessels_sandbox.pdf").read_bytes(), "page=1;row=1")
    assert page.what.startswith("page 1 of ")
    assert any("SANDBOX" in cells[0].upper() for cells in here(page))
    rows = io.BytesIO()
    pq.write_table(
        pa.table({"mmsi": list(range(1000)), "lat": [n / 10 for n in range(1000)]}), rows, row_group_size=100
    )
    parquet = look(rows.getvalue(), "row=501")
    assert parquet.header == ("mmsi", "lat")
    assert here(parquet) == [("500", "50.0")]


def test_json_is_printed_for_people_and_its_record_found() -> None:
    assert here(look(b'[{"ship": "SANDBOX ONE"}, {"ship": "SANDBOX TWO"}]', "row=2")) == [
        ("{",), ('  "ship": "SANDBOX TWO"',), ("}",),
    ]  # fmt: skip
    assert here(look(b'{"a": 1}\n{"a": 2}\n', "line=2")) == [('{"a": 2}',)]


def test_bytes_are_shown_as_they_are() -> None:
    window = look(bytes(range(256)) * 4, "bytes=512,520")
    assert [row.number for row in window.rows if row.here] == [512]
    assert here(window)[0][0].startswith("00 01 02")


def test_a_line_without_an_end_and_signs_that_turn_the_text_are_cut_and_shown_as_such() -> None:
    window = look(b"x" * 5_000_000 + b"\nnext\n", "line=1")
    assert len(here(window)[0][0]) == 2001
    assert window.cut
    assert here(look("abc\u202edef\n".encode(), "line=1")) == [("abc�def",)]


def broken_files() -> Iterator[tuple[str, bytes, str]]:
    """A broken or hostile file for each parser, and why it cannot be shown."""
    yield "gzip cut off", gzip.compress(b"one\n" * 1000, mtime=0)[:-20], "line=1000"
    yield "gzip corrupt", b"\x1f\x8b\x08\x00" + b"\xff" * 64, "line=1"
    yield "xml not closed", b"<a><b>", "xpath=/a/b"
    yield "billion laughs", b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>', "xpath=/a"
    yield "foreign file", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xpath=/a"
    yield "very deep xml", b"<a>" * 5000, "xpath=/a/a[2]"
    yield "csv quote that never closes", b'a,b\n"' + b"x" * 200_000 + b"\n", "row=2"
    yield "pdf", b"%PDF-1.7\nnothing", "page=1"
    yield "zip", b"PK\x03\x04" + b"\0" * 40, ""
    yield "parquet", b"PAR1" + b"\xff" * 40 + b"PAR1", "row=1"


@pytest.mark.parametrize(("content", "locator"), [pytest.param(*each[1:], id=each[0]) for each in broken_files()])
def test_a_broken_file_is_said_to_be_so_and_shows_nothing(content: bytes, locator: str) -> None:
    with pytest.raises(UnshownError) as refused:
        look(content, locator)
    assert refused.value.reason in {"broken", "bomb"}


def test_a_broken_workbook_is_said_to_be_so() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nothing")
    with pytest.raises(UnshownError):
        look(packed.getvalue(), "row=1")


SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(sheet_data: str) -> bytes:
    """The invented list with another sheet in it, packed."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(FIXTURES / "au_dfat_sandbox.xlsx") as book,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in book.namelist():
            sheet = f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet_data}</sheetData></worksheet>'
            made.writestr(name, sheet if name.startswith("xl/worksheets/") else book.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    "sheet_data",
    [
        '<row><c r="A1"><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>',
        "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 100)),
        ("<row>" + "<c/>" * 1000 + "</row>") * 2001,
    ],
)
def test_a_workbook_is_not_held_beyond_what_a_list_takes(sheet_data: str) -> None:
    content = with_sheet(sheet_data)
    assert len(content) < 100_000
    with pytest.raises(UnshownError, match="large"):
        look(content)


def test_a_row_of_a_workbook_is_shown_where_no_row_is_that_far() -> None:
    window = look(with_sheet("<row><c><v>1</v></c></row>"), f"row={10**17}")
    assert not window.found


def test_a_bomb_is_not_unpacked_to_its_end() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    bomb = b"".join(packer.compress(b"\0" * 2**20) for _ in range(512)) + packer.flush()
    with pytest.raises(UnshownError) as refused:
        look(bomb, "line=2")
    assert refused.value.reason == "bomb"


class Read(io.BytesIO):
    """A file that knows how many bytes were read of it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self.count += len(block)
        return block


def test_of_a_long_element_no_more_is_read_than_is_shown() -> None:
    file = Read(b"<r>" + b"<a><b>x</b></a>" * 500_000 + b"</r>")
    place = Place.parse("xpath=/r")
    assert place is not None
    window = shown(file, size=len(file.getvalue()), media_type="application/xml", place=place)
    assert [row.cells[0] for row in window.rows[:3]] == ["<r>", "  <a>", "    <b>x</b>"]
    assert len(window.rows) == 200
    assert window.cut
    assert file.count < 200_000


def test_an_element_is_shown_alike_however_long_what_follows_in_it_is() -> None:
    short, long = (b"<r><a n='1'>x</a>tail<c><d/></c>" + b"<a/>" * many + b"</r>" for many in (150, 150_000))
    assert look(short, "xpath=/r").rows[:150] == look(long, "xpath=/r").rows[:150]


def test_a_text_or_a_tag_without_an_end_is_not_held() -> None:
    window = look(b"<r>" + b"x" * 3_000_000 + b"</r>", "xpath=/r")
    assert window.cut
    assert len(here(window)[0][0]) == 2001
    with pytest.raises(UnshownError, match="broken"):
        look(b"<r a='" + b"x" * 3_000_000 + b"'/>", "xpath=/r")


def test_no_more_tags_are_passed_on_the_way_to_an_element_than_a_list_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bongsu.web.pages.exhibits.preview.markup.MOST_TAGS", 1000)
    assert here(look(b"<r>" + b"<a/>" * 900 + b"<b/></r>", "xpath=/r/b")) == [("<b/>",)]
    with pytest.raises(UnshownError, match="large"):
        look(b"<r>" + b"<a/>" * 100_000 + b"<b/></r>", "xpath=/r/b")


def test_json_of_more_values_than_a_list_has_is_shown_as_lines() -> None:
    assert look(b"[" + b"[]," * 600_000 + b"0]").rows[0].cells[0].startswith("[[],[],")
    assert look(b"[" + b"[]," * 1000 + b"0]").rows[1].cells[0] == "  [],"


def test_of_json_no_more_lines_are_made_than_are_shown() -> None:
    deep = b"[" * 900 + b"0," * 100_000 + b"0" + b"]" * 900  # 100,000 lines of 1,800 blanks: 180 MB
    asked = tracemalloc_peak(lambda: look(deep))
    assert asked < 50 * 2**20


def tracemalloc_peak(run: Callable[[], object]) -> int:
    """The most bytes that Python held more during a call than before."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_html_and_svg_are_text_and_no_image() -> None:
    for content in (
        b"<!doctype html><script>alert(1)</script>\n",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>\n",
    ):
        window = look(content)
        assert window.form == "text"
    assert look(b"\x89PNG\r\n\x1a\n\0\0").form == "image"


def test_a_small_parquet_file_that_repeats_one_large_value_is_shown_without_holding_it_each_time() -> None:
    rows = io.BytesIO()
    table = pa.table({"said": pa.array(["x" * 2**19] * 5000), "deep": pa.array([[1, 2]] * 5000)})
    pq.write_table(table, rows, compression="zstd", use_dictionary=["said"])
    assert len(rows.getvalue()) < 2**20
    pool, usual = pa.system_memory_pool(), pa.default_memory_pool()
    pa.set_memory_pool(pool)
    try:
        window = look(rows.getvalue(), "row=4000")
    finally:
        pa.set_memory_pool(usual)
    assert pool.max_memory() < 64 * 2**20
    assert here(window)[0][0].startswith("xxx")
    assert here(window)[0][1] == "list<element: int64>"


def test_parquet_values_of_every_kind_are_shown() -> None:
    rows = io.BytesIO()
    columns = {
        "sum": pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
        "code": pa.array([b"abcd", b"efgh"], pa.binary(4)),
        "name": ["SANDBOX ONE", None],
        "kind": pa.array(["a", "b"]).dictionary_encode(),
        "at": pa.array([0, 1], pa.timestamp("s", "UTC")),
    }
    pq.write_table(pa.table(columns), rows)
    assert here(look(rows.getvalue(), "row=1"))[0] == (
        "1.50", "b'abcd'", "SANDBOX ONE", "a", "1970-01-01 00:00:00+00:00",
    )  # fmt: skip
    assert here(look(rows.getvalue(), "row=2"))[0][:3] == ("", "b'efgh'", "")


def test_a_zip_file_that_lists_more_than_is_looked_into_is_not() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20_001):
            archive.writestr(f"sandbox/{number}", b"")
    with pytest.raises(UnshownError) as refused:
        look(packed.getvalue(), "")
    assert refused.value.reason == "large"
