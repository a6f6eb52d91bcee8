"""The list desk: designations as statements, what changed between copies, and what was said when."""
