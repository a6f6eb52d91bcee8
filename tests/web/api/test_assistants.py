"""Assistants: read-only questions over the Model Context Protocol, asked by the protocol's own client."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import anyio
import pytest
from django.utils import timezone
from mcp.client import Client

from bongsu.cases.words import Role
from bongsu.evidence import Folder
from bongsu.web.accounts.models import Person, Token
from bongsu.web.assistants import UNTRUSTED, server
from bongsu.web.record.cycles import take_in

# The protocol's client runs in a loop of its own, and the questions in a thread that sees what was committed.
pytestmark = pytest.mark.django_db(transaction=True)


def _asked(token: str | None, *calls: tuple[str, dict[str, Any]]) -> tuple[list[str], list[Any]]:
    async def ask() -> tuple[list[str], list[Any]]:
        async with Client(server(token)) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            return tools, [await client.call_tool(name, arguments) for name, arguments in calls]

    return anyio.run(ask)


@pytest.fixture
def token(person: Callable[..., Person]) -> str:
    soon = timezone.now() + timedelta(days=1)
    return Token.issue(person(Role.READER), label="SANDBOX", scopes=["read"], expires_at=soon)[1]


def test_without_a_token_only_the_public_questions_are_there() -> None:
    tools, (law,) = _asked(None, ("law_check", {"hs": "2701", "direction": "from", "on": "2018-05-01"}))
    assert sorted(tools) == ["law_check", "law_measures", "screen"]
    assert "2371/8" in json.dumps(law.structured_content)


def test_what_comes_from_sources_is_marked_as_untrusted(store: Folder, token: str) -> None:
    take_in(store, "alpha")
    tools, (found,) = _asked(token, ("indicators", {"limit": 3}))
    assert {"cases", "indicators", "published_findings", "search"} <= set(tools)
    assert found.structured_content["notice"] == UNTRUSTED
    assert len(found.structured_content["answer"]["indicators"]) == 3


def test_a_token_that_is_not_good_is_refused_in_words() -> None:
    _, (answer,) = _asked("bongsu_" + "A" * 43, ("cases", {}))
    assert answer.is_error
    assert "the token is not good for this" in answer.content[0].text


def test_no_tool_changes_anything(token: str) -> None:
    async def hints() -> list[bool]:
        async with Client(server(token)) as client:
            return [tool.annotations.read_only_hint for tool in (await client.list_tools()).tools]

    assert all(anyio.run(hints))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("law_check", {"hs": "2701", "direction": "from", "date": "2005-01-01"}, "'date'"),
        ("law_measures", {"topic": "nonsense"}, "nonsense"),
        ("screen", {"name": "SANDBOX TRADING ONE", "limit": 0}, "0 hits"),
        ("screen", {"name": "SANDBOX TRADING ONE", "kind": "Person"}, "'kind'"),
    ],
)
def test_what_a_tool_does_not_know_is_refused_and_never_answered_with_nothing(
    store: Folder, tool: str, arguments: dict[str, Any], said: str
) -> None:
    _, (answer,) = _asked(None, (tool, arguments))
    assert answer.is_error
    assert said in answer.content[0].text
