"""What was published of findings, in rows of its own; `bongsu site rebuild` fills them for the cases that are there."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies = [
        ("record", "0005_whole_cycles"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedFinding",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("state", models.CharField(max_length=24)),
                ("published_at", models.DateTimeField()),
                ("stands", models.BooleanField()),
                ("sandbox", models.BooleanField(default=False)),
                ("record", models.JSONField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="published_findings",
                        to="record.caserow",
                    ),
                ),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "id"],
                "indexes": [models.Index(fields=["-published_at", "id"], name="findings_published")],
            },
        ),
    ]
