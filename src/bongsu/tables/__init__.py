"""Observations as Arrow and Parquet, and the one door to the engine that asks questions of them."""

from bongsu.tables.engine import Engine
from bongsu.tables.parquet import from_parquet, schema_of, to_parquet

__all__ = ["Engine", "from_parquet", "schema_of", "to_parquet"]
