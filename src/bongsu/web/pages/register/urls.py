"""The addresses of the register."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.register import views

_pages = [
    path("", views.home, name="home"),
    path("names/", views.many, name="many"),
    path("review/", views.review, name="review"),
    path("review/judge/", views.judge, name="judge"),
    path("past/", views.past, name="past"),
    path("<str:entity>/history/", views.history, name="history"),
    path("<path:reference>/", views.entity, name="entity"),
]
urlpatterns = [path("register/", include((_pages, "register")))]
