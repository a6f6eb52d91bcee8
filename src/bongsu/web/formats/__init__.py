"""Dates and times as the languages of the site write them, where Django's own form is not meant."""
