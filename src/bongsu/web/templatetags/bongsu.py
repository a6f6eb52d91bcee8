"""Tags and filters that every template has: markings, digests, times, numbers."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bongsu.cases.handling import Tlp

register = template.Library()


@register.filter
def marking(tlp: int) -> SafeString:
    """A marking in its colours: `{{ row.handling.tlp|marking }}`."""
    label = Tlp(tlp).label
    name = label.removeprefix("TLP:").replace("+", "-").lower()
    return format_html('<span class="tlp tlp-{}">{}</span>', name, label)


@register.filter
def short(digest: str) -> str:
    """The first twelve digits of a digest, as a label; the address holds all of them."""
    return digest[:12]


@register.filter
def percent(share: float) -> int:
    """A share of one as a whole percentage."""
    return round(share * 100)


@register.filter
def unlocalized(number: float) -> str:
    """A number as attributes of HTML take it, whatever the language of the page."""
    return str(number)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """The present address with some of its query changed: `<a href="{% with_query page=2 %}">`."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()
