"""The addresses of what was published."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.findings import views

_pages = [
    path("", views.home, name="home"),
    path("<slug:case_id>/<slug:finding_id>/", views.finding, name="finding"),
]
urlpatterns = [path("findings/", include((_pages, "findings")))]
