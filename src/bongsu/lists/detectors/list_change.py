"""The detector of list changes: someone was designated, removed, or described differently under a DPRK programme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from bongsu.kernel.cards import Card
from bongsu.kernel.indicator import Indicator, Reason, Subject
from bongsu.kernel.interval import Interval
from bongsu.lists.changes import Change, FieldChange
from bongsu.lists.detectors.card import Example, read_examples

VERBS: Final = {"listed": "was designated", "delisted": "was removed", "amended": "is described differently"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the card says: weights, fields that matter, measures by binding and schema, alternative explanations."""

    name: str
    title: str
    weights: Mapping[str, float]
    identity_fields: frozenset[str]
    measures: Mapping[str, Mapping[str, tuple[str, ...]]]
    alternatives: Mapping[str, tuple[str, ...]]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The changes from one copy of a list to the next.

    Args:
        list_id: the list.
        authority: who lists, such as `OFAC`.
        binding: `un` or `national`.
        dprk_programmes: the programme codes that concern the DPRK.
        old_date: the earlier copy's date.
        new_date: the later copy's date.
        changes: what differs.
        sandbox: whether the copies are invented.
    """

    list_id: str
    authority: str
    binding: str
    dprk_programmes: frozenset[str]
    old_date: date
    new_date: date
    changes: tuple[Change, ...]
    sandbox: bool


def read_parameters(card: Card) -> Parameters:
    """The parameters from the detector's card.

    Raises:
        CardError: a key missing or unknown, or examples without one found and one not found.
    """
    return Parameters(
        name=card.text("name"),
        title=card.text("title"),
        weights=card.table(
            "weights", lambda table: {key: table.number(key, least=0, most=1) for key in table.keys_left()}
        ),
        identity_fields=card.table("fields", lambda table: frozenset(table.texts("identity", at_least=1))),
        measures=card.named_tables("measures", _lists),
        alternatives=card.table("alternatives", _lists),
        examples=read_examples(card),
    )


def detect(steps: Iterable[Step], parameters: Parameters) -> list[Indicator]:
    """Someone was designated, removed or described differently under a DPRK programme.

    It compares two copies of the same list and reports each entry under a DPRK programme that came, went, or changed in
    a field by which people, companies and ships are recognised. It does not say that anyone did anything: a designation
    is a decision of the authority named, and this only shows that the list now reads differently. A new number, a
    corrected misprint or an incomplete copy can look the same.

    Args:
        steps: changes from copy to copy.
        parameters: the card.

    Returns:
        Indicators in the order of the steps and their changes; empty where nothing of the kind changed.
    """
    return [
        _indicator(step, change, fields, parameters)
        for step in steps
        for change in step.changes
        if step.dprk_programmes.intersection(change.programmes)
        for fields in [_identity_fields(change, parameters)]
        if change.kind in {"listed", "delisted"} or fields
    ]


def _identity_fields(change: Change, parameters: Parameters) -> tuple[FieldChange, ...]:
    if change.kind != "amended":
        return ()
    return tuple(
        field for field in change.fields if field.field in parameters.identity_fields and not field.is_formatting
    )


def _indicator(step: Step, change: Change, fields: tuple[FieldChange, ...], parameters: Parameters) -> Indicator:
    reasons = _reasons(step, change, fields, parameters)
    return Indicator(
        detector=parameters.name,
        title=f"{change.name} {VERBS[change.kind]} ({step.authority}, {change.reference})",
        measures=parameters.measures[step.binding][change.schema],
        subject=Subject(id=change.listing, schema=change.schema, name=change.name),
        when=Interval(_start_of(step.old_date), _start_of(step.new_date)),
        score=reasons[0].weight,
        reasons=reasons,
        alternatives=parameters.alternatives[change.kind],
        citations=change.citations,
        facts={
            "change": change.kind,
            "list": step.list_id,
            "from": step.old_date.isoformat(),
            "to": step.new_date.isoformat(),
            "programmes": list(change.programmes),
            "fields": [
                {"field": field.field, "removed": list(field.removed), "added": list(field.added)} for field in fields
            ],
        },
        sandbox=step.sandbox,
    )


def _reasons(step: Step, change: Change, fields: tuple[FieldChange, ...], parameters: Parameters) -> tuple[Reason, ...]:
    """Reasons, the one that decides the score first."""
    weight = parameters.weights[f"{change.kind}_{step.binding}"]
    span = f"between the copies of {step.old_date} and {step.new_date}"
    if change.kind == "amended":
        names = ", ".join(field.field for field in fields)
        return (Reason(text=f"The list of {step.authority} changed {names} {span}.", weight=weight),)
    act = "came onto" if change.kind == "listed" else "left"
    binds = (
        "A listing by the Council's Committee binds every Member State."
        if step.binding == "un"
        else "It is the decision of one authority and creates no UN obligation by itself; the measure named bears only "
        "if what the Council forbids is shown."
    )
    decision = Reason(text=f"The entry {act} the list of {step.authority} {span}. {binds}", weight=weight)
    if change.same_name_as is None:
        return (decision,)
    verb = "left" if change.kind == "listed" else "came"
    twin = Reason(
        text=f"Under the very same name {change.same_name_as} {verb} in the same step.",
        weight=parameters.weights["renumbered"],
    )
    return (twin, decision)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def _lists(card: Card) -> dict[str, tuple[str, ...]]:
    return {key: card.texts(key, at_least=1) for key in card.keys_left()}
