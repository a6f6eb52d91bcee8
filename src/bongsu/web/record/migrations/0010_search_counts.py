"""The search counts by its index alone; an index over handlings misled SQLite into reading every row of one."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from bongsu.web.record import index


class Migration(migrations.Migration):
    """SQLite makes the table anew, so that its index is taken away before and made after."""

    dependencies: ClassVar = [("record", "0009_indicator_exhibits")]

    operations: ClassVar = [
        migrations.RunPython(index.remove, index.make),
        migrations.AlterField(
            model_name="searchtext",
            name="handling",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.handlingrow"
            ),
        ),
        migrations.RunPython(index.make, index.remove),
    ]
