"""How bytes came, without what opens doors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bongsu.evidence import Capture, redacted_text, redacted_url
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.errors import EvidenceError

# One word that is nowhere else, so that finding any of it is finding the secret.
SECRETS = st.text(alphabet="QZXJ", min_size=8, max_size=20)
PLAIN = st.text(st.characters(exclude_characters="QZXJ", exclude_categories=["Cs"]), max_size=20)
KEYS = [
    "key",
    "api_key",
    "apiKey",
    "API-KEY",
    "subscription-key",
    "AWSAccessKeyId",
    "jwt",
    "sas",
    "hmac",
    "sig",
    "auth",
]
TOKENS = [
    "token",
    "access_token",
    "X-Amz-Security-Token",
    "authToken",
    "sessionid",
    "authorization",
    "X-Amz-Credential",
]
WORDS = ["secret", "client_secret", "password", "passwd", "pwd", "signature", "X-Amz-Signature"]
SECRET_KEYS = st.sampled_from([*KEYS, *TOKENS, *WORDS])
PLAIN_KEYS = st.sampled_from(
    ["q", "page", "design", "author", "format", "period", "reporterCode", "authority", "assign"]
)


@pytest.mark.parametrize(
    ("given_url", "kept"),
    [
        ("https://user:pass@host.example/x?a=1", "https://***@host.example/x?a=1"),
        ("https://user@host.example:8443/", "https://***@host.example:8443/"),
        ("https://a@b:c@host.example/", "https://***@host.example/"),
        ("https://host.example/x?api_key=1&a=2", "https://host.example/x?api_key=***&a=2"),
        ("https://host.example/x?a=%20b&to%6ben=1", "https://host.example/x?a=%20b&to%6ben=***"),
        ("https://host.example/x#access_token=1&state=2", "https://host.example/x#access_token=***&state=2"),
        ("https://host.example/x#section-3", "https://host.example/x#section-3"),
        ("s3://id:secret@bucket/list.xml", "s3://***@bucket/list.xml"),
        ("https://[broken", "https://***"),
        ("/srv/lists/sdn?key=1.xml", "/srv/lists/sdn?key=1.xml"),
        ("file:///srv/lists/sdn.xml", "file:///srv/lists/sdn.xml"),
        ("https://scsanctions.un.org/resources/xml/en/consolidated.xml",) * 2,
    ],
)
def test_addresses_keep_what_is_public(given_url: str, kept: str) -> None:
    assert redacted_url(given_url) == kept
    assert redacted_url(kept) == kept


@given(st.lists(st.tuples(SECRET_KEYS, SECRETS), min_size=1), st.lists(st.tuples(PLAIN_KEYS, PLAIN)), SECRETS)
def test_no_secret_outlives_redaction(
    secret_pairs: list[tuple[str, str]], plain: list[tuple[str, str]], password: str
) -> None:
    pairs = [f"{quote(key)}={value}" for key, value in secret_pairs]
    pairs += [f"{key}={quote_plus(value)}" for key, value in plain]
    url = f"https://user:{password}@host.example/x?{'&'.join(pairs)}"
    kept = redacted_url(url)
    assert password not in kept
    assert not any(value in kept for _, value in secret_pairs)
    assert all(pair in kept for pair in pairs[len(secret_pairs) :])
    assert redacted_url(kept) == kept
    assert redacted_text(f"failed: {url} (timed out)") == f"failed: {kept} (timed out)"


def test_a_capture_holds_no_secret_wherever_it_was_put(capture: Capture) -> None:
    hidden = replace(
        capture,
        final_url="https://watch:hunter2@other.example/list?token=hunter2",
        hosts=("host.example", "other.example:8443"),
        url="https://watch:hunter2@host.example/list?token=hunter2",
        headers=(
            ("Set-Cookie", "session=hunter2"),
            ("WWW-Authenticate", "Basic hunter2"),
            ("Authorization", "hunter2"),
            ("Proxy-Authorization", "hunter2"),
            ("Cookie", "hunter2"),
            ("X-Api-Key", "hunter2"),
            ("X-Amz-Security-Token", "hunter2"),
            ("Location", "https://host.example/next?sig=hunter2&page=2"),
            ("ETag", '"5f1c"'),
        ),
        problem="404 for https://watch:hunter2@host.example/list?token=hunter2",
    )
    assert "hunter2" not in json.dumps(hidden.record())
    assert "hunter2" not in repr(hidden)
    assert hidden.headers == (("location", "https://host.example/next?sig=***&page=2"), ("etag", '"5f1c"'))
    assert hidden.problem == "404 for https://***@host.example/list?token=***"


def test_a_capture_survives_its_record(capture: Capture) -> None:
    failed = replace(capture, status="failed", http_status=None, headers=(), problem="no answer within 30 s")
    led = replace(capture, final_url="https://other.example/x", hosts=("host.example", "other.example"))
    for each in (capture, failed, led):
        assert Capture.from_record(json.loads(canonical_json(each.record()))) == each


def test_times_are_kept_in_utc_and_whole_seconds(capture: Capture) -> None:
    seoul = datetime(2026, 11, 24, 15, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=9)))
    assert replace(capture, retrieved_at=seoul).record()["retrieved_at"] == "2026-11-24T06:00:00Z"


def test_what_is_not_unicode_can_still_be_logged(capture: Capture) -> None:
    odd = replace(capture, url="/srv/\udcff.xml", headers=(("server", "\ud800"),), problem="\udcfe")
    assert b"\\\\udcff" in canonical_json(odd.record())


@pytest.mark.parametrize(
    "change",
    [
        {"source": " "},
        {"tool": ""},
        {"status": "perhaps"},
        {"http_status": 42},
        {"retrieved_at": datetime(2026, 11, 24)},  # noqa: DTZ001 - the zone is missing on purpose
    ],
)
def test_a_capture_that_says_nothing_is_refused(capture: Capture, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"capture|status|zone"):
        replace(capture, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"source": 7},
        {"http_status": True},
        {"http_status": "200"},
        {"headers": "etag"},
        {"headers": [["etag"]]},
        {"retrieved_at": "yesterday"},
        {"status": "perhaps"},
        {"url": None},
        {"final_url": 7},
        {"hosts": "host.example"},
        {"hosts": [7]},
        {"hosts": None},
    ],
)
def test_a_record_that_is_none_is_refused(capture: Capture, change: dict[str, object]) -> None:
    with pytest.raises(EvidenceError, match="capture"):
        Capture.from_record({**capture.record(), **change})  # type: ignore[dict-item]


def test_a_record_without_a_key_is_refused(capture: Capture) -> None:
    record = capture.record()
    del record["tool"]
    with pytest.raises(EvidenceError, match="has the keys"):
        Capture.from_record(record)
