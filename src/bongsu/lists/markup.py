"""The bytes of a list as XML: UTF-8, well-formed, without document types or entities, or refused."""

from __future__ import annotations

import io
import re
from codecs import BOM_UTF8, getincrementaldecoder
from collections.abc import Collection, Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError  # the types only; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.encoding import utf_8
from bongsu.lists.model import Part

_BLOCK: Final = 1 << 20
_DECLARED: Final = re.compile(rb"""<\?xml\s[^>]*?\sencoding\s*=\s*["']([^"'>]*)""")


def xml_root(part: Part, *, tag: str) -> Element:
    """The root element of a part.

    Args:
        part: the part, as received.
        tag: what the root must be, in Clark notation where it has a namespace (`{http://...}export`).

    Raises:
        SourceRefusedError: not UTF-8 or said not to be, not well-formed, a document type or entities in it, or another
            root.
    """
    _check_encoding(part)
    try:
        root: Element = fromstring(part.content, forbid_dtd=True)
    except (DefusedXmlException, ParseError) as error:
        raise _refused(part, error) from None
    if root.tag != tag:
        raise SourceRefusedError(f"begins with <{root.tag}>, not <{tag}>", where=part.name)
    return root


def xml_events(part: Part, *, tags: Collection[str]) -> Iterator[tuple[str, Element]]:
    """Each element of a part as it begins and as it ends, for lists too large to be held as one tree.

    An element that has ended stays in its parent until the caller takes it out: memory is bounded by what is left in.

    Args:
        part: the part, as received.
        tags: what the root may be, in Clark notation where it has a namespace.

    Yields:
        `start` or `end`, and the element; of one that starts, only tag and attributes are there yet.

    Raises:
        SourceRefusedError: as `xml_root`, some of it only when the events up to there were taken.
    """
    _check_encoding(part)
    events = iterparse(io.BytesIO(part.content), events=("start", "end"), forbid_dtd=True)
    try:
        event, root = next(events)
        if root.tag not in tags:
            raise SourceRefusedError(f"begins with <{root.tag}>, not <{' or '.join(sorted(tags))}>", where=part.name)
        yield event, root
        yield from events
    except (DefusedXmlException, ParseError) as error:
        raise _refused(part, error) from None


def _refused(part: Part, error: DefusedXmlException | ParseError) -> SourceRefusedError:
    if isinstance(error, ParseError):
        line, column = error.position
        return SourceRefusedError(
            f"is not well-formed XML: {str(error).partition(':')[0]} at line {line}, column {column}",
            where=part.name,
            remedy="fetch the file again from the publisher; it is cut or was altered",
        )
    return SourceRefusedError(
        "holds a document type or entity declaration, which this list never does; it was not read further",
        where=part.name,
    )


def _check_encoding(part: Part) -> None:
    """Refuse bytes that are not UTF-8, or claim not to be: the parser believes a false claim and garbles the names."""
    _check_bytes(part)
    declared = _DECLARED.match(part.content[:_BLOCK].removeprefix(BOM_UTF8))
    encoding = "UTF-16" if b"\0" in part.content else declared[1].decode() if declared else "UTF-8"
    if encoding.upper() != "UTF-8":
        raise SourceRefusedError(
            f"is in the encoding {encoding!r}, or says so; this list is UTF-8",
            where=part.name,
            remedy="fetch the file again from the publisher; it was re-encoded on its way",
        )


def _check_bytes(part: Part) -> None:
    """Refuse bytes that are not UTF-8, block by block: a list of 100 MB would need four times that as one text."""
    decoder = getincrementaldecoder("utf-8")()
    view = memoryview(part.content)
    try:
        for start in range(0, len(view), _BLOCK):
            decoder.decode(view[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        utf_8(part)  # says which byte, and where
