"""The addresses of indicators."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.indicators import exports, views

_pages = [
    path("", views.home, name="home"),
    path("indicators.csv", exports.as_csv, name="csv"),
    path("indicators.geojson", exports.as_geojson, name="geojson"),
    path("<slug:indicator>/", views.one, name="one"),
    path("<slug:indicator>/map.geojson", views.places, name="map"),
    path("<slug:indicator>/take/", views.take, name="take"),
    path("<slug:indicator>/dismiss/", views.dismiss, name="dismiss"),
]
urlpatterns = [path("indicators/", include((_pages, "indicators")))]
