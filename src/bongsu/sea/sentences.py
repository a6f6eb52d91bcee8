"""AIVDM and AIVDO sentences (IEC 61162-1): lines of a recorder taken apart, checked, and joined to whole messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bongsu.sea import stamps
from bongsu.sea.lines import Block
from bongsu.sea.model import SANDBOX

# Any: pyarrow ships no types, and what numpy holds is checked here.
Column: TypeAlias = Any
Bytes: TypeAlias = Any

#: What became of a line: the first three are no records, the rest break a rule.
SENTENCE: Final = ""
BLANK: Final = "blank lines"
COMMENT: Final = "comments"
OTHER: Final = "other sentences of NMEA 0183"
NO_RECORDS: Final = (BLANK, COMMENT, OTHER)
_LONG: Final = "line is too long"
_NO_SENTENCE: Final = "no sentence of NMEA 0183"
_NOT_WHOLE: Final = "not a whole AIS sentence"
_SUM: Final = "check sum is wrong"
_TAG: Final = "not a tag block"
_TAG_SUM: Final = "check sum of the tag block is wrong"
_FRONT: Final = "what stands in front of the sentence is no time"
_BEHIND: Final = "what stands behind the sentence is no time"
_NO_PAYLOAD: Final = "no payload"

# At most four groups each: with more, RE2 leaves its fast way (its one-pass matcher), and takes three times as long.
_LINE: Final = (
    rb"^(?P<front>[^!$#]*)!(?P<body>[A-Z][A-Z0-9]VD[MO],[^*!\r\n]*)\*(?P<sum>[0-9A-Fa-f]{2})"
    rb"(?P<behind>[^*!\r\n]*)\r?\n?$"
)
_BODY: Final = (
    rb"^(?P<talker>[A-Z][A-Z0-9]VD[MO]),(?P<part>[1-9],[1-9],[0-9]?,[^,]?),(?P<payload>[0-W`-w]*),(?P<fill>[0-5])$"
)
_IN_FRONT: Final = rb"^(?P<time>[^\\]*)(?:\\(?P<tag>[^\\]*)\\)?(?P<between>[^\\]*)$"
_TAG_BLOCK: Final = rb"^(?P<fields>[^*]*)\*(?P<sum>[0-9A-Fa-f]{1,2})$"
_TIME_FIELD: Final = rb"(?:^|,)c:(?P<value>[^,]*)"
_STATION_FIELD: Final = rb"(?:^|,)s:(?P<value>[^,]*)"
_GROUP_FIELD: Final = rb"(?:^|,)g:(?P<value>[1-9][0-9]*-[0-9]+-[^,]*)"
# Behind the time that our own recordings write before whatever came (`recording.Recording`).
_STAMPED: Final = rb"^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z )?\s*"
_IS_BLANK: Final = _STAMPED + rb"$"
_IS_COMMENT: Final = _STAMPED + rb"#"
_VDM: Final = rb"![A-Z][A-Z0-9]VD[MO]"
_ANY_SENTENCE: Final = rb"^[^!$]{0,200}[!$][A-Z][A-Z0-9]{2,}[,*]"
_INVENTED: Final = rb"(?i)^sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """A block of lines taken apart, one element a line.

    Args:
        first: the number of the first line.
        fate: `SENTENCE` for one that is sound; else what it is, or the rule it breaks.
        talker: such as `AIVDM`; null but for a sentence, as all that follows.
        part: `total,number,sequence,channel`.
        payload: the armoured six-bit characters.
        fill: the bits of the last character that are none of the message's.
        at: the time of receipt; null where the line has none.
        group: the field `g:` of the tag block; null where there is none.
        station: the field `s:` of the tag block; null where there is none.
        world: `sandbox` where the tag block's station says so, else the empty text.
    """

    first: int
    fate: Column
    talker: Column
    part: Column
    payload: Column
    fill: Column
    at: Column
    group: Column
    station: Column
    world: Column


def sentences(block: Block, *, longest: int) -> Sentences:
    """The lines of a block, taken apart.

    Args:
        block: the lines.
        longest: the length in bytes beyond which a line is none.
    """
    lines = block.lines
    outer = _groups(lines, _LINE)
    behind, body = outer["behind"], outer["body"]
    inner = _groups(body, _BODY)
    front = _each(outer["front"])
    after = stamps.behind(behind)
    fate = _first_of(
        len(lines),
        (_LONG, pc.greater(pc.binary_length(lines), longest)),
        (_no_sentence(lines, body), pc.is_null(body)),
        (_SUM, pc.not_equal(exclusive_or(body), _hexadecimal(outer["sum"]))),
        (_NOT_WHOLE, pc.or_kleene(pc.is_null(inner["payload"]), _misnumbered(inner["part"]))),
        *front.rules,
        (_BEHIND, after.broken),
        (_NO_PAYLOAD, pc.equal(pc.binary_length(inner["payload"]), 0)),
    )
    return Sentences(
        first=block.first,
        fate=fate,
        talker=inner["talker"],
        part=inner["part"],
        payload=inner["payload"],
        fill=inner["fill"],
        at=pc.coalesce(front.at, after.at),
        group=front.group,
        station=front.station,
        world=front.world,
    )


def exclusive_or(texts: Column) -> Column:
    """The check sum of NMEA 0183 over each text of an Arrow array: all its bytes, XOR; null for null."""
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    # One zero more, which changes no sum: an empty stretch at the end begins behind the last byte.
    content: Bytes = np.append(np.frombuffer(texts.buffers()[2] or b"", np.uint8), np.uint8(0))
    sums = np.bitwise_xor.reduceat(content, offsets[:-1]) if len(texts) else np.array([], np.uint8)
    sums[offsets[1:] == offsets[:-1]] = 0  # of an empty stretch numpy gives the byte after it
    return pc.if_else(pc.is_valid(texts), pa.array(sums), None)


@dataclass(frozen=True, slots=True)
class _Front:
    """What stands in front of sentences, and the rules it breaks."""

    at: Column
    group: Column
    station: Column
    world: Column
    rules: tuple[tuple[str, Column], ...]


def _each(front: Column) -> _Front:
    """What stands in front of each sentence, read once for each distinct text: recorders stamp a whole second alike."""
    encoded = pc.dictionary_encode(front)
    read, index = _in_front(encoded.dictionary), encoded.indices
    return _Front(
        at=pc.take(read.at, index),
        group=pc.take(read.group, index),
        station=pc.take(read.station, index),
        world=pc.fill_null(pc.take(read.world, index), ""),
        rules=tuple((words, pc.take(broken, index)) for words, broken in read.rules),
    )


def _in_front(front: Column) -> _Front:
    parts = _groups(front, _IN_FRONT)
    # Recorders put their own time before the tag block or between it and the sentence.
    time = stamps.in_front(pc.binary_join_element_wise(parts["time"], parts["between"], b" "))
    tag = _groups(parts["tag"], _TAG_BLOCK)
    fields = tag["fields"]
    given = pc.greater(pc.fill_null(pc.binary_length(parts["tag"]), 0), 0)
    sent = stamps.epoch(_field(fields, _TIME_FIELD))
    station = _field(fields, _STATION_FIELD)
    invented = pc.fill_null(pc.match_substring_regex(station, _INVENTED), False)
    return _Front(
        at=pc.coalesce(sent.at, time.at),
        group=_field(fields, _GROUP_FIELD),
        station=station,
        world=pc.if_else(invented, SANDBOX, ""),
        rules=(
            (_TAG, pc.or_(pc.and_(pc.is_valid(front), pc.is_null(parts["time"])), _lacks(fields, given))),
            (_TAG_SUM, pc.not_equal(exclusive_or(fields), _hexadecimal(tag["sum"]))),
            (_TAG, sent.broken),
            (_FRONT, time.broken),
        ),
    )


def _groups(texts: Column, pattern: bytes) -> dict[str, Column]:
    """The named groups of a pattern; null where it does not fit."""
    found = pc.extract_regex(texts, pattern=pattern)
    # `flatten` makes null what lies under a null; `field` would give the empty text there.
    return dict(zip((field.name for field in found.type), found.flatten(), strict=True))


def _lacks(column: Column, given: Column) -> Column:
    return pc.and_(pc.is_null(column), given)


def _field(fields: Column, pattern: bytes) -> Column:
    return _groups(fields, pattern)["value"]


def _no_sentence(lines: Column, body: Column) -> Column:
    """What a line is that is no whole AIS sentence."""
    strange = pc.is_null(body)
    some = lines.filter(strange)
    size = len(some)
    words = _first_of(
        size,
        (BLANK, pc.match_substring_regex(some, _IS_BLANK)),
        (COMMENT, pc.match_substring_regex(some, _IS_COMMENT)),
        (_NOT_WHOLE, pc.match_substring_regex(some, _VDM)),
        (OTHER, pc.match_substring_regex(some, _ANY_SENTENCE)),
        (_NO_SENTENCE, pa.repeat(pa.scalar(True), size)),
    )
    return pc.replace_with_mask(pa.repeat(pa.scalar(""), len(lines)), strange, words)


def _misnumbered(part: Column) -> Column:
    """Where the number of a part is above their total: both are one digit, so their bytes compare as they do."""
    return pc.less(pc.binary_slice(part, 0, 1), pc.binary_slice(part, 2, 3))


def _first_of(size: int, *rules: tuple[Any, Column]) -> Column:
    """The words of the first rule that holds, the empty text where none does."""
    fate = pa.repeat(pa.scalar(""), size)
    for words, broken in reversed(rules):
        fate = pc.if_else(pc.fill_null(broken, False), words, fate)
    return fate


def _hexadecimal(digits: Column) -> Column:
    """The numbers that one or two hexadecimal digits write."""
    encoded = pc.dictionary_encode(digits)
    numbers = pa.array([int(text, 16) for text in encoded.dictionary.to_pylist()], pa.uint8())
    return pc.take(numbers, encoded.indices)
