"""What the site writes down of addresses: never the secret of a one-time link, which stands in its own."""

from __future__ import annotations

import logging
import re
from typing import Final

from django.http import HttpRequest

_LINK: Final = re.compile(r"/welcome/[^/\s]+")
_MOST_OF_ADDRESS: Final = 200


def without_secrets(text: str) -> str:
    """A text in which the secrets of links are dots."""
    return _LINK.sub("/welcome/...", text)


def address_of(request: HttpRequest) -> str:
    """The address of a request as the journal keeps it: cut short, without its query, in which anything may stand."""
    return without_secrets(request.path)[:_MOST_OF_ADDRESS]


class WithoutSecrets(logging.Filter):
    """Takes the secrets of links out of every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """The line is always written, without them."""
        said = record.getMessage()
        if "/welcome/" in said:
            record.msg, record.args = without_secrets(said), None
        return True
