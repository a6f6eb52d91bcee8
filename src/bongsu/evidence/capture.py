"""A capture: how, when and from where bytes came, or why they did not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal, Self, TypeAlias, cast, get_args

from bongsu.evidence.redaction import is_secret_key, redacted_text, redacted_url
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.clock import instant, stamp
from bongsu.kernel.errors import EvidenceError, UsageError

CaptureStatus: TypeAlias = Literal["ok", "failed"]
Header: TypeAlias = tuple[str, str]

# Answers name these to open or hold a session; who holds them can speak in our name.
_NEVER_KEPT: Final = frozenset(
    {
        "set-cookie",
        "set-cookie2",
        "cookie",
        "authorization",
        "proxy-authorization",
        "www-authenticate",
        "proxy-authenticate",
    }
)
_KEYS: Final = frozenset(
    {
        "source",
        "part",
        "url",
        "final_url",
        "hosts",
        "retrieved_at",
        "status",
        "http_status",
        "headers",
        "tool",
        "problem",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One attempt to fetch one file of one source.

    What is secret never gets in: the address loses its user info and the values of its secret parameters, headers that
    carry sessions or keys are left out, and addresses inside the problem and other headers are redacted alike.

    Args:
        source: the source's id, such as `un_sc`.
        part: which of its files, such as `consolidated`; the empty text where it has only one.
        url: the address asked, or the path of a local file.
        final_url: the address that answered, another than the one asked where it redirected; None where none answered.
        hosts: the hosts asked in turn, from that of `url` to that of `final_url`; empty where none answered.
        retrieved_at: when the last byte came, or the attempt failed; aware, kept in UTC to the whole second.
        status: `ok`, or `failed`; bytes may come with a failure too, such as an error page.
        http_status: the HTTP status code, 100 to 599, or None where no HTTP answer came.
        headers: (name, value) pairs of the answer; kept with lower-case names in the order they came.
        tool: who fetched, such as `bongsu 0.1.0`.
        problem: why it failed, in a sentence; None where nothing did.

    Raises:
        ValueError: no source, no tool, another status, a status code that is none, or a time without its zone.
    """

    source: str
    url: str
    retrieved_at: datetime
    tool: str
    part: str = ""
    status: CaptureStatus = "ok"
    final_url: str | None = None
    hosts: tuple[str, ...] = ()
    http_status: int | None = None
    headers: tuple[Header, ...] = ()
    problem: str | None = None

    def __post_init__(self) -> None:
        if not self.source.strip() or not self.tool.strip():
            raise ValueError("a capture names its source and its tool")
        if self.status not in get_args(CaptureStatus):
            raise ValueError(f"a capture is ok or failed, not {self.status!r}")
        if self.http_status is not None and not 100 <= self.http_status <= 599:  # RFC 9110, section 15
            raise ValueError(f"not an HTTP status: {self.http_status}")
        if self.retrieved_at.tzinfo is None:
            raise ValueError(f"a time needs its zone: {self.retrieved_at.isoformat()}")
        # A frozen record sets its fields this way; redaction here means no caller can forget it.
        object.__setattr__(self, "retrieved_at", self.retrieved_at.astimezone(UTC).replace(microsecond=0))
        object.__setattr__(self, "url", _redacted(self.url))
        object.__setattr__(self, "final_url", None if self.final_url is None else _redacted(self.final_url))
        object.__setattr__(self, "hosts", tuple(_redacted(host) for host in self.hosts))
        object.__setattr__(self, "headers", tuple(_kept_headers(self.headers)))
        object.__setattr__(self, "problem", None if self.problem is None else redacted_text(self.problem))

    def record(self) -> dict[str, JsonValue]:
        """The JSON form."""
        return {
            "source": self.source,
            "part": self.part,
            "url": self.url,
            "final_url": self.final_url,
            "hosts": list(self.hosts),
            "retrieved_at": stamp(self.retrieved_at),
            "status": self.status,
            "http_status": self.http_status,
            "headers": [[name, value] for name, value in self.headers],
            "tool": self.tool,
            "problem": self.problem,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, JsonValue]) -> Self:
        """A capture from its JSON form.

        Raises:
            EvidenceError: a key too many or too few, or a value of another kind.
        """
        if set(record) != _KEYS:
            raise EvidenceError(f"a capture has the keys {', '.join(sorted(_KEYS))}, not {', '.join(sorted(record))}")
        try:
            return cls(
                source=_text(record, "source"),
                part=_text(record, "part"),
                url=_text(record, "url"),
                final_url=_text_or_none(record, "final_url"),
                hosts=_texts(record["hosts"]),
                retrieved_at=instant(_text(record, "retrieved_at")),
                status=cast(CaptureStatus, _text(record, "status")),  # __post_init__ refuses any other
                http_status=_whole_number_or_none(record["http_status"]),
                headers=_headers(record["headers"]),
                tool=_text(record, "tool"),
                problem=_text_or_none(record, "problem"),
            )
        except (ValueError, UsageError) as error:
            raise EvidenceError(f"not a capture: {error}") from error


def _redacted(address: str) -> str:
    return redacted_text(redacted_url(address))


def _kept_headers(headers: tuple[Header, ...]) -> list[Header]:
    named = [(name.strip().lower(), value) for name, value in headers]
    return [
        (redacted_text(name), redacted_text(value))
        for name, value in named
        if name not in _NEVER_KEPT and not is_secret_key(name)
    ]


def _text(record: Mapping[str, JsonValue], key: str) -> str:
    value = record[key]
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")  # noqa: TRY004 - bad content, not a bug of the caller
    return value


def _text_or_none(record: Mapping[str, JsonValue], key: str) -> str | None:
    return None if record[key] is None else _text(record, key)


def _texts(value: JsonValue) -> tuple[str, ...]:
    match value:
        case [*texts] if all(isinstance(text, str) for text in texts):
            return tuple(map(str, texts))
        case _:
            raise ValueError("hosts are not a list of texts")


def _whole_number_or_none(value: JsonValue) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ValueError("http_status is not a whole number")


def _headers(value: JsonValue) -> tuple[Header, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError("headers are not a list")  # noqa: TRY004 - bad content, not a bug of the caller
    pairs: list[Header] = []
    for pair in value:
        match pair:
            case [str(name), str(content)]:
                pairs.append((name, content))
            case _:
                raise ValueError("a header is a name and a value")
    return tuple(pairs)
