"""The page of the search."""

from __future__ import annotations

from bongsu.web.pages.page import PageConfig


class SearchPageConfig(PageConfig):
    """Search over cases, findings, indicators and exhibits; its field is in the head of every page."""

    name = "bongsu.web.pages.search"
    label = "search"
