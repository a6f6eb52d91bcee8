"""Filters of the pages of casework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template
from django.utils.functional import Promise

from bongsu.web.pages.cases.words import CHOICES, choice_words

register = template.Library()

_TONES: Final = {
    "draft": "",
    "review": "info",
    "notice_sent": "info",
    "reply_period": "info",
    "decided": "accent",
    "approved": "accent",
    "published": "good",
    "corrected": "warn",
    "withdrawn": "bad",
}


@register.filter
def stage_tone(stage: str) -> str:
    """The tone of a state; the word beside it says the same."""
    return _TONES.get(str(stage), "")


@register.filter
def stage_words(stage: str) -> str | Promise:
    """The name of a state, or of another choice, in the language of the page."""
    return CHOICES.get(str(stage), str(stage))


@register.filter
def who(username: str, names: Mapping[str, str] | None) -> str:
    """A person's name as colleagues know it, by the user name that acts carry."""
    return (names or {}).get(username, username)


register.filter("shown", choice_words)
