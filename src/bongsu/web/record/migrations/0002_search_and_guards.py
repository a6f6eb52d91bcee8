"""The search's index, kept by the database itself, and a journal that the database too refuses to change."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

from bongsu.web.record import guards, index


class Migration(migrations.Migration):
    """On SQLite a later migration that makes one of the two tables anew loses its triggers: it ends with these steps."""

    dependencies: ClassVar = [("record", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField("searchtext", "text", models.TextField(default="")),
        migrations.AddField("searchtext", "title_words", models.TextField(default=""), preserve_default=False),
        migrations.RunPython(index.make, index.remove),
        migrations.RunPython(guards.make, guards.remove),
    ]
