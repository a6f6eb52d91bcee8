"""`bongsu mcp`, driven over the pipes of its process as an assistant's client drives it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(sys.executable).with_name("bongsu")


class Assistant:
    """A client that speaks JSON-RPC, one message a line."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [SCRIPT, "mcp"], cwd=folder, env=os.environ.copy(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._number = 0
        begun = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}
        self.ask("initialize", begun)
        self._send({"method": "notifications/initialized"})

    def ask(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": parameters})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said: dict[str, Any] = json.loads(line)
            if said.get("id") == self._number:
                return said
        raise AssertionError("it ended without an answer")

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool answers."""
        result: dict[str, Any] = self.ask("tools/call", {"name": tool, "arguments": arguments})["result"]
        return result

    def close(self) -> None:
        """End the process by closing its input, as clients do."""
        self._process.communicate(timeout=60)

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")
        self._process.stdin.flush()


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    opened = Assistant(tmp_path)
    yield opened
    opened.close()


def test_half_a_character_is_refused_and_the_next_question_is_answered(assistant: Assistant) -> None:
    """An answer that could not be written left the assistant waiting for ever."""
    for name in ("\ud800", "RI \udcff", "RI \ufffd"):
        refused = assistant.call("screen", name=name)
        assert refused["isError"]
        assert "no whole text" in refused["content"][0]["text"]
    assert not assistant.call("law_measures", topic="Coal").get("isError")
