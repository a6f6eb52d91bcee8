"""The first page: what the newest cycle found, what changed, what to look at first."""
