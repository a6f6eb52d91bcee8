"""Indicators hold no state of their own any more: it follows from the decisions that a reader may read."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns away, and the index of the list without them."""

    dependencies: ClassVar = [("record", "0007_decisions")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="indicatorrow", name="indicators_listed"),
        migrations.RemoveField(model_name="indicatorrow", name="case"),
        migrations.RemoveField(model_name="indicatorrow", name="state"),
        migrations.RemoveField(model_name="indicatorrow", name="state_reason"),
        migrations.AddIndex(
            model_name="indicatorrow",
            index=models.Index(
                fields=[
                    "-score",
                    "subject_id",
                    "id",
                    "subject_name",
                    "desk",
                    "detector",
                    "handling",
                    "first_cycle",
                    "last_cycle",
                    "begins_at",
                    "ends_at",
                    "latitude_deg",
                    "sandbox",
                ],
                name="indicators_listed",
            ),
        ),
    ]
