"""The pages: each a folder of its own with its addresses, views, templates and translations, found by being there.

A later desk adds a folder; nothing else is touched. A folder `pages/x/` is a Django application (`apps.py` with a
`PageConfig`), its addresses are in `urls.py`, its templates in `templates/x/`, its catalogues in `locale/`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules


def page_apps() -> tuple[str, ...]:
    """The applications of all pages, sorted by name."""
    return tuple(sorted(f"{__name__}.{found.name}" for found in iter_modules(__path__) if found.ispkg))


def page_urls() -> list[object]:
    """The addresses of all pages: each page's own `urlpatterns`, which hold the beginning of their addresses."""
    named = (f"{app}.urls" for app in page_apps())
    return [pattern for module in named if find_spec(module) for pattern in import_module(module).urlpatterns]
