"""Which exhibits indicators cite; `bongsu site rebuild` then handles those that are there as these are handled now."""

from __future__ import annotations

from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

_BATCH = 500


def fill(apps: Any, _editor: object) -> None:  # Any: Django's models as they were
    """Fill the table from the indicators' records."""
    cited = apps.get_model("record", "IndicatorExhibit")
    batch = []
    for indicator, record in (
        apps.get_model("record", "IndicatorRow").objects.values_list("id", "record").order_by("id").iterator(_BATCH)
    ):
        digests = {text.removeprefix("sha256:").partition("#")[0] for text in record["citations"]}
        batch += [cited(indicator_id=indicator, exhibit=digest) for digest in sorted(digests)]
        if len(batch) >= _BATCH:
            cited.objects.bulk_create(batch)
            batch = []
    cited.objects.bulk_create(batch)


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("record", "0008_indicators_without_state")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="IndicatorExhibit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("exhibit", models.CharField(db_index=True, max_length=64)),
                (
                    "indicator",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exhibits",
                        to="record.indicatorrow",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("indicator", "exhibit"), name="cited_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
