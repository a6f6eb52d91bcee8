"""Bad input and damage: refused or set aside with the reason, the good copy stays in force, nothing is forgotten."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from bongsu.cycle.config import FileCopy, ListConfig, read_config
from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import reproduce
from bongsu.cycle.resolution import listing_named
from bongsu.cycle.run import run_cycle
from bongsu.cycle.screening import screened_register
from bongsu.evidence import CustodyEvent, ExhibitStore, Folder
from bongsu.kernel.canonical import digest
from bongsu.kernel.clock import instant
from bongsu.kernel.errors import EvidenceError, UsageError
from bongsu.names.screener import Query

if TYPE_CHECKING:
    from conftest import ListHost, Watch

WALL_CLOCK = datetime(2026, 11, 24, 6, 0, 7, tzinfo=UTC)
ONE, TWO, THREE = "SANDBOX PERSON ONE", "SANDBOX PERSON TWO", "SANDBOX TRADING THREE"
BOTH = {"KPi.901": ONE, "KPe.903": THREE}


def copies(*names: str, dates: tuple[str, ...] = ()) -> str:
    """The configuration of copies of un_sc read from files."""
    rows = []
    for index, name in enumerate(names):
        rows.append("[[lists.un_sc.copy]]")
        rows += [f"list_date = {dates[index]}"] if dates else []
        rows.append(f'parts = {{ consolidated = "{name}" }}')
    return "\n".join(rows)


def from_host(url: str, *, timeout: float = 5) -> tuple[str, str]:
    """The configuration of un_sc fetched from an address: lists, and the settings above them."""
    return (
        f'[lists.un_sc]\nurls = {{ consolidated = "{url}" }}',
        f"[collect]\ntimeout_seconds = {timeout}\ndeadline_seconds = 30",
    )


def ofac_from(host: ListHost, copy: Any) -> tuple[str, str]:
    """A host that serves a set of OFAC's form, and the configuration that fetches it."""
    for part in ("sdn", "alt", "add"):
        host.answers[f"/{part}.csv"] = getattr(copy, part)
    urls = ", ".join(f'{part} = "{host.url}/{part}.csv"' for part in ("sdn", "alt", "add", "comments"))
    return f"[lists.ofac_sdn]\nurls = {{ {urls} }}", "[collect]\ntimeout_seconds = 5"


# --- bad input: refused, the previous good copy stays in force, and the cycle still ends well


