"""The addresses of ships."""

from __future__ import annotations

from django.urls import include, path, register_converter

from bongsu.web.pages.ships import views


class NumberConverter:
    """A ship's number: an IMO number of seven digits or an MMSI of nine."""

    regex = "[0-9]{7}|[0-9]{9}"

    def to_python(self, value: str) -> str:
        """As written: leading noughts count."""
        return value

    def to_url(self, value: str) -> str:
        """As written."""
        return value


register_converter(NumberConverter, "ship")
_pages = [
    path("", views.home, name="home"),
    path("<ship:number>/", views.ship, name="ship"),
    path("<ship:number>/track.geojson", views.track, name="track"),
]
urlpatterns = [path("ships/", include((_pages, "ships")))]
