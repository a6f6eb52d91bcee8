"""The addresses of sources."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.sources import views

_pages = [
    path("", views.home, name="home"),
    path("<slug:desk>/<slug:source>/", views.one, name="one"),
]
urlpatterns = [path("sources/", include((_pages, "sources")))]
