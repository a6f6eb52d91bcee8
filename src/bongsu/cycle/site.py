"""What the site needs to know of an installation; it stands in the same configuration file as the watch."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bongsu.kernel.cards import Card

DEFAULT_FOLDER: Final = "bongsu-site"
DEFAULT_LISTEN: Final = "127.0.0.1:8718"
DEFAULT_MOST_UPLOAD_BYTES: Final = 200 * 2**20
_MOST_UPLOAD_BYTES: Final = 280 * 2**20  # the server itself takes no more than 300 MiB
MFA_REQUIRED: Final = "required"
MFA_OPTIONAL: Final = "optional"
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_MEMBER: Final = re.compile(r"[a-z][a-z0-9-]{1,31}")
_LISTEN: Final = re.compile(r"(?P<host>\[[0-9a-f:]+\]|[A-Za-z0-9.-]+):(?P<port>[0-9]{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteConfig:
    """The `[site]` table of a configuration.

    Args:
        folder: where the site keeps what is its own (its key; the database, where it is SQLite); a local path.
        database: `postgresql://user@host/name`, or None for SQLite in the folder.
        listen: host and port that `bongsu serve` listens on.
        hosts: the names by which browsers may ask for it, beside the one it listens on.
        member: the id of the member of the coalition that runs it: lower-case letters, digits and hyphens.
        member_name: that member's name, as people write it.
        https: whether a server before it speaks HTTPS with browsers; cookies are then sent over HTTPS only.
        most_upload_bytes: the largest file a person may give, in bytes.
        behind_proxy: whether requests come through one proxy, whose `X-Forwarded-For` says who asked.
        mfa: whether everyone needs an authenticator beside the password: `required` or `optional`; None leaves it to
            who can reach the site.
        approvals_needed: how many members must approve before a finding is published.
        least_reply_days: the least days that someone who is told of a finding has to answer.
        most_requests_a_minute: how many requests of the API each token may make in a minute.
    """

    folder: str = DEFAULT_FOLDER
    database: str | None = None
    listen: str = DEFAULT_LISTEN
    hosts: tuple[str, ...] = ()
    member: str = "local"
    member_name: str = "This installation"
    https: bool = False
    behind_proxy: bool = False
    most_upload_bytes: int = DEFAULT_MOST_UPLOAD_BYTES
    mfa: str | None = None
    approvals_needed: int = 1
    least_reply_days: int = 14
    most_requests_a_minute: int = 600

    @property
    def host(self) -> str:
        """The host it listens on, without the brackets of IPv6."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def host_asked_for(self) -> str:
        """The host it listens on, as browsers write it: with the brackets of IPv6."""
        return self.listen.rpartition(":")[0]

    @property
    def origin(self) -> str:
        """Where browsers ask for it, without a path: the first of its names, which a server before it answers to."""
        name = self.hosts[0] if self.hosts else self.host_asked_for
        if self.https:
            return f"https://{name}"
        return f"http://{name}" if self.hosts and (self.behind_proxy or self.is_local) else f"http://{name}:{self.port}"

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.listen.rpartition(":")[2])

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in _LOOPBACK

    @property
    def mfa_required(self) -> bool:
        """Whether nobody works here without an authenticator: as the file says, else where others can reach the site.

        A site that listens on the loopback behind a proxy, or answers to other names, is reached by others.
        """
        if self.mfa is not None:
            return self.mfa == MFA_REQUIRED
        return not self.is_local or self.behind_proxy or self.https or bool(self.hosts)


def site_config(card: Card) -> SiteConfig:
    """The `[site]` table.

    Raises:
        CardError: a value that is not one.
    """
    default = SiteConfig()
    member = card.text_or_none("member") or default.member
    if not _MEMBER.fullmatch(member):
        raise card.error("a member's id is written in lower-case letters, digits and hyphens", "member")
    listen = card.text_or_none("listen") or default.listen
    if not is_address(listen):
        raise card.error(f"an address is written host:port, such as {DEFAULT_LISTEN}", "listen")
    return SiteConfig(
        folder=card.text_or_none("folder") or default.folder,
        database=card.text_or_none("database"),
        listen=listen,
        hosts=card.texts("hosts") if "hosts" in card else default.hosts,
        member=member,
        member_name=card.text_or_none("member_name") or default.member_name,
        https=card.flag("https", default=default.https),
        behind_proxy=card.flag("behind_proxy", default=default.behind_proxy),
        most_upload_bytes=_upload_bytes(card),
        mfa=card.text_or_none("mfa", one_of=(MFA_REQUIRED, MFA_OPTIONAL)),
        approvals_needed=card.integer_or_none("approvals_needed", least=1) or default.approvals_needed,
        least_reply_days=card.integer_or_none("least_reply_days", least=1) or default.least_reply_days,
        most_requests_a_minute=card.integer_or_none("most_requests_a_minute", least=1)
        or default.most_requests_a_minute,
    )


def is_address(listen: str) -> bool:
    """Whether a text is a host and a port to listen on."""
    address = _LISTEN.fullmatch(listen)
    return address is not None and 0 < int(address["port"]) < 2**16


def _upload_bytes(card: Card) -> int:
    if "most_upload_bytes" not in card:
        return DEFAULT_MOST_UPLOAD_BYTES
    most = card.integer("most_upload_bytes", least=1)
    if most > _MOST_UPLOAD_BYTES:
        raise card.error(f"is at most {_MOST_UPLOAD_BYTES}", "most_upload_bytes")
    return most
