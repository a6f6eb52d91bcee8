"""XML as a stream: of the element that is cited as much is kept as is shown, and printed as indented text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, TreeBuilder  # what a tree is made of; nothing is parsed by them
from xml.parsers import expat  # document types, and so entities, are refused below

from bongsu.web.pages.exhibits.preview.place import Place, Step
from bongsu.web.pages.exhibits.preview.window import MOST, UnshownError, Window, text_window

_DEEPEST: Final = 200
_BLOCK_BYTES: Final = 2**16
#: Each element is a line at least, so that these are more than is shown.
_MOST_KEPT: Final = MOST + 1
_MOST_CHARACTERS: Final = 200_000
#: The list of the United Nations has a tag for every 31 bytes; so many are 310 MB of such, and 40 MB at worst.
MOST_TAGS: Final = 10_000_000
#: A tag longer than this is none.
_LONGEST_TAG: Final = 2**20


def element_window(stream: BinaryIO, place: Place) -> Window:
    """The element at a path.

    Raises:
        UnshownError: not well-formed, or with a document type in it, which could hide what it holds; or the place is
            further than a preview reads.
    """
    finder = _Finder(place.steps)
    found = finder.find(stream)
    path = "".join(f"/{step.name}[{step.index}]" for step in place.steps)
    if found is None:
        return Window(form="text", found=False, what=path)
    if place.attribute is not None:
        value = found.get(place.attribute)
        if value is None:
            return Window(form="text", found=False, what=path)
        return text_window([f'{place.attribute}="{value}"'], first=1, last=1, what=f"{path}/@{place.attribute}")
    lines = list(_printed(found))
    window = text_window(lines[:MOST], first=1, last=min(len(lines), MOST), what=path)
    cut = window.cut or finder.cut or len(lines) > MOST
    return Window(form="text", rows=window.rows, before=True, after=True, what=path, cut=cut)


class _Finder:
    """The way to the element at a path; what does not lead to it is passed and not kept.

    Args:
        steps: of the path, from the root on.
    """

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self._steps = steps
        self._depth = 0
        self._on_path = 0  # how many of the steps the open elements have met, from the root
        self._counts = [0] * len(steps)  # of the elements that fit each step, among their siblings
        self._builder = TreeBuilder()
        self._open: list[str] = []  # of the element found and those in it
        self._kept = self._characters = 0
        self._asked, self._fits = (-1, ""), False
        self._done = False
        self.cut = False

    def find(self, stream: BinaryIO) -> Element | None:
        """The element, or its beginning where it is longer than is shown.

        Raises:
            UnshownError: not well-formed up to its end, with a document type, or too long.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _no_document_type
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        read = tags = 0
        try:
            while not self._done and (block := stream.read(_BLOCK_BYTES)):
                parser.Parse(block, False)
                read += len(block)
                tags += block.count(b"<")
                if tags > MOST_TAGS:
                    raise UnshownError("large")
                if read - parser.CurrentByteIndex > _LONGEST_TAG + _BLOCK_BYTES:
                    raise UnshownError("broken", "a tag without an end")
            if not self._done:
                parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            if not self._done:  # what follows is not asked for
                raise UnshownError("broken", str(error) or type(error).__name__) from None
        if not self._done:
            return None
        for tag in reversed(self._open):
            self._builder.end(tag)
        return self._builder.close()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        depth = self._depth
        self._depth = depth + 1
        if self._open:
            if not self._done:
                self._keep(_tag(name), attributes)
        elif self._on_path == depth and self._is_step(depth, name):
            self._on_path += 1
            if self._on_path == len(self._steps):
                self._keep(_tag(name), attributes)
            else:
                self._counts[self._on_path] = 0
        if depth >= _DEEPEST and not self._done:
            raise UnshownError("broken", "nested too deeply")

    def _is_step(self, depth: int, name: str) -> bool:
        """Whether an element is the one that the step at its depth means."""
        asked = (depth, name)
        if asked != self._asked:  # most stand among others of their name
            self._asked, self._fits = asked, self._steps[depth].fits(_tag(name))
        self._counts[depth] += self._fits
        return self._fits and self._counts[depth] == self._steps[depth].index

    def _keep(self, tag: str, attributes: dict[str, str]) -> None:
        self._builder.start(tag, {_tag(name): value for name, value in attributes.items()})
        self._open.append(tag)
        self._kept += 1
        if self._kept >= _MOST_KEPT:
            self._done = self.cut = True

    def _end(self, name: str) -> None:
        if self._open and not self._done:
            self._builder.end(self._open.pop())
            self._done = not self._open
        self._depth -= 1
        self._on_path = min(self._on_path, self._depth)

    def _text(self, text: str) -> None:
        if self._open and not self._done:
            kept = text[: _MOST_CHARACTERS - self._characters]
            self.cut |= len(kept) < len(text)
            self._characters += len(kept)
            self._builder.data(kept)


def _no_document_type(*_: object) -> None:
    raise UnshownError("broken", "a document type")


def _tag(name: str) -> str:
    """A name as a path has it: `{namespace}name`."""
    return "{" + name if "}" in name else name


def _printed(element: Element, depth: int = 0) -> Iterator[str]:
    indent = "  " * depth
    said = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    text = " ".join((element.text or "").split())
    if not len(element):
        yield f"{indent}<{element.tag}{said}>{text}</{element.tag}>" if text else f"{indent}<{element.tag}{said}/>"
        return
    yield f"{indent}<{element.tag}{said}>{text}"
    for child in element:
        yield from _printed(child, depth + 1)
        tail = " ".join((child.tail or "").split())
        if tail:
            yield f"{indent}  {tail}"
    yield f"{indent}</{element.tag}>"
