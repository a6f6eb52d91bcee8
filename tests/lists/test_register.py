"""The register over several copies: what was said when, and who is found under what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import Folder
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.lists import register
from bongsu.lists.cards import source
from bongsu.lists.cleaning import Cleaned
from bongsu.lists.model import Part, Statement
from bongsu.lists.register import Copy, CopyPart
from bongsu.lists.transcript import Transcript
from bongsu.tables.engine import Engine

VERSION = "0" * 64
DAYS = (date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15))


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as door:
        yield door


@pytest.fixture(params=["disk", "memory"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Folder:
    return Folder.open(str(tmp_path / "store") if request.param == "disk" else f"memory://{tmp_path.name}-register")


def copy_on(day: date, content: str = "SANDBOX", *, received_at: datetime | None = None, origin: str = "a.xml") -> Copy:
    exhibit = digest(content.encode())
    return Copy(
        list_id="sandbox",
        list_date=day,
        parts=(CopyPart(name="consolidated", exhibit=exhibit, received=exhibit, origin=origin),),
        received_at=received_at or datetime(2026, 4, 1, tzinfo=UTC),
        last_served_at=None,
        sandbox=True,
    )


def put(folder: Folder, copy: Copy, said: Iterable[Statement]) -> str:
    """Store what a copy says, and give the name of its file."""
    written = register.store(folder, copy, said, VERSION)
    name = register.file_name(copy, VERSION)
    assert digest(folder.read(name)) == written
    return name


def statements(entries: dict[str, dict[str, list[str]]], schema: str = "Person") -> tuple[Statement, ...]:
    """Statements about invented listings: values by property by reference."""
    transcript = Transcript()
    part = Part(name="consolidated", exhibit="a" * 64, content=b"SANDBOX")
    for row, (reference, facts) in enumerate(entries.items(), start=1):
        page = transcript.entry(part, listing=f"sandbox:{reference}", schema=schema, locator=f"row={row}")
        page.sanction("authorityId", reference)
        for prop, values in facts.items():
            for value in values:
                page.say(prop, value)
    return tuple(transcript.statements)


def stored(folder: Folder, *vintages: dict[str, dict[str, list[str]]], schema: str = "Person") -> list[str]:
    return [
        put(folder, copy_on(day, str(day)), statements(entries, schema))
        for day, entries in zip(DAYS, vintages, strict=False)
    ]


def test_a_copy_is_named_by_its_day_and_its_bytes_alone() -> None:
    copy = copy_on(DAYS[0])
    assert copy.key == f"2026-01-15-{copy.content[:12]}"
    again = copy_on(DAYS[0], received_at=datetime(2026, 5, 5, tzinfo=UTC), origin="elsewhere.xml.gz")
    assert again.key == copy.key
    assert copy_on(DAYS[0], "SANDBOX other bytes").key != copy.key
    assert copy_on(DAYS[1]).key > copy.key


def test_the_bytes_of_all_parts_in_their_order_make_the_copy() -> None:
    one, other = (CopyPart(name=name, exhibit=digest(name.encode()), received="", origin="") for name in ("sdn", "alt"))
    assert len({register.content_of(parts) for parts in [(one,), (other,), (one, other), (other, one)]}) == 4


def test_copies_stand_in_the_order_of_list_day_and_reception() -> None:
    early, late = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
    right = (copy_on(DAYS[0]), copy_on(DAYS[1], received_at=early), copy_on(DAYS[1], "x", received_at=late))
    assert register.ordered(reversed(right)) == right


def test_a_copy_comes_back_from_its_record() -> None:
    copy = copy_on(DAYS[0])
    served = copy.served(datetime(2026, 5, 5, tzinfo=UTC))
    for each in (copy, served):
        assert register.copy_from_record(json.loads(canonical_json(register.copy_record(each)))) == each
    assert served.id == copy.id == f"sandbox/{copy.key}"


def test_a_copy_keeps_the_last_time_it_was_served() -> None:
    early, late = datetime(2026, 5, 5, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC)
    assert copy_on(DAYS[0]).last_served_at is None
    assert copy_on(DAYS[0]).served(late).served(early).last_served_at == late


def test_what_is_stored_is_what_is_loaded(folder: Folder) -> None:
    said = statements({"KPi.901": {"name": [" SANDBOX One"], "alias": ["샌드박스"], "birthDate": ["circa 1961"]}})
    name = put(folder, copy_on(DAYS[0]), said)
    assert name == f"register/sandbox/{copy_on(DAYS[0]).key}-000000000000.parquet"
    assert register.load(folder, name) == said


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(rows=st.lists(st.tuples(TEXTS, TEXTS, st.none() | TEXTS, st.none() | TEXTS), max_size=5))
def test_any_text_comes_back_as_it_was(rows: list[tuple[str, str, str | None, str | None]]) -> None:
    folder = Folder.open("memory://register-any-text")
    said = tuple(
        Statement(
            listing=listing, entity=listing, schema="Person", prop="name", value=value, cleaned=cleaned, rejected=None,
            lang=lang, exhibit="a" * 64, locator="row=1",
        )
        for listing, value, cleaned, lang in rows
    )  # fmt: skip
    content = canonical_json([[row.listing, row.value, row.cleaned, row.lang] for row in said]).decode()
    name = put(folder, copy_on(DAYS[0], content), said)
    assert register.load(folder, name) == said


def test_a_damaged_file_is_written_anew(folder: Folder) -> None:
    said = statements({"KPi.901": {"name": ["SANDBOX ONE"]}})
    name = put(folder, copy_on(DAYS[0]), said)
    folder.replace(name, b"no table")
    assert put(folder, copy_on(DAYS[0]), said) == name
    assert register.load(folder, name) == tuple(said)


def test_a_value_is_seen_from_its_first_copy_to_its_last(folder: Folder, engine: Engine) -> None:
    names = stored(
        folder,
        {"KPi.901": {"name": ["SANDBOX ONE"], "alias": ["Won", "Wun"]}},
        {"KPi.901": {"name": ["SANDBOX ONE"], "alias": ["Wun", "Wan"]}},
        {"KPi.901": {"name": ["SANDBOX ONE"], "alias": ["Won"]}},
    )
    seen = {
        row.value: (row.first_seen, row.last_seen, row.copies)
        for row in register.sightings(engine, folder, names, "sandbox:KPi.901")
        if row.prop in {"name", "alias"}
    }
    assert seen == {
        "SANDBOX ONE": (DAYS[0], DAYS[2], 3),
        "Wun": (DAYS[0], DAYS[1], 2),
        "Wan": (DAYS[1], DAYS[1], 1),
        "Won": (DAYS[0], DAYS[2], 2),  # it came, went and came back: two copies of three
    }


def test_sightings_come_by_entity_property_and_first_copy(folder: Folder, engine: Engine) -> None:
    names = stored(
        folder, {"KPi.901": {"name": ["B"], "alias": ["z"]}}, {"KPi.901": {"name": ["B"], "alias": ["a", "z"]}}
    )
    rows = register.sightings(engine, folder, names, "sandbox:KPi.901")
    assert [(row.prop, row.value) for row in rows] == [
        ("alias", "z"),
        ("alias", "a"),
        ("name", "B"),
        ("authorityId", "KPi.901"),
    ]


def test_a_rejected_value_keeps_its_reason_over_time(folder: Folder, engine: Engine) -> None:
    names = stored(
        folder, *[{"90001": {"name": ["SANDBOX VESSEL"], "imoNumber": ["IMO Does not exist"]}}] * 3, schema="Vessel"
    )
    (row,) = [row for row in register.sightings(engine, folder, names, "sandbox:90001") if row.prop == "imoNumber"]
    assert (row.value, row.cleaned, row.copies) == ("IMO Does not exist", None, 3)
    assert row.rejected == "not written as an IMO number (seven digits)"


def test_a_listing_is_seen_on_the_days_of_the_copies_that_hold_it(folder: Folder, engine: Engine) -> None:
    one, two = {"KPi.901": {"name": ["SANDBOX ONE"]}}, {"KPi.902": {"name": ["SANDBOX TWO"]}}
    names = stored(folder, {**one, **two}, two, {**one, **two})
    assert register.seen_on(engine, folder, names, "sandbox:KPi.901") == (DAYS[0], DAYS[2])
    assert register.seen_on(engine, folder, names, "sandbox:KPi.902") == DAYS
    assert register.seen_on(engine, folder, names, "sandbox:KPi.903") == ()
    assert register.seen_on(engine, folder, [], "sandbox:KPi.901") == ()


VESSELS = {
    "90001": {"name": ["SANDBOX Straße ONE"], "imoNumber": ["IMO 1000007"]},
    "90002": {"name": ["샌드박스 호"], "imoNumber": ["IMO 1000008"]},
    "90003": {"name": ["SANDBOX İÇEL"], "imoNumber": ["IMO Does not exist"]},
    "90004": {"name": ["SANDBOX Straße ONE"], "alias": ["90001"]},
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("90002", ["90002"]),
        (" 90002 ", ["90002"]),
        ("sandbox:90003", ["90003"]),
        ("SANDBOX:90003", ["90003"]),
        ("90001", ["90001", "90004"]),
        ("SANDBOX Straße ONE", ["90001", "90004"]),
        ("sandbox  straße one", ["90001", "90004"]),
        ("샌드박스 호", ["90002"]),
        ("\u1109\u1162\u11ab\u1103\u1173\u1107\u1161\u11a8\u1109\u1173 \u1112\u1169", ["90002"]),
        ("SANDBOX İÇEL", ["90003"]),
        ("1000007", ["90001"]),
        ("IMO 1000007", ["90001"]),
        ("IMO1000007", ["90001"]),
        ("imo  1000007", ["90001"]),
        ("1000008", ["90002"]),
        ("IMO 1000008", ["90002"]),
        ("IMO", []),
        ("", []),
        ("SANDBOX", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_listing_is_found_by_reference_id_name_alias_or_imo_number(
    asked: str, found: list[str], engine: Engine
) -> None:
    """The false IMO number of 90002 is found too: someone may look for just that."""
    folder = Folder.open("memory://register-find")
    names = stored(folder, VESSELS, schema="Vessel")
    assert register.find_listings(engine, folder, names, asked) == tuple(f"sandbox:{reference}" for reference in found)


def test_a_listing_gone_from_the_latest_copy_is_still_found(folder: Folder, engine: Engine) -> None:
    names = stored(folder, {"KPi.901": {"name": ["SANDBOX ONE"]}}, {"KPi.902": {"name": ["SANDBOX TWO"]}})
    assert register.find_listings(engine, folder, names, "KPi.901") == ("sandbox:KPi.901",)


def test_only_listings_under_a_dprk_programme_are_left_with_all_they_say() -> None:
    transcript = Transcript()
    part = Part(name="consolidated", exhibit="a" * 64, content=b"SANDBOX")
    for reference, programme in (("KPi.901", " DPRK"), ("SOi.901", "Somalia"), ("XXi.901", "Not DPRK")):
        page = transcript.entry(part, listing=f"un_sc:{reference}", schema="Person", locator="row=1")
        page.say("name", f"SANDBOX {reference}")
        page.sanction("program", programme)
        page.link(page.sub_entity("passport", "Passport", {"number": "SANDBOX-1"}), "Passport", "holder")
    page.sanction("program", "DPRK", cleaned=Cleaned.no("not known"))
    kept = register.dprk_only(transcript.statements, source("un_sc").card)
    assert [(row.listing, row.prop) for row in kept] == [
        ("un_sc:KPi.901", prop) for prop in ("name", "program", "number", "holder")
    ]
