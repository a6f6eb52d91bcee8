"""Errors for people: what, where, what to do, and an exit code a script can tell apart."""

from __future__ import annotations

import pytest

from bongsu.kernel import errors
from bongsu.kernel.errors import (
    BongsuError,
    BusyError,
    CardError,
    EvidenceError,
    NotReachedError,
    NotReproducedError,
    SourceRefusedError,
    UsageError,
)

# Scripts decide by these numbers, so they never change. A source that did not come and one that came broken leave the
# watch in the same state: the last good copy stands.
EXIT_CODES = {
    BongsuError: 1,
    CardError: 1,
    UsageError: 2,
    SourceRefusedError: 3,
    NotReachedError: 3,
    EvidenceError: 4,
    NotReproducedError: 5,
    BusyError: 6,
}
ALL = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BongsuError)]


def test_every_error_has_its_exit_code() -> None:
    assert {kind: kind.exit_code for kind in ALL} == EXIT_CODES


@pytest.mark.parametrize("kind", ALL)
def test_no_exit_code_means_success_or_a_signal(kind: type[BongsuError]) -> None:
    assert 0 < kind.exit_code < 126  # 126 and above are the shell's own


@pytest.mark.parametrize("kind", ALL)
def test_an_error_prints_where_what_and_the_remedy(kind: type[BongsuError]) -> None:
    assert str(kind("is damaged")) == "is damaged"
    assert str(kind("is damaged", where="a.xml, line 3")) == "a.xml, line 3: is damaged"
    assert str(kind("is damaged", remedy="fetch it again")) == "is damaged (fetch it again)"
    error = kind("is damaged", where="a.xml, line 3", remedy="fetch it again")
    assert str(error) == "a.xml, line 3: is damaged (fetch it again)"
    assert (error.what, error.where, error.remedy) == ("is damaged", "a.xml, line 3", "fetch it again")


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_one_of_ours(kind: type[BongsuError]) -> None:
    with pytest.raises(BongsuError):
        raise kind("is damaged")
