"""English, for readers of all countries."""
