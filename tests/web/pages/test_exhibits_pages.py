"""Pages of PDF exhibits as pictures: the box lies where it is cited, hostile files end soon, strangers get nothing."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat
from pypdf import PdfReader, PdfWriter

from bongsu.cases.handling import Tlp
from bongsu.evidence import Folder
from bongsu.kernel.citation import Citation
from bongsu.web.accounts.models import Member, Person
from bongsu.web.pages.exhibits.preview.papers import size_points
from bongsu.web.pages.exhibits.sheets import pictures
from bongsu.web.pages.exhibits.sheets.limits import Outcome
from bongsu.web.pages.exhibits.sheets.pictures import Album, NotNowError, drawn_alone
from bongsu.web.record.models import Entry

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from exhibits_floor import case_citing
from test_exhibits import give, shown_at
from written_pdf import korean, pdf, rectangle, words

pytestmark = pytest.mark.django_db
Persons = Callable[..., Person]
Browsers = Callable[..., Client]

#: 200 wide and 36 high, 90 from the left and 120 from the bottom of the media box.
BLACK: Final = (90, 120, 200, 36)
#: A media box that does not begin at zero, and a crop box within it.
MEDIA, CROP = (10, 20, 622, 812), (60, 100, 460, 700)


def drawn(content: bytes, number: int = 1, pixels: int = 800) -> Image.Image:
    """The picture of a page."""
    picture = drawn_alone(io.BytesIO(content), number, pixels)
    assert isinstance(picture, bytes), picture
    return Image.open(io.BytesIO(picture)).convert("L")


def lights(picture: Image.Image, size: tuple[float, float], box: tuple[float, ...]) -> tuple[float, float]:
    """How light a picture is inside a box and outside of it, from 0 to 255; two pixels at its edges are left out."""
    across, down = picture.width / size[0], picture.height / size[1]
    left, top = round(box[0] * across), round(box[1] * down)
    right, bottom = round((box[0] + box[2]) * across), round((box[1] + box[3]) * down)
    inside = picture.crop((left + 2, top + 2, right - 2, bottom - 2))
    outside = picture.copy()
    outside.paste(255, (left - 2, top - 2, right + 2, bottom + 2))
    return ImageStat.Stat(inside).extrema[0][1], ImageStat.Stat(outside).extrema[0][0]


def turned(box: tuple[int, int, int, int], size: tuple[int, int], degrees: int) -> tuple[int, int, int, int]:
    """A box from the top left of a page that is then turned clockwise."""
    left, top, width, height = box
    across, down = size
    for _ in range(degrees // 90):
        left, top, width, height = down - top - height, left, height, width
        across, down = down, across
    return left, top, width, height


@pytest.mark.parametrize("inherited", [False, True])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, CROP])
def test_what_is_black_lies_in_the_box_that_is_cited(
    store: Folder,
    signed_in: Browsers,
    crop: tuple[int, int, int, int] | None,
    degrees: int,
    inherited: bool,
) -> None:
    shown = crop or MEDIA
    size = (shown[2] - shown[0], shown[3] - shown[1])
    from_top_left = (BLACK[0] - shown[0], shown[3] - BLACK[1] - BLACK[3], BLACK[2], BLACK[3])
    box = turned(from_top_left, size, degrees)
    said = f"/Rotate {degrees}" + ("" if crop is None else f"/CropBox [{' '.join(map(str, crop))}]")
    media = f"[{' '.join(map(str, MEDIA))}]"
    content = pdf(rectangle(*BLACK), box=media, **{"tree" if inherited else "page": said})

    browser = signed_in()
    digest = give(browser, content, "SANDBOX.pdf")
    page = shown_at(browser, digest, f"page=1&xywh={','.join(map(str, box))}")
    frame = re.search(r'<svg viewBox="0 0 (\S+) (\S+)"', page)
    rect = re.search(r'<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"', page)
    assert frame
    assert rect
    measures = (float(frame[1]), float(frame[2]))
    assert measures == (size if degrees % 180 == 0 else size[::-1])
    answer = browser.get(f"/exhibits/{digest}/pages/1/screen.png")
    picture = Image.open(io.BytesIO(answer.content)).convert("L")
    inside, outside = lights(picture, measures, tuple(map(float, rect.groups())))
    assert inside < 10
    assert outside > 245


CORNERS = st.lists(st.integers(-2000, 2000), min_size=4, max_size=4)
BOXES = st.one_of(st.none(), CORNERS, st.sampled_from([[], [0, 0, 10], [5, 5, 5, 90], [0.5, 0.25, 100.75, 99]]))


@settings(max_examples=20)
@given(st.lists(st.tuples(BOXES, BOXES, st.sampled_from([0, 90, -90, 180, 270, 450, 45])), min_size=8, max_size=8))
def test_a_page_measures_what_its_picture_does(pages: list[tuple[list[float] | None, ...]]) -> None:
    files = []
    for media, crop, degrees in pages:
        said = f"/Rotate {degrees}" + ("" if crop is None else f"/CropBox [{_numbers(crop)}]")
        files.append(pdf("", box="" if media is None else f"[{_numbers(media)}]", page=said))
    found = [size_points(PdfReader(io.BytesIO(each)).pages[0]) for each in files]
    program = (
        "import pypdfium2, sys\nfor line in sys.stdin:\n"
        "    print(*pypdfium2.PdfDocument(bytes.fromhex(line))[0].get_size())\n"
    )
    lines = "\n".join(each.hex() for each in files)
    done = subprocess.run([sys.executable, "-c", program], input=lines, capture_output=True, text=True, check=True)
    for ours, theirs in zip(found, done.stdout.splitlines(), strict=True):
        measured = tuple(map(float, theirs.split()))
        assert (ours or (0, 0)) == pytest.approx(measured if min(measured) > 0 else (0, 0), abs=0.01)


def _numbers(corners: list[float]) -> str:
    return " ".join(map(str, corners))


def test_a_page_is_drawn_with_its_letters_and_the_right_one() -> None:
    content = pdf(words("SANDBOX ONE"), rectangle(0, 0, 612, 792))
    first, second = drawn(content), drawn(content, 2)
    assert first.getextrema() != (255, 255)
    assert ImageStat.Stat(first).mean[0] > 250
    assert second.getextrema() == (0, 0)
    assert drawn_alone(io.BytesIO(content), 3, 800) is Outcome.NO_SUCH_PAGE


def test_korean_letters_are_drawn_though_the_file_lacks_their_font() -> None:
    if not Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists():
        pytest.skip("the font is not installed (apt: fonts-noto-cjk)")
    written, blank = drawn(pdf(korean("봉수"))), drawn(pdf(korean("  ")))
    assert written.getextrema()[0] < 64
    assert blank.getextrema() == (255, 255)


@pytest.mark.parametrize("box", ["[0 0 612 792]", "[0 0 14400 14400]", "[0 0 1 14400]", "[0 0 3 3]"])
def test_no_picture_is_larger_than_was_asked(box: str) -> None:
    picture = drawn(pdf("", box=box), pixels=700)
    assert max(picture.size) <= 701
    assert min(picture.size) >= 1


def locked(user: str) -> bytes:
    """A PDF that a password opens; the empty one opens it for everybody."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(words("SANDBOX LOCKED")))))
    writer.encrypt(user_password=user, owner_password="invented", algorithm="AES-256")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def deflated(content: bytes, times: int) -> bytes:
    """A page whose instructions are packed a number of times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return pdf(content, stream="/Filter [" + "/FlateDecode " * times + "]")


HOSTILE: Final = {
    "a password": (locked("invented"), "It is encrypted."),
    "broken": (b"%PDF-1.7\nnothing", "The file is broken or not what it seems to be"),
    "cut off": (pdf(words("SANDBOX"))[:200], "The file is broken or not what it seems to be"),
    "no pages": (pdf(), "The file is broken or not what it seems to be"),
    "huge": (pdf(words("SANDBOX HUGE"), box="[0 0 200000 200000]"), "The page measures more than a page"),
    "a bomb": (deflated(rectangle(0, 0, 9, 9).encode() * 40_000_000, 2), "Drawing this page takes more than one page"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_no_picture_and_is_told_of_in_words(store: Folder, signed_in: Browsers, name: str) -> None:
    content, said = HOSTILE[name]
    browser = signed_in()
    digest = give(browser, content, "SANDBOX.pdf")
    page = shown_at(browser, digest, "page=1")
    assert 'class="callout warn" role="note"' in page or "<bongsu-box" in page
    for _ in range(2):  # what was found out is remembered, and said again
        answer = browser.get(f"/exhibits/{digest}/pages/1/screen.png")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        assert said in answer.content.decode()


def test_the_text_stays_where_the_picture_cannot_be(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, HOSTILE["huge"][0], "SANDBOX.pdf"), "page=1")
    assert "SANDBOX HUGE" in page
    assert 'class="table dense exhibit-window exhibit-text"' in page


def test_the_picture_stays_where_the_text_cannot_be(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    digest = give(browser, pdf(rectangle(0, 0, 9, 9) * 200_000), "SANDBOX.pdf")
    page = shown_at(browser, digest)
    assert "It is too large to be shown here" in page
    assert f'src="/exhibits/{digest}/pages/1/screen.png"' in page
    assert browser.get(f"/exhibits/{digest}/pages/1/screen.png").status_code == 200


def test_a_file_that_the_empty_password_opens_is_shown(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    digest = give(browser, locked(""), "SANDBOX.pdf")
    assert "SANDBOX LOCKED" in shown_at(browser, digest)
    assert browser.get(f"/exhibits/{digest}/pages/1/screen.png").status_code == 200


def test_a_scanned_page_is_there_though_it_holds_no_text(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, pdf(rectangle(0, 0, 99, 99)), "SANDBOX.pdf"), "page=1")
    assert "This page holds no text" in page
    assert "is not in this exhibit" not in page


def test_a_drawing_that_takes_too_long_is_ended() -> None:
    with pytest.raises(NotNowError):
        drawn_alone(io.BytesIO(pdf("")), 1, 800, wall_seconds=0)


def test_a_page_is_drawn_where_the_machine_gives_less_than_the_limits() -> None:
    program = (
        "import io, resource, sys\nfrom bongsu.web.pages.exhibits.sheets.pictures import drawn_alone\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (9, 9))\nresource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))\n"
        "print(drawn_alone(io.BytesIO(sys.stdin.buffer.read()), 1, 800)[:4])"
    )
    done = subprocess.run([sys.executable, "-c", program], input=pdf(words("SANDBOX")), capture_output=True, check=True)
    assert done.stdout.decode().strip() == repr(b"\x89PNG")


def test_a_program_that_cannot_run_is_told_of_in_the_log_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('its library does not load here')", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(NotNowError):
        drawn_alone(io.BytesIO(pdf("")), 1, 800)
    assert "cannot be drawn" in caplog.text


def test_when_too_many_are_drawn_one_is_told_to_try_again(
    store: Folder, signed_in: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in()
    digest = give(browser, pdf(words("SANDBOX BUSY")), "a.pdf")
    monkeypatch.setattr(pictures, "_PATIENCE_S", 0)
    with pictures._places, pictures._places:
        answer = browser.get(f"/exhibits/{digest}/pages/1/screen.png")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "Try again" in answer.content.decode()
    assert browser.get(f"/exhibits/{digest}/pages/1/screen.png").status_code == 200


SEALED: Final = """
import os, resource, socket
from bongsu.web.pages.exhibits.sheets import draw
from bongsu.web.pages.exhibits.sheets.limits import CPU_SECONDS, MEMORY_BYTES, MOST_PICTURE_BYTES
draw._give_up_everything()
refused = []
for tries in (
    lambda: open("/etc/passwd"), lambda: socket.socket(), lambda: os.dup(0), lambda: os.pipe(),
    lambda: bytearray(MEMORY_BYTES),
):
    try:
        tries()
    except (OSError, MemoryError) as error:
        refused.append(type(error).__name__)
