"""What people are called by their roles, markings and sessions, in the language of the one who reads."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.cases.words import Role
from bongsu.web.accounts.tokens import Scope

ROLE_NAMES: Final[dict[Role, Promise]] = {
    Role.READER: _("Reader"),
    Role.ANALYST: _("Analyst"),
    Role.REVIEWER: _("Reviewer"),
    Role.COORDINATOR: _("Coordinator"),
    Role.ADMINISTRATOR: _("Administrator"),
}
ROLE_MEANINGS: Final[dict[Role, Promise]] = {
    Role.READER: _("reads what the clearance reaches"),
    Role.ANALYST: _("opens cases, writes findings"),
    Role.REVIEWER: _("and reviews what others wrote"),
    Role.COORDINATOR: _("and decides what goes out"),
    Role.ADMINISTRATOR: _("manages accounts, and does no casework"),
}
SCOPE_NAMES: Final[dict[Scope, Promise]] = {
    Scope.READ: _("read: what you may read"),
    Scope.ACT: _("act: do casework in your name"),
    Scope.EXPORT: _("export: take exports away"),
}
ENTRY_NAMES: Final[dict[str, Promise]] = {
    "sign_in": _("signed in"),
    "sign_in.failed": _("sign-in refused"),
    "sign_out": _("signed out"),
    "account.made": _("account made"),
    "account.changed": _("account changed"),
    "account.stopped": _("sign-in stopped"),
    "link.given": _("one-time link given"),
    "link.used": _("one-time link used"),
    "token.made": _("token made"),
    "token.revoked": _("token revoked"),
    "token.refused": _("token refused"),
    "mfa.added": _("authenticator added"),
    "mfa.removed": _("authenticator removed"),
}
