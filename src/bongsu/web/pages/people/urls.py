"""The addresses of people."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.people import views

urlpatterns = [
    path(
        "people/", include(([path("", views.home, name="home"), path("me/", views.account, name="account")], "people"))
    ),
    path("language/", views.choose_language, name="language"),
    path("alive", views.alive, name="alive"),
]
