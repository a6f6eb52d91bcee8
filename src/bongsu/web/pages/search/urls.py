"""The addresses of the search."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.search import views

PATHS = [path("", views.home, name="home"), path("suggestions/", views.suggestions, name="suggestions")]
urlpatterns = [path("search/", include((PATHS, "search")))]
