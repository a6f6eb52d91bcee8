"""The bytes of a list as XML: UTF-8, well-formed, without document types or entities, or refused."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Final
from xml.etree.ElementTree import Element, ParseError  # the types only; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.encoding import utf_8
from bongsu.lists.model import Part

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
    except DefusedXmlException:
        raise SourceRefusedError(
            "holds a document type or entity declaration, which this list never does; it was not read further",
            where=part.name,
        ) from None
    except ParseError as error:
        line, column = error.position
        raise SourceRefusedError(
            f"is not well-formed XML: {str(error).partition(':')[0]} at line {line}, column {column}",
            where=part.name,
            remedy="fetch the file again from the publisher; it is cut or was altered",
        ) from None
    if root.tag != tag:
        raise SourceRefusedError(f"begins with <{root.tag}>, not <{tag}>", where=part.name)
    return root


def _check_encoding(part: Part) -> None:
    """Refuse bytes that are not UTF-8, or claim not to be: the parser believes a false claim and garbles the names."""
    utf_8(part)
    declared = _DECLARED.match(part.content.removeprefix(BOM_UTF8))
    encoding = "UTF-16" if b"\0" in part.content else declared[1].decode() if declared else "UTF-8"
    if encoding.upper() != "UTF-8":
        raise SourceRefusedError(
            f"is in the encoding {encoding!r}, or says so; this list is UTF-8",
            where=part.name,
            remedy="fetch the file again from the publisher; it was re-encoded on its way",
        )
