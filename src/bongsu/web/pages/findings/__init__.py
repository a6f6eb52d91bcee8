"""The pages of what was published."""
