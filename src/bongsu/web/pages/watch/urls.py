"""The addresses of the first page."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.watch import views

_pages = [
    path("", views.home, name="home"),
    path("suggested/", views.suggested, name="suggested"),
    path("take/", views.take, name="take"),
]
urlpatterns = [path("", include((_pages, "watch")))]
