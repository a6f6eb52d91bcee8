"""The forms of the law: a day and a topic, and what is asked about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bongsu.law.model import TOPICS

_TOPICS = [("", _("All")), *((each, each.replace("-", " ")) for each in sorted(TOPICS))]


def _day(label: object) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, input_formats=["%Y-%m-%d"], widget=widget)


class DayForm(forms.Form):
    """The day on which measures are to bind, and their topic."""

    on = _day(_("In force on"))
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=_TOPICS)


class AskForm(forms.Form):
    """What is asked about: goods in a direction, or a topic."""

    goods = forms.CharField(
        label=_("Goods"),
        help_text=_("An HS code, such as 2710.19, or words in English."),
        required=False,
        max_length=100,
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[("to", _("to the DPRK")), ("from", _("from the DPRK"))],
        widget=forms.RadioSelect,
        initial="to",
    )
    topic = forms.ChoiceField(
        label=_("Or a topic"), required=False, choices=[("", _("None: ask about goods")), *_TOPICS[1:]]
    )
    on = _day(_("On the day"))
