"""The addresses of the law; keys of measures and symbols of drafts hold slashes."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.law import views

_pages = [
    path("", views.home, name="home"),
    path("ask/", views.ask, name="ask"),
    path("timeline/", views.timeline, name="timeline"),
    path("measures/", views.measures, name="measures"),
    path("measures/<path:key>/", views.measure, name="measure"),
    path("resolutions/<path:name>/", views.resolution, name="resolution"),
]
urlpatterns = [path("law/", include((_pages, "law")))]
