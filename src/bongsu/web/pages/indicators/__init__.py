"""Indicators: the list, one by one, and what people do with them."""
