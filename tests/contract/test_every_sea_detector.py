"""Every detector of the sea desk is a pure function with a card, and does what the examples of its card say."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
import tomllib
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bongsu
from bongsu.cycle.standing import standing
from bongsu.kernel.canonical import canonical_json
from bongsu.kernel.indicator import Indicator
from bongsu.law import load_regime
from bongsu.sea import desk
from bongsu.sea.detectors.card import Example
from bongsu.sea.examples import designated_of, identities_of, positions_of
from bongsu.sea.model import Identity, Position
from bongsu.sea.places.gazetteer import gazetteer
from bongsu.sea.seas import Sea
from bongsu.tables import schema_of
from bongsu.tables.engine import Engine

FOLDER = Path(bongsu.__file__).parent / "sea" / "detectors"
SHARED_MODULES = {"__init__", "card", "answers"}
CLOCK = datetime(2027, 1, 1, tzinfo=UTC)
NAMES = desk.detector_names()
EXAMPLES = [(name, example) for name in NAMES for example in desk.parameters_of(name).common.examples]
FORBIDDEN_IMPORTS = {"time", "random", "secrets", "uuid", "os", "sys", "socket", "urllib", "httpx", "pathlib", "io"}

every_detector = pytest.mark.parametrize("name", NAMES)
every_example = pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {example.title}" for name, example in EXAMPLES]
)


def table(rows: list[Any], record: type) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pylist([asdict(row) for row in rows], schema=schema_of(record)))


def sea_of(example: Example, engine: Engine) -> Sea:
    return Sea(
        engine,
        positions=table(positions_of(example), Position),
        identities=table(identities_of(example), Identity),
        gazetteer=gazetteer(),
        designated=designated_of(example),
        clock=CLOCK,
    )


def detected(name: str, example: Example) -> tuple[Indicator, ...]:
    with Engine() as engine:
        return desk.detect(sea_of(example, engine), standing=standing, only=[name])


@cache
def found(index: int) -> tuple[Indicator, ...]:
    return detected(*EXAMPLES[index])


def indicators_of(name: str, example: Example) -> tuple[Indicator, ...]:
    return found(EXAMPLES.index((name, example)))


def test_every_module_has_its_card_and_every_card_its_module() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - SHARED_MODULES
    assert modules == set(NAMES)


@every_detector
def test_a_detector_has_the_parts_that_others_rely_on(name: str) -> None:
    module = import_module(f"bongsu.sea.detectors.{name}")
    parameters = desk.parameters_of(name)
    assert is_dataclass(parameters)
    assert parameters.common.name == f"sea.{name}"
    assert list(inspect.signature(module.questions).parameters) == ["sea", "parameters"]
    assert list(inspect.signature(module.detect).parameters) == ["answers", "known", "parameters"]


@every_detector
def test_the_docstring_may_be_read_by_the_accused(name: str) -> None:
    """It says what is seen, what is not, and that it is no breach or verdict."""
    text = " ".join((inspect.getdoc(import_module(f"bongsu.sea.detectors.{name}").detect) or "").split())
    assert "It sees" in text
    assert "no breach" in text or "does not say" in text
    assert "Returns:" in text


@every_detector
def test_every_measure_exists_in_the_law(name: str) -> None:
    known = {measure.key for measure in load_regime().measures()}
    assert set(desk.parameters_of(name).common.measures) <= known


@every_example
def test_an_example_behaves_as_its_card_says(name: str, example: Example) -> None:
    indicators = indicators_of(name, example)
    if example.outcome == "found":
        assert indicators
        if example.kind is not None:
            assert example.kind in {indicator.facts["kind"] for indicator in indicators}
        if example.subject is not None:
            assert {indicator.subject.id for indicator in indicators} == {example.subject}
    else:
        assert indicators == ()


@every_example
def test_an_indicator_cites_rows_and_says_what_else_could_explain_it(name: str, example: Example) -> None:
    law = {measure.key for measure in load_regime().measures()}
    for indicator in indicators_of(name, example):
        assert indicator.detector == f"sea.{name}"
        assert set(indicator.measures) <= law
        assert set(desk.parameters_of(name).common.alternatives) <= set(indicator.alternatives)
        assert all(citation.locator for citation in indicator.citations)
        assert indicator.sandbox
        assert indicator.facts["kind"]
        canonical_json(indicator.record())


# One is enough of each: what another process could make different, it makes so in the first.
FOUND = {name: next(e for n, e in EXAMPLES if n == name and e.outcome == "found") for name in NAMES}


def test_detectors_give_the_same_in_another_process_with_other_hashes_and_another_zone() -> None:
    program = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('contract', {str(Path(__file__))!r})\n"
        "contract = importlib.util.module_from_spec(spec)\n"
        "sys.modules['contract'] = contract\n"
        "spec.loader.exec_module(contract)\n"
        "print([i.id for n, e in contract.FOUND.items() for i in contract.indicators_of(n, e)])\n"
    )
    here = str([indicator.id for name, example in FOUND.items() for indicator in indicators_of(name, example)])
    environment = {**os.environ, "PYTHONHASHSEED": "1", "TZ": "Asia/Pyongyang"}
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment)
    assert ran.stdout.strip() == here


@every_detector
def test_a_detector_imports_neither_clock_nor_chance_nor_network_nor_disk(name: str) -> None:
    tree = ast.parse(inspect.getsource(import_module(f"bongsu.sea.detectors.{name}")))
    imported = {
        alias.partition(".")[0]
        for node in ast.walk(tree)
        for alias in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported & FORBIDDEN_IMPORTS == set()
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert asked & {"now", "utcnow", "today"} == set()


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31)))
def test_the_limit_that_petroleum_is_held_against_is_the_one_of_the_law_on_that_day(day: date) -> None:
    """The desk sees no law: its card repeats the numbers, and this holds the two together."""
    said = [
        (measure.key, int(cap.amount))
        for measure in load_regime().in_force(day, topic="petroleum")
        for cap in measure.caps
        if measure.key in {"2375/14", "2397/5"} and cap.unit == "barrel" and cap.in_force(day)
    ]
    limit = desk.parameters_of("petroleum_delivery").limit_on(day)
    assert ([] if limit is None else [(limit.measure, limit.barrels)]) == said


@every_detector
def test_a_card_says_of_every_measure_it_names_which_fact_ties_it_and_of_no_other(name: str) -> None:
    card = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    named = {*card["measures"], *(key for keys in card.get("measures_by", {}).values() for key in keys)}
    named |= {limit["measure"] for limit in card.get("limit", ())}
    assert named == set(card["because"])
    assert named <= {measure.key for measure in load_regime().measures()}


@every_example
def test_every_measure_of_an_indicator_was_in_force_while_it_happened_and_a_reason_ties_it(
    name: str, example: Example
) -> None:
    because = desk.parameters_of(name).common.because
    for indicator in indicators_of(name, example):
        low, high = indicator.when.low, indicator.when.high or CLOCK
        assert low is not None
        for key in indicator.measures:
            begins, ends = standing(key)
            assert begins <= high.date()
            assert ends is None or ends >= low.date()
            assert any(key in reason.text and because[key] in reason.text for reason in indicator.reasons)
