"""Casework: an append-only journal of acts, and the cases that are its fold."""
