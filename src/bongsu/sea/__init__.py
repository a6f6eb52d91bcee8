"""The sea desk: ship positions and identities, and the behaviour in them that the resolutions forbid."""
