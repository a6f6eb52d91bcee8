"""The addresses of people."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.people import own, views

_people = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("members/", views.add_member, name="add_member"),
    path("of/<str:username>/", views.one, name="one"),
    path("of/<str:username>/link/", views.link, name="link"),
    path("of/<str:username>/stop/", views.stop, name="stop"),
    path("of/<str:username>/admit/", views.admit, name="admit"),
    path("of/<str:username>/authenticators/", views.forget, name="forget"),
    path("me/", own.account, name="account"),
    path("me/tokens/", own.add_token, name="add_token"),
    path("me/tokens/<int:token_id>/revoke/", own.revoke, name="revoke"),
]
urlpatterns = [
    path("people/", include((_people, "people"))),
    path("language/", own.choose_language, name="language"),
    path("alive", views.alive, name="alive"),
]
