"""How allauth meets our accounts: nobody signs up by themselves, and what is refused at the door is in the journal."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import RateLimitUsage, consume, get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bongsu.web.accounts import door
from bongsu.web.accounts.models import Person


class Accounts(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: as allauth hands them on
        """Count the attempt: by address and person, so that nobody keeps others out; and by person, from wherever.

        Raises:
            ValidationError: there were too many.
        """
        used = []
        for limit, key, minutes in (
            ("login_failed", f"{get_ip(request)} {credentials.get('username', '').lower()}", 5),
            ("login_failed_anywhere", credentials.get("username", "").lower(), 60),
        ):
            usage = consume(request, app="allauth.account", action=limit, key=key)
            if not usage:
                door.refused(request, credentials.get("username", ""), door.Refusal.TOO_MANY)
                message = _("Too many failed login attempts. Try again in %(minutes)s minutes.")
                raise ValidationError(message, code="too_many_login_attempts", params={"minutes": minutes})
            used += usage.usage
        self._login_failed_rl_usage = RateLimitUsage(usage=used)  # given back by allauth where the password is right

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # Any: as allauth hands them on
        """Write the attempt down."""
        door.refused(request, credentials.get("username", ""), door.Refusal.PASSWORD)

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Write down that someone who was stopped knocked, with the right password."""
        door.refused(request, user.username, door.Refusal.STOPPED)
        return super().respond_user_inactive(request, user)


class SecondStep(DefaultMFAAdapter):
    """Authenticators: their secrets lie encrypted, and where everyone needs one, nobody gives up the last."""

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it: who reads the database or a backup alone makes no codes from it."""
        return _sealed_by(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where the site's key is another one, a secret that no code is ever right for."""
        try:
            return _sealed_by(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            fresh: str = generate_totp_secret()
            return fresh

    def build_totp_svg(self, url: str) -> str:
        """The QR code on white, so that cameras read it on a dark page too."""
        drawn: str = super().build_totp_svg(url)
        return drawn.replace("<path", '<rect width="100%" height="100%" fill="white"/><path', 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether another is left, or none is needed."""
        if not settings.SECOND_STEP_REQUIRED or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


@cache
def _sealed_by(key: str) -> Fernet:
    """What encrypts by the site's key; the key itself signs sessions, and one key has one use (RFC 5869)."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bongsu.web.accounts.second-step")
    return Fernet(urlsafe_b64encode(derived.derive(key.encode())))


def has_second_step(person: Any) -> bool:  # Any: a person, or the one whom nobody knows
    """Whether someone has an authenticator; recovery codes alone are none."""
    return bool(is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))
