"""The forms of the register: what is looked for, names to screen, a ruling, a day."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from bongsu.lists.judgements import VERDICTS
from bongsu.lists.model import LISTED_SCHEMATA
from bongsu.web.pages.register.customers import MOST_BYTES
from bongsu.web.pages.register.searching import MOST_LETTERS, Asked

_KINDS = {"Person": _("Person"), "Organization": _("Organisation"), "Vessel": _("Vessel"), "Airplane": _("Aircraft")}
_VERDICTS = {"same": _("the same"), "different": _("different"), "unsure": _("cannot be told yet")}


def _day(label: object, help_text: object = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=False, input_formats=["%Y-%m-%d"], widget=widget)


class SearchForm(forms.Form):
    """What is looked for."""

    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    authority = forms.ChoiceField(label=_("Listed by"), required=False)
    on = _day(_("In force on"))
    every = forms.BooleanField(label=_("Other programmes too"), required=False)

    def __init__(self, data: object, authorities: Sequence[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        self.fields["kind"].choices = [("", _("All")), *((each, _KINDS[each]) for each in LISTED_SCHEMATA)]  # type: ignore[attr-defined]
        self.fields["authority"].choices = [("", _("All")), *((each, each) for each in authorities)]  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What is looked for; fields that cannot be read are left out, and the form says so."""
        self.is_valid()
        said = self.cleaned_data
        return Asked(
            text=said.get("q", ""),
            kind=said.get("kind", ""),
            authority=said.get("authority", ""),
            on=said.get("on"),
            every=said.get("every", False),
        )


class NamesForm(forms.Form):
    """Names to screen."""

    names = forms.CharField(
        label=_("Names, one on each line, or CSV with a column `name`"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(label=_("Or a CSV file"), help_text=_("At most 1 MB, UTF-8."), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All")), *((k, _KINDS[k]) for k in LISTED_SCHEMATA[:3])]
    )
    every = forms.BooleanField(label=_("Other programmes too"), required=False)


class DayForm(forms.Form):
    """A day in the past, and who is asked about."""

    q = forms.CharField(label=_("Number on a list, IMO number or exact name"), required=False, max_length=MOST_LETTERS)
    on = _day(_("Day"))


class RulingForm(forms.Form):
    """A ruling on two listings."""

    left = forms.CharField(max_length=300)
    right = forms.CharField(max_length=300)
    verdict = forms.ChoiceField(
        label=_("They are"), choices=[(each, _VERDICTS[each]) for each in VERDICTS], widget=forms.RadioSelect
    )
    why = forms.CharField(label=_("Why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
