"""The JSON forms of the law's answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bongsu.kernel.canonical import JsonValue, plain_number
from bongsu.law.model import (
    Cap,
    Change,
    Check,
    Condition,
    Exemption,
    Goods,
    Measure,
    Resolution,
    Threshold,
    WindDown,
)
from bongsu.law.regime import Answer, Bearing, Standing, TimelineEntry


def measure_record(measure: Measure) -> dict[str, JsonValue]:
    """A measure with every value, its reference and whether it was checked."""
    return {
        "key": measure.key,
        "resolution": measure.resolution,
        "paragraph": measure.paragraph,
        "title": measure.title,
        "topics": list(measure.topics),
        "kind": measure.kind,
        "says": measure.says,
        "binds": list(measure.binds),
        "direction": measure.direction,
        "binds_from": measure.binds_from.isoformat(),
        "binds_until": _day(measure.binds_until),
        "binds_from_note": measure.binds_from_note,
        "whatever_the_goods": measure.whatever_the_goods,
        "goods_of": measure.goods_of,
        "goods": [_goods(row) for row in measure.goods],
        "caps": [_cap(row) for row in measure.caps],
        "wind_downs": [_wind_down(row) for row in measure.wind_downs],
        "conditions": [_condition(row) for row in measure.conditions],
        "exemptions": [_exemption(row) for row in measure.exemptions],
        "changes": [_change(row) for row in measure.changes],
        **_check(measure.check),
    }


def resolution_record(resolution: Resolution) -> dict[str, JsonValue]:
    """A resolution with its vote, its mandate, the texts it was checked against, and the keys of its measures."""
    vote, mandate = resolution.vote, resolution.mandate
    return {
        "document": resolution.document,
        "number": resolution.number,
        "kind": resolution.kind,
        "adopted": resolution.kind != "draft",
        "date": resolution.adopted.isoformat(),
        "trigger": resolution.trigger,
        "charter": resolution.charter,
        "summary": resolution.summary,
        "url": resolution.url,
        "vote": {
            "for": vote.in_favour,
            "against": vote.against,
            "abstaining": vote.abstaining,
            "against_states": list(vote.against_states),
            "abstaining_states": list(vote.abstaining_states),
            "reference": vote.reference,
            **_check(vote.check),
        },
        "mandate": None
        if mandate is None
        else {
            "paragraph": mandate.paragraph,
            "until": mandate.until.isoformat(),
            "reference": mandate.reference,
            **_check(mandate.check),
        },
        "measures": [measure.key for measure in resolution.measures],
        "texts": [
            {
                "id": text.id,
                "title": text.title,
                "publisher": text.publisher,
                "url": text.url,
                "read_on": text.read_on.isoformat(),
            }
            for text in resolution.texts
        ],
        **_check(resolution.check),
    }


def answer_record(answer: Answer) -> dict[str, JsonValue]:
    """The answer to "may these goods move": every measure that bears, those that name no codes, and those that bear
    on every consignment.
    """
    other = answer.with_leading_zero
    return {
        "question": {"hs": answer.hs, "direction": answer.direction, "on": answer.on.isoformat()},
        "bears": [bearing_record(bearing) for bearing in answer.bearings],
        "keys": [bearing.measure.key for bearing in answer.bearings],
        "judge_by_the_item": [
            {
                "key": measure.key,
                "kind": measure.kind,
                "title": measure.title,
                "paragraph": measure.paragraph,
                "goods": [goods.what for goods in measure.goods if not goods.hs],
            }
            for measure in answer.without_codes
        ],
        "whatever_the_goods": [
            {
                "key": standing.measure.key,
                "kind": standing.measure.kind,
                "title": standing.measure.title,
                "paragraph": standing.measure.paragraph,
                "says": standing.measure.says,
                "exemptions_in_force": [_exemption(exemption) for exemption in standing.exemptions],
            }
            for standing in answer.whatever_the_goods
        ],
        "committee_may_exempt_under": [measure.key for measure in answer.committee_exemptions],
        "with_leading_zero": None if other is None else {"hs": other.hs, "keys": list(other.keys)},
    }


def topic_record(
    *, topic: str, on: date, standing: Iterable[Standing], committee_exemptions: Iterable[Measure]
) -> dict[str, JsonValue]:
    """The answer to "what binds here": every measure of a topic, as it stands on a day."""
    rows = list(standing)
    return {
        "question": {"topic": topic, "on": on.isoformat()},
        "binds": [standing_record(row) for row in rows],
        "keys": [row.measure.key for row in rows],
        "committee_may_exempt_under": [measure.key for measure in committee_exemptions],
    }


def bearing_record(bearing: Bearing) -> dict[str, JsonValue]:
    """A measure that bears on goods, with how it bears."""
    return {
        "covers": "all" if bearing.whole else "part",
        "matches": [
            {"covers": match.covers, "matched_hs": list(match.matched_hs), "goods": _goods(match.goods)}
            for match in bearing.matches
        ],
        **standing_record(bearing),
    }


def standing_record(standing: Standing) -> dict[str, JsonValue]:
    """A measure, with what of it holds on the day asked."""
    return {
        "key": standing.measure.key,
        "caps_in_force": [_cap(cap) for cap in standing.caps],
        "wind_downs_running": [_wind_down(grace) for grace in standing.wind_downs],
        "conditions": [_condition(condition) for condition in standing.conditions],
        "exemptions_in_force": [_exemption(exemption) for exemption in standing.exemptions],
        "measure": measure_record(standing.measure),
    }


def timeline_record(entries: Iterable[TimelineEntry]) -> list[JsonValue]:
    """Dated events."""
    return [{"on": entry.on.isoformat(), "what": entry.what, "reference": entry.reference} for entry in entries]


def _goods(goods: Goods) -> dict[str, JsonValue]:
    return {
        "what": goods.what,
        "hs": list(goods.hs),
        "hs_revision": goods.hs_revision,
        "basis": goods.basis,
        "part_only": goods.part_only,
        "except_hs": list(goods.except_hs),
        "threshold": None if goods.threshold is None else _threshold(goods.threshold),
        "reference": goods.reference,
        **_check(goods.check),
    }


def _threshold(threshold: Threshold) -> dict[str, JsonValue]:
    return {
        "over": plain_number(threshold.over),
        "unit": threshold.unit,
        "reference": threshold.reference,
        **_check(threshold.check),
    }


def _cap(cap: Cap) -> dict[str, JsonValue]:
    return {
        "amount": plain_number(cap.amount),
        "unit": cap.unit,
        "period": cap.period,
        "binds_from": cap.binds_from.isoformat(),
        "binds_until": _day(cap.binds_until),
        "whichever_is_lower": cap.whichever_is_lower,
        "reference": cap.reference,
        **_check(cap.check),
    }


def _wind_down(grace: WindDown) -> dict[str, JsonValue]:
    return {
        "what": grace.what,
        "until": grace.until.isoformat(),
        "hs": list(grace.hs),
        "reference": grace.reference,
        **_check(grace.check),
    }


def _condition(condition: Condition) -> dict[str, JsonValue]:
    return {
        "what": condition.what,
        "hs": list(condition.hs),
        "reference": condition.reference,
        **_check(condition.check),
    }


def _exemption(exemption: Exemption) -> dict[str, JsonValue]:
    return {
        "what": exemption.what,
        "granted_by": exemption.granted_by,
        "hs": list(exemption.hs),
        "holds_from": _day(exemption.holds_from),
        "holds_until": _day(exemption.holds_until),
        "reference": exemption.reference,
        **_check(exemption.check),
    }


def _change(change: Change) -> dict[str, JsonValue]:
    return {
        "by": change.by,
        "effect": change.effect,
        "on": change.on.isoformat(),
        "reference": change.reference,
        **_check(change.check),
    }


def _check(check: Check) -> dict[str, JsonValue]:
    return {"checked": check.text_id, "unverified": check.unverified}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
