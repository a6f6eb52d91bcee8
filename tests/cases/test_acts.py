"""Every act, as JSON and back; what is not written so is refused with its place."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bongsu.cases import case_rules, finding_rules, progress
from bongsu.cases.acts import ACTS, ROLES, Act, FindingAct, act_from, act_record
from bongsu.cases.case_acts import AddNote, OpenCase
from bongsu.cases.finding_acts import Publish, StartCorrection, WriteClaim
from bongsu.cases.finding_progress import STEPS
from bongsu.cases.handling import Handling, Tlp
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import UsageError
from bongsu.kernel.interval import Interval
from bongsu.kernel.quantity import Quantity
from bongsu.sandbox.casework import claim, led_to, opening

every_act = pytest.mark.parametrize("kind", ACTS.values(), ids=list(ACTS))

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001 - zoned
    lambda moment: moment.replace(microsecond=0)
)
amounts = st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False, places=3)


@st.composite
def intervals(draw: st.DrawFn) -> Interval[datetime]:
    low, high = sorted((draw(times), draw(times)))
    return Interval(draw(st.sampled_from([low, None])), draw(st.sampled_from([high, None])))


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    low, high = sorted((draw(amounts), draw(amounts)))
    return Quantity(low=low, high=high, unit=draw(st.sampled_from(["barrel", "USD"])))


@st.composite
def handlings(draw: st.DrawFn) -> Handling:
    tlp = draw(st.sampled_from(Tlp))
    names = st.frozensets(texts.filter(str.strip), max_size=3)
    return Handling(
        tlp=tlp,
        originators=draw(st.frozensets(texts.filter(str.strip), min_size=1, max_size=2)),
        releasable_to=draw(st.none() | names),
        named=draw(names) if tlp is Tlp.RED else frozenset(),
        purposes=draw(names),
        expires_on=draw(st.none() | st.dates()),
    )


KINDS: Mapping[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    str: texts,
    int: st.integers(-(2**53) + 1, 2**53 - 1),
    float: st.floats(-90, 90),
    date: st.dates(),
    datetime: times,
    Interval: intervals(),
    Quantity: quantities(),
    Handling: handlings(),
    Citation: st.builds(
        Citation,
        exhibit=st.binary(min_size=32, max_size=32).map(bytes.hex),
        locator=st.sampled_from(["", "row=7", "page=3&xywh=1,2,3,4", "t=10,20"]),
    ),
}


def strategy(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type."""
    origin = get_origin(kind) or kind
    if origin in KINDS:
        return KINDS[origin]
    if origin in {Union, UnionType}:
        return st.none() | strategy(next(each for each in get_args(kind) if each is not type(None)))
    if origin is tuple:
        return st.lists(strategy(get_args(kind)[0]), max_size=3).map(tuple)
    if origin is frozenset:
        return st.frozensets(strategy(get_args(kind)[0]), max_size=3)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: strategy(hints[field.name]) for field in fields(kind)})


@every_act
@settings(max_examples=30)  # of each act
@given(data=st.data())
def test_every_act_reads_back_from_its_bytes(kind: type[Act], data: st.DataObject) -> None:
    act = data.draw(strategy(kind))
    written = canonical_json(act_record(act))
    read = act_from(json.loads(written))
    assert read == act
    assert canonical_json(act_record(read)) == written


@every_act
def test_every_act_says_what_it_does_and_what_is_asked_of_it(kind: type[Act]) -> None:
    first = (inspect.getdoc(kind) or "").partition("\n")[0]
    assert first.endswith((".", "it."))
    assert kind in ROLES
    steps = {**progress.STEPS, **STEPS}
    assert kind in steps or kind in {OpenCase, Publish, StartCorrection}
    assert not (kind in case_rules.CHECKS and kind in finding_rules.CHECKS)


def test_every_check_and_state_is_of_an_act() -> None:
    named = {*case_rules.CHECKS, *finding_rules.CHECKS, *finding_rules.STATES, *progress.STEPS, *STEPS}
    assert named <= set(ROLES)
    assert all(issubclass(kind, FindingAct) for kind in (*finding_rules.CHECKS, *finding_rules.STATES, *STEPS))


def test_kinds_are_the_names_in_small_letters() -> None:
    assert ACTS["send_notice"].__name__ == "SendNotice"
    assert len(ACTS) == len(ROLES) == 48


