"""The addresses of the first page."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.watch import views

urlpatterns = [path("", include(([path("", views.home, name="home")], "watch")))]
