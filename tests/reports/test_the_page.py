"""The page of a report: whole, reachable, self-contained, and deaf to what a hostile list prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import pytest

from bongsu.reports import html_page

# Signs that turn a line around or steer a terminal: a page shows them, it does not obey them.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
FETCHING = {"src", "srcset", "data", "poster", "action", "formaction", "background", "ping", "manifest", "xlink:href"}
NO_PLACE = {"script", "iframe", "object", "embed", "base", "form", "link", "img", "audio", "video", "frame"}


def shown(text: str) -> str:
    """A text as the page shows it: hidden signs by their number, single blanks."""
    return " ".join(HIDDEN.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text).split())


def links(page: Any) -> Iterator[str]:
    """The target of every link."""
    return (element.attributes["href"] for element in page.elements if "href" in element.attributes)


def test_the_page_is_well_formed_and_names_its_language(any_run: Any) -> None:
    page = any_run.page
    assert any_run.html.startswith(b"<!doctype html>\n")
    assert [element.attributes["lang"] for element in page.all("html")] == ["en"]
    assert page.all("meta")[0].attributes == {"charset": "utf-8"}
    title = page.all("title")[0]  # the others are those of the drawing
    assert title.text == "Bongsu report, 2026-03-01"


def test_the_page_has_one_heading_of_the_first_rank_and_skips_none(any_run: Any) -> None:
    ranks = [int(element.tag[1]) for element in any_run.page.elements if re.fullmatch(r"h[1-6]", element.tag)]
    assert ranks.count(1) == 1
    assert ranks[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(ranks))


def test_every_id_is_unique(any_run: Any) -> None:
    ids = any_run.page.ids
    assert len(set(ids)) == len(ids)
    assert all(name and not re.search(r"\s", name) for name in ids)


def test_every_link_leads_to_a_place_on_the_page(any_run: Any) -> None:
    page = any_run.page
    targets = [unquote(target) for target in links(page)]
    assert targets
    assert {target.removeprefix("#") for target in targets if target.startswith("#")} <= set(page.ids)
    assert [target for target in targets if not target.startswith("#")] == []


def test_every_label_names_an_element_that_is_there(any_run: Any) -> None:
    page = any_run.page
    labels = {
        element.attributes["aria-labelledby"] for element in page.elements if "aria-labelledby" in element.attributes
    }
    assert labels
    assert labels <= set(page.ids)


def test_nothing_is_fetched_and_nothing_runs(any_run: Any) -> None:
    page = any_run.page
    assert {element.tag for element in page.elements} & NO_PLACE == set()
    attributes = {name for element in page.elements for name in element.attributes}
    assert attributes & FETCHING == set()
    assert [name for name in attributes if name.startswith("on")] == []
    styles = "".join(element.text for element in page.all("style"))
    assert not re.search(r"@import|url\(|expression\(", styles)
    assert "style" not in attributes
    assert page.comments == []


def test_the_page_forbids_itself_every_source(any_run: Any) -> None:
    (policy,) = [
        element.attributes["content"]
        for element in any_run.page.all("meta")
        if element.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


def test_every_header_of_a_table_says_what_it_heads(any_run: Any) -> None:
    page = any_run.page
    headers = page.all("th")
    assert headers
    assert {element.attributes.get("scope") for element in headers} <= {"col", "row"}
    assert len(page.all("thead")) == len(page.all("table")) == len(page.all("tbody"))


def test_every_citation_opens_the_exhibit_it_names(any_run: Any) -> None:
    page = any_run.page
    cited = [element for element in page.all("a") if element.attributes.get("class") == "cite"]
    assert cited
    for element in cited:
        digest = element.attributes["href"].removeprefix("#x-")
        assert element.attributes["title"].startswith(f"sha256:{digest}")
        exhibit = page.by_id(f"x-{digest}")
        assert exhibit.tag == "article"
        assert digest in exhibit.text


def test_the_notice_of_the_sandbox_stands_at_the_top_exactly_where_there_is_a_sandbox(
    sandbox_run: Any, mixed_run: Any, hostile_run: Any, empty_run: Any
) -> None:
    for run, sandbox in ((sandbox_run, True), (mixed_run, True), (hostile_run, False), (empty_run, False)):
        page = run.page
        notices = [element for element in page.elements if element.attributes.get("class") == "sandbox"]
        assert len(notices) == sandbox
        if sandbox:
            assert "invented world" in notices[0].text
            assert page.elements.index(notices[0]) < page.elements.index(page.all("h1")[0])
        else:
            assert "invented world" not in page.text


def test_every_indicator_of_the_sandbox_is_marked_and_no_other(mixed_run: Any, hostile_run: Any) -> None:
    for run in (mixed_run, hostile_run):
        page = run.page
        for row in run.record["indicators"]:
            heading = page.by_id(f"i-{row['id']}").text
            assert heading.startswith(f"{shown(row['title'])} SANDBOX") is row["sandbox"]


def test_the_page_says_of_every_indicator_all_that_the_record_says(any_run: Any) -> None:
    page = any_run.page
    for row in any_run.record["indicators"]:
        article = page.by_id(f"i-{row['id']}").text
        assert shown(row["title"]) in article
        for reason in row["reasons"]:
            assert f"{shown(reason['text'])} weight {reason['weight']:.2f}" in article
        for line in row["alternatives"]:
            assert shown(line) in article
        assert f"score {row['score']:.2f}" in article
        for end in row["when"].values():
            assert "at no known time" in article if end is None else end[:10] in article
        assert row["id"] in article
        for key in row["measures"]:
            assert key in article
            assert page.by_id(f"m-{key}")
        for citation in row["citations"]:
            assert citation.removeprefix("sha256:")[:12] in article
            assert citation.partition("#")[2] in article
        for field in row["facts"].get("fields", ()):
            for value in field["removed"] + field["added"]:
                assert shown(value) in article


def test_the_page_names_every_listing_every_change_and_every_row_of_the_quarantine(any_run: Any) -> None:
    page, record = any_run.page, any_run.record
    designated, changed = page.by_id("designated").text, page.by_id("changed").text
    quarantine = page.by_id("quarantine").text
    for row in record["designated"]:
        assert f"{row['reference']}{shown(row['name'])}" in designated
    for step in record["changes"]:
        assert f"{step['authority']}: {step['from']} to {step['to']}" in changed
        for change in step["dprk"]:
            assert f"{shown(change['name'])} {change['reference']}" in changed
            for field in change["fields"]:
                for value in field["removed"] + field["added"]:
                    assert shown(value) in changed
    for row in record["quarantine"]:
        assert shown(row["reason"]) in quarantine
        assert shown(row["value"]) in quarantine
        assert row["citation"].partition("#")[2] in quarantine


def test_the_page_has_the_words_of_every_measure_named(any_run: Any) -> None:
    for row in any_run.record["law"]["cited"]:
        article = any_run.page.by_id(f"m-{row['key']}").text
        assert row["title"] in article
        assert row["says"] in article
        assert f"paragraph {row['paragraph']}" in article
        assert ("unverified" in article) is not row["verified"]


def test_the_page_tells_every_exhibit_whole(any_run: Any) -> None:
    for row in any_run.record["exhibits"]:
        article = any_run.page.by_id(f"x-{row['sha256']}").text
        for value in (row["sha256"], row["received_as"], row["list_date"], row["received_at"], shown(row["origin"])):
            assert value in article


def test_the_page_says_how_every_source_stands(any_run: Any, refused_run: Any) -> None:
    for run in (any_run, refused_run):
        sources = run.page.by_id("sources").text
        for row in run.record["lists"]:
            for line in (
                row["title"],
                row["status"],
                *row["refusals"],
                *([] if row["new_copies"] else row["problems"]),
            ):
                assert shown(line) in sources


def test_a_file_that_did_not_come_is_told_even_where_another_did(mixed_run: Any) -> None:
    (problem,) = (line for row in mixed_run.record["lists"] for line in row["problems"])
    assert "absent.xml" in problem
    assert problem in mixed_run.page.by_id("sources").text


def test_a_hostile_name_is_printed_and_does_nothing(hostile_run: Any) -> None:
    page = hostile_run.page
    names = {row["name"] for row in hostile_run.record["designated"]}
    assert any("<script>" in name for name in names)
    assert any("onerror" in name for name in names)
    assert any("\u202e" in name for name in names)
    assert any(len(name) > 5000 for name in names)
    for name in names:
        assert shown(name) in page.by_id("designated").text
        assert shown(name) in page.by_id("indicators").text
        assert shown(name) in page.by_id("changed").text
    assert "{{ 7 * 7 }}" in page.text


def test_a_hostile_file_name_and_field_are_printed_and_do_nothing(hostile_run: Any) -> None:
    page = hostile_run.page
    assert "earlier <img src=x onerror=alert(6)>.xml" in page.by_id("exhibits").text
    assert "later 'quoted' \"twice\" & so on.xml" in page.by_id("exhibits").text
    assert "<script>alert(5)</script>" in page.by_id("quarantine").text


def test_signs_that_turn_a_line_around_are_shown_and_not_obeyed(hostile_run: Any) -> None:
    """U+202E prints what follows from right to left: `exe.png` for `gnp.exe`, and a reference for another."""
    assert HIDDEN.findall(hostile_run.html.decode("utf-8")) == []
    assert "SANDBOX [U+202E]gnp.exe[U+202C] [U+2066]left[U+2069]" in hostile_run.page.by_id("designated").text


def test_the_page_is_the_same_whoever_makes_it(hostile_run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Pyongyang")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert html_page(hostile_run.record) == hostile_run.html


def test_an_empty_report_is_a_whole_page(empty_run: Any) -> None:
    page = empty_run.page
    assert len(page.all("h1")) == 1
    assert "None." in page.by_id("indicators").text
    assert "Nothing in the copies in force was set aside." in page.by_id("quarantine").text


def test_a_second_cycle_says_what_was_known_already(two_cycles: tuple[Any, Any]) -> None:
    _, second = two_cycles
    assert "known already" in second.page.by_id("indicators").text
    assert "No list brought a new copy since the cycle before (2026-03-01)." in second.page.by_id("changed").text
