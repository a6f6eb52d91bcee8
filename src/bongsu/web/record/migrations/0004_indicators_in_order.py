"""Indicators are listed and counted from one index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Indices in place of others."""

    dependencies = [
        ("record", "0003_custody"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="indicatorrow",
            name="record_indi_state_19efaa_idx",
        ),
        migrations.RemoveIndex(
            model_name="indicatorrow",
            name="record_indi_desk_016f0e_idx",
        ),
        migrations.RemoveIndex(
            model_name="indicatorrow",
            name="record_indi_detecto_3907ed_idx",
        ),
        migrations.RemoveIndex(
            model_name="indicatorrow",
            name="record_indi_last_cy_d9fb73_idx",
        ),
        migrations.AlterField(
            model_name="indicatorrow",
            name="first_cycle",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.cyclerow"
            ),
        ),
        migrations.AlterField(
            model_name="indicatorrow",
            name="handling",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
            ),
        ),
        migrations.AlterField(
            model_name="indicatorrow",
            name="last_cycle",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="indicators",
                to="record.cyclerow",
            ),
        ),
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
                    "state",
                    "handling",
                    "case",
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
