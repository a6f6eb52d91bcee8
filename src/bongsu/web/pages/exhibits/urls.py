"""The addresses of exhibits and of their exchange."""

from __future__ import annotations

from django.urls import include, path, register_converter

from bongsu.web.pages.exhibits import adding, exchanging, views
from bongsu.web.pages.exhibits.sheets import views as sheets


class DigestConverter:
    """A SHA-256 as it is written here; anything else is no address."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


register_converter(DigestConverter, "sha256")

_EXHIBITS = [
    path("", views.home, name="home"),
    path("add/", adding.add, name="add"),
    path("add/bag/", adding.add_bag, name="add_bag"),
    path("<sha256:digest>/", views.exhibit, name="exhibit"),
    path("<sha256:digest>/bytes", views.download, name="bytes"),
    path("<sha256:digest>/image", views.image, name="image"),
    path("<sha256:digest>/pages/<int:number>/<slug:size>.png", sheets.page, name="page"),
    path("<sha256:digest>/verify/", views.verify, name="verify"),
    path("<sha256:digest>/handling/", adding.handling, name="handling"),
    path("cases/<slug:case_id>/", exchanging.forms, name="exchange"),
    path("cases/<slug:case_id>/<slug:form>", exchanging.export, name="export"),
]
urlpatterns = [path("exhibits/", include((_EXHIBITS, "exhibits")))]
