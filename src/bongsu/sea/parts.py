"""Messages that a transponder sent in several sentences, joined again however far a block of lines reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea.sentences import SENTENCE, Sentences
from bongsu.sea.stamps import MOMENT

# Any: pyarrow ships no types.
Column: TypeAlias = Any
_Key: TypeAlias = tuple[bytes, ...]

#: Whole messages: `line` is that of the last sentence of each.
MESSAGES: Final = pa.schema(
    [
        ("line", pa.int64()),
        ("payload", pa.binary()),
        ("fill", pa.int64()),
        ("at", MOMENT),
        ("world", pa.string()),
    ]
)
MISSING: Final = "a part whose other parts are missing"
_FILLS: Final = pa.array([b"0", b"1", b"2", b"3", b"4", b"5"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What the sentences of a block came to.

    Args:
        messages: whole messages, those of one sentence first, with the columns of `MESSAGES`.
        parts: how many sentences were a part, but not the last, of one of these.
        missing: (line, payload) of sentences of earlier or of this block that will never be whole.
    """

    messages: pa.Table
    parts: int
    missing: tuple[tuple[int, bytes], ...]


@dataclass(slots=True)
class _Begun:
    """A message whose first sentences came."""

    total: int
    at: int | None
    world: str
    lines: list[int] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)

    @property
    def missing(self) -> list[tuple[int, bytes]]:
        return list(zip(self.lines, self.payloads, strict=True))


class Joiner:
    """Joins sentences to messages, block after block.

    A sentence waits for the rest of its message, and a group's time for the rest of its group, for `span` lines and no
    longer: so much must be read again before a line from which reading is resumed.

    Args:
        span: how many lines.
    """

    def __init__(self, span: int) -> None:
        self._span = span
        self._begun: dict[_Key, _Begun] = {}
        self._last: dict[_Key, _Key] = {}  # whose first sentence of a number came last, whoever heard it
        self._groups: dict[bytes, tuple[int, int | None, str]] = {}  # of a group: line, time and world of its first

    def join(self, found: Sentences) -> Joined:
        """The messages that are whole at the end of a block.

        Args:
            found: the sentences of the block that follows the one given last.
        """
        sound = pc.equal(found.fate, SENTENCE)
        table = pa.table(
            {
                "line": pa.array(np.arange(found.first, found.first + len(found.fate), dtype=np.int64)),
                "talker": found.talker,
                "part": found.part,
                "payload": found.payload,
                "fill": pc.index_in(found.fill, value_set=_FILLS),
                "at": pc.cast(found.at, pa.int64()),
                "group": found.group,
                "station": found.station,
                "world": found.world,
            }
        ).filter(sound)
        alone = pc.and_(pc.starts_with(table["part"], pattern="1"), pc.is_null(table["group"]))
        rest, parts, missing = self._join(table.filter(pc.invert(alone)).to_pylist())
        missing += self._given_up(found.first + len(found.fate) - 1)
        messages = table.filter(alone).select(MESSAGES.names).cast(MESSAGES)
        if rest:
            columns = [
                pa.array(column, entry.type) for column, entry in zip(zip(*rest, strict=True), MESSAGES, strict=True)
            ]
            messages = pa.concat_tables([messages, pa.Table.from_arrays(columns, schema=MESSAGES)])
        return Joined(messages=messages.combine_chunks(), parts=parts, missing=tuple(sorted(missing)))

    def finish(self) -> tuple[tuple[int, bytes], ...]:
        """(line, payload) of sentences that still waited when the file ended."""
        return tuple(sorted(each for begun in self._begun.values() for each in begun.missing))

    def _join(self, rows: list[dict[str, Any]]) -> tuple[list[tuple[object, ...]], int, list[tuple[int, bytes]]]:
        """Whole messages, how many sentences went before their last, and those that cannot become whole."""
        whole: list[tuple[object, ...]] = []
        missing: list[tuple[int, bytes]] = []
        parts = 0
        for row in rows:
            at, world = self._of_group(row)
            total, number, sequence, channel = row["part"].split(b",")
            if total == b"1":
                whole.append((row["line"], row["payload"], row["fill"], at, world))
                continue
            key = self._key(row, (total, sequence, channel, row["talker"]), is_first=number == b"1")
            begun = self._begun.get(key)
            if begun is not None and (number == b"1" or self._is_over(begun.lines[0], row["line"])):
                missing += self._begun.pop(key).missing
                begun = None
            if number == b"1":
                begun = self._begun[key] = _Begun(total=int(total), at=at, world=world)
            if begun is None or int(number) != len(begun.lines) + 1:
                missing.append((row["line"], row["payload"]))
                continue
            begun.lines.append(row["line"])
            begun.payloads.append(row["payload"])
            begun.at = at if begun.at is None else begun.at
            if len(begun.lines) == begun.total:
                del self._begun[key]
                whole.append((row["line"], b"".join(begun.payloads), row["fill"], begun.at, begun.world or world))
                parts += begun.total - 1
        return whole, parts, missing

    def _key(self, row: dict[str, Any], numbers: _Key, *, is_first: bool) -> _Key:
        """What the sentences of one message share. Two stations give the same numbers to different messages: what one
        heard is never joined to what another did. A sentence that names neither group nor station belongs to the last
        message of its numbers that was begun.
        """
        heard = _group_id(row["group"]) or row["station"] or b""
        key = (*numbers, heard)
        if is_first:
            self._last[numbers] = key
        return key if heard or is_first else self._last.get(numbers, key)

    def _of_group(self, row: dict[str, Any]) -> tuple[Any, str]:
        """The time and world of a sentence: its own, or those that the first of its group bore."""
        at, world, group = row["at"], row["world"], _group_id(row["group"])
        if not group:
            return at, world
        if row["group"].startswith(b"1-"):
            self._groups[group] = (row["line"], at, world)
            return at, world
        line, first_at, first_world = self._groups.get(group, (0, None, ""))
        if self._is_over(line, row["line"]):
            return at, world
        return first_at if at is None else at, world or first_world

    def _is_over(self, begun: int, line: int) -> bool:
        return line - begun >= self._span

    def _given_up(self, last: int) -> list[tuple[int, bytes]]:
        """The sentences that waited too long when a line was read, which are forgotten."""
        over = [key for key, begun in self._begun.items() if self._is_over(begun.lines[0], last + 1)]
        self._groups = {name: seen for name, seen in self._groups.items() if not self._is_over(seen[0], last + 1)}
        missing = [each for key in over for each in self._begun.pop(key).missing]
        self._last = {numbers: key for numbers, key in self._last.items() if key in self._begun}
        return missing


def _group_id(group: bytes | None) -> bytes:
    return group.split(b"-", 2)[2] if group else b""
