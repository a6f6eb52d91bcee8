"""Fetching over HTTP: hosts side by side, within limits of time and size, every failure in words."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import httpx

from bongsu.cycle.version import TOOL

Wanted: TypeAlias = tuple[str, str]  # (list, part)

_HEADERS: Final = {"user-agent": f"{TOOL.replace(' ', '/')} (sanctions monitoring)", "accept-encoding": "identity"}
_PAGE_STARTS: Final = (b"<!doctype html", b"<html")
_MOST_REDIRECTS: Final = 5
_ERROR_NUMBER: Final = re.compile(r"\[Errno -?\d+\]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came from one address.

    Args:
        url: as asked.
        content: the bytes, or None.
        problem: why they are not the file, in words; None where they are.
        http_status: None where there was no HTTP answer.
        headers: of the answer.
    """

    url: str
    content: bytes | None = field(default=None, repr=False)
    problem: str | None = None
    http_status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


def fetch_all(
    wanted: Mapping[Wanted, str], *, timeout_s: float, deadline_s: float, most_bytes: int
) -> dict[Wanted, Answer]:
    """Fetch every address; hosts side by side, the files of one host one after another.

    A host that cannot be reached is not asked a second time. Whatever has not come when the deadline is over counts as
    not reached; its thread is left to itself, since a name look-up that hangs cannot be stopped.

    Args:
        wanted: address by (list, part).
        timeout_s: how long a host may keep silent, in seconds.
        deadline_s: how long all of it may take, in seconds.
        most_bytes: the largest file accepted.

    Returns:
        An answer for every address asked.
    """
    by_host: dict[str, list[Wanted]] = defaultdict(list)
    for key, url in wanted.items():
        by_host[urlsplit(url).netloc].append(key)
    arrived: queue.SimpleQueue[tuple[Wanted, Answer]] = queue.SimpleQueue()

    def ask(keys: list[Wanted]) -> None:
        with httpx.Client(
            timeout=timeout_s, headers=_HEADERS, follow_redirects=True, max_redirects=_MOST_REDIRECTS
        ) as client:
            dead: str | None = None
            for key in keys:
                url = wanted[key]
                answer = Answer(url=url, problem=dead) if dead else _fetch(client, url, most_bytes)
                if answer.http_status is None:
                    dead = answer.problem
                arrived.put((key, answer))

    for keys in by_host.values():
        threading.Thread(target=ask, args=(keys,), daemon=True).start()
    return _gather(wanted, arrived, deadline_s)


def _gather(
    wanted: Mapping[Wanted, str], arrived: queue.SimpleQueue[tuple[Wanted, Answer]], deadline_s: float
) -> dict[Wanted, Answer]:
    answers: dict[Wanted, Answer] = {}
    end = time.monotonic() + deadline_s
    while len(answers) < len(wanted):
        try:
            key, answer = arrived.get(timeout=max(0.0, end - time.monotonic()))
        except queue.Empty:
            break
        answers[key] = answer
    late = f"did not come within {deadline_s:g} seconds"
    return {key: answers.get(key) or Answer(url=url, problem=late) for key, url in wanted.items()}


def _fetch(client: httpx.Client, url: str, most_bytes: int) -> Answer:
    try:
        with client.stream("GET", url) as response:
            content = bytearray()
            for block in response.iter_bytes():
                content += block
                if len(content) > most_bytes:
                    return Answer(
                        url=url, problem=f"is larger than {most_bytes} bytes", http_status=response.status_code
                    )
            return _judged(url, response, bytes(content))
    except httpx.TimeoutException:
        return Answer(url=url, problem=f"the host did not answer within {client.timeout.read:g} seconds")
    except httpx.TooManyRedirects:
        return Answer(url=url, problem="the address leads in circles")
    except httpx.ConnectError as error:
        return Answer(url=url, problem=f"the host cannot be reached: {_words(error)}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(url=url, problem=f"the transfer failed: {_words(error)}")


def _words(error: Exception) -> str:
    """The error's own words without the system's number, which differs from machine to machine."""
    return _ERROR_NUMBER.sub("", str(error)).strip() or type(error).__name__


def _judged(url: str, response: httpx.Response, content: bytes) -> Answer:
    problem = None
    if response.status_code != httpx.codes.OK:
        problem = f"the host answered {response.status_code} {response.reason_phrase}".rstrip()
    elif not content:
        problem = "the host answered with nothing"
    elif content.lstrip()[:16].lower().startswith(_PAGE_STARTS):
        problem = "the host answered with a web page instead of the file"
    return Answer(
        url=url,
        content=content,
        problem=problem,
        http_status=response.status_code,
        headers=tuple(response.headers.items()),
    )
