"""What was decided on indicators, in each case: from the journal, and else from the columns that held the last alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

_Decided = tuple[str, str, str, str, int]  # indicator, case, state, reason, number of the entry
_TAKES = ("open_case", "accept_indicators", "merge_cases")
_BATCH = 500


def carry(apps: Any, _editor: object) -> None:  # Any: Django's models as they were
    """Fill the table."""
    decision, entries = apps.get_model("record", "Decision"), apps.get_model("record", "Entry").objects
    handlings = dict(apps.get_model("record", "CaseRow").objects.values_list("id", "handling"))
    indicators = apps.get_model("record", "IndicatorRow").objects
    there, into = set(indicators.values_list("id", flat=True)), _merged(entries)
    found = {(row[0], row[1]): row for row in [*_kept_in_columns(indicators), *_told(entries)]}
    decision.objects.bulk_create(
        [
            decision(
                indicator_id=indicator,
                case_id=case,
                handling_id=handlings[case],
                state=state,
                reason=reason,
                number=number,
                into_id=into.get(case),
            )
            for indicator, case, state, reason, number in found.values()
            if indicator in there and case in handlings
        ],
        batch_size=_BATCH,
    )


def _kept_in_columns(indicators: Any) -> Iterator[_Decided]:  # Any: as above
    """What stands in the columns: all that is known where an entry cannot be found."""
    kept = indicators.exclude(case=None).exclude(state="new")
    for indicator, case, state, reason in kept.values_list("id", "case", "state", "state_reason"):
        yield indicator, case, state, reason, 0


def _told(entries: Any) -> Iterator[_Decided]:  # Any: as above
    """The decisions of the journal's acts, oldest first."""
    for entry in entries.filter(kind__in=(*_TAKES, "dismiss_indicator")).order_by("number").iterator(_BATCH):
        case, act = entry.body["case"], entry.body["act"]
        if entry.kind == "dismiss_indicator":
            yield act["indicator"], case, "dismissed", act["reason"], entry.number
        for indicator in act.get("indicators", ()):
            yield indicator, case, "accepted", "", entry.number


def _merged(entries: Any) -> dict[str, str]:  # Any: as above
    """Into which case cases went, by their ids."""
    closed = ((entry.body["case"], entry.body["act"].get("merged_into")) for entry in entries.filter(kind="close_case"))
    return {case: into for case, into in closed if into is not None}


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("record", "0006_published_findings")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("accepted", "Accepted"), ("dismissed", "Dismissed")], max_length=12
                    ),
                ),
                ("reason", models.TextField(default="")),
                ("number", models.BigIntegerField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="record.caserow"
                    ),
                ),
                (
                    "handling",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.handlingrow",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decisions",
                        to="record.indicatorrow",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="record.caserow",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["indicator", "into", "state", "handling"], name="decisions_counted")],
                "constraints": [models.UniqueConstraint(fields=("indicator", "case"), name="decided_once")],
            },
        ),
        migrations.RunPython(carry, migrations.RunPython.noop),
    ]
