"""The addresses of casework."""

from __future__ import annotations

from django.urls import include, path

from bongsu.web.pages.cases import acting, deciding, papers, views

_CASES = [
    path("", views.board, name="board"),
    path("open/", acting.open_case, name="open"),
    path("suggested/", deciding.suggested, name="suggested"),
    path("requests/", views.requests, name="requests"),
    path("recommendations/", views.recommendations, name="recommendations"),
    path("reports/", views.reports, name="reports"),
    path("evidence/", acting.evidence, name="evidence"),
    path("<slug:case_id>/", views.case, name="case"),
    path("<slug:case_id>/history/", views.history, name="history"),
    path("<slug:case_id>/views/", views.pictures, name="pictures"),
    path("<slug:case_id>/statement/", papers.statement, name="statement"),
    path("<slug:case_id>/do/<slug:kind>/", acting.act_on_case, name="act"),
    path("<slug:case_id>/findings/<slug:finding_id>/", views.finding, name="finding"),
    path("<slug:case_id>/findings/<slug:finding_id>/letter/", papers.notice_letter, name="letter"),
    path("<slug:case_id>/findings/<slug:finding_id>/versions/<int:number>/", views.version, name="version"),
    path("<slug:case_id>/findings/<slug:finding_id>/versions/<int:number>/changes/", views.changes, name="changes"),
    path("<slug:case_id>/findings/<slug:finding_id>/do/<slug:kind>/", acting.act_on_finding, name="act_finding"),
]
urlpatterns = [path("cases/", include((_CASES, "cases")))]
