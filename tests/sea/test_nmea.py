"""AIS sentences: what they say, where they came from, and that no line is lost whatever happens to it."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyais.encode import encode_dict
from pyais.stream import IterMessages

from bongsu.kernel.errors import SourceRefusedError
from bongsu.sea.cards import Source, recognise, source
from bongsu.sea.cleaning import NOTES
from bongsu.sea.model import Batch
from bongsu.sea.sentences import exclusive_or

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / ".." / "shared" / "data" / "ais"
CLOCK = datetime(2026, 11, 1, tzinfo=UTC)
AT = datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
SECONDS = 1_790_000_000  # the same, since 1970
EXHIBIT = "f" * 64
FIXTURES = [HERE / "fixtures" / f"nmea{kind}_sandbox.nmea" for kind in ("", "_broken")]


def lined(**limits: int) -> Source:
    """The source with smaller batches, so that a few lines make several."""
    real = source("nmea")
    return Source(card=replace(real.card, limits={**real.card.limits, **limits}), reader=real.reader)


def read(content: bytes, *, sea: Source | None = None, **how: Any) -> list[Batch]:
    return list((sea or source("nmea")).read(io.BytesIO(content), exhibit=EXHIBIT, clock=CLOCK, **how))


def rows(batches: Iterable[Batch], kind: str = "positions") -> list[dict[str, Any]]:
    tables = [getattr(batch, kind) for batch in batches]
    return [row for table in tables if table is not None for row in table.to_pylist()]


def counted(batches: Iterable[Batch]) -> Counter[str]:
    return sum((Counter(batch.counted) for batch in batches), Counter())


def lines_counted(batches: Iterable[Batch]) -> int:
    return sum(number for words, number in counted(batches).items() if not words.startswith(NOTES))


def checked(body: str) -> str:
    """A check sum of NMEA 0183."""
    return f"{reduce(lambda left, right: left ^ right, body.encode(), 0):02X}"


def tag(**fields: object) -> str:
    body = ",".join(f"{name}:{value}" for name, value in fields.items())
    return f"\\{body}*{checked(body)}\\"


def sentences(**message: Any) -> list[str]:
    return encode_dict({"mmsi": 199_000_001, **message}, talker_id="AI", sentence_type="VDM", seq_id=3)


def position(second: int = 0, **fields: Any) -> str:
    """A stamped position report of an invented ship."""
    place = {"lat": 38.1, "lon": 124.6, "speed": 11.2, "course": 181.5, "heading": 182, "status": 0}
    return tag(s="SANDBOX", c=SECONDS + second) + sentences(type=1, **place | fields)[0]


def voyage(second: int = 0) -> list[str]:
    """A static report of two sentences; the first bears the time."""
    first, last = sentences(type=5, shipname="SANDBOX GOLD ONE", imo=103, destination="SANDBOX PORT")
    return [tag(s="SANDBOX", c=SECONDS + second) + first, last]


def file(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def golden(content: bytes) -> list[Any]:
    """What is kept of a reading, as JSON has it."""
    said: list[Any] = []
    for batch in read(content):
        said.append({"counted": dict(batch.counted), "last_line": batch.last_line})
        for kind in ("positions", "identities"):
            for row in rows([batch], kind):
                times = {
                    key: f"{value:%Y-%m-%dT%H:%M:%SZ}" for key, value in row.items() if isinstance(value, datetime)
                }
                kept = {key: value for key, value in row.items() if key not in {"source", "exhibit"}}
                said.append({kind: kept | times})
        said += [{"set_aside": [record.line, record.field, record.reason, record.value]} for record in batch.set_aside]
    return said


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_file_says_what_its_golden_file_says(fixture: Path) -> None:
    said = golden(fixture.read_bytes())
    kept = fixture.with_suffix(".golden.jsonl")
    if "BONGSU_REWRITE_GOLDEN" in os.environ:
        kept.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in said), "utf-8")
    assert said == [json.loads(line) for line in kept.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_every_line_of_a_file_is_in_exactly_one_count(fixture: Path) -> None:
    content = fixture.read_bytes()
    batches = read(content)
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert (lines_counted(batches), batches[-1].last_line) == (lines, lines)


def test_a_file_of_sentences_is_recognised() -> None:
    for fixture in FIXTURES:
        assert recognise(fixture.read_bytes(), where=fixture.name).card.id == "nmea"


def test_a_position_without_a_time_is_set_aside_unless_the_caller_knows_one() -> None:
    content = file(tag(s="SANDBOX") + sentences(type=1, lat=38.1, lon=124.6)[0])
    assert counted(read(content)) == {"set aside: time is absent": 1}
    assert [row["at"] for row in rows(read(content, at=AT))] == [AT]


def test_a_file_may_be_called_invented_as_a_whole() -> None:
    content = file(sentences(type=1, lat=38.1, lon=124.6)[0])
    assert [row["world"] for row in rows(read(content, at=AT, world="sandbox"))] == ["sandbox"]


def test_parts_of_two_messages_may_come_crosswise() -> None:
    one, two = voyage(), [line.replace(",3,A,", ",4,A,") for line in voyage(5)]
    two = [line[:-2] + checked(line[line.index("!") + 1 : -3]) for line in two]
    found = read(file(one[0], two[0], one[1], two[1]))
    assert counted(found) == {"parts of messages": 2, "identities": 2}
    assert [(row["row"], row["reports"]) for row in rows(found, "identities")] == [(3, 2)]


def test_what_one_station_heard_is_not_joined_to_what_another_did() -> None:
    def heard(station: str, ship: int) -> list[str]:
        parts = sentences(type=5, mmsi=ship, shipname=f"SANDBOX {ship}", destination=f"PORT {ship}")
        return [tag(s=f"SANDBOX-{station}", c=SECONDS) + part for part in parts]

    here, there = heard("HERE", 199_000_001), heard("THERE", 199_000_002)
    found = read(file(here[0], there[0], here[1], there[1]))
    said = [(row["name"], row["destination"]) for row in rows(found, "identities")]
    assert said == [(f"SANDBOX {ship}", f"PORT {ship}") for ship in (199_000_001, 199_000_002)]
    assert counted(read(file(here[0], there[1]))) == {"set aside: a part whose other parts are missing": 2}


@given(st.lists(st.none() | st.binary(max_size=5)))
def test_the_check_sum_is_all_bytes_xor(texts: list[bytes | None]) -> None:
    expected = [None if text is None else reduce(lambda left, right: left ^ right, text, 0) for text in texts]
    array = pa.array([b"before", *texts], pa.binary())
    assert exclusive_or(array.slice(1)).to_pylist() == exclusive_or(array).to_pylist()[1:] == expected


def test_a_part_waits_for_the_others_no_longer_than_the_card_allows() -> None:
    first, last = voyage()
    between = [position(second) for second in range(30)]
    waiting = lined(span_lines=40, batch_lines=7)
    assert counted(read(file(first, *between, last), sea=waiting))["identities"] == 1
    given_up = counted(read(file(first, *between, last), sea=lined(span_lines=20, batch_lines=7)))
    assert given_up["set aside: a part whose other parts are missing"] == 2
    assert lines_counted(read(file(first, *between, last), sea=lined(span_lines=20, batch_lines=7))) == 32


def test_a_group_s_time_is_that_of_its_first_sentence() -> None:
    body = sentences(type=1, lat=38.1, lon=124.6)[0]
    content = file(tag(g="1-2-9", s="SANDBOX", c=SECONDS) + body, "", tag(g="2-2-9") + body.replace("124", "124"))
    found = read(content)
    assert counted(found)["set aside: the same report again"] == 1
    assert [(row["at"], row["world"]) for row in rows(found)] == [(AT, "sandbox")]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        (f"{SECONDS} ", ""),
        (f"{SECONDS}.250;", ""),
        (f"{SECONDS}250\t", ""),
        ("2026-09-21T14:13:20Z ", ""),
        ("2026-09-21T14:13:20.500Z,", ""),
        ("2026-09-21 14:13:20 ", ""),
        ("2026-09-21 23:13:20+0900 ", ""),
        ("[2026-09-21T14:13:20+00:00] ", ""),
        ("", f",{SECONDS}"),
        ("", f",r003669945,{SECONDS}"),
        ("", f",s29999,d-098,T59.32,x12,r003669945,{SECONDS}"),
        ("", " 2026-09-21T14:13:20Z"),
        ("", ",2026-09-21 14:13:20"),
    ],
)
def test_the_receiver_s_time_is_read_where_recorders_write_it(before: str, behind: str) -> None:
    line = before + tag(s="SANDBOX") + sentences(type=1, lat=38.1, lon=124.6)[0] + behind
    assert [row["at"] for row in rows(read(file(line)))] == [AT]


def test_the_time_of_the_tag_block_goes_before_that_of_the_line() -> None:
    assert [row["at"] for row in rows(read(file("2026-10-01T00:00:00Z " + position())))] == [AT]


def test_a_ship_that_says_something_else_and_then_the_same_again_has_three_identities() -> None:
    def named(second: int, name: str) -> str:
        return tag(s="SANDBOX", c=SECONDS + second) + sentences(type=24, partno=0, shipname=name)[0]

    content = file(*[named(second, f"SANDBOX {name}") for second, name in enumerate("AABBA")])
    found = [(row["name"], row["reports"], row["row"]) for row in rows(read(content), "identities")]
    assert found == [("SANDBOX A", 2, 1), ("SANDBOX B", 2, 3), ("SANDBOX A", 1, 5)]


def test_gzip_is_read_as_what_it_holds() -> None:
    content = FIXTURES[0].read_bytes()
    middle = len(content) // 2
    packed = gzip.compress(content[:middle]) + gzip.compress(content[middle:])
    assert read(packed) == read(content)


def test_a_gzip_bomb_is_refused_before_it_fills_anything() -> None:
    with pytest.raises(SourceRefusedError, match="would inflate beyond"):
        read(gzip.compress(b"\n" * 2**26))


@pytest.mark.parametrize("harm", [lambda packed: packed[:-9], lambda packed: packed[:40] + b"xx" + packed[42:]])
def test_a_gzip_file_that_is_cut_off_or_corrupt_is_refused(harm: Any) -> None:
    with pytest.raises(SourceRefusedError, match=r"cut off|corrupt"):
        read(harm(gzip.compress(FIXTURES[0].read_bytes())))


def test_an_endless_line_is_cut_and_the_next_is_read() -> None:
    content = b"!AIVDM," + b"x" * 3_000_000 + b"\n" + file(position())
    found = read(content)
    assert counted(found) == {"set aside: line is too long": 1, "positions": 1}
    assert rows(found)[0]["row"] == 2


def test_positions_are_what_pyais_makes_of_the_real_sample() -> None:
    content = sample("nmea_sample.txt")
    ours = {
        (row["mmsi"], row["latitude_deg"], row["longitude_deg"], row["speed_kn"], row["course_deg"], row["heading_deg"])
        for row in rows(read(content, at=AT))
    }
    theirs = set()
    for message in IterMessages(content.splitlines()):
        if not message.payload:
            continue
        said = message.decode()
        if said.msg_type in {1, 2, 3, 18, 19, 27} and said.lat != 91:
            known = (None if said.course == 360 else said.course, None if said.heading == 511 else float(said.heading))
            theirs.add((said.mmsi, said.lat, said.lon, None if said.speed == 102.3 else said.speed, *known))
    assert ours == theirs
    assert len(ours) > 700


@pytest.mark.parametrize("name", ["nmea_sample.txt", "nmea_mixed_invalid.txt"])
def test_every_line_of_a_real_file_is_accounted_for(name: str) -> None:
    content = sample(name)
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert lines_counted(read(content, at=AT)) == lines_counted(read(content)) == lines


def sample(name: str) -> bytes:
    if not (SHARED / name).is_file():
        pytest.skip(f"the real sample {name} is not on this machine")
    return (SHARED / name).read_bytes()


def some_lines() -> list[str]:
    """Stamped reports with everything in between that can stand there."""
    first, last = voyage(7)
    between = ["", "# SANDBOX", "$GPGGA,184353.07*6D", "SANDBOX", position(5)[:-4], position(91, lat=91.0)]
    body = sentences(type=1, lat=38.2, lon=124.6)[0]
    grouped = [tag(g="1-2-9", s="SANDBOX", c=SECONDS + 9) + body, tag(g="2-2-9", s="SANDBOX") + body]
    reports = [position(second, lat=38 + second / 100) for second in range(6)]
    return [
        *reports[:3],
        first,
        *between[:3],
        reports[3],
        last,
        *between[3:],
        grouped[0],
        reports[4],
        grouped[1],
        reports[5],
    ]


LINES = some_lines()


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, len(file(*LINES)) - 1),
    st.integers(0, 255),
    st.integers(1, 9),
)
def test_whatever_byte_is_altered_every_line_is_counted_once(place: int, byte: int, batch_lines: int) -> None:
    content = bytearray(file(*LINES))
    content[place] = byte
    batches = read(bytes(content), sea=lined(batch_lines=batch_lines, span_lines=5))
    lines = content.count(b"\n") + (not content.endswith(b"\n"))
    assert lines_counted(batches) == lines
    assert [batch.last_line for batch in batches][-1] == lines


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 4))
def test_garbage_never_ends_the_reading(garbage: bytes, batch_lines: int) -> None:
    if garbage.startswith((b"\x1f\x8b", b"\xef\xbb\xbf")):
        return  # these begin a gzip file and a byte-order mark
    batches = read(garbage, sea=lined(batch_lines=batch_lines))
    assert lines_counted(batches) == garbage.count(b"\n") + bool(garbage) - garbage.endswith(b"\n")


@settings(max_examples=25, deadline=None)
@example([12, 1, 14, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 13, 2, 15], 2, 3, 3)
@given(st.permutations(range(len(LINES))), st.integers(1, len(LINES)), st.integers(1, 7), st.integers(3, 30))
def test_reading_from_any_line_gives_the_rows_from_there_on(
    order: list[int], from_line: int, batch_lines: int, span_lines: int
) -> None:
    content = file(*[LINES[index] for index in order])
    sea = lined(batch_lines=batch_lines, span_lines=span_lines)
    rest = said(read(content, sea=sea, from_line=from_line))
    # What is said twice is dropped within a batch, so in batches of one line nothing is.
    single = said(read(content, sea=lined(batch_lines=1, span_lines=span_lines)))
    from_there = {row for row in single if row[0] >= from_line}
    assert rest <= from_there
    assert {row[1:] for row in rest} == {row[1:] for row in from_there}


def said(batches: Iterable[Batch]) -> set[tuple[Any, ...]]:
    return {(row["row"], row["mmsi"], row["at"], row["latitude_deg"]) for row in rows(batches)}


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(len(LINES))), st.integers(3, 7), st.integers(3, 30))
def test_an_import_that_goes_on_after_a_batch_gives_the_same_batches(
    order: list[int], batch_lines: int, span_lines: int
) -> None:
    content = file(*[LINES[index] for index in order])
    sea = lined(batch_lines=batch_lines, span_lines=span_lines)
    whole = read(content, sea=sea)
    for before, after in pairwise(range(len(whole) + 1)):
        resumed = read(content, sea=sea, from_line=whole[before - 1].last_line + 1 if before else 1)
        assert resumed == whole[before:]
        assert after == before + 1
