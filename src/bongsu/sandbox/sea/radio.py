"""The invented world as a receiver's log: NMEA 0183 AIVDM sentences, packed whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bongsu.sandbox.sea.reports import NO_HEADING, Positions, Statement
from bongsu.sandbox.sea.vessels import Saying

Bytes: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = tuple[int, NDArray[np.int64]]  # how many bits, and the values; negative ones in two's complement

#: What the tag block of every sentence says of its source, so that none can be taken for a real one.
STATION: Final = "SANDBOX"
# ITU-R M.1371-5, annex 8, table 47: the six-bit alphabet of names.
_ALPHABET: Final = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"
_NO_TURN: Final = -128  # rate of turn not available


def sentences(positions: Positions) -> list[bytes]:
    """One line for each position report: type 1 from class A, type 18 from class B."""
    lines = np.empty(len(positions), dtype=object)
    for small, fields in ((False, _class_a), (True, _class_b)):
        chosen = np.flatnonzero(positions.class_b == small)
        if len(chosen):
            some = positions.where(chosen)
            payload = _armoured(fields(some), 168)
            lines[chosen] = _framed(payload, some.at)
    return list(lines)


def statement_lines(statement: Statement) -> list[bytes]:
    """The sentences of a static report: two of one message of type 5, or one for each part of type 24."""
    said = statement.saying
    if statement.class_b:
        parts = [_packed(_part_a(said)), _packed(_part_b(said))]
        return [_line(f"!AIVDM,1,1,,B,{_armour(bits)},{fill}", statement.at) for bits, fill in parts]
    bits, fill = _packed(_type_5(said))
    text = _armour(bits)
    group = statement.at % 10
    first = _line(f"!AIVDM,2,1,{group},A,{text[:59]},0", statement.at)
    return [first, _line(f"!AIVDM,2,2,{group},A,{text[59:]},{fill}", statement.at)]


def _class_a(some: Positions) -> list[Field]:
    """ITU-R M.1371-5, annex 8, table 45."""
    count = len(some)
    return [
        (6, _same(count, 1)),
        (2, _same(count, 0)),
        (30, some.mmsi.astype(np.int64)),
        (4, some.status.astype(np.int64)),
        (8, _same(count, _NO_TURN)),
        (10, some.speed.astype(np.int64)),
        (1, _same(count, 1)),
        (28, some.longitude.astype(np.int64)),
        (27, some.latitude.astype(np.int64)),
        (12, some.course.astype(np.int64)),
        (9, some.heading.astype(np.int64)),
        (6, some.at % 60),
        (2, _same(count, 0)),
        (3, _same(count, 0)),
        (1, _same(count, 0)),
        (19, _same(count, 0)),
    ]


def _class_b(some: Positions) -> list[Field]:
    """ITU-R M.1371-5, annex 8, table 67."""
    count = len(some)
    return [
        (6, _same(count, 18)),
        (2, _same(count, 0)),
        (30, some.mmsi.astype(np.int64)),
        (8, _same(count, 0)),
        (10, some.speed.astype(np.int64)),
        (1, _same(count, 1)),
        (28, some.longitude.astype(np.int64)),
        (27, some.latitude.astype(np.int64)),
        (12, some.course.astype(np.int64)),
        (9, _same(count, NO_HEADING)),
        (6, some.at % 60),
        (2, _same(count, 0)),
        (1, _same(count, 1)),  # carrier sense
        (1, _same(count, 0)),
        (1, _same(count, 1)),
        (1, _same(count, 1)),
        (1, _same(count, 1)),
        (1, _same(count, 0)),
        (1, _same(count, 0)),
        (20, _same(count, 0)),
    ]


def _same(count: int, value: int) -> NDArray[np.int64]:
    return np.full(count, value, dtype=np.int64)


def _armoured(fields: Sequence[Field], bits: int) -> Bytes:
    """Messages of so many bits as rows of printable characters (ITU-R M.1371-5; IEC 61162-1, six-bit armour)."""
    count = len(fields[0][1])
    columns = np.zeros((count, bits), dtype=np.uint8)
    done = 0
    for width, values in fields:
        for place in range(width):
            columns[:, done + place] = (values >> (width - 1 - place)) & 1
        done += width
    sixes = columns.reshape(count, bits // 6, 6)
    weights = np.array([32, 16, 8, 4, 2, 1], dtype=np.uint8)
    codes = (sixes * weights).sum(axis=2, dtype=np.uint8)
    letters: Bytes = np.where(codes < 40, codes + 48, codes + 56).astype(np.uint8)
    return letters


def _framed(payload: Bytes, at: NDArray[np.int64]) -> list[bytes]:
    """Whole lines: tag block, sentence, and the check sums of both (NMEA 0183, version 4.10, TAG blocks)."""
    count = len(payload)
    head, tail = b"!AIVDM,1,1,,A,", b",0"
    sentence = np.concatenate([_repeated(head, count), payload, _repeated(tail, count)], axis=1)
    tag = np.concatenate([_repeated(f"s:{STATION},c:".encode(), count), _digits(at)], axis=1)
    line = np.concatenate(
        [
            _repeated(b"\\", count),
            tag,
            _repeated(b"*", count),
            _hexadecimal(_check_sum(tag)),
            _repeated(b"\\", count),
            sentence,
            _repeated(b"*", count),
            _hexadecimal(_check_sum(sentence[:, 1:])),
        ],
        axis=1,
    )
    width = line.shape[1]
    return [bytes(row) for row in np.ascontiguousarray(line).view(f"S{width}").ravel()]


def _repeated(text: bytes, count: int) -> Bytes:
    return np.tile(np.frombuffer(text, dtype=np.uint8), (count, 1))


def _digits(numbers: NDArray[np.int64]) -> Bytes:
    """Ten decimal digits of each: seconds since 1970, from 2001 to 2286."""
    digits: Bytes = np.stack([(numbers // 10 ** (9 - place)) % 10 + 48 for place in range(10)], axis=1).astype(np.uint8)
    return digits


def _check_sum(rows: Bytes) -> Bytes:
    sums: Bytes = np.bitwise_xor.reduce(rows, axis=1)
    return sums


def _hexadecimal(sums: Bytes) -> Bytes:
    alphabet = np.frombuffer(b"0123456789ABCDEF", dtype=np.uint8)
    return np.stack([alphabet[sums >> 4], alphabet[sums & 15]], axis=1)


def _line(sentence: str, at: int) -> bytes:
    tag = f"s:{STATION},c:{at:010d}"
    return f"\\{tag}*{_sum_of(tag)}\\{sentence}*{_sum_of(sentence[1:])}".encode()


def _sum_of(text: str) -> str:
    total = 0
    for byte in text.encode():
        total ^= byte
    return f"{total:02X}"


def _type_5(said: Saying) -> list[tuple[int, int]]:
    """ITU-R M.1371-5, annex 8, table 52: static and voyage related data."""
    return [
        (6, 5),
        (2, 0),
        (30, said.mmsi),
        (2, 0),
        (30, said.imo or 0),
        *_letters(said.call_sign, 7),
        *_letters(said.name, 20),
        (8, said.ship_type),
        *_sides(said),
        (4, 1),
        (4, 0),
        (5, 0),
        (5, 24),
        (6, 60),
        (8, min(255, round(said.draught_m * 10))),
        *_letters(said.destination, 20),
        (1, 0),
        (1, 0),
    ]


def _part_a(said: Saying) -> list[tuple[int, int]]:
    """ITU-R M.1371-5, annex 8, table 76."""
    return [(6, 24), (2, 0), (30, said.mmsi), (2, 0), *_letters(said.name, 20), (8, 0)]


def _part_b(said: Saying) -> list[tuple[int, int]]:
    """ITU-R M.1371-5, annex 8, table 77."""
    return [
        (6, 24),
        (2, 0),
        (30, said.mmsi),
        (2, 1),
        (8, said.ship_type),
        *_letters("@@@", 3),
        (4, 0),
        (20, 0),
        *_letters(said.call_sign, 7),
        *_sides(said),
        (6, 0),
    ]


def _sides(said: Saying) -> list[tuple[int, int]]:
    """How far the antenna is from bow, stern, port and starboard side."""
    stern, port = said.length_m // 5, said.beam_m // 2
    return [(9, said.length_m - stern), (9, stern), (6, port), (6, said.beam_m - port)]


def _letters(text: str, count: int) -> list[tuple[int, int]]:
    return [(6, _ALPHABET.index(letter)) for letter in text[:count].ljust(count, "@")]


def _packed(fields: Sequence[tuple[int, int]]) -> tuple[str, int]:
    """The bits, filled up to whole letters, and how many were filled up."""
    bits = "".join(f"{value:0{width}b}" for width, value in fields)
    fill = -len(bits) % 6
    return bits + "0" * fill, fill


def _armour(bits: str) -> str:
    codes = [int(bits[place : place + 6], 2) for place in range(0, len(bits), 6)]
    return "".join(chr(code + 48 if code < 40 else code + 56) for code in codes)
