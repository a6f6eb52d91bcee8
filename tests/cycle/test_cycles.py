"""Cycles over invented lists: what a new, an unchanged, a broken and an absent copy do to the state of a list."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from importlib.resources import files
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest

from bongsu.cycle.manifest import read_manifest
from bongsu.cycle.reproduce import reproduce
from bongsu.evidence import ExhibitStore
from bongsu.kernel.canonical import canonical_json, digest

if TYPE_CHECKING:
    from conftest import ListHost, Watch

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


# --- the same in, the same out


def test_the_same_inputs_and_clock_give_the_same_bytes_and_one_cycle(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("b.xml", un_list("2026-02-15", {**BOTH, "KPi.902": TWO}))
    watch.configure(copies("a.xml", "b.xml"))
    first = watch.run("2026-03-01T06:00:00Z")
    outputs = first.outputs()
    assert sorted(outputs) == ["indicators.json", "manifest.json", "quarantine.json", "report.html", "report.json"]
    again = watch.run("2026-03-01T06:00:00Z")
    assert again.outputs() == outputs
    assert {name.split("/")[1] for name in again.store.names("cycles/")} == {first.cycle}


def test_parts_of_a_second_in_the_clock_make_no_second_cycle(watch: Watch) -> None:
    watch.configure("")
    first = watch.run("2026-03-01T06:00:00.750Z")
    assert watch.run("2026-03-01T06:00:00.750Z").cycle == first.cycle
    assert first.report["previous"] is None


def test_a_fresh_store_elsewhere_gives_the_same_bytes_over_two_cycles(
    watch: Watch, other_watch: Watch, un_list: Callable[..., bytes]
) -> None:
    seen = []
    for place in (watch, other_watch):
        place.keep("a.xml", un_list("2026-01-15", BOTH))
        place.configure(copies("a.xml"))
        first = place.run("2026-01-16T06:00:00Z")
        place.keep("b.xml", un_list("2026-02-15", {**BOTH, "KPi.902": TWO}))
        place.configure(copies("a.xml", "b.xml"))
        second = place.run("2026-02-16T06:00:00Z")
        seen.append((first.cycle, first.outputs(), second.cycle, second.outputs()))
    assert seen[0] == seen[1]


def test_json_outputs_are_canonical_and_the_manifest_names_every_byte(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"))
    ran = watch.run("2026-03-01T06:00:00Z")
    outputs = ran.outputs()
    for name, content in outputs.items():
        if name.endswith(".json"):
            assert canonical_json(json.loads(content)) == content
    named = {name: (row["sha256"], row["bytes"]) for name, row in ran.manifest["outputs"].items()}
    assert named == {
        name: (digest(content), len(content)) for name, content in outputs.items() if name != "manifest.json"
    }
    (delivery,) = ran.manifest["inputs"]["deliveries"]
    assert delivery["parts"][0]["exhibit"] == digest((watch.folder / "a.xml").read_bytes())
    assert ran.manifest["cards"]["lists/sources/un_sc.toml"] == digest(
        (files("bongsu.lists.sources") / "un_sc.toml").read_bytes()
    )


def test_the_order_of_the_configuration_does_not_matter(
    watch: Watch, other_watch: Watch, un_list: Callable[..., bytes]
) -> None:
    cycles = set()
    for place, names in ((watch, ("a.xml", "b.xml")), (other_watch, ("b.xml", "a.xml"))):
        place.keep("a.xml", un_list("2026-01-15", BOTH))
        place.keep("b.xml", un_list("2026-02-15", {**BOTH, "KPi.902": TWO}))
        place.configure(copies(*names))
        ran = place.run("2026-03-01T06:00:00Z")
        cycles.add((ran.cycle, digest(ran.outputs()["report.html"])))
    assert len(cycles) == 1


# --- from day to day


def test_a_new_copy_next_day_brings_new_indicators_and_the_old_ones_are_known(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    url = f"{list_host.url}/list.xml"
    lists, more = from_host(url)
    watch.configure(lists, more=more)
    list_host.answers["/list.xml"] = un_list("2026-01-14", BOTH)
    first = watch.run("2026-01-15T06:00:00Z")
    assert first.list("un_sc")["status"] == "new copy"
    assert first.report["indicators"] == []
    list_host.answers["/list.xml"] = un_list("2026-01-15", {**BOTH, "KPi.902": TWO})
    second = watch.run("2026-01-16T06:00:00Z")
    assert second.report["previous"] == first.cycle
    assert second.changes("un_sc") == [("2026-01-14", "2026-01-15", "listed:un_sc:KPi.902", True)]
    assert [(row["facts"]["change"], row["new"]) for row in second.report["indicators"]] == [("listed", True)]
    list_host.answers["/list.xml"] = un_list("2026-01-16", {"KPi.902": TWO, "KPe.903": THREE})
    third = watch.run("2026-01-17T06:00:00Z")
    assert third.changes("un_sc") == [
        ("2026-01-14", "2026-01-15", "listed:un_sc:KPi.902", False),
        ("2026-01-15", "2026-01-16", "delisted:un_sc:KPi.901", True),
    ]
    assert sorted((row["facts"]["change"], row["new"]) for row in third.report["indicators"]) == [
        ("delisted", True),
        ("listed", False),
    ]
    assert third.report["summary"]["indicators_new"] == 1
    assert third.report["summary"]["dprk_changes_since_last_cycle"]["delisted"] == 1
    assert third.report["summary"]["dprk_changes_since_last_cycle"]["listed"] == 0


def test_an_unchanged_copy_is_unchanged_and_brings_nothing_new(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    lists, more = from_host(f"{list_host.url}/list.xml")
    watch.configure(lists, more=more)
    list_host.answers["/list.xml"] = un_list("2026-01-14", BOTH)
    watch.run("2026-01-15T06:00:00Z")
    ran = watch.run("2026-01-16T06:00:00Z")
    state = ran.list("un_sc")
    assert (state["status"], state["copies"], state["new_copies"]) == ("unchanged", 1, [])
    assert state["in_force"]["age_days"] == 2
    assert state["in_force"]["received_at"] == "2026-01-15T06:00:00Z"
    assert state["in_force"]["last_served_at"] == "2026-01-16T06:00:00Z"
    assert ran.report["summary"]["new_copies"] == 0
    assert b"last seen unchanged 2026-01-16" in ran.outputs()["report.html"]
    assert reproduce(read_manifest(ran.outputs()["manifest.json"], where=ran.place), ran.store).agrees


def test_an_older_copy_that_arrives_later_takes_its_place_in_the_history(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("b.xml", un_list("2026-02-15", {**BOTH, "KPi.902": TWO}))
    watch.keep("c.xml", un_list("2026-03-15", {"KPi.902": TWO, "KPe.903": THREE}))
    watch.configure(copies("a.xml", "c.xml"))
    first = watch.run("2026-03-16T06:00:00Z")
    assert first.changes("un_sc") == [("2026-01-15", "2026-03-15", "listed:un_sc:KPi.902 delisted:un_sc:KPi.901", True)]
    watch.configure(copies("b.xml"))
    ran = watch.run("2026-03-17T06:00:00Z")
    # Neither step was seen before, though the later copy of the second was.
    assert ran.changes("un_sc") == [
        ("2026-01-15", "2026-02-15", "listed:un_sc:KPi.902", True),
        ("2026-02-15", "2026-03-15", "delisted:un_sc:KPi.901", True),
    ]
    assert ran.list("un_sc")["in_force"]["list_date"] == "2026-03-15"
    assert ran.list("un_sc")["new_copies"] == ["2026-02-15"]


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_the_history_does_not_depend_on_the_order_in_which_copies_arrive(
    watch: Watch, un_list: Callable[..., bytes], order: tuple[str, ...]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("b.xml", un_list("2026-02-15", {**BOTH, "KPi.902": TWO}))
    watch.keep("c.xml", un_list("2026-03-15", {"KPi.902": TWO, "KPe.903": THREE}))
    for day, name in enumerate(order, start=1):
        watch.configure(copies(f"{name}.xml"))
        ran = watch.run(f"2026-04-0{day}T06:00:00Z")
    assert [step[:3] for step in ran.changes("un_sc")] == [
        ("2026-01-15", "2026-02-15", "listed:un_sc:KPi.902"),
        ("2026-02-15", "2026-03-15", "delisted:un_sc:KPi.901"),
    ]
    assert ran.list("un_sc")["in_force"]["list_date"] == "2026-03-15"
    assert sorted(row["subject"]["id"] for row in ran.report["indicators"]) == ["un_sc:KPi.901", "un_sc:KPi.902"]


def test_cycles_of_one_clock_over_different_inputs_lose_no_copy(watch: Watch, un_list: Callable[..., bytes]) -> None:
    names = [watch.keep(f"{n}.xml", un_list(f"2026-01-1{n}", {**BOTH, f"KPi.90{n}": TWO})) for n in range(4, 8)]
    for name in names:  # whichever of the ids sorts last: each copy is in one cycle only
        watch.configure(copies(name))
        watch.run("2026-01-20T06:00:00Z")
    watch.configure("")
    ran = watch.run("2026-01-21T06:00:00Z")
    assert ran.list("un_sc")["copies"] == 4
    assert [step[2] for step in ran.changes("un_sc")] == [
        f"listed:un_sc:KPi.90{n + 1} delisted:un_sc:KPi.90{n}" for n in range(4, 7)
    ]


def test_a_list_that_is_watched_no_more_keeps_its_history(watch: Watch, un_list: Callable[..., bytes]) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"))
    watch.run("2026-01-16T06:00:00Z")
    watch.configure("")
    ran = watch.run("2026-01-17T06:00:00Z")
    assert ran.list("un_sc")["in_force"]["list_date"] == "2026-01-15"


# --- what dates a copy


def test_the_same_bytes_under_two_dates_are_one_copy_while_nothing_came_between(
    watch: Watch, ofac_set: Callable[..., Any]
) -> None:
    one = ofac_set({901: ONE})
    for part in ("sdn", "alt", "add"):
        watch.keep(f"{part}.csv", getattr(one, part))
    row = 'parts = { sdn = "sdn.csv", alt = "alt.csv", add = "add.csv" }'
    dates = ("2026-01-10", "2026-01-20")
    watch.configure("\n".join(f"[[lists.ofac_sdn.copy]]\nlist_date = {day}\n{row}" for day in dates))
    ran = watch.run("2026-02-01T06:00:00Z")
    assert (ran.list("ofac_sdn")["copies"], ran.list("ofac_sdn")["in_force"]["list_date"]) == (1, "2026-01-10")


def ofac_from(host: ListHost, copy: Any) -> tuple[str, str]:
    """A host that serves a set of OFAC's form, and the configuration that fetches it."""
    for part in ("sdn", "alt", "add"):
        host.answers[f"/{part}.csv"] = getattr(copy, part)
    urls = ", ".join(f'{part} = "{host.url}/{part}.csv"' for part in ("sdn", "alt", "add", "comments"))
    return f"[lists.ofac_sdn]\nurls = {{ {urls} }}", "[collect]\ntimeout_seconds = 5"


