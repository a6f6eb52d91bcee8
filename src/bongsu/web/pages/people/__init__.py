"""People and roles, one's own account, tokens."""
