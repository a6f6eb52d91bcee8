"""A form for every act of casework, made from the act's own fields; the rules say what is missing, not the form."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Final, get_type_hints

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bongsu.cases.acts import Act, FindingAct, act_from
from bongsu.cases.finding import FindingVersion, MeasureText
from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case, CaseSubject
from bongsu.kernel.canonical import JsonValue
from bongsu.kernel.citation import Citation
from bongsu.kernel.clock import stamp
from bongsu.kernel.indicator import Place
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity
from bongsu.web.pages.cases.words import FIELDS, HINTS, choice_words

_LONG: Final = frozenset(
    {
        "summary", "text", "reason", "remarks", "sentence", "assessment", "alleges", "how_to_answer", "reasoning",
        "question", "statement_of_case", "note", "quote",
    }
)  # fmt: skip
_ROWS: Final = {"alleges": 14, "how_to_answer": 7, "statement_of_case": 10, "reasoning": 8, "sentence": 2, "quote": 2}
_NEVER_BY_DEFAULT: Final = frozenset({"verdict", "outcome", "confidence"})  # chosen on purpose, or not at all
_DIGEST_LENGTH: Final = 64
_LABEL_LENGTH: Final = 120
_SCHEMAS: Final = ("Person", "Organization", "Company", "Vessel", "Airplane", "PublicBody", "LegalEntity", "Asset")
# The page lists the newest exhibits beside the form: the browser offers them by title.
_EXHIBIT_BOX: Final = {"list": "exhibits", "autocomplete": "off", "spellcheck": "false", "class": "mono"}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a form offers to choose from.

    Args:
        case: None for the act that opens one.
        finding: the id of the finding the act is on, or None.
        member: the id of the person's member.
        members: ids and names of all members.
        persons: user names and names of those who could be named.
        others: ids and titles of other open cases that the person may read.
        member_name: the name of the person's member, as letters write it.
        exhibits: digests and titles of the newest exhibits that the person may read.
        indicated: keys of the measures that the case's indicators name.
    """

    case: Case | None
    finding: str | None
    member: str
    members: Choices
    persons: Choices
    others: Choices
    member_name: str = ""
    exhibits: Choices = field(default_factory=list)
    indicated: tuple[str, ...] = ()

    @property
    def version(self) -> FindingVersion | None:
        """The version the act is on."""
        found = None if self.case is None or self.finding is None else self.case.finding(self.finding)
        return None if found is None else found.current


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The inputs of one field of an act, and how their values become the field's JSON form."""

    inputs: Mapping[str, forms.Field]
    read: Callable[[Mapping[str, Any]], JsonValue]  # Any: what Django's fields clean to


class ActForm(forms.Form):
    """The form of one act; `act()` is what was filled in."""

    parts: Mapping[str, Part]
    kind: type[Act]
    fixed: Mapping[str, JsonValue]

    def act(self) -> Act:
        """The act.

        Raises:
            UsageError: something in it cannot be.
        """
        written = {name: part.read(self.cleaned_data) for name, part in self.parts.items()}
        return act_from({"kind": self.kind.kind, **self.fixed, **written})


def form_for(kind: type[Act], context: Context) -> type[ActForm]:
    """The form of an act.

    Args:
        kind: the act's class.
        context: what it is done on.
    """
    hints = get_type_hints(kind)
    fixed: dict[str, JsonValue] = {}
    if issubclass(kind, FindingAct):
        fixed["finding"] = context.finding
    if "salt" in hints:
        fixed["salt"] = secrets.token_urlsafe(24)
    given: Any = kind  # Any: every act is a dataclass, which its base class does not say
    parts = {each.name: _part(each, hints[each.name], context) for each in fields(given) if each.name not in fixed}
    inputs = {name: each for part in parts.values() for name, each in part.inputs.items()}
    return type(f"{kind.__name__}Form", (ActForm,), {**inputs, "parts": parts, "kind": kind, "fixed": fixed})


