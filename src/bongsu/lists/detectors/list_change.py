"""The detector of list changes: someone was designated, removed, or described differently under a DPRK programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.lists.changes import Change, FieldChange, Step
from bongsu.lists.detectors.card import Example, read_examples
from bongsu.lists.model import LISTED_SCHEMATA, kind_of

OBSERVES: Final = "steps"
VERBS: Final = {
    "listed": "was designated",
    "delisted": "was removed",
    "entered": "was brought under a DPRK programme",
    "left": "was taken out of the DPRK programmes",
    "amended": "is described differently",
}
# An entry that changes its programme is to the DPRK's list what a listing or a delisting is.
WEIGHED_AS: Final = {"entered": "listed", "left": "delisted"}
BINDINGS: Final = ("un", "national")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says: weights, fields that matter, measures by binding and schema, alternative explanations.

    Args:
        two_files: the alternative where two files of one date (`{date}`) disagree.
    """

    name: str
    title: str
    weights: Mapping[str, float]
    identity_fields: frozenset[str]
    measures: Mapping[str, Mapping[str, tuple[str, ...]]]
    alternatives: Mapping[str, tuple[str, ...]]
    two_files: str
    examples: tuple[Example, ...]


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown, or examples without one found and one not found.
    """
    return Parameters(
        name=card.text("name"),
        title=card.text("title"),
        weights=card.table("weights", _weights),
        identity_fields=card.table("fields", lambda table: frozenset(table.texts("identity", at_least=1))),
        measures=card.table("measures", _measures),
        alternatives=card.table("alternatives", lambda table: _texts(table, ("listed", "delisted", "amended"))),
        two_files=card.text("two_files"),
        examples=read_examples(card),
    )


def detect(steps: Iterable[Step], parameters: Parameters) -> list[Indicator]:
    """Someone was designated, removed or described differently under a DPRK programme.

    It compares two copies of the same list and reports each entry under a DPRK programme that came, went, was moved
    under or out of such a programme, or changed in a field by which people, companies and ships are recognised. It does
    not say that anyone did anything: a designation is a decision of the authority named, and this only shows that the
    list now reads differently. A new number, a corrected misprint or an incomplete copy can look the same, and so can
    two files that bear one date.

    Args:
        steps: changes from copy to copy.
        parameters: the card.

    Returns:
        Indicators in the order of the steps and their changes; empty where nothing of the kind changed.
    """
    return [
        _indicator(step, change, event, fields, parameters)
        for step in steps
        for change in step.changes
        for fields in [_identity_fields(change, parameters)]
        for event in [_event(step, change, fields)]
        if event is not None
    ]


def _event(step: Step, change: Change, fields: tuple[FieldChange, ...]) -> str | None:
    """What the change is to the DPRK programmes, or None where it is nothing to them."""
    was = not step.dprk_programmes.isdisjoint(change.programmes_before)
    now = not step.dprk_programmes.isdisjoint(change.programmes)
    if was and now:
        return "amended" if fields else None
    if now:
        return "listed" if change.kind == "listed" else "entered"
    if was:
        return "delisted" if change.kind == "delisted" else "left"
    return None


def _identity_fields(change: Change, parameters: Parameters) -> tuple[FieldChange, ...]:
    return tuple(
        field for field in change.fields if field.field in parameters.identity_fields and not field.is_formatting
    )


def _indicator(
    step: Step, change: Change, event: str, fields: tuple[FieldChange, ...], parameters: Parameters
) -> Indicator:
    reasons = _reasons(step, change, event, fields, parameters)
    return Indicator(
        detector=parameters.name,
        title=f"{change.name} {VERBS[event]} ({step.authority}, {change.reference})",
        measures=parameters.measures[step.binding][kind_of(change.schema)],
        subject=Subject(id=change.listing, schema=change.schema, name=change.name),
        when=Interval(_start_of(step.old_date), _start_of(step.new_date)),
        score=reasons[0].weight,
        reasons=reasons,
        alternatives=_alternatives(step, change, event, parameters),
        citations=change.citations,
        facts={
            "change": event,
            "list": step.list_id,
            "from": step.old_date.isoformat(),
            "to": step.new_date.isoformat(),
            "programmes": list(change.programmes),
            "programmes_before": list(change.programmes_before),
            "fields": [
                {"field": field.field, "removed": list(field.removed), "added": list(field.added)} for field in fields
            ],
        },
        sandbox=step.sandbox,
    )


def _alternatives(step: Step, change: Change, event: str, parameters: Parameters) -> tuple[str, ...]:
    """What else could explain it; where two files of a date disagree about the entry, that comes first."""
    known = parameters.alternatives[WEIGHED_AS.get(event, event)]
    disputed = step.disputed.get(change.listing)
    return known if disputed is None else (parameters.two_files.replace("{date}", disputed.isoformat()), *known)


def _reasons(
    step: Step, change: Change, event: str, fields: tuple[FieldChange, ...], parameters: Parameters
) -> tuple[Reason, ...]:
    """Reasons, the one that decides the score first."""
    weight = parameters.weights[f"{WEIGHED_AS.get(event, event)}_{step.binding}"]
    span = f"between the copies of {step.old_date} and {step.new_date}"
    if step.old_date == step.new_date:
        span = f"between two copies of {step.new_date}"
    if event == "amended":
        names = ", ".join(field.field for field in fields)
        return (Reason(text=f"The list of {step.authority} changed {names} {span}.", weight=weight),)
    binds = (
        "A listing by the Council's Committee binds every Member State."
        if step.binding == "un"
        else "It is the decision of one authority and creates no UN obligation by itself; the measure named bears only "
        "if what the Council forbids is shown."
    )
    decision = Reason(text=f"{_act(step, change, event)} {span}. {binds}", weight=weight)
    if change.same_name_as is None:
        return (decision,)
    verb = "left" if event == "listed" else "came"
    twin = Reason(
        text=f"Under the very same name {change.same_name_as} {verb} in the same step.",
        weight=parameters.weights["renumbered"],
    )
    return (twin, decision)


def _act(step: Step, change: Change, event: str) -> str:
    if event in WEIGHED_AS:
        old, new = ", ".join(change.programmes_before), ", ".join(change.programmes)
        return f"The entry stayed on the list of {step.authority}, and its programme changed from {old} to {new}"
    return f"The entry {'came onto' if event == 'listed' else 'left'} the list of {step.authority}"


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def _weights(card: Card) -> dict[str, float]:
    names = [f"{kind}_{binding}" for kind in ("listed", "delisted", "amended") for binding in BINDINGS]
    return {name: card.number(name, least=0, most=1) for name in (*names, "renumbered")}


def _measures(card: Card) -> dict[str, dict[str, tuple[str, ...]]]:
    return {binding: card.table(binding, lambda table: _texts(table, LISTED_SCHEMATA)) for binding in BINDINGS}


def _texts(card: Card, keys: Iterable[str]) -> dict[str, tuple[str, ...]]:
    return {key: card.texts(key, at_least=1) for key in keys}
