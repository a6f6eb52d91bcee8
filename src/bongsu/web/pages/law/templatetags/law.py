"""What the templates of the law need besides."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from bongsu.law.model import PublicText

register = template.Library()


@register.filter
def of(texts: object, text_id: str) -> PublicText | None:
    """The public text of an id; None where the page has none of it."""
    return texts.get(text_id) if isinstance(texts, Mapping) else None
