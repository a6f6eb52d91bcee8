"""The configuration: strict, with paths from its own folder, and errors that name the line's key."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bongsu.cycle.config import FileCopy, default_config, read_config
from bongsu.kernel.errors import UsageError


def written(folder: Path, text: str) -> Path:
    path = folder / "bongsu.toml"
    path.write_text(text, "utf-8")
    return path


def test_an_empty_configuration_watches_every_list_of_ours_from_its_publisher(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, ""))
    names = [row.list_id for row in config.lists]
    assert {"ofac_sdn", "un_sc", "un_1718_vessels", "uk_fcdo", "eu_fsf"} <= set(names)
    assert {"ftm", "us_csl", "ofac_sdn_xml"}.isdisjoint(names), "the same designations again, or someone's own file"
    assert {(row.fetch, row.copies) for row in config.lists} == {(True, ())}
    assert config.lists == default_config().lists
    assert (config.timeout_s, config.deadline_s, config.most_bytes) == (8.0, 60.0, 268_435_456)
    assert (config.sandbox, config.sandbox_ships) == ("no real copy", True)


def test_a_relative_store_lies_beside_the_configuration_and_its_path_is_plain(tmp_path: Path) -> None:
    folder = tmp_path / "examples"
    folder.mkdir()
    config = read_config(written(folder, '[store]\nurl = "../bongsu-data/real"\n'))
    assert config.store == str(tmp_path / "bongsu-data" / "real")


def test_without_a_store_the_data_lie_beside_the_configuration(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, "")).store == str(tmp_path / "bongsu-data")


def test_an_absolute_store_stays_where_it_is(tmp_path: Path) -> None:
    assert read_config(written(tmp_path, f'[store]\nurl = "{tmp_path}/there"\n')).store == f"{tmp_path}/there"


@pytest.mark.parametrize("url", ["s3://bucket/prefix", "memory://invented", "file:///invented"])
def test_an_address_is_no_path(tmp_path: Path, url: str) -> None:
    assert read_config(written(tmp_path, f'[store]\nurl = "{url}"\n')).store == url


def test_all_settings_are_taken(tmp_path: Path) -> None:
    config = read_config(
        written(
            tmp_path,
            """
            [collect]
            timeout_seconds = 2
            deadline_seconds = 9.5
            most_bytes = 1000
            [sandbox]
            when = "never"
            ships = false
            [lists.un_sc]
            fetch = true
            urls = { consolidated = "https://mirror.invalid/list.xml" }
            [[lists.un_sc.copy]]
            list_date = 2026-01-15
            parts = { consolidated = "a.xml" }
            """,
        )
    )
    assert (config.timeout_s, config.deadline_s, config.most_bytes, config.sandbox) == (2.0, 9.5, 1000, "never")
    assert not config.sandbox_ships
    (un,) = config.lists
    assert (un.fetch, un.urls) == (True, (("consolidated", "https://mirror.invalid/list.xml"),))
    assert un.copies == (FileCopy(list_date=date(2026, 1, 15), parts=(("consolidated", "a.xml"),)),)


def test_what_the_sandbox_is_told_stands_apart_from_its_ships(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, "[sandbox]\nships = false\n"))
    assert (config.sandbox, config.sandbox_ships) == ("no real copy", False)


def test_a_list_read_from_files_is_not_fetched_unless_it_says_so(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, '[[lists.un_sc.copy]]\nparts = { consolidated = "a.xml" }\n'))
    assert not config.lists[0].fetch


def test_the_parts_of_a_copy_stand_in_the_cards_order(tmp_path: Path) -> None:
    text = '[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-15\nparts = { alt = "x", sdn = "y", add = "z" }\n'
    copy = read_config(written(tmp_path, text)).lists[0].copies[0]
    assert [part for part, _ in copy.parts] == ["sdn", "add", "alt"]


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("[stores]\nurl = 'x'", "", "keys that no one knows: stores"),
        ("[store]\nurls = 'x'", "store.url", "is missing"),
        ("[store]\nurl = ''", "store.url", "is empty"),
        ("[store]\nurl = 5", "store.url", "is a whole number, not a text"),
        ("[collect]\ntimeout = 5", "collect", "keys that no one knows: timeout"),
        ("[collect]\ntimeout_seconds = 0", "collect.timeout_seconds", "is 0, not within 0.1 to 600"),
        ("[collect]\ntimeout_seconds = nan", "collect.timeout_seconds", "is nan, not within 0.1 to 600"),
        ("[collect]\ntimeout_seconds = true", "collect.timeout_seconds", "is true or false"),
        ("[collect]\nmost_bytes = 0", "collect.most_bytes", "is 0, below 1"),
        ("[sandbox]\nwhen = 'sometimes'", "sandbox.when", "'sometimes', not one of always, never, no real copy"),
        ("[sandbox]\nships = 'no'", "sandbox.ships", "is a text, not true or false"),
        ("[lists.un_cs]\nfetch = true", "lists", "no list source un_cs; there are "),
        ("[lists.un_sc]\nfetch = 'yes'", "lists.un_sc.fetch", "is a text, not true or false"),
        ("[[lists.un_sc.copy]]\nlist_date = 2026-01-15", "lists.un_sc.copy[0].parts", "is missing"),
        ("[[lists.un_sc.copy]]\nparts = {}", "lists.un_sc.copy[0].parts", "lacks consolidated"),
        (
            "[[lists.ofac_sdn.copy]]\nlist_date = 2026-01-15\nparts = { alt = 'a' }",
            "lists.ofac_sdn.copy[0].parts",
            "lacks sdn",
        ),
        (
            "[[lists.ofac_sdn.copy]]\nparts = { sdn = 'a' }",
            "lists.ofac_sdn.copy[0].list_date",
            "is missing: this list prints no date, and only you know of which day the file is",
        ),
        ("[[lists.un_sc.copy]]\nparts = { sdn = 'a', consolidated = 'b' }", "lists.un_sc.copy[0].parts", "sdn"),
        (
            "[[lists.un_sc.copy]]\nlist_date = '2026-01-15'\nparts = { consolidated = 'b' }",
            "lists.un_sc.copy[0].list_date",
            "is a text, not a day",
        ),
        (
            "[[lists.un_sc.copy]]\nlist_date = 2026-01-15T00:00:00Z\nparts = { consolidated = 'b' }",
            "lists.un_sc.copy[0].list_date",
            "is a time; a day is meant",
        ),
        ("[lists.un_sc]\nurls = { main = 'http://x.invalid/' }", "lists.un_sc.urls", "no one knows: main"),
        ("[lists.un_sc]\nurls = { consolidated = 'lists/un.xml' }", "urls.consolidated", "is not an address"),
        ("[lists.un_sc]\nurls = { consolidated = 'http://[::1/' }", "urls.consolidated", "is not an address"),
        ("[lists.un_sc]\nurls = { consolidated = 'http://a:b:c/' }", "urls.consolidated", "is not an address"),
        ("[lists.un_sc]\nurls = { consolidated = 'ftp://x.invalid/' }", "urls.consolidated", "is not an address"),
        ("[lists.un_sc]\nfetch = false\nurls = { consolidated = 'http://x.invalid/' }", "un_sc.urls", "of no use"),
        ("lists = 5", "lists", "is a whole number, not a table"),
        ("not toml", "", "is not TOML"),
    ],
)
def test_what_no_one_knows_is_refused_with_the_place(tmp_path: Path, text: str, where: str, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_config(written(tmp_path, text))
    assert says in refused.value.what
    assert refused.value.where is not None
    assert refused.value.where.startswith(str(tmp_path / "bongsu.toml"))
    assert refused.value.where.endswith(where)


def test_a_configuration_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bongsu.toml"
    path.write_bytes(b'[store]\nurl = "caf\xe9"\n')
    with pytest.raises(UsageError, match="is not TOML"):
        read_config(path)


def test_a_configuration_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file or directory"):
        read_config(tmp_path / "bongsu.toml")


def test_a_device_is_no_configuration() -> None:
    with pytest.raises(UsageError, match="/dev/zero: is a device, a pipe or a socket, not a file"):
        read_config(Path("/dev/zero"))


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_config(tmp_path)
