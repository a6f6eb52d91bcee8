"""The journal and the rows that follow from it, as the first release has them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables of the record."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CycleRow",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("clock", models.DateTimeField(db_index=True)),
                ("taken_at", models.DateTimeField(auto_now_add=True)),
                ("summary", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-clock", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(db_index=True, max_length=64)),
                ("actor", models.JSONField(null=True)),
                ("kind", models.CharField(db_index=True, max_length=64)),
                ("subject", models.CharField(db_index=True, default="", max_length=64)),
                ("body", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="HandlingRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("tlp", models.SmallIntegerField()),
                ("record", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="ExhibitRow",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size_bytes", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("title", models.TextField()),
                ("origin", models.TextField(default="")),
                ("received_at", models.DateTimeField(db_index=True)),
                ("received_by", models.CharField(default="", max_length=64)),
                ("verified_at", models.DateTimeField(null=True)),
                ("sound", models.BooleanField(null=True)),
                ("sandbox", models.BooleanField(default=False)),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
                    ),
                ),
            ],
            options={
                "ordering": ["-received_at", "digest"],
            },
        ),
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("title", models.TextField()),
                ("is_open", models.BooleanField(db_index=True)),
                ("stage", models.CharField(db_index=True, max_length=24)),
                ("acts", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("opened_by", models.CharField(max_length=64)),
                ("last_at", models.DateTimeField(db_index=True)),
                ("sandbox", models.BooleanField(default=False)),
                ("record", models.JSONField()),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
                    ),
                ),
            ],
            options={
                "ordering": ["-last_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorRow",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("desk", models.CharField(max_length=32)),
                ("detector", models.CharField(max_length=64)),
                ("title", models.TextField()),
                ("subject_id", models.CharField(db_index=True, max_length=200)),
                ("subject_name", models.TextField()),
                ("subject_schema", models.CharField(max_length=32)),
                ("begins_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("score", models.FloatField()),
                ("latitude_deg", models.FloatField(null=True)),
                ("longitude_deg", models.FloatField(null=True)),
                ("sandbox", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[("new", "New"), ("accepted", "Accepted"), ("dismissed", "Dismissed")],
                        default="new",
                        max_length=12,
                    ),
                ),
                ("state_reason", models.TextField(default="")),
                ("suggestion", models.CharField(db_index=True, default="", max_length=16)),
                ("record", models.JSONField()),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicator_rows",
                        to="record.caserow",
                    ),
                ),
                (
                    "first_cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.cyclerow"
                    ),
                ),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
                    ),
                ),
                (
                    "last_cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="indicators", to="record.cyclerow"
                    ),
                ),
            ],
            options={
                "ordering": ["-score", "subject_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="IndicatorMeasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(db_index=True, max_length=32)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="record.indicatorrow"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=64)),
                ("address", models.CharField(max_length=300)),
                ("title", models.TextField()),
                ("words", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(fields=["is_open", "stage", "-last_at"], name="record_case_is_open_986bee_idx"),
        ),
        migrations.AddIndex(
            model_name="indicatorrow",
            index=models.Index(fields=["state", "-score", "subject_id", "id"], name="record_indi_state_19efaa_idx"),
        ),
        migrations.AddIndex(
            model_name="indicatorrow",
            index=models.Index(fields=["desk", "state", "-score"], name="record_indi_desk_016f0e_idx"),
        ),
        migrations.AddIndex(
            model_name="indicatorrow",
            index=models.Index(fields=["detector", "state", "-score"], name="record_indi_detecto_3907ed_idx"),
        ),
        migrations.AddIndex(
            model_name="indicatorrow",
            index=models.Index(fields=["last_cycle", "state", "-score"], name="record_indi_last_cy_d9fb73_idx"),
        ),
        migrations.AddConstraint(
            model_name="indicatormeasure",
            constraint=models.UniqueConstraint(fields=("indicator", "measure"), name="measure_once"),
        ),
        migrations.AddConstraint(
            model_name="searchtext",
            constraint=models.UniqueConstraint(fields=("kind", "key"), name="search_text_once"),
        ),
    ]
