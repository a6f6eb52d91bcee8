"""Filters of the law's templates."""
