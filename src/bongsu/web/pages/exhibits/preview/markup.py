"""XML as a stream: only the element that is cited is kept, and printed as indented text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError  # the types only; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from bongsu.web.pages.exhibits.preview.place import Place, Step
from bongsu.web.pages.exhibits.preview.window import MOST, UnshownError, Window, text_window

_DEEPEST: Final = 200
_MOST_CHARACTERS: Final = 200_000


def element_window(stream: BinaryIO, place: Place) -> Window:
    """The element at a path.

    Raises:
        UnshownError: not well-formed, or with a document type in it, which could hide what it holds.
    """
    try:
        found = _found(stream, place.steps)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise UnshownError("broken", type(error).__name__ if not str(error) else str(error)) from None
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
    return Window(
        form="text", rows=window.rows, before=True, after=True, what=path, cut=window.cut or len(lines) > MOST
    )


def _found(stream: BinaryIO, steps: tuple[Step, ...]) -> Element | None:
    """The element at a path; what does not lead to it is let go as it ends."""
    open_elements: list[Element] = []
    counts: list[dict[str, int]] = [{}]
    on_path = 0  # how many of the steps the open elements have met, from the root
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        depth = len(open_elements)
        if event == "start":
            if depth >= _DEEPEST:
                raise UnshownError("broken", "nested too deeply")
            if on_path == depth < len(steps) and steps[depth].fits(element.tag):
                name = steps[depth].name
                counts[depth][name] = counts[depth].get(name, 0) + 1
                on_path += counts[depth][name] == steps[depth].index
            open_elements.append(element)
            counts.append({})
            continue
        if on_path == depth == len(steps):
            return element  # type: ignore[no-any-return]  # defusedxml has no types
        open_elements.pop()
        counts.pop()
        on_path = min(on_path, depth - 1)
        if on_path < len(steps) and open_elements:
            open_elements[-1].remove(element)
    return None


def _printed(element: Element, depth: int = 0) -> Iterator[str]:
    indent = "  " * depth
    said = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    text = " ".join((element.text or "")[:_MOST_CHARACTERS].split())
    if not len(element):
        yield f"{indent}<{element.tag}{said}>{text}</{element.tag}>" if text else f"{indent}<{element.tag}{said}/>"
        return
    yield f"{indent}<{element.tag}{said}>{text}"
    for child in element:
        yield from _printed(child, depth + 1)
        tail = " ".join((child.tail or "")[:_MOST_CHARACTERS].split())
        if tail:
            yield f"{indent}  {tail}"
    yield f"{indent}</{element.tag}>"
