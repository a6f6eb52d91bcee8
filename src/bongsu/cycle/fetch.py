"""Fetching over HTTP: hosts side by side, within limits of time and size, every failure in words."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeAlias

from bongsu.cycle.version import TOOL

if TYPE_CHECKING:
    import httpx

Wanted: TypeAlias = tuple[str, str]  # (list, part)
NewClient: TypeAlias = "Callable[[], httpx.Client]"

_HEADERS: Final = {"user-agent": f"{TOOL.replace(' ', '/')} (sanctions monitoring)", "accept-encoding": "identity"}
_PAGE_STARTS: Final = (b"<!doctype html", b"<html")
_MOST_REDIRECTS: Final = 5
_ERROR_NUMBER: Final = re.compile(r"\[Errno -?\d+\]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came from one address.

    Args:
        url: as asked.
        final_url: the address that answered, after redirects; None where none answered.
        hosts: the hosts asked in turn, with their ports where given; empty where none answered.
        content: the bytes, or None.
        problem: why they are not the file, in words; None where they are.
        host_silent: whether the host itself gave no answer, so that asking it again is of no use.
        http_status: None where there was no HTTP answer.
        headers: of the answer.
    """

    url: str
    final_url: str | None = None
    hosts: tuple[str, ...] = ()
    content: bytes | None = field(default=None, repr=False)
    problem: str | None = None
    host_silent: bool = False
    http_status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is sent to an address that answers questions, instead of asking it for a file.

    Args:
        content: the bytes.
        media_type: what they are.
    """

    content: bytes = field(repr=False)
    media_type: str


def fetch_all(
    wanted: Mapping[Wanted, str],
    *,
    timeout_s: float,
    deadline_s: float,
    most_bytes: int,
    questions: Mapping[Wanted, Question] | None = None,
) -> dict[Wanted, Answer]:
    """Fetch every address; hosts side by side, the files of one host one after another.

    Bytes are taken as they come over the wire: a host that packs a file unasked delivers a packed file, and whoever
    unpacks it keeps its own limits. A host that cannot be reached is not asked a second time. Whatever has not come by
    the deadline counts as not reached; its thread is left to itself, since a name look-up that hangs cannot be stopped.

    Args:
        wanted: address by (list, part).
        timeout_s: how long a host may keep silent, in seconds.
        deadline_s: how long all of it may take, in seconds.
        most_bytes: the largest file accepted.
        questions: by (list, part) what is sent (POST); the others are asked for their file (GET).

    Returns:
        An answer for every address asked.
    """
    import httpx

    new_client = partial(
        httpx.Client, timeout=timeout_s, headers=_HEADERS, follow_redirects=True, max_redirects=_MOST_REDIRECTS
    )
    by_host: dict[str, list[Wanted]] = defaultdict(list)
    for key, url in wanted.items():
        by_host[url.partition("://")[2].partition("/")[0]].append(key)
    arrived: queue.SimpleQueue[tuple[Wanted, Answer]] = queue.SimpleQueue()

    def ask(keys: list[Wanted]) -> None:
        silent: str | None = None
        for key in keys:
            url = wanted[key]
            question = (questions or {}).get(key)
            answer = (
                Answer(url=url, problem=silent)
                if silent
                else _fetch(new_client, url, question, timeout_s=timeout_s, most_bytes=most_bytes)
            )
            if answer.host_silent:
                silent = answer.problem
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


def _fetch(new_client: NewClient, url: str, question: Question | None, *, timeout_s: float, most_bytes: int) -> Answer:
    import httpx

    try:
        with new_client() as client, _asked(client, url, question) as response:
            content = bytearray()
            for block in response.iter_raw():
                content += block
                if len(content) > most_bytes:
                    return replace(_answer(url, response), problem=f"is larger than {most_bytes} bytes")
            return _judged(replace(_answer(url, response), content=bytes(content)), response.reason_phrase)
    except httpx.TimeoutException:
        return Answer(url=url, problem=f"the host did not answer within {timeout_s:g} seconds", host_silent=True)
    except httpx.TooManyRedirects:
        return Answer(url=url, problem="the address leads in circles")
    except httpx.ConnectError as error:
        return Answer(url=url, problem=f"the host cannot be reached: {_words(error)}", host_silent=True)
    # ValueError and ImportError are httpx's words for a proxy setting of the environment that it cannot follow.
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
        return Answer(url=url, problem=f"the transfer failed: {_words(error)}")


def _asked(client: httpx.Client, url: str, question: Question | None) -> AbstractContextManager[httpx.Response]:
    if question is None:
        return client.stream("GET", url)
    return client.stream("POST", url, content=question.content, headers={"content-type": question.media_type})


def _words(error: Exception) -> str:
    """The error's own words without the system's number, which differs from machine to machine."""
    return _ERROR_NUMBER.sub("", str(error)).strip() or type(error).__name__


def _answer(url: str, response: httpx.Response) -> Answer:
    """An answer as far as its head tells."""
    chain = [*response.history, response]
    return Answer(
        url=url,
        final_url=str(response.url),
        hosts=tuple(each.url.netloc.decode("ascii") for each in chain),
        http_status=response.status_code,
        headers=tuple(response.headers.items()),
    )


def _judged(answer: Answer, reason: str) -> Answer:
    """A whole answer, with what keeps it from being the file."""
    content = answer.content or b""
    if answer.http_status != HTTPStatus.OK:
        return replace(answer, problem=f"the host answered {answer.http_status} {reason}".rstrip())
    if not content:
        return replace(answer, problem="the host answered with nothing")
    if content.lstrip()[:16].lower().startswith(_PAGE_STARTS):
        return replace(answer, problem="the host answered with a web page instead of the file")
    return answer
