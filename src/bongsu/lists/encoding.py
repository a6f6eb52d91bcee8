"""The bytes of a list as text: UTF-8 or refused."""

from __future__ import annotations

from codecs import BOM_UTF8

from bongsu.kernel.errors import SourceRefusedError
from bongsu.lists.model import Part


def utf_8(part: Part) -> str:
    """The text of a part, a byte order mark left out.

    Raises:
        SourceRefusedError: not UTF-8; the message names the first such byte, its offset and its line.
    """
    try:
        return part.content.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        offset = error.start + len(part.content) - len(error.object)
        line = part.content.count(b"\n", 0, offset) + 1
        raise SourceRefusedError(
            f"is not UTF-8: byte 0x{part.content[offset]:02x} at offset {offset} (line {line})",
            where=part.name,
            remedy="fetch the file again from the publisher; it was re-encoded on its way",
        ) from None
