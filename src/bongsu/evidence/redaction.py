"""Redaction: addresses and texts as they may be kept, with what opens doors replaced by `***`."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus, urlsplit

HIDDEN: Final = "***"
_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"'`]+")
# Wherever they stand in a key: `access_token`, `X-Amz-Signature`, `clientSecret`, `subscription-key`.
_SECRET_ANYWHERE: Final = re.compile(
    r"token|secret|passw|passphrase|signature|credential|authori[sz]ation|session|key$"
)
# Only as a whole word: `design` and `author` are no secrets.
_SECRET_WORDS: Final = frozenset({"key", "sig", "auth", "pwd", "pass", "jwt", "sas", "sid", "hmac", "apikey", "oauth"})
_WORD: Final = re.compile(r"[a-z0-9]+")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_secret_key(key: str) -> bool:
    """Whether a parameter or header of this name usually opens a door; rather said too often than too rarely."""
    words = _WORD.findall(_CAMEL.sub("-", key).lower())
    return bool(_SECRET_ANYWHERE.search("".join(words))) or not _SECRET_WORDS.isdisjoint(words)


def redacted_url(url: str) -> str:
    """An address without its user info and without the values of its secret parameters; a local path stays as it is.

    Redacting twice changes nothing more.
    """
    if "://" not in url:
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return f"{url.partition('://')[0]}://{HIDDEN}"
    host = parts.netloc.rpartition("@")
    return parts._replace(
        netloc=f"{HIDDEN}@{host[2]}" if host[1] else parts.netloc,
        query=_redacted_query(parts.query),
        fragment=_redacted_query(parts.fragment) if "=" in parts.fragment else parts.fragment,
    ).geturl()


def redacted_text(text: str) -> str:
    """A text with every address in it redacted, and with nothing in it that is not Unicode."""
    unicode = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return _ADDRESS.sub(lambda found: redacted_url(found[0]), unicode)


def _redacted_query(query: str) -> str:
    return "&".join(map(_redacted_pair, query.split("&")))


def _redacted_pair(pair: str) -> str:
    key, equals, _ = pair.partition("=")
    return f"{key}={HIDDEN}" if equals and is_secret_key(unquote_plus(key)) else pair