limits = [resource.getrlimit(each) for each in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC)]
assert limits == [(CPU_SECONDS,) * 2, (MOST_PICTURE_BYTES,) * 2, (0, 0)], limits
print(*refused)
"""


def test_the_program_that_draws_can_reach_nothing_and_take_no_more_than_it_is_given() -> None:
    done = subprocess.run([sys.executable, "-c", SEALED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["OSError"] * 4 + ["MemoryError"]


def test_the_site_never_loads_what_draws() -> None:
    program = (
        "import django, sys; django.setup()\nfrom django.urls import get_resolver\nget_resolver().url_patterns\n"
        "from bongsu.web.pages.exhibits.sheets import views\n"
        "print([name for name in sys.modules if name.startswith('pypdfium2')])"
    )
    kept = {**os.environ, "DJANGO_SETTINGS_MODULE": "bongsu.web.settings"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=kept)
    assert done.stdout.strip() == "[]"


def test_a_picture_is_sealed_as_the_bytes_are(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    answer = browser.get(f"/exhibits/{give(browser, pdf(words('SANDBOX')), 'a.pdf')}/pages/1/large.png")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert max(Image.open(io.BytesIO(answer.content)).size) == 792 * 4


def test_who_may_not_read_the_exhibit_gets_no_picture_though_it_was_drawn_before(
    store: Folder, signed_in: Browsers, person: Persons, members: dict[str, Member]
) -> None:
    browser = signed_in()
    digest = give(browser, pdf(words("SANDBOX SECRET")), "a.pdf", tlp=int(Tlp.AMBER_STRICT))
    address = "/exhibits/{}/pages/1/screen.png"
    assert browser.get(address.format(digest)).status_code == 200
    stranger = person(member="beta")
    theirs = signed_in(of=stranger)
    refused, nothing = theirs.get(address.format(digest)), theirs.get(address.format("0" * 64))
    assert (refused.status_code, nothing.status_code) == (404, 404)
    pages = [re.sub(r'csrf-token" content="\w+|csrfmiddlewaretoken" value="\w+|[0-9a-f]{64}', "", each.content.decode())
             for each in (refused, nothing)]  # fmt: skip
    assert pages[0] == pages[1]
    entries = Entry.objects.filter(kind="access.refused", by=stranger.username)
    assert {entry.subject for entry in entries} == {digest, "0" * 64}


def test_an_address_of_no_page_is_none(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    paper, note = give(browser, pdf(""), "a.pdf"), give(browser, b"SANDBOX\n")
    for where in (f"{paper}/pages/2/screen.png", f"{paper}/pages/0/screen.png", f"{paper}/pages/1/vast.png",
                  f"{paper}/pages/{10**30}/screen.png", f"{note}/pages/1/screen.png"):  # fmt: skip
        assert browser.get(f"/exhibits/{where}").status_code == 404


def test_the_pages_lead_to_each_other(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    digest = give(browser, pdf(*(words(f"SANDBOX {number}") for number in range(1, 4))), "a.pdf")
    middle = shown_at(browser, digest, "page=2")
    assert "SANDBOX 2" in middle
    for rel, number in (("prev", 1), ("next", 3)):
        assert f'<a rel="{rel}" href="/exhibits/{digest}/?at=page%3D{number}#here">' in middle
    assert 'rel="prev"' not in shown_at(browser, digest)
    assert 'rel="next"' not in shown_at(browser, digest, "page=3")
    assert 'alt="Page 2 of 3 of “SANDBOX note”; its text stands beside it."' in middle
    assert middle.count('id="here"') == 1
    gone = browser.get(f"/exhibits/{digest}/", {"page": "3"})
    assert gone["Location"] == f"/exhibits/{digest}/?at=page%3D3#here"
    assert "is not in this exhibit" in shown_at(browser, digest, "page=4")


def test_the_way_from_a_claim_leads_to_the_page_and_its_box(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst = person()
    browser = signed_in(of=analyst)
    digest = give(browser, pdf(words("SANDBOX ONE"), words("SANDBOX TWO")), "a.pdf")
    cited = Citation(exhibit=digest, locator="page=2&xywh=72,80,100,20")
    case = case_citing(analyst, [cited], with_indicator=False)
    finding = browser.get(f"/cases/{case.id}/findings/{case.findings[0].id}/").content.decode()
    address = f"/exhibits/{digest}/?at=page%3D2%26xywh%3D72%2C80%2C100%2C20"
    assert f'href="{address}#here"' in finding
    page = browser.get(address).content.decode()
    assert f'src="/exhibits/{digest}/pages/2/screen.png"' in page
    assert '<rect x="72" y="80" width="100" height="20"/>' in page
    assert case.title in page


def test_a_box_outside_the_page_is_not_there(store: Folder, signed_in: Browsers) -> None:
    browser = signed_in()
    page = shown_at(browser, give(browser, pdf(words("SANDBOX")), "a.pdf"), "page=1&xywh=612,0,10,10")
    assert "The place cited is not in this exhibit." in page
    assert page.count('id="here"') == 1


PICTURES = st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.binary(max_size=3000))


@given(st.lists(PICTURES, max_size=40))
def test_an_album_holds_the_last_pictures_and_no_more_bytes_than_it_may(kept: list[tuple[str, int, bytes]]) -> None:
    album = Album(6000)
    for digest, number, picture in kept:
        album.keep(digest, number, 800, picture)
        assert album.find(digest, number, 800) == picture
        assert album.find(digest, number, 1600) is None
    held = {(digest, number): album.find(digest, number, 800) for digest, number, _ in kept}
    assert sum(len(each) for each in held.values() if isinstance(each, bytes)) <= 6000
