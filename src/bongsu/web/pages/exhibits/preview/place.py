"""A place inside an exhibit, from the locator of a citation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, Self, TypeAlias

Unit: TypeAlias = Literal["whole", "line", "row", "cell", "bytes", "page", "xpath", "box", "time"]
# As `kernel.citation` takes them; the list of vessels also counts rows through its pages.
_NUMBERED: Final = re.compile(r"(line|row|cell|bytes|page)=([0-9]{1,18})(?:([,-])([0-9]{1,18}))?")
_PAGE_ROW: Final = re.compile(r"page=([0-9]{1,18});row=[0-9]{1,18}")
_COUNT: Final = r"([0-9]{1,18})"
_BOX: Final = rf"xywh=(percent:)?{_COUNT},{_COUNT},{_COUNT},{_COUNT}"
_SECONDS: Final = r"[0-9]{1,18}(?:\.[0-9]{1,18})?"
_BOXED: Final = re.compile(rf"(?:page=([0-9]{{1,18}})&)?{_BOX}")
_TIMED: Final = re.compile(rf"t=({_SECONDS})?(?:,({_SECONDS}))?(?:&{_BOX})?")
_STEP: Final = re.compile(r"/((?:\{[^}]*\})?[^/\[\]{}]+)(?:\[([0-9]{1,18})\])?")
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a path: the element's name, with its namespace in braces or without, and which of its kind."""

    name: str
    index: int = 1

    def fits(self, tag: str) -> bool:
        """Whether an element's tag is meant: a name without a namespace means it in any."""
        plain = self.name.rpartition(":")[2] if not self.name.startswith("{") else self.name
        return self.name == tag or (not plain.startswith("{") and tag.rpartition("}")[2] == plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of an image or a page (W3C Media Fragments URI 1.0, 4.2.2).

    Args:
        left, top, width, height: in pixels of an image, points of a page, or percent of either.
        percent: whether they are in percent.
    """

    left: int
    top: int
    width: int
    height: int
    percent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of a recording in seconds, as it is written; an empty text is the recording's own begin or end."""

    begins: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to look.

    Args:
        unit: in what it is counted; `whole` is the exhibit as such.
        first, last: from 1, both counted in; of a cell its row and column.
        steps: of a path of elements, from the root on.
        attribute: the attribute at the path's end, or None.
        box: of an image or a page, or None.
        span: of a recording, or None.
    """

    unit: Unit = "whole"
    first: int = 1
    last: int = 1
    steps: tuple[Step, ...] = ()
    attribute: str | None = None
    box: Box | None = None
    span: Span | None = None

    @classmethod
    def parse(cls, locator: str) -> Self | None:
        """The place of a locator; None where it is none that can be shown.

        `line=12` is the twelfth line, `line=12,14` after RFC 5147 the lines between the positions 12 and 14, which are
        the 13th and the 14th; `row=12-14` after RFC 7111 three rows; `bytes=0,120` the first 120.
        """
        if not locator:
            return cls()
        if len(locator) > LONGEST:
            return None
        if locator.startswith("xpath="):
            return cls._path(locator.removeprefix("xpath="))
        if boxed := _BOXED.fullmatch(locator):
            box = _box(boxed.groups()[1:])
            return cls(unit="box", box=box) if boxed[1] is None else cls._page(int(boxed[1]), box)
        if timed := _TIMED.fullmatch(locator):
            return cls._time(timed[1] or "", timed[2] or "", _box(timed.groups()[2:]))
        paged = _PAGE_ROW.fullmatch(locator)
        found = _NUMBERED.fullmatch(f"page={paged[1]}" if paged else locator)
        return None if found is None else cls._numbered(found[1], int(found[2]), found[3], int(found[4] or found[2]))

    @classmethod
    def _numbered(cls, unit: str, first: int, sign: str | None, second: int) -> Self | None:
        match unit:
            case "cell" if sign == ",":
                return cls._of("cell", first, second)
            case "bytes":
                return cls._of("bytes", first + 1, second if sign else first + 1)
            case "line" if sign == ",":
                return cls._of("line", first + 1, second)
            case "line" | "row" | "page":
                return cls._of(unit, first, second)
        return None

    @classmethod
    def _of(cls, unit: Unit, first: int, last: int) -> Self | None:
        if first < 1 or last < 1 or (unit != "cell" and last < first):
            return None
        return cls(unit=unit, first=first, last=last)

    @classmethod
    def _page(cls, number: int, box: Box | None) -> Self | None:
        return cls(unit="page", first=number, last=number, box=box) if number else None

    @classmethod
    def _time(cls, begins: str, ends: str, box: Box | None) -> Self | None:
        if not (begins or ends) or (ends and float(begins or 0) >= float(ends)):
            return None
        return cls(unit="time", span=Span(begins=begins, ends=ends), box=box)

    @classmethod
    def _path(cls, path: str) -> Self | None:
        steps: list[Step] = []
        attribute: str | None = None
        at = 0
        while at < len(path):
            found = _STEP.match(path, at)
            if found is None or attribute is not None:
                return None
            name, index, at = found[1], int(found[2] or 1), found.end()
            if name.startswith("@") and not found[2]:
                attribute = name[1:]
            elif index < 1 or name.startswith("@"):
                return None
            else:
                steps.append(Step(name=name, index=index))
        return cls(unit="xpath", steps=tuple(steps), attribute=attribute) if steps else None


def _box(parts: tuple[str | None, ...]) -> Box | None:
    """A box from whether it is in percent and its four numbers; None where there is none."""
    numbers = [int(part) for part in parts[1:] if part is not None]
    if len(numbers) != 4:
        return None
    left, top, width, height = numbers
    return Box(left=left, top=top, width=width, height=height, percent=parts[0] is not None)
