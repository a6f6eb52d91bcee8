"""What tankers may have brought in a calendar year, against the limit of resolution 2397."""
