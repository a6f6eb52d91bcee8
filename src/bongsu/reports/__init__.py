"""Reports: one canonical record, and the page made from it."""

from bongsu.reports.html import html_page
from bongsu.reports.record import report_record
from bongsu.reports.screening import hit_record, screening_record

__all__ = ["hit_record", "html_page", "report_record", "screening_record"]
