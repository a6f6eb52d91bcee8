"""The application of the record."""

from __future__ import annotations

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The journal and the rows that follow from it."""

    name = "bongsu.web.record"
    label = "record"