def _part(part: Field[Any], kind: Any, context: Context) -> Part:  # Any: a type hint
    offered = None if kind is CaseSubject else _offered(part.name, context)
    optional = part.default is not MISSING or type(None) in getattr(kind, "__args__", ())
    if offered is not None:
        return _choice(part.name, offered, several=_is_several(kind), optional=optional)
    inner = next((each for each in getattr(kind, "__args__", ()) if each is not type(None)), kind)
    plain = inner if optional and type(None) in getattr(kind, "__args__", ()) else kind
    if isinstance(plain, type) and issubclass(plain, Enum):
        words = [(str(getattr(each, "label", each.value)), choice_words(each)) for each in plain]
        return _enumerated(part.name, plain, words)
    made = _MADE.get(plain) or _MADE.get(str(kind))
    return made(part.name, optional, context) if made else _several_texts(part.name, optional, context)


def _is_several(kind: Any) -> bool:  # Any: a type hint
    return getattr(kind, "__origin__", None) in {tuple, frozenset}


def _label(name: str) -> str | Promise:
    return FIELDS.get(name, name.replace("_", " ").capitalize())


def _common(name: str, optional: bool) -> dict[str, Any]:  # Any: keyword arguments of Django's fields
    return {"label": _label(name), "required": not optional, "help_text": HINTS.get(name, "")}


def _text(name: str, optional: bool, context: Context) -> Part:
    if name == "exhibit":
        return _exhibit(optional)
    widget = forms.Textarea(attrs={"rows": _ROWS.get(name, 4)}) if name in _LONG else forms.TextInput()
    return Part(
        inputs={name: forms.CharField(widget=widget, **_common(name, optional))},
        read=lambda given: (given[name] or None) if optional else given[name],
    )


def _exhibit(optional: bool) -> Part:
    common = _common("exhibit", optional)
    box = forms.CharField(widget=forms.TextInput(attrs=_EXHIBIT_BOX), min_length=_DIGEST_LENGTH, **common)
    return Part(inputs={"exhibit": box}, read=lambda given: _digest(given["exhibit"]) or None)


def _digest(written: str) -> str:
    return written.strip().lower().removeprefix("sha256:")


def _several_texts(name: str, optional: bool, context: Context) -> Part:
    widget = forms.Textarea(attrs={"rows": 4})

    def read(given: Mapping[str, Any]) -> JsonValue:
        lines = [line.strip() for line in given[name].splitlines() if line.strip()]
        return sorted(set(lines)) if name in {"concerns", "answers", "findings"} else lines

    return Part(
        inputs={
            name: forms.CharField(widget=widget, **{**_common(name, optional), "help_text": _("One in each line.")})
        },
        read=read,
    )


def _day(name: str, optional: bool, context: Context) -> Part:
    widget = forms.DateInput(attrs={"type": "date"})
    day = forms.DateField(widget=widget, **_common(name, optional))
    return Part(inputs={name: day}, read=lambda given: _iso(given[name]))


def _whole_number(name: str, optional: bool, context: Context) -> Part:
    number = forms.IntegerField(**_common(name, optional))
    return Part(inputs={name: number}, read=lambda given: given[name])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _enumerated(name: str, kind: type[Enum], words: Choices) -> Part:
    chosen = [("", "—"), *words] if name in _NEVER_BY_DEFAULT else words
    choice = forms.ChoiceField(choices=chosen, **_common(name, optional=False))
    number = issubclass(kind, int) and not issubclass(kind, Tlp)
    return Part(inputs={name: choice}, read=lambda given: int(given[name]) if number else given[name])


def _choice(name: str, offered: Choices, *, several: bool, optional: bool) -> Part:
    common = _common(name, optional)
    if several:
        box = forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
        return Part(inputs={name: box}, read=lambda given: sorted(given[name]))
    choices = [("", "—"), *offered] if optional else offered
    one = forms.ChoiceField(choices=choices, **common)
    return Part(inputs={name: one}, read=lambda given: given[name] or None)


def _interval(name: str, optional: bool, context: Context) -> Part:
    widget = {"type": "datetime-local", "step": "1"}
    moments = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    inputs = {
        f"{name}_{end}": forms.DateTimeField(
            label=label, required=False, input_formats=moments, widget=forms.DateTimeInput(attrs=widget)
        )
        for end, label in (("from", _("From (UTC)")), ("to", _("To (UTC)")))
    }

    def end(given: Mapping[str, Any], which: str) -> str | None:
        moment: datetime | None = given[f"{name}_{which}"]
        return None if moment is None else stamp(moment.replace(tzinfo=UTC))

    return Part(inputs=inputs, read=lambda given: {"from": end(given, "from"), "to": end(given, "to")})


