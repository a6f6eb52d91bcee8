"""What a person says of a file: what it is, where it is from, and how it is to be handled."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Handling, Tlp
from bongsu.web.accounts.models import Member, Person
from bongsu.web.record.seen import seen

_DIGEST: Final = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
#: What is not printed, and what turns the direction of what is (Unicode's Bidi_Control).
_UNPRINTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
#: No day before this is the end of anything that is given here.
_FIRST_DAY: Final = date(2000, 1, 1)
HOW: Final = (
    ("", _("not made from another exhibit")),
    ("text extraction", _("text extraction")),
    ("translation", _("translation")),
    ("crop", _("crop or detail")),
    ("conversion", _("conversion to another form")),
)


def printed(text: str) -> str:
    """A text in a line, without what cannot be printed or turns the direction of what stands around it."""
    return _UNPRINTED.sub(" ", text).strip()


class HandlingForm(forms.Form):
    """How something is to be handled."""

    tlp = forms.TypedChoiceField(label=_("Marking"), coerce=int, choices=[(int(tlp), tlp.label) for tlp in Tlp])
    releasable_to = forms.MultipleChoiceField(
        label=_("Releasable to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None checked: the marking alone says it."),
    )
    named = forms.CharField(
        label=_("Named persons"),
        required=False,
        max_length=1000,
        help_text=_("User names, with TLP:RED only. You are always among them."),
    )
    purpose = forms.CharField(
        label=_("May be used for"),
        required=False,
        max_length=500,
        help_text=_("Limits of use, with a semicolon between them; empty for none."),
    )
    expires_on = forms.DateField(
        label=_("Last day others may read it"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, person: Person, *args: Any, **kwargs: Any) -> None:  # Any: as Django's forms take them
        super().__init__(*args, **kwargs)
        self.person = person
        members = Member.objects.exclude(id=person.member_id)
        self.fields["releasable_to"].choices = [(member.id, member.name) for member in members]  # type: ignore[attr-defined]  # a choice field
        reached = [(int(tlp), tlp.label) for tlp in Tlp if tlp <= person.clearance]
        self.fields["tlp"].choices = reached  # type: ignore[attr-defined]  # a choice field
        if "tlp" not in self.initial:
            self.initial["tlp"] = min(int(Tlp.AMBER_STRICT), person.clearance)

    def clean_expires_on(self) -> date | None:
        """A day that can be meant."""
        day: date | None = self.cleaned_data["expires_on"]
        if day is not None and day < _FIRST_DAY:
            raise forms.ValidationError(self.fields["expires_on"].error_messages["invalid"], code="invalid")
        return day

    def _said_twice(self) -> list[str]:
        """The fields that were sent more than once, and of which one alone would count."""
        sent = self.data if isinstance(self.data, MultiValueDict) else MultiValueDict()
        return [name for name in self.fields if name != "releasable_to" and len(sent.getlist(name)) > 1]

    def clean(self) -> dict[str, Any]:
        """Each field is sent once; named persons are known, and go with TLP:RED alone."""
        cleaned = super().clean() or self.cleaned_data
        for name in self._said_twice():
            self.add_error(name, gettext("This was sent more than once."))
        named = {name for name in re.split(r"[\s,;]+", cleaned.get("named") or "") if name}
        unknown = named - set(Person.objects.filter(username__in=named).values_list("username", flat=True))
        if unknown:
            self.add_error("named", gettext("Nobody here has this name: %s") % ", ".join(sorted(unknown)))
        if named and cleaned.get("tlp") != Tlp.RED:
            self.add_error("named", gettext("Persons are named with TLP:RED only."))
        cleaned["named"] = named | {self.person.username} if cleaned.get("tlp") == Tlp.RED else set()
        return cleaned

    def handling(self) -> Handling:
        """The handling that was chosen; the person's member is its originator."""
        chosen = self.cleaned_data
        return Handling(
            tlp=Tlp(chosen["tlp"]),
            originators=frozenset({self.person.member_id}),
            releasable_to=frozenset(chosen["releasable_to"]) or None,
            named=frozenset(chosen["named"]),
            purposes=frozenset(part.strip() for part in chosen["purpose"].split(";") if part.strip()),
            expires_on=chosen["expires_on"],
        )


class AddForm(HandlingForm):
    """A file and what is told of it."""

    field_order = ("file", "title", "origin", "obtained", "case", "parents", "how", "sandbox", "tlp")
    file = forms.FileField(label=_("File"), allow_empty_file=False)
    title = forms.CharField(label=_("What it is"), max_length=300)
    origin = forms.CharField(
        label=_("Where it is from"), max_length=1000, help_text=_("An address, a sender, an archive.")
    )
    obtained = forms.CharField(label=_("How it was obtained"), required=False, max_length=1000)
    case = forms.ChoiceField(label=_("For the case"), required=False)
    parents = forms.CharField(
        label=_("Made from"),
        required=False,
        max_length=4000,
        help_text=_(
            "SHA-256 of each exhibit it was made from; it is then handled as strictly as the strictest of them."
        ),
    )
    how = forms.ChoiceField(label=_("How it was made"), required=False, choices=HOW)
    sandbox = forms.BooleanField(label=_("It is invented (sandbox)"), required=False)

    def __init__(
        self, person: Person, cases: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:  # Any: as above
        super().__init__(person, *args, **kwargs)
        self.fields["case"].choices = [("", "–"), *cases]  # type: ignore[attr-defined]  # a choice field

    def clean_title(self) -> str:
        """Without what cannot be printed."""
        title = printed(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError(self.fields["title"].error_messages["required"], code="required")
        return title

    def clean_origin(self) -> str:
        """Without what cannot be printed."""
        return printed(self.cleaned_data["origin"])

    def clean_obtained(self) -> str:
        """Without what cannot be printed."""
        return printed(self.cleaned_data["obtained"])

    def clean_parents(self) -> tuple[str, ...]:
        """Exhibits that the person may read; another is not there."""
        digests = []
        for word in self.cleaned_data["parents"].split():
            match = _DIGEST.fullmatch(word.strip(",;"))
            if match is None or seen(match[1], self.person.reader) is None:
                raise forms.ValidationError(gettext("There is no such exhibit for you: %s") % word[:80])
            digests.append(match[1])
        return tuple(dict.fromkeys(digests))

    def clean(self) -> dict[str, Any]:
        """What is made from something says how."""
        cleaned = super().clean()
        if bool(cleaned.get("parents")) != bool(cleaned.get("how")) and "parents" in cleaned:
            self.add_error("how", gettext("Say both from what it was made and how, or neither."))
        return cleaned

    @property
    def given(self) -> UploadedFile:
        """The file."""
        file: UploadedFile = self.cleaned_data["file"]
        return file


class BagForm(HandlingForm):
    """A bag of exhibits from another installation."""

    field_order = ("file", "case", "tlp")
    file = forms.FileField(label=_("Bag (zip)"), allow_empty_file=False)
    case = forms.ChoiceField(label=_("For the case"), required=False)

    def __init__(
        self, person: Person, cases: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:  # Any: as above
        super().__init__(person, *args, **kwargs)
        self.fields["case"].choices = [("", "–"), *cases]  # type: ignore[attr-defined]  # a choice field


class ChangeForm(HandlingForm):
    """Another handling, and why."""

    reason = forms.CharField(label=_("Why"), max_length=1000)
