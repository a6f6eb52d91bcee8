"""The addresses of petroleum."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.petroleum import views

urlpatterns = [path("petroleum/", include(([path("", views.home, name="home")], "petroleum")))]
