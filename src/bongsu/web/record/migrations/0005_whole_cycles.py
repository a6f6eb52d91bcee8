"""Cycles that are being taken in are told from those that were taken in whole."""

import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [
        ("record", "0004_indicators_in_order"),
    ]

    operations = [
        migrations.AlterModelManagers(
            name="cyclerow",
            managers=[
                ("begun", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="cyclerow",
            name="whole",
            field=models.BooleanField(default=True),
        ),
    ]