def _place(name: str, optional: bool, context: Context) -> Part:
    inputs = {
        f"{name}_latitude": forms.FloatField(label=_("Latitude, degrees"), required=False, min_value=-90, max_value=90),
        f"{name}_longitude": forms.FloatField(
            label=_("Longitude, degrees"), required=False, min_value=-180, max_value=180
        ),
        f"{name}_name": forms.CharField(label=_("Name of the place"), required=False),
    }

    def read(given: Mapping[str, Any]) -> JsonValue:
        latitude, longitude = given[f"{name}_latitude"], given[f"{name}_longitude"]
        if latitude is None and longitude is None:
            return None
        return {"latitude_deg": latitude, "longitude_deg": longitude, "name": given[f"{name}_name"] or None}

    return Part(inputs=inputs, read=read)


def _quantity(name: str, optional: bool, context: Context) -> Part:
    inputs = {
        f"{name}_low": forms.DecimalField(label=_("At least"), required=False),
        f"{name}_high": forms.DecimalField(label=_("At most"), required=False),
        f"{name}_unit": forms.CharField(label=_("Unit"), required=False, help_text=_("barrel, tonne, USD, person")),
    }

    def read(given: Mapping[str, Any]) -> JsonValue:
        low, high = given[f"{name}_low"], given[f"{name}_high"]
        if low is None and high is None:
            return None
        least, most = (str(low if low is not None else high), str(high if high is not None else low))
        return dict(Quantity.between(least, most, given[f"{name}_unit"] or " ").record())  # refuses an empty unit

    return Part(inputs=inputs, read=read)


def _citation(name: str, optional: bool, context: Context) -> Part:
    inputs = {
        "exhibit": forms.CharField(
            label=_("Exhibit (SHA-256)"),
            help_text=HINTS["exhibit"],
            min_length=_DIGEST_LENGTH,
            widget=forms.TextInput(attrs=_EXHIBIT_BOX),
        ),
        "locator": forms.CharField(
            label=_("Place in it"),
            required=False,
            help_text=_("row=12, page=3, line=4,9, xpath=/LIST/ENTRY[3]; empty: all of it"),
        ),
    }

    def read(given: Mapping[str, Any]) -> JsonValue:
        return f"sha256:{_digest(given['exhibit'])}" + (
            f"#{given['locator'].strip()}" if given["locator"].strip() else ""
        )

    return Part(inputs=inputs, read=read)