def test_a_list_without_a_printed_date_that_goes_back_to_what_it_was_is_a_new_copy(
    watch: Watch, list_host: ListHost, ofac_set: Callable[..., Any]
) -> None:
    for day, names in ((10, {901: ONE}), (11, {901: ONE, 902: TWO}), (12, {901: ONE}), (13, {901: ONE})):
        lists, more = ofac_from(list_host, ofac_set(names))
        watch.configure(lists, more=more)
        ran = watch.run(f"2026-01-{day}T06:00:00Z")
    assert ran.changes("ofac_sdn") == [
        ("2026-01-10", "2026-01-11", "listed:ofac_sdn:902", False),
        ("2026-01-11", "2026-01-12", "delisted:ofac_sdn:902", False),
    ]
    assert ran.list("ofac_sdn")["in_force"]["list_date"] == "2026-01-12"
    assert ran.list("ofac_sdn")["status"] == "unchanged"
    assert [row["reference"] for row in ran.report["designated"]] == ["901"]


def test_an_older_copy_served_again_with_its_printed_date_stays_the_old_copy(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    lists, more = from_host(f"{list_host.url}/list.xml")
    watch.configure(lists, more=more)
    old, new = un_list("2026-01-10", BOTH), un_list("2026-01-11", {**BOTH, "KPi.902": TWO})
    for day, content in ((11, old), (12, new), (13, old)):
        list_host.answers["/list.xml"] = content
        ran = watch.run(f"2026-01-{day}T06:00:00Z")
    assert (ran.list("un_sc")["copies"], ran.list("un_sc")["in_force"]["list_date"]) == (2, "2026-01-11")


def test_a_copy_dated_after_the_clock_is_refused_or_it_would_be_in_force_for_ever(
    watch: Watch, un_list: Callable[..., bytes]
) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.keep("b.xml", un_list("2206-01-16", {}))
    watch.configure(copies("a.xml", "b.xml"))
    ran = watch.run("2026-01-20T06:00:00Z")
    state = ran.list("un_sc")
    assert state["in_force"]["list_date"] == "2026-01-15"
    assert state["refusals"] == [
        "b.xml: un_sc: is dated 2206-01-16, after the day of this cycle, 2026-01-20 (correct the date, or the clock)"
    ]


def test_a_copy_printed_east_of_utc_may_be_a_day_ahead(watch: Watch, un_list: Callable[..., bytes]) -> None:
    watch.keep("a.xml", un_list("2026-01-21", BOTH))
    watch.configure(copies("a.xml"))
    assert watch.run("2026-01-20T23:00:00Z").list("un_sc")["status"] == "new copy"


# --- without the network


def test_a_host_that_is_gone_is_named_with_the_age_of_the_last_good_copy(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    lists, more = from_host(f"{list_host.url}/list.xml")
    watch.configure(lists, more=more)
    list_host.answers["/list.xml"] = un_list("2026-01-14", BOTH)
    watch.run("2026-01-15T06:00:00Z")
    watch.configure(*from_host("http://nonexistent.invalid/list.xml")[:1])
    ran = watch.run("2026-01-25T06:00:00Z")
    state = ran.list("un_sc")
    assert state["status"] == "not reached"
    assert state["problems"][0].startswith("consolidated: the host cannot be reached: ")
    assert state["problems"][0].endswith("(http://nonexistent.invalid/list.xml)")
    assert (state["in_force"]["list_date"], state["in_force"]["age_days"]) == ("2026-01-14", 11)
    assert ran.report["summary"]["lists_not_reached"] == 1
    assert ran.report["sandbox"] is False


def test_without_any_copy_the_sandbox_carries_the_cycle_and_says_what_it_is(watch: Watch) -> None:
    watch.configure(from_host("http://nonexistent.invalid/list.xml")[0])
    ran = watch.run("2026-03-01T06:00:00Z")
    assert ran.list("un_sc")["in_force"] is None
    assert ran.list("un_sc")["status"] == "not reached"
    assert ran.list("sandbox")["status"] == "new copy"
    assert ran.report["sandbox"] is True
    assert all(row["sandbox"] for row in ran.report["indicators"])
    assert len(ran.report["notices"]) == 2
    assert b"SANDBOX" in ran.outputs()["report.html"]


def test_the_sandbox_cycle_finds_exactly_its_truth(watch: Watch) -> None:
    truth = tomllib.loads((files("bongsu.sandbox") / "data" / "truth.toml").read_text("utf-8"))
    watch.configure("")
    ran = watch.run("2026-03-01T06:00:00Z")
    found: dict[str, list[str]] = {kind: [] for kind in ("listed", "delisted", "amended", "designated_number")}
    for row in ran.report["indicators"]:
        kind = (
            row["facts"]["change"] if row["detector"] == "lists.list_change" else row["detector"].removeprefix("lists.")
        )
        found[kind].append(row["subject"]["id"])
    formatting = truth.pop("formatting")
    truth["designated_number"] = ["sandbox:KPi.901"]  # whose passport stands in row 5 of the invented customers
    assert {kind: sorted(ids) for kind, ids in found.items()} == truth
    (step,) = ran.report["changes"]
    assert [c["listing"] for c in step["dprk"] if c["kind"] == "formatting"] == formatting
    assert not {row["subject"]["id"] for row in ran.report["indicators"]} & set(formatting)


def test_a_real_copy_makes_the_sandbox_disappear(watch: Watch, un_list: Callable[..., bytes]) -> None:
    watch.configure("")
    assert watch.run("2026-03-01T06:00:00Z").report["sandbox"] is True
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"))
    ran = watch.run("2026-03-02T06:00:00Z")
    assert [row["id"] for row in ran.report["lists"]] == ["un_sc"]
    assert ran.report["indicators"] == []
    assert b"KPi.904" not in ran.outputs()["report.html"]
    watch.configure("")
    assert watch.run("2026-03-03T06:00:00Z").report["sandbox"] is False


def test_the_sandbox_comes_always_where_asked_for(watch: Watch, un_list: Callable[..., bytes]) -> None:
    watch.keep("a.xml", un_list("2026-01-15", BOTH))
    watch.configure(copies("a.xml"), when="always")
    ran = watch.run("2026-03-01T06:00:00Z")
    assert [row["id"] for row in ran.report["lists"]] == ["sandbox", "un_sc"]
    assert watch.run("2026-03-02T06:00:00Z").report["summary"]["indicators_new"] == 0


def test_the_sandbox_never_comes_where_refused(watch: Watch) -> None:
    watch.configure("", when="never")
    ran = watch.run("2026-03-01T06:00:00Z")
    assert (ran.report["lists"], ran.report["sandbox"], ran.report["indicators"]) == ([], False, [])
    assert ran.store.names("exhibits/") == []


@pytest.mark.parametrize("when", ["no real copy", "never"])
def test_the_sandbox_is_not_even_received_where_a_real_copy_came(
    watch: Watch, un_list: Callable[..., bytes], when: str
) -> None:
    content = un_list("2026-01-15", BOTH)
    watch.keep("a.xml", content)
    watch.configure(copies("a.xml"), when=when)
    ran = watch.run("2026-03-01T06:00:00Z")
    assert ran.store.names("exhibits/") == [f"exhibits/{digest(content)[:2]}/{digest(content)}"]
    assert [entry.exhibit for entry in ExhibitStore(ran.store, tool="t 1").custody.entries()] == [digest(content)]
    assert ran.manifest["inputs"]["sandbox"] == []
    assert reproduce(read_manifest(ran.outputs()["manifest.json"], where=ran.place), ran.store).agrees


# --- what must not be kept


def test_secrets_of_addresses_are_in_no_file_of_the_store_and_cookies_are_not_recorded(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    def answer(handler: Any) -> None:
        list_host.status(200, un_list("2026-01-14", BOTH), Set_Cookie="session=hunter4", Last_Modified="yesterday")(
            handler
        )

    list_host.answers["/list.xml"] = answer
    host = list_host.url.removeprefix("http://")
    url = f"http://analyst:hunter2@{host}/list.xml?token=hunter3&lang=en"
    watch.configure(from_host(url)[0])
    ran = watch.run("2026-01-15T06:00:00Z")
    assert list_host.asked == ["/list.xml?token=hunter3&lang=en"]
    list_host.answers["/list.xml"] = list_host.status(302, b"", Location="http://[::1?token=hunter5")
    ran = watch.run("2026-01-16T06:00:00Z")
    assert ran.list("un_sc")["status"] == "not reached"
    kept = {name: ran.store.read(name) for name in ran.store.names()}
    assert [name for name, content in kept.items() if b"hunter" in content] == []
    captures = [
        entry.record()["detail"]["capture"]
        for entry in ExhibitStore(ran.store, tool="t 1").custody.entries()
        if entry.record()["detail"]["capture"]["source"] == "un_sc"
    ]
    assert captures[0]["url"] == f"http://***@{host}/list.xml?token=***&lang=en"
    assert ["last-modified", "yesterday"] in captures[0]["headers"]
    assert [name for name, _ in captures[0]["headers"] if "cookie" in name] == []
    assert (captures[1]["status"], captures[1]["http_status"]) == ("failed", None)


def test_where_an_address_leads_elsewhere_both_and_the_hosts_between_are_recorded(
    watch: Watch, list_host: ListHost, un_list: Callable[..., bytes]
) -> None:
    there = list_host.url.replace("127.0.0.1", "localhost")
    list_host.answers["/old.xml"] = list_host.status(301, b"", Location=f"{there}/list.xml?token=hunter2")
    list_host.answers["/list.xml"] = un_list("2026-01-14", BOTH)
    watch.configure(from_host(f"{list_host.url}/old.xml")[0])
    ran = watch.run("2026-01-15T06:00:00Z")
    (entry,) = ExhibitStore(ran.store, tool="t 1").custody.entries()
    capture = entry.record()["detail"]["capture"]
    assert capture["url"] == f"{list_host.url}/old.xml"
    assert capture["final_url"] == f"{there}/list.xml?token=***"
    assert capture["hosts"] == [address.removeprefix("http://") for address in (list_host.url, there)]
