"""The addresses of the site: accounts, then what each page brings."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.accounts.welcome import welcome
from bongsu.web.api.operations import api
from bongsu.web.pages import page_urls

urlpatterns = [
    path("accounts/", include("bongsu.web.accounts.urls")),
    path("welcome/<str:secret>/", welcome, name="welcome"),
    path("api/v1/", api.urls),
    *page_urls(),
]
handler400 = "bongsu.web.refusals.bad_request"
handler403 = "bongsu.web.refusals.forbidden"
handler404 = "bongsu.web.refusals.not_found"
handler429 = "bongsu.web.refusals.too_many"  # allauth's name for it; Django has none
handler500 = "bongsu.web.refusals.broken"