def test_a_field_with_a_default_may_be_left_out() -> None:
    record = {key: value for key, value in act_record(opening()).items() if key != "indicators"}
    assert act_from(record) == opening(indicators=())


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"kind": "delete_case"}, "act.kind"),
        ({"kind": 7}, "act"),
        ({"colour": "red"}, "write_claim"),
        ({"sentence": 7}, "write_claim.sentence"),
        ({"sentence": None}, "write_claim.sentence"),
        ({"claim": 7}, "write_claim.claim"),
        ({"when": {"from": "2026-03-02"}}, "write_claim.when"),
        ({"when": {"from": "2026-03-02", "to": None}}, "write_claim.when.from"),
        ({"when": {"from": "2026-03-02T09:00:00+09:00", "to": None}}, "write_claim.when.from"),
        ({"when": {"from": "2026-03-03T00:00:00Z", "to": "2026-03-02T00:00:00Z"}}, "write_claim.when"),
        ({"quantity": {"low": 5, "high": "5", "unit": "barrel"}}, "write_claim.quantity.low"),
        ({"quantity": {"low": "many", "high": "5", "unit": "barrel"}}, "write_claim.quantity"),
        ({"place": {"latitude_deg": 91, "longitude_deg": 0, "name": None}}, "write_claim.place"),
        ({"place": {"latitude_deg": True, "longitude_deg": 0, "name": None}}, "write_claim.place.latitude_deg"),
        ({"place": "an invented place"}, "write_claim.place"),
    ],
)
def test_what_is_not_written_as_an_act_is_refused_with_its_place(changes: dict[str, object], where: str) -> None:
    record = {**act_record(claim(led_to("draft"))), **changes}
    with pytest.raises(UsageError) as refused:
        act_from(record)
    assert refused.value.where == where


@pytest.mark.parametrize("record", [None, [], "open_case", {}, {"kind": "add_note"}, {"text": "a note"}])
def test_what_is_no_act_at_all_is_refused(record: object) -> None:
    with pytest.raises(UsageError):
        act_from(record)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"quantity": {"low": "1e20000000", "high": "1e20000000", "unit": "barrel"}}, "write_claim.quantity"),
        ({"sentence": "a" * 50_001}, "act.sentence"),
        ({"sentence": "an invented\0sentence"}, "act.sentence"),
        ({"object": "half a sign \ud800"}, "act.object"),
        ({"\ud800": "a key"}, "act"),
        ({"place": {"latitude_deg": float("nan"), "longitude_deg": 0, "name": None}}, "act.place.latitude_deg"),
        ({"place": {"latitude_deg": 10**400, "longitude_deg": 0, "name": None}}, "act.place.latitude_deg"),
        ({"object": ["x"] * 5_001}, "act.object"),
    ],
)
def test_more_than_an_act_may_hold_is_refused_with_its_place(changes: dict[str, object], where: str) -> None:
    record = {**act_record(claim(led_to("draft"))), **changes}
    with pytest.raises(UsageError) as refused:
        act_from(record)
    assert refused.value.where == where
    assert len(str(refused.value)) < 300


def test_an_act_nested_without_end_is_refused_in_words() -> None:
    nested: list[object] = []
    for _ in range(500):
        nested = [nested]
    with pytest.raises(UsageError, match="nested too deeply"):
        act_from({"kind": "add_note", "text": nested})


def test_the_longest_text_an_act_may_hold_is_taken() -> None:
    assert act_from({"kind": "add_note", "text": "a" * 50_000}) == AddNote(text="a" * 50_000)


def test_true_is_no_figure_and_a_figure_is_no_letter() -> None:
    record = {
        "kind": "link_evidence",
        "finding": "f",
        "claim": "c",
        "citation": f"sha256:{'a' * 64}",
        "stance": "supports",
        "reliability": "A",
        "credibility": 1,
    }
    assert act_from(record).kind == "link_evidence"
    for key, value in [("credibility", True), ("credibility", "1"), ("credibility", 7), ("reliability", 1)]:
        with pytest.raises(UsageError):
            act_from({**record, key: value})


def test_a_time_of_parts_of_a_second_is_not_written() -> None:
    moment = datetime(2026, 3, 2, microsecond=1, tzinfo=UTC)
    with pytest.raises(ValueError, match="whole seconds"):
        act_record(claim(led_to("draft"), when=Interval(moment, None)))


def test_amounts_keep_their_digits() -> None:
    act = claim(led_to("draft"), quantity=Quantity.exact(Decimal("0.1"), "barrel"))
    read = act_from(json.loads(canonical_json(act_record(act))))
    assert isinstance(read, WriteClaim)
    assert read.quantity == Quantity.exact("0.1", "barrel")


def test_an_act_is_a_value() -> None:
    assert AddNote(text="a note") == AddNote(text="a note")
    assert len({AddNote(text="a note"), AddNote(text="a note")}) == 1
