"""AIS sentences: AIVDM and AIVDO, from files of recorders and receivers, with their time stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, BinaryIO, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from pyais.bit_vector import bit_vector
from pyais.messages import MSG_CLASS

from bongsu.sea.cards import SourceCard
from bongsu.sea.cleaning import MOST_SHOWN, SET_ASIDE, clean, clean_reports, shown_value
from bongsu.sea.identities import Report, Said, Value, identities, metres, ship_type, text
from bongsu.sea.lines import Block, blocks
from bongsu.sea.messages import NAMES, POSITION_TYPES, positions, senders, too_short, types_of
from bongsu.sea.model import Batch, SetAside
from bongsu.sea.parts import MISSING, Joined, Joiner
from bongsu.sea.sentences import NO_RECORDS, SENTENCE, Sentences, sentences

# Any: pyarrow ships no types, and pyais' messages have the fields of their type.
Column: TypeAlias = Any
Message: TypeAlias = Any

_START: Final = re.compile(rb"(?m)^[^!\r\n]{0,200}![A-Z][A-Z0-9]VD[MO],[1-9],[1-9],")
_UNKNOWN_TYPE: Final = "type of message is unknown"
_SHORT: Final = "message is too short for its type"
_UNKNOWN_PART: Final = "part of message 24 is unknown"
_EXTENDED: Final = 19
_STATIC_TYPES: Final = (5, 24, _EXTENDED)
_PART_B_BITS: Final = 162  # to the end of the dimensions; six spare bits follow (ITU-R M.1371-5, annex 8, message 24)
_BITS_OF_PART: Final = (38, 2)


def recognises(start: bytes) -> bool:
    """Whether an AIVDM or AIVDO sentence stands in the first bytes of a file."""
    return _START.search(start) is not None


def read(
    stream: BinaryIO,
    *,
    card: SourceCard,
    exhibit: str,
    clock: datetime,
    from_line: int = 1,
    at: datetime | None = None,
    world: str = "",
) -> Iterator[Batch]:
    """Positions and identities of a file of sentences (`cards.Reader.read`).

    A message in several sentences counts where its last stands. Parts that still wait when a batch ends are counted in
    the batch in which they become whole or are given up; reading from a line begins `span_lines` before it, so that
    they are known then. A file may call itself invented: by a tag block whose station begins with `sandbox`.

    Raises:
        SourceRefusedError: a gzip stream that is cut off, corrupt, or a bomb.
    """
    longest, span = card.limits["line_bytes"], card.limits["span_lines"]
    joiner = Joiner(span)
    batch = None
    lines = blocks(
        stream,
        from_line=max(1, from_line - span),
        lines=card.limits["batch_lines"],
        longest=longest,
        cut_before=from_line,
    )
    for block, found in _apart(lines, longest):
        joined = joiner.join(found)
        if block.last < from_line:
            continue
        if batch is not None:
            yield batch.finished()
        batch = _Reading(exhibit=exhibit, clock=clock, at=at, world=world, last_line=block.last)
        batch.take(block, found, joined)
    if batch is not None:
        batch.give_up(joiner.finish())
        yield batch.finished()


def _apart(lines: Iterator[Block], longest: int) -> Iterator[tuple[Block, Sentences]]:
    """Blocks and their sentences, taken apart a block ahead on another core: Arrow lets the interpreter go."""
    ahead: tuple[Block, Future[Sentences]] | None = None
    with ThreadPoolExecutor(max_workers=1) as pool:
        for block in lines:
            behind, ahead = ahead, (block, pool.submit(sentences, block, longest=longest))
            if behind is not None:
                yield behind[0], behind[1].result()
        if ahead is not None:
            yield ahead[0], ahead[1].result()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One batch while it is read: every line goes into one count."""

    exhibit: str
    clock: datetime
    at: datetime | None
    world: str
    last_line: int
    counted: Counter[str] = field(default_factory=Counter)
    shown: list[SetAside] = field(default_factory=list)
    positions: pa.Table | None = None
    identities: pa.Table | None = None

    def take(self, block: Block, found: Sentences, joined: Joined) -> None:
        """Take what the sentences of a block came to."""
        self._count_fates(block, found.fate)
        self.give_up(joined.missing)
        if joined.parts:
            self.counted["parts of messages"] += joined.parts
        messages = self._stamped(joined.messages)
        types = types_of(messages["payload"].combine_chunks())
        short = too_short(types, messages["payload"].combine_chunks(), messages["fill"].combine_chunks())
        known = pc.is_in(types, value_set=pa.array(list(NAMES)))
        self._drop(messages, pc.invert(known), _UNKNOWN_TYPE)
        self._drop(messages, short, _SHORT)
        sound = pc.and_(known, pc.invert(short))
        messages, types = messages.filter(sound), types.filter(sound)
        self._take_positions(messages, types)
        self._take_static(messages, types)
        taken = {*POSITION_TYPES, *_STATIC_TYPES}
        for counts in pc.value_counts(types).to_pylist():
            if counts["values"] not in taken:
                words = f"other messages: {counts['values']} {NAMES[counts['values']]}"
                self.counted[words] += counts["counts"]

    def give_up(self, missing: tuple[tuple[int, bytes], ...]) -> None:
        """Set aside the parts of messages that will not become whole."""
        self._set_aside(missing, MISSING)

    def finished(self) -> Batch:
        """The batch."""
        shown = sorted(self.shown, key=lambda record: record.line)[:MOST_SHOWN]
        return Batch(
            positions=self.positions,
            identities=self.identities,
            events=None,
            set_aside=tuple(shown),
            counted={words: number for words, number in sorted(self.counted.items()) if number},
            last_line=self.last_line,
        )

    def _count_fates(self, block: Block, fate: Column) -> None:
        for counts in pc.value_counts(fate).to_pylist():
            words, number = counts["values"], counts["counts"]
            if words in NO_RECORDS:
                self.counted[words] += number
            elif words != SENTENCE:
                self.counted[f"{SET_ASIDE}{words}"] += number
        aside = pc.invert(pc.is_in(fate, value_set=pa.array([*NO_RECORDS, SENTENCE])))
        for index in pc.indices_nonzero(aside).to_pylist()[:MOST_SHOWN]:
            value = shown_value(block.lines[index].as_py().decode("utf-8", "backslashreplace").strip())
            self.shown.append(SetAside(line=block.first + index, field="", reason=fate[index].as_py(), value=value))

    def _stamped(self, messages: pa.Table) -> pa.Table:
        """The messages with the caller's time where they have none, and the caller's world where there is one."""
        if self.at is not None:
            given = pc.fill_null(messages["at"], pa.scalar(self.at, messages["at"].type))
            messages = messages.set_column(messages.schema.get_field_index("at"), "at", given)
        if self.world:
            given = pa.repeat(pa.scalar(self.world), len(messages))
            messages = messages.set_column(messages.schema.get_field_index("world"), "world", given)
        return messages

    def _drop(self, messages: pa.Table, mask: Column, reason: str) -> None:
        dropped = messages.filter(mask)
        if len(dropped):
            lines = zip(dropped["line"].to_pylist(), dropped["payload"].to_pylist(), strict=True)
            self._set_aside(tuple(lines), reason)

    def _set_aside(self, lines: tuple[tuple[int, bytes], ...], reason: str) -> None:
        self.counted[f"{SET_ASIDE}{reason}"] += len(lines)
        self.shown += [
            SetAside(line=line, field="", reason=reason, value=shown_value(payload.decode("ascii")))
            for line, payload in lines[:MOST_SHOWN]
        ]

    def _take_positions(self, messages: pa.Table, types: Column) -> None:
        cleaned = clean(positions(messages, types), source="nmea", exhibit=self.exhibit, clock=self.clock)
        self.counted.update(cleaned.counted)
        self.shown += cleaned.set_aside
        self.positions = cleaned.positions if len(cleaned.positions) else None

    def _take_static(self, messages: pa.Table, types: Column) -> None:
        static = pc.is_in(types, value_set=pa.array(_STATIC_TYPES))
        messages = messages.filter(static).append_column("type", types.filter(static)).combine_chunks()
        if not len(messages):
            return
        messages = messages.append_column("mmsi", senders(messages["payload"].combine_chunks()))
        # Of a message 19 the place has decided where its line is counted.
        alone = pc.not_equal(messages["type"], _EXTENDED)
        kept = clean_reports(messages.filter(alone), clock=self.clock)
        self.counted.update(kept.counted)
        self.shown += kept.set_aside
        extended = clean_reports(messages.filter(pc.invert(alone)), clock=self.clock).rows
        rows = pa.concat_tables([kept.rows, extended]).sort_by("line")
        self.identities = self._identities(rows)

    def _identities(self, rows: pa.Table) -> pa.Table | None:
        reports = []
        columns = ("line", "mmsi", "at", "world", "type", "payload", "fill")
        at = pc.cast(rows["at"], pa.int64())
        rows = rows.set_column(rows.schema.get_field_index("at"), "at", at)
        for line, mmsi, moment, world, number, payload, fill in zip(
            *(rows[name].to_pylist() for name in columns), strict=True
        ):
            what = _said(number, payload, fill)
            if isinstance(what, str):
                self._set_aside(((line, payload),), what)
                continue
            self.counted["kept: identities of message 19" if number == _EXTENDED else "identities"] += 1
            reports.append(Report(line, mmsi, moment, world, what))
        return identities(reports, source="nmea", exhibit=self.exhibit) if reports else None


# A ship sends the same for hours: most payloads were seen shortly before. So many take some 40 MB.
@lru_cache(maxsize=50_000)
def _said(number: int, payload: bytes, fill: int) -> Said | str:
    """What a static report says, or the rule it breaks."""
    bits = bit_vector(payload, fill)
    if number == 24:
        part = bits.get(*_BITS_OF_PART)
        if part > 1:
            return _UNKNOWN_PART
        if part == 1 and len(bits) < _PART_B_BITS:
            return _SHORT
    message: Message = MSG_CLASS[number].from_vector(bits)
    values: dict[str, Value] = {}
    if hasattr(message, "shipname"):
        values["name"] = text(message.shipname)
    if hasattr(message, "callsign"):
        values["call_sign"] = text(message.callsign)
    if hasattr(message, "to_bow"):
        values["ship_type"] = ship_type(message.ship_type)
        values["length_m"] = metres(message.to_bow, message.to_stern)
        values["beam_m"] = metres(message.to_port, message.to_starboard)
    if number == 5:
        values["imo"] = message.imo or None
        values["draught_m"] = message.draught or None
        values["destination"] = text(message.destination)
    return Said(str(number), values)