def broken(un_list: Callable[..., bytes], how: str) -> bytes:
    whole = un_list("2026-01-20", BOTH)
    if how == "half":
        return un_list("2026-01-20", BOTH, others=0)
    return {
        "cut": whole[: len(whole) // 2],
        "latin": whole.replace(b"SANDBOX PERSON ONE", b"SANDBOX P\xc9RSON ONE"),
        "entity": whole.replace(b"<CONSOLIDATED_LIST ", b'<!DOCTYPE x [<!ENTITY a "b">]>\n<CONSOLIDATED_LIST ', 1),
        "undated": whole.replace(b' dateGenerated="2026-01-20T00:00:00Z"', b""),
        "nameless": whole.replace(b"<FIRST_NAME>SANDBOX OTHER", b"<FIRST_NAME/><GENDER>SANDBOX OTHER").replace(
            b"</FIRST_NAME><UN_LIST_TYPE>Taliban", b"</GENDER><UN_LIST_TYPE>Taliban"
        ),
        "other": whole.replace(b"CONSOLIDATED_LIST", b"SOME_OTHER_LIST"),
    }[how]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("cut", "b.xml: consolidated: is not well-formed XML: "),
        ("latin", "b.xml: consolidated: is not UTF-8: byte 0xc9 at offset "),
        ("entity", "b.xml: consolidated: holds a document type or entity declaration"),
        ("undated", "b.xml: CONSOLIDATED_LIST: does not say when it was generated"),
        ("nameless", "b.xml: un_sc: 400 of 402 entries cannot be read"),
        ("other", "b.xml: consolidated: begins with <SOME_OTHER_LIST>"),
        ("half", "b.xml: un_sc: holds 2 entries; the card expects 400 to 2200"),
    ],
)
def test_a_broken_copy_is_refused_with_the_reason_and_the_good_one_stays_in_force(
    watch: Watch, un_list: Callable[..., bytes], how: str, says: str
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"))
    watch.run("2026-01-16T06:00:00Z")
    watch.keep("b.xml", broken(un_list, how))
    watch.configure(copies("b.xml"))
    ran = watch.run("2026-01-21T06:00:00Z")
    state = ran.list("un_sc")
    assert state["status"] == "refused"
    assert state["refusals"][0].startswith(says)
    assert (state["in_force"]["list_date"], state["in_force"]["age_days"]) == ("2026-01-15", 6)
    assert len(ran.report["designated"]) == 2
    assert ran.report["indicators"] == []
    assert ran.report["summary"]["copies_refused"] == 1
    # Kept all the same: the bytes are the proof of what was served.
    assert ExhibitStore(ran.store, tool="test 1").read(digest((watch.folder / "b.xml").read_bytes()))


def test_a_copy_that_lost_more_than_half_its_entries_is_refused_beside_the_one_before(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH, others=1000))
    watch.keep("b.xml", un_list("2026-01-20", BOTH, others=498))
    watch.keep("c.xml", un_list("2026-01-20", BOTH, others=505))
    watch.configure(copies("a.xml"))
    watch.run("2026-01-16T06:00:00Z")
    watch.configure(copies("b.xml"))
    state = watch.run("2026-01-21T06:00:00Z").list("un_sc")
    assert state["refusals"] == [
        "b.xml: holds 500 entries where the copy of 2026-01-15 held 1002: fewer than 50% of them"
    ]
    assert state["in_force"]["list_date"] == "2026-01-15"
    watch.configure(copies("c.xml"))
    assert watch.run("2026-01-22T06:00:00Z").list("un_sc")["status"] == "new copy"


MANY = {f"KPi.{901 + number}": f"SANDBOX PERSON {number}" for number in range(20)}


def first(count: int) -> dict[str, str]:
    return dict(list(MANY.items())[:count])


