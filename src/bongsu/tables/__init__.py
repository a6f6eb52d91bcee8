"""Observations as Arrow and Parquet; who asks questions of them opens the door to the engine, `tables.engine`."""

from bongsu.tables.parquet import from_parquet, schema_of, to_parquet

__all__ = ["from_parquet", "schema_of", "to_parquet"]
