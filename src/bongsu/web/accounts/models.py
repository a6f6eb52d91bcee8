"""Members of the coalition, persons with a role and a clearance, API tokens, and links that sign in once."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import ClassVar, Final, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader, Tlp
from bongsu.cases.model import Person as Actor
from bongsu.cases.words import Role

TOKEN_BEGINS: Final = "bongsu_"  # noqa: S105 - how every token begins, so that scanners for leaked secrets find one
_SECRET_BYTES: Final = 32
LINK_LASTS: Final = timedelta(hours=24)


def secret_digest(secret: str) -> str:
    """What is kept of a secret of ours: it has 256 bits, so that its SHA-256 cannot be guessed backwards."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _seen_as(name: str) -> str:
    """A name as people tell it from others: without case, widths, blanks and characters that are not printed."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(each for each in folded if each.isprintable()).split())


class Member(models.Model):
    """A member of the coalition that takes part here."""

    id = models.CharField(primary_key=True, max_length=32, validators=[RegexValidator(r"^[a-z][a-z0-9-]{1,31}$")])
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Persons(BaseUserManager["Person"]):
    """How persons are made and found."""

    def make(
        self, username: str, *, member: Member, role: Role, clearance: Tlp, name: str = "", password: str | None = None
    ) -> Person:
        """A new person; without a password the person comes in by a one-time link."""
        person = self.model(
            username=self.model.normalize_username(username),
            name=name or username,
            member=member,
            role=role.value,
            clearance=int(clearance),
        )
        person.set_password(password)  # None makes it unusable
        person.full_clean(exclude=["password"])
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone who works here. The id of the person in the journal is the user name, which never changes."""

    username = models.CharField(
        _("user name"),
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]{1,63}$", _("small letters, digits, dots and hyphens"))],
    )
    name = models.CharField(_("name"), max_length=200)
    member = models.ForeignKey(Member, verbose_name=_("member"), on_delete=models.PROTECT, related_name="persons")
    role = models.CharField(_("role"), max_length=16, choices=[(role.value, role.value) for role in Role])
    clearance = models.SmallIntegerField(_("clearance"), choices=[(int(tlp), tlp.label) for tlp in Tlp])
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    is_active = models.BooleanField(_("may sign in"), default=True)
    session_series = models.PositiveIntegerField(default=0)  # counted up, it ends every session there is
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Persons] = Persons()
    # Rights follow from the role alone; Django's own permission tables are not used.
    is_staff = is_superuser = False

    class Meta:
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Nobody takes a name that another person goes by: it stands beside what they do.

        Raises:
            ValidationError: someone has it, as name or user name; case, widths and signs that are not seen are nothing.
        """
        super().clean()
        asked, others = _seen_as(self.name), Person.objects.exclude(pk=self.pk)
        kept = Person.objects.filter(pk=self.pk).values_list("name", flat=True).first()
        if kept is not None and _seen_as(kept) == asked:
            return
        if any(asked in map(_seen_as, both) for both in others.values_list("name", "username")):
            raise ValidationError({"name": _("Another person goes by this name.")})

    def end_sessions(self) -> None:
        """End every session of the person."""
        # Counted by the database: two who end them at once must not come to the same number.
        type(self).objects.filter(pk=self.pk).update(session_series=models.F("session_series") + 1)
        self.refresh_from_db(fields=["session_series"])

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of the person is held to: another password or another series ends it."""
        held = f"{self.session_series}:{self.password}"
        return salted_hmac("bongsu.web.accounts.session", held, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        """The name, as allauth asks for it."""
        return self.name

    @property
    def role_held(self) -> Role:
        """The role."""
        return Role(self.role)

    @property
    def actor(self) -> Actor:
        """The person as one who acts."""
        return Actor(id=self.username, member=self.member_id, role=self.role_held, clearance=Tlp(self.clearance))

    @property
    def reader(self) -> Reader:
        """The person as one who reads."""
        return self.actor.reader


class Token(models.Model):
    """A token for the API: kept as a digest only, with what it may do and until when."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(_("label"), max_length=100)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def issue(cls, person: Person, *, label: str, scopes: list[str], expires_at: datetime) -> tuple[Self, str]:
        """A new token and its secret, which is shown once and kept nowhere."""
        secret = TOKEN_BEGINS + secrets.token_urlsafe(_SECRET_BYTES)
        token = cls.objects.create(
            digest=secret_digest(secret), person=person, label=label, scopes=sorted(scopes), expires_at=expires_at
        )
        return token, secret


class RequestCount(models.Model):
    """How often something was asked for in a minute: counted by the database, for all processes of the site."""

    what = models.CharField(max_length=64)
    minute = models.DateTimeField()
    number = models.IntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["minute", "what"], name="counted_once")]

    def __str__(self) -> str:
        return f"{self.what}: {self.number}"


class OneTimeLink(models.Model):
    """A link that signs a person in once, to set a password: for the first administrator, and for new persons."""

    digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"one-time link of {self.person_id}"

    @classmethod
    def issue(cls, person: Person, now: datetime) -> str:
        """The secret of a new link; earlier unused links of the person end with it."""
        cls.objects.filter(person=person, used_at=None).delete()
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        cls.objects.create(digest=secret_digest(secret), person=person, expires_at=now + LINK_LASTS)
        return secret

    @classmethod
    def good(cls, secret: str, now: datetime) -> Self | None:
        """The link of a secret; None where it is used, over, forged, or of a person who may not sign in."""
        return (
            cls.objects.select_related("person")
            .filter(digest=secret_digest(secret), used_at=None, expires_at__gt=now, person__is_active=True)
            .first()
        )

    def use(self, now: datetime) -> bool:
        """Use it up; False where someone else just did."""
        return bool(type(self).objects.filter(pk=self.pk, used_at=None, expires_at__gt=now).update(used_at=now))