@pytest.mark.parametrize("left", [0, 17])
def test_a_copy_that_lost_its_dprk_entries_is_refused_however_long_the_whole_list_is(
    watch: Watch, un_list: Callable[..., bytes], left: int
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", MANY))
    watch.keep("b.xml", un_list("2026-01-20", first(left), others=1000))
    watch.configure(copies("a.xml"))
    watch.run("2026-01-16T06:00:00Z")
    watch.configure(copies("b.xml"))
    ran = watch.run("2026-01-21T06:00:00Z")
    state = ran.list("un_sc")
    assert state["refusals"] == [
        f"b.xml: holds {left} DPRK entries where the copy of 2026-01-15 held 20: fewer than 90% of them"
    ]
    assert (state["status"], state["in_force"]["list_date"]) == ("refused", "2026-01-15")
    assert len(ran.report["designated"]) == 20
    assert ran.report["changes"] == []


@pytest.mark.parametrize(
    ("names", "others", "says"),
    [
        (first(18), 500, "holds 18 DPRK entries where that of 2026-01-15 held 20 (10% fewer)"),
        (MANY, 450, "holds 470 entries where that of 2026-01-15 held 520 (10% fewer)"),
        (first(18), 450, "holds 468 entries where that of 2026-01-15 held 520 (10% fewer) and 18 DPRK entries where "),
        (first(19), 500, None),
        ({**MANY, "KPe.990": THREE}, 700, None),
    ],
)
def test_a_large_loss_that_is_believed_is_told(
    watch: Watch, un_list: Callable[..., bytes], names: dict[str, str], others: int, says: str | None
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", MANY, others=500))
    watch.keep("b.xml", un_list("2026-01-20", names, others=others))
    watch.configure(copies("a.xml"))
    watch.run("2026-01-16T06:00:00Z")
    watch.configure(copies("b.xml"))
    ran = watch.run("2026-01-21T06:00:00Z")
    assert ran.list("un_sc")["status"] == "new copy"
    warnings = ran.list("un_sc")["warnings"]
    assert len(warnings) == ran.report["summary"]["warnings"] == (0 if says is None else 1)
    page = ran.outputs()["report.html"].decode()
    assert ("look first: the copy of 2026-01-20 holds" in page) is (says is not None)
    if says is not None:
        assert warnings[0].startswith(f"the copy of 2026-01-20 {says}")
        assert warnings[0].endswith(": look at it before you trust what it lacks")
    assert watch.run("2026-01-22T06:00:00Z").list("un_sc")["warnings"] == []


def test_a_date_in_the_configuration_that_the_list_contradicts_refuses_the_copy(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml", dates=("2026-01-16",)))
    state = watch.run("2026-01-21T06:00:00Z").list("un_sc")
    assert state["in_force"] is None
    assert state["refusals"] == [
        "a.xml: un_sc: prints the date 2026-01-15; the configuration says 2026-01-16 (correct one of them)"
    ]


def test_a_listing_without_a_name_and_an_unknown_programme_are_set_aside_and_the_rest_is_read(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    content = un_list("2026-01-15", {**BOTH, "KPi.902": TWO, "KPi.904": "SANDBOX PERSON FOUR"})
    content = content.replace(f"<FIRST_NAME>{TWO}</FIRST_NAME>".encode(), b"<FIRST_NAME> </FIRST_NAME>")
    content = content.replace(
        b"SANDBOX PERSON FOUR</FIRST_NAME><UN_LIST_TYPE>DPRK", b"SANDBOX PERSON FOUR</FIRST_NAME><UN_LIST_TYPE>DPRX"
    )
    watch.keep("a.xml", content)
    watch.configure(copies("a.xml"))
    ran = watch.run("2026-01-21T06:00:00Z")
    assert [(row["field"], row["reason"], row["whole_entry"]) for row in ran.report["quarantine"]] == [
        (None, "KPi.902 has no name", True),
        (
            "UN_LIST_TYPE",
            "a programme code that the card does not know; the entry is kept, its programme is not counted",
            False,
        ),
    ]
    assert [row["reference"] for row in ran.report["designated"]] == ["KPe.903", "KPi.901"]
    assert json.loads(ran.outputs()["quarantine.json"])[0]["list"] == "un_sc"


@pytest.mark.parametrize("name", ["gone.xml", ".", "/dev/zero"])
def test_a_configured_file_that_cannot_be_read_is_an_error_of_the_configuration_before_anything_is_received(
    watch: Watch, un_list: Callable[..., bytes], name: str
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml", name))
    with pytest.raises(UsageError) as refused:
        watch.run("2026-01-21T06:00:00Z")
    assert refused.value.where == "lists.un_sc.copy"
    assert refused.value.what.startswith(f"{name}: ")
    assert Folder.open(str(watch.folder / "data")).names() == []


def test_a_missing_file_of_a_part_that_may_be_left_out_is_an_error_too_where_a_person_named_it(
    watch: Watch, ofac_set: Callable[..., Any]
) -> None:
    watch.keep("sdn.csv", ofac_set({901: ONE}).sdn)
    watch.configure('[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-15\nparts = { sdn = "sdn.csv", alt = "typo.csv" }')
    with pytest.raises(UsageError, match=r"lists\.ofac_sdn\.copy: typo\.csv: cannot be read: No such file"):
        watch.run("2026-01-21T06:00:00Z")


def test_a_configured_file_beyond_the_limit_is_an_error_of_the_configuration(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"), more="[collect]\nmost_bytes = 1000")
    with pytest.raises(UsageError, match=r"a\.xml: is larger than 1000 bytes"):
        watch.run("2026-01-21T06:00:00Z")


def test_a_file_of_no_known_day_is_refused_and_does_not_count_as_of_the_day_of_the_run(
    watch: Watch, ofac_set: Callable[..., Any]
) -> None:
    """The configuration refuses it already; whoever makes one in code meets the same rule."""
    watch.keep("sdn.csv", ofac_set({901: ONE}).sdn)
    watch.configure("")
    undated = FileCopy(list_date=None, parts=(("sdn", "sdn.csv"),))
    listed = ListConfig(list_id="ofac_sdn", fetch=False, urls=(), copies=(undated,))
    settings = replace(read_config(watch.config), lists=(listed,))
    (state,) = [
        state
        for state in run_cycle(settings, instant("2026-01-21T06:00:00Z"), lambda: WALL_CLOCK).report.lists
        if state.card.id == "ofac_sdn"
    ]
    assert (state.status, state.in_force) == ("refused", None)
    assert state.refusals == (
        "sdn.csv: ofac_sdn: is of no known day: the list prints none, and the configuration gives none "
        "(add list_date to the copy)",
    )


def test_a_packed_file_that_is_cut_is_named_and_its_bytes_are_kept(watch: Watch, un_list: Callable[..., bytes]) -> None:
    packed = gzip.compress(un_list("2026-01-15", BOTH), mtime=0)[:-20]
    watch.keep("a.xml.gz", packed)
    watch.configure(copies("a.xml.gz"))
    ran = watch.run("2026-01-21T06:00:00Z")
    (problem,) = ran.list("un_sc")["problems"]
    assert problem.startswith("consolidated: the gzip file ")
    assert problem.endswith("(a.xml.gz)")
    assert ExhibitStore(ran.store, tool="test 1").read(digest(packed)) == packed


def test_a_packed_file_is_read_and_cited_unpacked_and_kept_packed(watch: Watch, un_list: Callable[..., bytes]) -> None:
    content = un_list("2026-01-15", BOTH)
    packed = gzip.compress(content, mtime=0)
    watch.keep("a.xml.gz", packed)
    watch.configure(copies("a.xml.gz"))
    ran = watch.run("2026-01-21T06:00:00Z")
    assert ran.report["designated"][0]["citation"].startswith(f"sha256:{digest(content)}#xpath=")
    (exhibit,) = ran.report["exhibits"]
    assert (exhibit["sha256"], exhibit["received_as"]) == (digest(content), digest(packed))
    assert ExhibitStore(ran.store, tool="test 1").record(digest(content)).parents == (digest(packed),)


# --- a list in several files


def test_a_copy_that_comes_without_the_aliases_the_one_before_had_is_refused(
    watch: Watch, list_host: ListHost, ofac_set: Callable[..., Any]
) -> None:
    lists, more = ofac_from(list_host, ofac_set({901: ONE}, {901: "SANDBOX WUN"}))
    watch.configure(lists, more=more)
    first = watch.run("2026-01-10T06:00:00Z")
    # sdn_comments.csv never was there: that is no problem of the list, and the copy says so.
    assert (first.list("ofac_sdn")["status"], first.list("ofac_sdn")["problems"]) == ("new copy", [])
    assert first.list("ofac_sdn")["in_force"]["parts_missing"] == ["comments"]
    list_host.answers["/alt.csv"] = list_host.status(503)
    ran = watch.run("2026-01-11T06:00:00Z")
    state = ran.list("ofac_sdn")
    assert state["status"] == "refused"
    assert state["refusals"][0].endswith("came without alt, which the copy of 2026-01-10 had")
    assert f"alt: the host answered 503 Service Unavailable ({list_host.url}/alt.csv)" in state["problems"]
    assert ran.report["indicators"] == []
    del list_host.answers["/alt.csv"]
    lists, more = ofac_from(list_host, ofac_set({901: ONE}, {901: "SANDBOX WUN"}))
    assert watch.run("2026-01-12T06:00:00Z").list("ofac_sdn")["status"] == "unchanged"


def test_a_file_of_a_set_that_lost_more_than_half_is_refused_with_its_copy(
    watch: Watch, list_host: ListHost, ofac_set: Callable[..., Any]
) -> None:
    whole = ofac_set({901: ONE}, {901: "SANDBOX WUN"})
    lists, more = ofac_from(list_host, whole)
    watch.configure(lists, more=more)
    watch.run("2026-01-10T06:00:00Z")
    rows = whole.alt.split(b"\r\n")
    list_host.answers["/alt.csv"] = b"\r\n".join(rows[-60:])
    state = watch.run("2026-01-11T06:00:00Z").list("ofac_sdn")
    assert state["status"] == "new copy"
    list_host.answers["/alt.csv"] = b"\r\n".join(rows[-20:])
    state = watch.run("2026-01-12T06:00:00Z").list("ofac_sdn")
    assert state["refusals"][0].endswith("alt says 19 things where the copy of 2026-01-11 said 59: fewer than 50%")


def test_two_lists_at_once_stand_side_by_side(
    watch: Watch, un_list: Callable[..., bytes], ofac_set: Callable[..., Any]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("sdn1.csv", ofac_set({901: ONE}).sdn)
    watch.keep("sdn2.csv", ofac_set({901: ONE, 902: TWO}).sdn)
    rows = [f'[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-1{n}\nparts = {{ sdn = "sdn{n}.csv" }}' for n in (1, 2)]
    watch.configure("\n".join([copies("a.xml"), *rows]))
    ran = watch.run("2026-01-21T06:00:00Z")
    assert [(row["id"], row["copies"], row["status"]) for row in ran.report["lists"]] == [
        ("ofac_sdn", 2, "new copy"),
        ("un_sc", 1, "new copy"),
    ]
    assert ran.report["summary"]["designated_dprk"] == 4
    (indicator,) = [row for row in ran.report["indicators"] if row["detector"] == "lists.list_change"]
    assert (indicator["subject"]["id"], indicator["facts"]["change"]) == ("ofac_sdn:902", "listed")


# --- damage to what cycles left


def test_a_damaged_indicators_file_of_the_cycle_before_stops_the_run_and_is_named(watch: Watch) -> None:
    watch.configure("")
    first = watch.run("2026-03-01T06:00:00Z")
    name = f"{first.place}/indicators.json"
    first.store.replace(name, first.store.read(name).replace(b"listed", b"lasted", 1))
    with pytest.raises(EvidenceError, match=r"indicators\.json: damaged: these are not the bytes its manifest names"):
        watch.run("2026-03-02T06:00:00Z")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff"])
def test_a_damaged_manifest_of_the_cycle_before_stops_the_run_and_is_named(watch: Watch, content: bytes) -> None:
    watch.configure("")
    first = watch.run("2026-03-01T06:00:00Z")
    first.store.replace(f"{first.place}/manifest.json", content)
    with pytest.raises(EvidenceError, match=r"manifest\.json: "):
        watch.run("2026-03-02T06:00:00Z")


def test_a_store_of_another_format_is_left_to_the_release_that_wrote_it(watch: Watch) -> None:
    watch.configure("")
    first = watch.run("2026-03-01T06:00:00Z")
    first.store.replace(f"{first.place}/manifest.json", b'{"format":"bongsu-manifest/1"}')
    with pytest.raises(UsageError, match="has the format bongsu-manifest/1") as refused:
        watch.run("2026-03-02T06:00:00Z")
    assert refused.value.remedy == "use the release that wrote it, or begin a new store"


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
def test_a_register_file_that_is_damaged_is_made_anew_from_the_exhibits(
    watch: Watch, un_list: Callable[..., bytes], content: bytes
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("b.xml", un_list("2026-01-16", {**BOTH, "KPi.902": TWO}))
    watch.configure(copies("a.xml", "b.xml"))
    first = watch.run("2026-01-20T06:00:00Z")
    whole = {name: first.store.read(name) for name in first.store.names("register/")}
    assert len([name for name in whole if name.endswith(".json")]) == 4
    for name in whole:
        if name.endswith(".json"):
            first.store.replace(name, content)
    assert watch.run("2026-01-20T06:00:00Z").outputs() == first.outputs()
    assert {name: first.store.read(name) for name in first.store.names("register/")} == whole


@pytest.mark.parametrize("cut", [0, 1, -1, -100])
def test_a_register_table_that_is_damaged_is_made_anew_from_the_exhibits(
    watch: Watch, un_list: Callable[..., bytes], cut: int
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"))
    first = watch.run("2026-01-20T06:00:00Z")
    (table,) = [name for name in first.store.names("register/") if name.endswith(".parquet")]
    whole = first.store.read(table)
    first.store.replace(table, whole[:cut])
    assert watch.run("2026-01-20T06:00:00Z").outputs() == first.outputs()
    watch.configure("")
    first.store.replace(table, whole[:cut])
    assert len(watch.run("2026-01-21T06:00:00Z").report["designated"]) == 2
    assert first.store.read(table) == whole


def _without_the_designated(table: bytes) -> bytes:
    """A sound table of the register in which the second entry is not."""
    rows = pq.read_table(BytesIO(table))
    sink = BytesIO()
    pq.write_table(rows.filter(pc.invert(pc.match_substring(rows["listing"], "KPi.902"))), sink)
    return sink.getvalue()


@pytest.mark.parametrize("how", ["rows taken out", "cut", "gone"])
def test_a_name_is_never_asked_of_a_register_table_that_is_not_as_it_was_written(
    watch: Watch, un_list: Callable[..., bytes], how: str
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", {**BOTH, "KPi.902": TWO}))
    watch.configure(copies("a.xml"))
    store = watch.run("2026-01-20T06:00:00Z").store
    (table,) = [name for name in store.names("register/") if name.endswith(".parquet")]
    whole = store.read(table)
    if how == "gone":
        store.delete(table)
    else:
        store.replace(table, _without_the_designated(whole) if how == "rows taken out" else whole[:-100])
    address = str(watch.folder / "data")
    assert screened_register(address).screener.screen(Query(name=TWO))
    assert store.read(table) == whole
    store.replace(table, _without_the_designated(whole))
    assert listing_named(address, "KPi.902") == "un_sc:KPi.902"


def spoil(store: Folder, exhibit: str, how: str) -> str:
    """Damage an exhibit, and give its name."""
    name = f"exhibits/{exhibit[:2]}/{exhibit}"
    if how == "missing":
        store.delete(name)
    else:
        store.replace(name, store.read(name).replace(b"SANDBOX", b"SONDBOX"))
    return name


@pytest.mark.parametrize("how", ["missing", "changed"])
def test_a_run_hashes_the_copy_in_force_again_and_refuses_it_where_it_is_damaged(
    watch: Watch, un_list: Callable[..., bytes], how: str
) -> None:
    old, new = un_list("2026-01-14", BOTH), un_list("2026-01-15", {**BOTH, "KPi.902": TWO})
    watch.keep("a.xml", old)
    watch.keep("b.xml", new)
    watch.configure(copies("a.xml", "b.xml"))
    first = watch.run("2026-01-16T06:00:00Z")
    name = spoil(first.store, digest(new), how)
    watch.configure("")
    ran = watch.run("2026-01-17T06:00:00Z")
    state = ran.list("un_sc")
    assert state["refusals"] == [
        f"b.xml: the copy of 2026-01-15 is not used: missing or damaged: exhibit {digest(new)}"
    ]
    assert state["in_force"]["list_date"] == "2026-01-14"
    assert ran.manifest["inputs"]["damaged"] == [digest(new)]
    # What was damaged is an input: the cycle is reproduced with it, and after it was restored too.
    again = read_manifest(ran.outputs()["manifest.json"], where=name)
    result = reproduce(again, ran.store)
    assert (result.agrees, result.differences) == (True, ())
    # Nobody leaves out a sound exhibit by calling it damaged without the reader being told.
    ran.store.replace(name, new)
    result = reproduce(again, ran.store)
    assert result.agrees
    assert result.differences == (
        f"exhibit {digest(new)}, which the manifest names as missing or damaged and so does not use, is sound here",
    )
    assert watch.run("2026-01-18T06:00:00Z").list("un_sc")["in_force"]["list_date"] == "2026-01-15"


def test_a_damaged_exhibit_that_comes_once_more_is_mended_and_used(watch: Watch, un_list: Callable[..., bytes]) -> None:
    content = un_list("2026-01-15", BOTH)
    watch.keep("a.xml", content)
    watch.configure(copies("a.xml"))
    first = watch.run("2026-01-16T06:00:00Z")
    spoil(first.store, digest(content), "changed")
    ran = watch.run("2026-01-17T06:00:00Z")
    assert (ran.list("un_sc")["status"], ran.manifest["inputs"]["damaged"]) == ("unchanged", [])


def test_an_older_copy_that_the_register_serves_is_left_to_the_inspection(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    old = un_list("2026-01-14", BOTH)
    watch.keep("a.xml", old)
    watch.keep("b.xml", un_list("2026-01-15", {**BOTH, "KPi.902": TWO}))
    watch.configure(copies("a.xml", "b.xml"))
    first = watch.run("2026-01-16T06:00:00Z")
    spoil(first.store, digest(old), "changed")
    watch.configure("")
    ran = watch.run("2026-01-17T06:00:00Z")
    assert (ran.list("un_sc")["status"], ran.list("un_sc")["copies"]) == ("unchanged", 2)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("cut", "cut off: it ends at entry 2, and entry 3 was known"),
        ("gone", "cut off: it ends at entry 0, and entry 3 was known"),
        ("rewritten", "rewritten: entry 3 is not the one that was known"),
        ("garbled", "changed: its digest is of other content"),
    ],
)
def test_a_run_refuses_a_custody_log_that_is_not_what_the_last_cycle_left(
    watch: Watch, un_list: Callable[..., bytes], harm: str, says: str
) -> None:
    for day in (14, 15, 16):
        watch.keep(f"{day}.xml", un_list(f"2026-01-{day}", BOTH))
    watch.configure(copies("14.xml", "15.xml", "16.xml"))
    store = watch.run("2026-01-17T06:00:00Z").store
    names = store.names("custody/")
    last = store.read(names[-1])
    for name in {"cut": names[-1:], "gone": names, "rewritten": names[-1:]}.get(harm, []):
        store.delete(name)
    if harm == "rewritten":
        log = ExhibitStore(store, tool="test 1").custody
        log.append([CustodyEvent(event="scrubbed", detail={"forged": True})], WALL_CLOCK)
    if harm == "garbled":
        store.replace(names[-1], last.replace(b'"received"', b'"exported"'))
    before = store.names()
    with pytest.raises(EvidenceError, match=f"{says} .restore the custody log"):
        watch.run("2026-01-18T06:00:00Z")
    assert store.names() == before


def test_a_run_refuses_an_anchor_that_is_damaged(watch: Watch) -> None:
    watch.configure("")
    first = watch.run("2026-03-01T06:00:00Z")
    first.store.replace(f"{first.place}/custody.json", b"{}")
    with pytest.raises(EvidenceError, match=r"custody\.json: changed: no head of the custody log"):
        watch.run("2026-03-02T06:00:00Z")


def test_a_known_copy_that_cannot_be_read_for_a_while_is_not_forgotten(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    content = un_list("2026-01-15", BOTH)
    watch.keep("a.xml", content)
    watch.configure(copies("a.xml"))
    first = watch.run("2026-01-16T06:00:00Z")
    watch.configure("")
    exhibit = f"exhibits/{digest(content)[:2]}/{digest(content)}"
    for name in first.store.names("register/"):  # as after an update: the new reader reads from the bytes again
        first.store.delete(name)
    first.store.delete(exhibit)
    second = watch.run("2026-01-17T06:00:00Z")
    assert second.manifest["copies"] == [] or all(row["sandbox"] for row in second.manifest["copies"])
    assert [row["list_date"] for row in second.manifest["unread"]] == ["2026-01-15"]
    third = watch.run("2026-01-18T06:00:00Z")
    assert [row["list_date"] for row in third.manifest["unread"]] == ["2026-01-15"]
    third.store.write_once(exhibit, content)
    fourth = watch.run("2026-01-19T06:00:00Z")
    assert fourth.list("un_sc")["in_force"]["list_date"] == "2026-01-15"
    assert fourth.manifest["unread"] == []
