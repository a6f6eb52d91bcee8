"""The watch: collect, read, join, detect, report; the only place that knows every step."""
