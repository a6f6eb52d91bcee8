"""Where bytes come from: every source of every desk, and how it stands."""
