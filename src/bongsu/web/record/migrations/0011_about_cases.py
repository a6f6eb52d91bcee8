"""What cases are about, in rows of its own, made of the cases that are there."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

_BATCH = 500
_LONGEST = 200


def fill(apps: Any, _editor: object) -> None:  # Any: Django's registry
    """Make the rows, as `record.about.keep_about` does from now on."""
    cases, names, dismissals = (apps.get_model("record", model) for model in ("CaseRow", "CaseName", "DismissalRow"))
    for case in cases.objects.iterator(chunk_size=_BATCH):
        known = {name for each in case.record["subjects"] for name in (each["id"], *each["identifiers"])}
        names.objects.bulk_create([names(case=case, name=name) for name in sorted(known) if len(name) <= _LONGEST])
        dismissals.objects.bulk_create(
            dismissals(
                case=case,
                place=place,
                indicator=each["indicator"],
                subject=(each["subject"] or "")[:_LONGEST],
                record=each,
            )
            for place, each in enumerate(case.record["dismissed"])
        )


class Migration(migrations.Migration):
    """Two tables."""

    dependencies: ClassVar = [("record", "0010_search_counts")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CaseName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(db_index=True, max_length=200)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="record.caserow",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("case", "name"), name="named_once")]},
        ),
        migrations.CreateModel(
            name="DismissalRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.IntegerField()),
                ("indicator", models.CharField(db_index=True, max_length=64)),
                ("subject", models.CharField(db_index=True, default="", max_length=200)),
                ("record", models.JSONField()),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dismissals",
                        to="record.caserow",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("case", "place"), name="put_aside_once")]},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
