"""The forms of people and of one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Tlp
from bongsu.cases.words import Role
from bongsu.web.accounts.administration import Standing
from bongsu.web.accounts.models import Member, Person
from bongsu.web.accounts.tokens import LONGEST, Scope
from bongsu.web.pages.people.words import ROLE_MEANINGS, ROLE_NAMES, SCOPE_NAMES


class StandingForm(forms.Form):
    """Member, role and clearance: no member and no clearance is offered that the administrator does not have."""

    member = forms.ModelChoiceField(
        label=_("Member"),
        queryset=Member.objects.none(),
        empty_label=None,
        help_text=_("Your own. Persons of other members are made on the machine."),
    )
    role = forms.ChoiceField(label=_("Role"))
    clearance = forms.TypedChoiceField(
        label=_("Clearance"),
        coerce=lambda text: Tlp(int(text)),
        help_text=_("The strictest marking this person may read. It reaches no further than your own."),
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:  # Any: as Django's own
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = Member.objects.filter(pk=by.member_id)
        self.fields["role"].choices = [(role.value, f"{ROLE_NAMES[role]}: {ROLE_MEANINGS[role]}") for role in Role]
        self.fields["clearance"].choices = [(int(tlp), tlp.label) for tlp in Tlp if tlp <= by.clearance]

    def standing(self) -> Standing:
        """What was chosen."""
        chosen = self.cleaned_data
        return Standing(member=chosen["member"], role=Role(chosen["role"]), clearance=chosen["clearance"])


class PersonForm(StandingForm):
    """A new person."""

    username = forms.CharField(
        label=_("User name"),
        max_length=64,
        help_text=_("Small letters, digits, dots and hyphens. It stays for ever: what was done is kept under it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As colleagues know the person."))
    field_order = ("username", "name", "member", "role", "clearance")


class MemberForm(forms.Form):
    """A new member."""

    id = forms.CharField(
        label=_("Short name"),
        max_length=32,
        help_text=_("Small letters, digits and hyphens. It stays for ever: handling is written with it."),
    )
    name = forms.CharField(label=_("Name"), max_length=200)


class OwnForm(forms.ModelForm):
    """What a person says of themselves."""

    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("as the browser asks")), *settings.LANGUAGES], required=False
    )

    class Meta:
        """The name and the language."""

        model = Person
        fields = ("name", "language")


class TokenForm(forms.Form):
    """A new token."""

    label = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope.value, SCOPE_NAMES[scope]) for scope in Scope],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("For how many days"), min_value=1, max_value=LONGEST.days, initial=90, help_text=_("At most 365.")
    )
