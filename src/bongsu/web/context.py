"""What every page's template knows: the navigation, the languages, the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bongsu.web.elements import element_words
from bongsu.web.pages.page import navigation


def house(request: HttpRequest) -> dict[str, Any]:  # Any: what Django's templates take
    """The navigation of the person who asks, the languages, and the name of the member that runs this."""
    person = getattr(request, "user", None)
    return {
        "navigation": navigation(person.role) if person is not None and person.is_authenticated else [],
        "languages": [("en", "English"), ("ko", "한국어"), ("ja", "日本語"), ("fr", "Français")],
        "member_name": settings.SITE.member_name,
        "element_words": element_words(),
    }