def _handling(name: str, optional: bool, context: Context) -> Part:
    inputs = {
        "tlp": forms.ChoiceField(
            label=_("Marking"), choices=[(tlp.label, tlp.label) for tlp in Tlp], initial=Tlp.AMBER.label
        ),
        "releasable_to": forms.MultipleChoiceField(
            label=_("Releasable to"),
            required=False,
            choices=context.members,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("None chosen: the marking alone says who may read it."),
        ),
        "named": forms.MultipleChoiceField(
            label=_("Named persons (TLP:RED)"),
            required=False,
            choices=context.persons,
            widget=forms.CheckboxSelectMultiple,
        ),
        "purposes": forms.CharField(label=_("Only to be used for"), required=False),
        "expires_on": forms.DateField(
            label=_("Readable until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
        ),
    }

    def read(given: Mapping[str, Any]) -> JsonValue:
        present = None if context.case is None else context.case.handling
        return {
            "tlp": given["tlp"],
            "originators": sorted(present.originators if present else {context.member}),
            "releasable_to": sorted(given["releasable_to"]) or None,
            "named": sorted(given["named"]),
            "purposes": [given["purposes"].strip()] if given["purposes"].strip() else [],
            "expires_on": _iso(given["expires_on"]),
        }

    return Part(inputs=inputs, read=read)


def _measures(name: str, optional: bool, context: Context) -> Part:
    from bongsu.cases import codec
    from bongsu.web.record.knowledge import measure_text

    inputs = {
        "measures": forms.CharField(
            label=_("Measures"),
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("One in each line: its key and the day it is asked about, such as 2375/11 2026-03-01."),
        )
    }

    def one(line: str) -> JsonValue:
        key, _blank, day = line.strip().partition(" ")
        try:
            on = date.fromisoformat(day.strip())
        except ValueError:
            return {"key": key, "on": day.strip(), "text_id": None, "changed_by": None}  # refused by the codec, by name
        found = measure_text(key, on)
        return codec.record(found or MeasureText(key=key, on=on, text_id=None, changed_by=None))

    return Part(
        inputs=inputs, read=lambda given: [one(line) for line in given["measures"].splitlines() if line.strip()]
    )


def _subject(name: str, optional: bool, context: Context) -> Part:
    inputs = {
        "subject_id": forms.CharField(
            label=_("Id"), help_text=_("The register's or the desk's own, such as un_sc:KPe.001.")
        ),
        "subject_schema": forms.ChoiceField(label=_("Kind"), choices=[(each, each) for each in _SCHEMAS]),
        "subject_name": forms.CharField(label=_("Name, as the source prints it")),
        "identifiers": forms.CharField(
            label=_("Identifiers"),
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("One in each line, such as imo:9000004."),
        ),
    }

    def read(given: Mapping[str, Any]) -> JsonValue:
        numbers = {line.strip() for line in given["identifiers"].splitlines() if line.strip()}
        return {
            "id": given["subject_id"].strip(),
            "schema": given["subject_schema"],
            "name": given["subject_name"].strip(),
            "identifiers": sorted(numbers),
        }

    return Part(inputs=inputs, read=read)


def _yes_or_no(name: str, optional: bool, context: Context) -> Part:
    choices = [("", "—"), ("yes", _("yes")), ("no", _("no"))]
    choice = forms.ChoiceField(choices=choices, **_common(name, optional=False))
    return Part(inputs={name: choice}, read=lambda given: given[name] == "yes")


def _none_yet(name: str, optional: bool, context: Context) -> Part:
    """Subjects that an act could begin with: added one by one afterwards."""
    return Part(inputs={}, read=lambda _given: [])


_Make = Callable[[str, bool, Context], Part]
_MADE: Final[Mapping[Any, _Make]] = {  # Any: type hints
    str: _text,
    date: _day,
    Interval[datetime]: _interval,
    Place: _place,
    Quantity: _quantity,
    Citation: _citation,
    Handling: _handling,
    CaseSubject: _subject,
    tuple[MeasureText, ...]: _measures,
    tuple[CaseSubject, ...]: _none_yet,
    int: _whole_number,
    bool: _yes_or_no,
}


def _offered(name: str, context: Context) -> Choices | None:
    """What a field that names a part of the case offers; None where it names none."""
    case, version = context.case, context.version
    offers: dict[str, Callable[[], Choices]] = {"other": lambda: context.others, "merged_into": lambda: context.others}
    if case is not None:
        offers |= {
            "subject": lambda: _named(case.subjects, "name"),
            "request": lambda: _named(case.requests, "question"),
            "item": lambda: _named(case.recommendations, "text") + _named(case.proposals, "statement_of_case"),
            "findings": lambda: [(each.id, each.current.title) for each in case.findings],
            "finding": lambda: [(each.id, each.current.title) for each in case.findings],
            "concerns": lambda: _named(case.subjects, "name"),
        }
    if version is not None:
        contradicting = [link for link in version.links if link.stance.value == "contradicts"]
        offers |= {
            "claim": lambda: _named(version.claims, "sentence"),
            "link": lambda: _links(version.links),
            "answers": lambda: _links(contradicting),
            "alternative": lambda: _named(version.alternatives, "text"),
            "notice": lambda: _named(version.notices, "addressee"),
            "point": lambda: [pair for reply in version.replies for pair in _named(reply.points, "text")],
        }
    found = offers.get(name)
    return None if found is None else found()


def _named(items: Iterable[Any], words: str) -> Choices:  # Any: parts of a case, each with an id
    return [(item.id, str(getattr(item, words))[:_LABEL_LENGTH]) for item in items]


def _links(links: Sequence[Any]) -> Choices:  # Any: evidence links
    return [
        (
            link.id,
            f"{link.stance.value}: {link.citation.exhibit[:12]} {link.citation.locator} {link.quote or ''}"[
                :_LABEL_LENGTH
            ],
        )
        for link in links
    ]
