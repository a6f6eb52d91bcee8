"""Persons have a series of sessions, so that all of them can be ended."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the series."""

    dependencies: ClassVar = [("accounts", "0001_initial")]
    operations: ClassVar = [
        migrations.AddField(model_name="person", name="session_series", field=models.PositiveIntegerField(default=0))
    ]
