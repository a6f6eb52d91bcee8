"""Invented worlds with a known truth. Everything in them says so."""

from bongsu.sandbox.lists import (
    SANDBOX_CUSTOMERS,
    SANDBOX_LIST,
    sandbox_copies,
    sandbox_customers,
    sandbox_exhibits,
    sandbox_source,
)

__all__ = [
    "SANDBOX_CUSTOMERS",
    "SANDBOX_LIST",
    "sandbox_copies",
    "sandbox_customers",
    "sandbox_exhibits",
    "sandbox_source",
]
