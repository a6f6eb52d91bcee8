"""The forms of the door: allauth's own, with their words as labels and not as grey text inside the fields."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.forms import SetPasswordForm


class _Labelled:
    """Takes the grey text away, and lets the first field have the cursor."""

    fields: dict[str, Any]  # Any: Django's fields

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as allauth's views hand them on
        super().__init__(*args, **kwargs)
        for number, field in enumerate(self.fields.values()):
            field.widget.attrs.pop("placeholder", None)
            if number == 0:
                field.widget.attrs["autofocus"] = True


class SignInForm(_Labelled, LoginForm):
    """A user name and a password."""


class PasswordAgainForm(_Labelled, ReauthenticateForm):
    """The password once more."""


class NewPasswordForm(_Labelled, ChangePasswordForm):
    """A new password in place of the old one."""


class CodeForm(_Labelled, AuthenticateForm):
    """A code of the app, or a recovery code."""


class CodeAgainForm(_Labelled, CodeReauthenticateForm):
    """A code once more."""


class FirstCodeForm(_Labelled, ActivateTOTPForm):
    """The first code of an app that was just set up."""


class WelcomeForm(_Labelled, SetPasswordForm):
    """The first password, or a new one by a one-time link."""
