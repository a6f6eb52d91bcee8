"""The words that maps, graphs, charts and time lines say by themselves, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

#: As `static/bongsu/words.js` names them; a test holds the two together.
WORDS: Final[Mapping[str, Promise]] = {
    "copied": _("Copied"),
    "copyFailed": _("Could not copy"),
    "loading": _("Drawing…"),
    "failed": _("This could not be drawn. The table below holds the same."),
    "empty": _("Nothing to draw."),
    "requestFailed": _("The server did not answer. Nothing was saved; try again."),
    "requestRefused": _("The server refused this ({status}). Nothing on this page was changed."),
    "dismiss": pgettext_lazy("message", "Dismiss"),
    "open": pgettext_lazy("message", "Open"),
    "previous": _("Previous"),
    "next": _("Next"),
    "of": _("{n} of {total}"),
    "total": _("{total} on the map"),
    "mapNote": _("Land and borders as Natural Earth draws them, disputed ones too; no view on any border is implied."),
    "mapKeys": _("Arrow keys move the map, + and - zoom."),
    "graphKeys": _("Arrow keys go from node to node, Enter opens one."),
    "zoomIn": _("Zoom in"),
    "zoomOut": _("Zoom out"),
    "close": _("Close"),
    "scrollHint": _("Use Ctrl and scroll to zoom the map"),
    "scrollHintMac": _("Use ⌘ and scroll to zoom the map"),
    "touchHint": _("Use two fingers to move the map"),
}


def element_words() -> dict[str, str] | None:
    """The words in the language of the page; None in English, which the modules speak by themselves."""
    return None if get_language() == "en" else {name: str(word) for name, word in WORDS.items()}
