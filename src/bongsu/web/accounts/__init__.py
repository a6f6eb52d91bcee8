"""Who may come in, as whom: members, persons with a role and a clearance, tokens, one-time links."""
