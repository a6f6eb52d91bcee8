"""The cards of the sea sources, and how a source is found."""

from __future__ import annotations

import pytest

from bongsu.kernel.errors import CardError, UsageError
from bongsu.sea.cards import recognise, source, source_from, sources

CARD = b"""
reader = "nmea"
title = "SANDBOX receiver"
publisher = "SANDBOX"
homepage = "https://example.org/"
licence = "none"
gives = ["positions"]
takes = ["1"]
time_zone = "Asia/Seoul"
least_set_aside_share = 0.01
most_set_aside_share = 0.1
"""


def test_sources_are_found_in_their_folder_by_name() -> None:
    assert list(sources()) == sorted(sources())
    assert {"aisstream", "nmea"} <= set(sources())


def test_a_source_that_is_not_there_is_said_with_those_there_are() -> None:
    with pytest.raises(UsageError, match="there are: aisstream"):
        source("sandbox_radio")


def test_a_file_that_is_none_of_the_sources_is_said_to_be_none() -> None:
    with pytest.raises(UsageError, match="not recognised"):
        recognise(b"SANDBOX: no positions at all\n", where="x.txt")


def test_a_card_of_one_s_own_names_the_reader_it_wants() -> None:
    own = source_from(CARD, name="mine", where="mine.toml")
    assert (own.card.id, own.card.reader, own.card.zone.key) == ("mine", "nmea", "Asia/Seoul")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'reader = "nmea"', b'reader = "cards"', "no module of sea/sources"),
        (b'time_zone = "Asia/Seoul"', b'time_zone = "Korea"', "no time zone"),
        (b'gives = ["positions"]', b'gives = ["rumours"]', "not one of"),
        (b"most_set_aside_share = 0.1", b"most_set_aside_share = 0.001", "not within"),
        (b'licence = "none"', b'licence = "none"\nlicense = "none"', "license"),
    ],
)
def test_a_card_that_says_something_unknown_is_refused(old: bytes, new: bytes, what: str) -> None:
    with pytest.raises(CardError, match=what):
        source_from(CARD.replace(old, new), name="mine", where="mine.toml")


@pytest.mark.parametrize(
    ("aside", "surprising"), [(0, True), (10, False), (50, False), (100, False), (200, True), (1000, True)]
)
def test_a_file_unlike_its_source_is_told(aside: int, surprising: bool) -> None:
    card = source_from(CARD, name="mine", where="mine.toml").card
    counted = {"positions": 1000 - aside, "set aside: no payload": aside, "comments": 700}
    assert (card.surprise(counted) is not None) is surprising


def test_a_short_file_is_never_surprising() -> None:
    assert source_from(CARD, name="mine", where="mine.toml").card.surprise({"set aside: no payload": 9}) is None
