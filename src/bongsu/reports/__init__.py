"""From what a cycle found to one canonical record, and from that record to a page."""

from bongsu.reports.html import html_page
from bongsu.reports.record import report_record

__all__ = ["html_page", "report_record"]
