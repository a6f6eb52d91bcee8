"""A window onto an exhibit: some of its lines or rows, the place cited among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from bongsu.web.pages.exhibits.preview.place import Box

Form: TypeAlias = Literal["text", "table", "image", "page"]
#: So many lines or rows stand before and after the place cited.
AROUND: Final = 12
#: So many are shown at most, whatever is cited.
MOST: Final = 200
#: A cell or a line is cut after so many characters.
LONGEST: Final = 2000


class UnshownError(Exception):
    """Why nothing can be shown, as one of the reasons in `REASONS`; what the parser said stands beside it."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.said = said[:200]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line or a row.

    Args:
        number: where it stands, from 1; of the lines of an element or a page, in that.
        cells: its texts; a line has one.
        here: whether it is cited.
        cell: the column that is cited, from 1; 0 where the whole row is.
        first_here: whether it is the first that is cited.
    """

    number: int
    cells: tuple[str, ...]
    here: bool = False
    cell: int = 0
    first_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A box as it is drawn over an image or a page.

    Args:
        across, down: what that measures in the box's unit: pixels of an image, points of a page, or 100 percent.
        left, top, width, height: the box, cut at its edges.
    """

    across: float
    down: float
    left: int
    top: int
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is shown.

    Args:
        form: lines of text, rows of a table, an image, or a page with the lines of its text.
        rows: in order.
        header: names of columns; empty where there are none.
        found: whether the place cited is there; True where none is cited.
        before, after: whether there is more that is not shown.
        what: what it is a part of, such as the path of an element or the number of a page.
        cut: whether a line or cell was too long to show whole.
        frame: what is drawn over an image or a page, or None.
        size: what that measures, in pixels or points; None where it is not known.
        page, pages: the number of the page, and how many there are; 0 where there are none.
        wordless: why the text of a page cannot be shown, or None.
    """

    form: Form
    rows: tuple[Row, ...] = ()
    header: tuple[str, ...] = ()
    found: bool = True
    before: bool = False
    after: bool = False
    what: str = ""
    cut: bool = False
    frame: Frame | None = None
    size: tuple[float, float] | None = None
    page: int = 0
    pages: int = 0
    wordless: UnshownError | None = None


def framed(box: Box | None, size: tuple[float, float] | None) -> tuple[Frame | None, bool]:
    """A box as it is drawn over what measures so much, cut at its edges; and whether any of it lies there.

    Without a box nothing is missing; one in pixels or points of what has no known size is not drawn.
    """
    if box is not None and box.percent:
        size = (100, 100)
    if box is None or size is None:
        return None, True
    across, down = size
    width, height = min(box.width, across - box.left), min(box.height, down - box.top)
    if width <= 0 or height <= 0:
        return None, False
    return Frame(across=across, down=down, left=box.left, top=box.top, width=width, height=height), True


def around(first: int, last: int) -> tuple[int, int]:
    """The first and last number that a window shows of a place."""
    begin = max(1, first - AROUND)
    return begin, min(last + AROUND, begin + MOST - 1)


def clipped(text: str) -> str:
    """A text that is not too long, without characters that would hide or turn what stands around them."""
    short = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    return "".join(each if each.isprintable() or each == "\t" else "�" for each in short)


def text_window(lines: list[str], *, first: int = 1, last: int = 0, what: str = "") -> Window:
    """A window onto lines that are all at hand.

    Args:
        lines: all of them.
        first: the first line that is cited.
        last: the last one; before the first, nothing is cited.
        what: what they are a part of.
    """
    begin, end = (1, MOST) if last < first else around(first, last)
    part = lines[begin - 1 : end]
    return Window(
        form="text",
        rows=tuple(
            Row(number=number, cells=(clipped(line),), here=first <= number <= last)
            for number, line in enumerate(part, start=begin)
        ),
        found=last < first or first <= len(lines),
        before=begin > 1,
        after=len(lines) > end,
        what=what,
        cut=any(len(line) > LONGEST for line in part),
    )
