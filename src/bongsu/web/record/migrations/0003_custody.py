"""The custody log as it was taken in, what persons gave, and what was made from what."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Three tables."""

    dependencies = [
        ("record", "0002_search_and_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="CustodyRow",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("previous", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("event", models.CharField(max_length=16)),
                ("exhibit", models.CharField(db_index=True, default="", max_length=64)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["seq"],
            },
        ),
        migrations.CreateModel(
            name="Derivation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("child", models.CharField(db_index=True, max_length=64)),
                ("parent", models.CharField(db_index=True, max_length=64)),
                ("how", models.TextField(default="")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("child", "parent"), name="derived_once")],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "custody",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="submission",
                        serialize=False,
                        to="record.custodyrow",
                    ),
                ),
                ("by", models.CharField(max_length=64)),
                ("case", models.CharField(default="", max_length=16)),
                ("title", models.TextField()),
                ("origin", models.TextField()),
                ("obtained", models.TextField(default="")),
                ("claimed_type", models.CharField(default="", max_length=100)),
                ("claimed_name", models.CharField(default="", max_length=255)),
                (
                    "exhibit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="record.exhibitrow"
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
                "ordering": ["custody"],
            },
        ),
    ]
