"""Records of a JSON file, an array or one a line, as rows of text: what is nested gets a name with points."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import BinaryIO, Final, cast

import pyarrow as pa

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.cleaning import MOST_SHOWN, SET_ASIDE, shown_value
from bongsu.sea.lines import blocks
from bongsu.sea.model import SetAside
from bongsu.sea.packing import Plain
from bongsu.sea.rows import BLANK, TOO_LONG, Rows

#: The most bytes of an array: it is one JSON text, so all of it is in memory.
MOST_BYTES: Final = 2**28
_NO_RECORD: Final = "record is no JSON object"
_STRANGE: Final = "record has a key that the card does not know"


def is_json(start: bytes) -> bool:
    """Whether a file by its first byte holds JSON records."""
    return start[:1] in {b"{", b"["}


def records_of(
    plain: Plain, *, taken: Sequence[str], ignored: Collection[str], from_line: int, lines: int, longest: int
) -> Iterator[Rows]:
    """The records of a file in blocks. Of an array the lines are its elements, from 1.

    Args:
        plain: what the file holds, from its first byte.
        taken: the names wanted, such as `mmsi` or `position.latitude`.
        ignored: names, or beginnings of names up to a point, that may be there too.
        from_line: the first line wanted, from 1.
        lines: how many a block holds at most.
        longest: the longest line, in bytes with its end.

    Raises:
        SourceRefusedError: an array that is no JSON or too large, or a packed file that is corrupt.
    """
    if plain.peek(1) == b"{":
        for block in blocks(cast(BinaryIO, plain), from_line=from_line, lines=lines, longest=longest):
            raw = [line.rstrip(b"\r\n") if len(line) <= longest else None for line in block.lines.to_pylist()]
            yield _rows(block.first, [_loaded(line) for line in raw], taken, ignored)
        return
    content = plain.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SourceRefusedError(f"holds more than {MOST_BYTES} bytes of JSON", remedy="write one record a line")
    try:
        array: list[object] = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceRefusedError(f"is no JSON: {error}", remedy="fetch it again") from error
    numbered = islice(iter(array), from_line - 1, None)
    first = from_line
    while some := list(islice(numbered, lines)):
        yield _rows(first, some, taken, ignored)
        first += len(some)


def _loaded(line: bytes | None) -> object:
    """What a line holds; None for a blank one, False for one that is too long, True for what is no JSON."""
    if line is None or not line.strip():
        return None if line is not None else False
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return True


def _rows(first: int, records: Sequence[object], taken: Sequence[str], ignored: Collection[str]) -> Rows:
    counted: Counter[str] = Counter()
    shown: list[SetAside] = []
    known = {*taken, *ignored}
    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in taken}
    for line, record in enumerate(records, start=first):
        if record is None:
            counted[BLANK] += 1
            continue
        flat = _flat(record, known) if isinstance(record, dict) else None
        strange = [] if flat is None else [name for name in flat if not _is_known(name, known)]
        if flat is None or strange:
            reason = TOO_LONG if record is False else _STRANGE if strange else _NO_RECORD
            counted[f"{SET_ASIDE}{reason}"] += 1
            if len(shown) < MOST_SHOWN:
                value = shown_value(", ".join(strange) or json.dumps(record))
                shown.append(SetAside(line=line, field="", reason=reason, value=value))
            continue
        numbers.append(line)
        for name, values in columns.items():
            values.append(flat.get(name))
    made = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    table = pa.table({"line": pa.array(numbers, pa.int64()), **made})
    return Rows(table=table, counted=counted, set_aside=shown, last_line=first + len(records) - 1)


def _flat(record: Mapping[str, object], known: Collection[str], prefix: str = "") -> dict[str, str | None]:
    """The values of a record as texts, by their names; a list is one text."""
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and name not in known:
            flat |= _flat(value, known, f"{name}.")
        else:
            text = value if isinstance(value, str) else None if value is None else json.dumps(value)
            flat[name] = _encodable(text) or None
    return flat


def _encodable(text: str | None) -> str | None:
    """A text that is Unicode: JSON can write halves of signs."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def _is_known(name: str, known: Collection[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in known for end in range(1, len(parts) + 1))
