"""Requests of the API are counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One table."""

    dependencies: ClassVar = [("accounts", "0002_person_session_series")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=64)),
                ("minute", models.DateTimeField()),
                ("number", models.IntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("minute", "what"), name="counted_once")]},
        ),
    ]
