"""The canonical record: everything a report says, as one JSON value that counts right."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.citation import Citation
from bongsu.reports import html_page, report_record

CHANGES = "dprk_changes_since_last_cycle"


def citations(value: Any) -> list[str]:
    """Every citation anywhere in a record."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in citations(item)]
    if isinstance(value, list):
        return [found for item in value for found in citations(item)]
    return [value] if isinstance(value, str) and value.startswith("sha256:") else []


def test_the_json_in_the_store_is_the_canonical_record_and_reads_back_to_the_same_bytes(any_run: Any) -> None:
    assert canonical_json(report_record(any_run.report)) == any_run.json
    assert canonical_json(any_run.record) == any_run.json


def test_the_page_is_made_from_the_record_alone(any_run: Any) -> None:
    """Whoever has the JSON can make the page again, byte for byte."""
    assert html_page(any_run.record) == any_run.html
    assert html_page(report_record(any_run.report)) == any_run.html


def test_making_a_page_changes_no_record(any_run: Any) -> None:
    record = any_run.record
    html_page(record)
    assert canonical_json(record) == any_run.json


def test_every_citation_is_one_and_names_an_exhibit_of_the_report(any_run: Any) -> None:
    record = any_run.record
    found = citations(record)
    assert found
    assert {Citation.parse(text).exhibit for text in found} <= {row["sha256"] for row in record["exhibits"]}


def test_exhibits_stand_once_and_in_order(any_run: Any) -> None:
    digests = [row["sha256"] for row in any_run.record["exhibits"]]
    assert digests == sorted(set(digests))


def test_the_summary_counts_what_the_record_lists(any_run: Any) -> None:
    record = any_run.record
    summary = record["summary"]
    in_force = [row for row in record["lists"] if row["in_force"]]
    assert summary["lists_watched"] == len(record["lists"])
    assert summary["lists_in_force"] == len(in_force)
    assert summary["designated_dprk"] == len(record["designated"])
    assert summary["indicators"] == len(record["indicators"])
    assert summary["indicators_new"] == sum(row["new"] for row in record["indicators"])
    assert summary["quarantined"] == len(record["quarantine"])
    assert summary["new_copies"] == sum(len(row["new_copies"]) for row in record["lists"])
    changes = Counter(change["kind"] for step in record["changes"] if step["new"] for change in step["dprk"])
    assert {kind: count for kind, count in summary["dprk_changes_since_last_cycle"].items() if count} == changes


def test_every_list_accounts_for_every_entry_of_its_file(any_run: Any) -> None:
    for row in any_run.record["lists"]:
        counts = row["in_force"]["counts"]
        assert counts["entries_in_file"] == counts["entries_read"] + counts["entries_set_aside"]
        kinds = [counts[kind] for kind in ("persons", "organisations", "vessels", "aircraft")]
        assert sum(kinds) == counts["entries_read"]
        designated = [each for each in any_run.record["designated"] if each["list"] == row["id"]]
        assert counts["dprk"] == len(designated) == sum(row["in_force"]["dprk_by_kind"].values())


def test_every_step_counts_its_changes(any_run: Any) -> None:
    for step in any_run.record["changes"]:
        counted = Counter(change["kind"] for change in step["dprk"])
        assert {kind: count for kind, count in step["dprk_counts"].items() if count} == counted
        assert all(count <= step["counts"][kind] for kind, count in step["dprk_counts"].items())


def test_the_law_named_by_the_indicators_is_in_the_record_and_no_other(any_run: Any) -> None:
    record = any_run.record
    named = {key for row in record["indicators"] for key in row["measures"]}
    assert [row["key"] for row in record["law"]["cited"]] == sorted(named)
    assert record["law"]["measures_in_force"] <= record["law"]["measures"]


def test_indicators_stand_by_score_and_have_ids_of_their_own(any_run: Any) -> None:
    rows = any_run.record["indicators"]
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert len({row["id"] for row in rows}) == len(rows)


def test_the_age_of_a_copy_is_counted_in_whole_days(sandbox_run: Any, clock_day: date) -> None:
    (row,) = sandbox_run.record["lists"]
    assert row["in_force"]["list_date"] == "2026-02-15"
    assert row["in_force"]["age_days"] == (clock_day - date(2026, 2, 15)).days == 14


def test_an_empty_watch_has_an_empty_record(empty_run: Any) -> None:
    record = empty_run.record
    assert [record[part] for part in ("lists", "changes", "indicators", "designated", "quarantine", "exhibits")] == (
        [[]] * 6
    )
    assert {name for name, count in record["summary"].items() if count and name != CHANGES} == set()
    assert set(record["summary"][CHANGES].values()) <= {0}


def test_what_did_not_come_and_what_was_refused_is_said_with_the_reason(refused_run: Any) -> None:
    (row,) = refused_run.record["lists"]
    assert (row["status"], row["in_force"], row["copies"]) == ("refused", None, 0)
    (refusal,) = row["refusals"]
    assert refusal.startswith("<b>short<b>.xml: ")
    (problem,) = row["problems"]
    assert problem == (
        "consolidated: the host cannot be reached: Connection refused (http://127.0.0.1:9/absent&gone.xml)"
    )
    assert refused_run.record["summary"]["copies_refused"] == 1


@pytest.mark.parametrize(
    ("refusals", "problems", "new", "in_force", "status"),
    [
        (True, True, True, True, "refused"),
        (True, False, False, False, "refused"),
        (False, True, False, True, "not reached"),
        (False, True, False, False, "not reached"),
        (False, False, True, True, "new copy"),
        (False, False, False, True, "unchanged"),
        (False, False, False, False, "no copy"),
    ],
)
def test_the_status_of_a_list_is_the_worst_that_happened(
    sandbox_run: Any, refusals: bool, problems: bool, new: bool, in_force: bool, status: str
) -> None:
    (state,) = sandbox_run.report.lists
    changed = replace(
        state,
        refusals=("SANDBOX",) if refusals else (),
        problems=("SANDBOX",) if problems else (),
        new_copies=(date(2026, 2, 15),) if new else (),
        in_force=state.in_force if in_force else None,
    )
    assert changed.status == status


def test_the_sandbox_is_named_in_the_record_only_where_it_takes_part(
    sandbox_run: Any, mixed_run: Any, hostile_run: Any, empty_run: Any
) -> None:
    for run, sandbox in ((sandbox_run, True), (mixed_run, True), (hostile_run, False), (empty_run, False)):
        record = run.record
        assert record["sandbox"] is sandbox
        assert any("SANDBOX" in notice for notice in record["notices"]) is sandbox
        assert any(row["sandbox"] for row in record["exhibits"]) is sandbox
        assert any(row["sandbox"] for row in record["indicators"]) is sandbox


def test_a_second_cycle_over_the_same_copies_says_that_nothing_is_new(two_cycles: tuple[Any, Any]) -> None:
    first, second = (run.record for run in two_cycles)
    assert second["previous"] == first["cycle"]
    assert all(row["new"] for row in first["indicators"])
    assert not any(row["new"] for row in second["indicators"])
    assert [row["id"] for row in second["indicators"]] == [row["id"] for row in first["indicators"]]
    assert second["summary"]["indicators_new"] == second["summary"]["new_copies"] == 0
    assert not any(step["new"] for step in second["changes"])


def test_the_record_is_plain_json(any_run: Any) -> None:
    assert json.loads(canonical_json(report_record(any_run.report))) == any_run.record
