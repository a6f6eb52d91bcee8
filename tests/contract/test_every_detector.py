"""Every detector is a pure function with a card, and does what the examples of its card say."""

from __future__ import annotations

import ast
import copy
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import bongsu
from bongsu.kernel.canonical import canonical_json, digest
from bongsu.kernel.cards import read_card
from bongsu.kernel.citation import Citation
from bongsu.kernel.errors import CardError
from bongsu.kernel.indicator import Indicator
from bongsu.law import load_regime
from bongsu.lists.cards import sources
from bongsu.lists.changes import compare
from bongsu.lists.coverage import Gap, coverage, gaps
from bongsu.lists.detectors import list_change
from bongsu.lists.entities import resolve
from bongsu.lists.model import LISTED_SCHEMATA, Statement
from bongsu.lists.profiles import ListedName as ProfileName
from bongsu.lists.profiles import Profile
from bongsu.lists.proposals import propose
from bongsu.lists.resolution import rules
from bongsu.lists.sightings import CustomerFile, ListedAt, Sighting, screen_file, sightings
from bongsu.names import Entity, Identifier, ListedName, Screener
from bongsu.names.identifiers import KINDS, imo

PACKAGE = Path(bongsu.__file__).parent
CARDS = sorted(PACKAGE.glob("lists/detectors/*.toml"))
# A detector's folder holds, beside detectors, what reads their cards.
SHARED_MODULES = {"__init__", "card"}
FORBIDDEN_IMPORTS = {
    "time",
    "random",
    "secrets",
    "uuid",
    "os",
    "sys",
    "socket",
    "urllib",
    "httpx",
    "pathlib",
    "io",
    "threading",
}


@dataclass(frozen=True)
class Detector:
    """A detector as its folder has it."""

    desk: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.desk}.{self.name}"

    @property
    def module(self) -> Any:
        return import_module(f"bongsu.{self.desk}.detectors.{self.name}")

    @property
    def card(self) -> bytes:
        return (PACKAGE / self.desk / "detectors" / f"{self.name}.toml").read_bytes()

    @property
    def parameters(self) -> Any:
        return read_card(self.card, where=f"{self.name}.toml", read=self.module.read_parameters)


DETECTORS = [Detector(desk=card.parts[-3], name=card.stem) for card in CARDS]
EXAMPLES = [(detector, example) for detector in DETECTORS for example in detector.parameters.examples]

every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.id)
every_example = pytest.mark.parametrize(
    ("detector", "example"), EXAMPLES, ids=[f"{detector.id}: {example.title}" for detector, example in EXAMPLES]
)


def statements(names: Mapping[str, str], programme: str, copy_of: str) -> tuple[Statement, ...]:
    """An invented copy of a list: a name and a programme by reference."""
    exhibit = digest(f"SANDBOX {copy_of} {sorted(names.items())}".encode())

    def said(reference: str, index: int, prop: str, value: str) -> Statement:
        listing = f"sandbox:{reference}"
        designation = prop in {"authorityId", "program"}
        return Statement(
            listing=listing,
            entity=f"{listing}/sanction" if designation else listing,
            schema="Sanction" if designation else "Person",
            prop=prop,
            value=value,
            cleaned=" ".join(value.split()),
            rejected=None,
            lang=None,
            exhibit=exhibit,
            locator=f"row={index}",
        )

    return tuple(
        said(reference, index, prop, value)
        for index, (reference, name) in enumerate(names.items(), start=1)
        for prop, value in (("name", name), ("authorityId", reference), ("program", programme))
    )


def steps_of(example: Any) -> list[list_change.Step]:
    """The step of a list between the two copies of an example, once as the Council's and once as a State's."""
    old, new = (statements(getattr(example, copy_of), example.programme, copy_of) for copy_of in ("old", "new"))
    return [
        list_change.Step(
            list_id="sandbox",
            authority="SANDBOX",
            binding=binding,
            dprk_programmes=frozenset({"DPRK"}),
            old_date=date(2026, 1, 15),
            new_date=date(2026, 2, 15),
            changes=compare(old, new),
            disputed={},
            sandbox=True,
        )
        for binding in ("un", "national")
    ]


def sightings_of(example: Any) -> list[Sighting]:
    """What screening sees where a customer file of one row meets a list of one entry, for each of the two bindings."""
    ((reference, name),) = example.old.items()
    ((kind, value),) = [each for each in example.new.items() if each[0] in KINDS]
    entity = Entity(
        id=f"sandbox:{reference}",
        schema="Vessel" if kind == "imo" else "Person",
        caption=name,
        names=(ListedName(text=name),),
        identifiers=(replace(identifier(kind, value), issuer=example.new.get("issuer")),),
        sandbox=True,
    )
    cells = name, example.new.get("customer", ""), example.new.get("customer_issuer", "")
    content = f"name,{kind},issuing country\n{','.join(cells)}\n".encode()
    file = CustomerFile(
        name="customers.csv", exhibit=digest(content), received=digest(content), origin="sandbox", sandbox=True
    )
    screened = screen_file(file, content, Screener([entity]), min_score=0.7)
    listed = Citation(exhibit=digest(b"SANDBOX list"), locator="row=1")
    return [
        sighting
        for binding in ("un", "national")
        for sighting in sightings(
            [screened], {entity.id: ListedAt(authority="SANDBOX", binding=binding, citation=listed)}
        )
    ]


def identifier(kind: str, value: str) -> Identifier:
    return (imo(value) if kind == "imo" else None) or Identifier(kind=kind, value=value)


def gaps_of(example: Any) -> list[Gap]:
    """What a State's list lacks of the Council's, where both are the copies of an example."""
    profiles = [
        Profile(
            listing=f"sandbox_{authority}:{reference}",
            list_id=f"sandbox_{authority}",
            authority=f"SANDBOX {authority.upper()}",
            kind="Person" if "PERSON" in name else "Organization",
            names=(ProfileName(text=name),),
            reference=reference,
            citation=Citation(exhibit=digest(f"SANDBOX {authority}".encode()), locator=f"row={index}"),
            sandbox=True,
        )
        for authority, names in (("un", example.old), ("state", example.new))
        for index, (reference, name) in enumerate(names.items(), start=1)
    ]
    found = coverage(resolve(profiles, propose(profiles, rules()), {}), "SANDBOX UN")
    days = {"SANDBOX UN": date(2026, 1, 15), "SANDBOX STATE": date(2026, 2, 15)}
    return list(gaps(found, days, sandbox=True))


# How the examples of a detector become what it observes. A new kind of observation adds its line.
OBSERVATIONS: dict[str, Callable[[Any], Any]] = {"steps": steps_of, "sightings": sightings_of, "gaps": gaps_of}


def observations_of(detector: Detector, example: Any) -> Any:
    return OBSERVATIONS[detector.module.OBSERVES](example)


def detected(detector: Detector, example: Any) -> list[Indicator]:
    found: list[Indicator] = detector.module.detect(observations_of(detector, example), detector.parameters)
    return found


def test_there_are_detectors() -> None:
    assert DETECTORS
    assert {detector.module.OBSERVES for detector in DETECTORS} <= OBSERVATIONS.keys()


def test_every_module_has_its_card_and_every_card_its_module() -> None:
    modules = {path for path in PACKAGE.glob("lists/detectors/*.py") if path.stem not in SHARED_MODULES}
    assert {path.with_suffix(".toml") for path in modules} == set(CARDS)


def test_names_are_unique_and_say_where_the_detector_stands() -> None:
    assert [detector.parameters.name for detector in DETECTORS] == [detector.id for detector in DETECTORS]


@every_detector
def test_a_detector_has_the_parts_that_others_rely_on(detector: Detector) -> None:
    parameters = detector.parameters
    assert is_dataclass(parameters)
    assert {"name", "title", "measures", "alternatives", "examples"} <= {field.name for field in fields(parameters)}
    assert list(inspect.signature(detector.module.detect).parameters)[-1] == "parameters"
    assert list(inspect.signature(detector.module.read_parameters).parameters) == ["card"]


@every_detector
def test_the_docstring_may_be_read_by_the_accused(detector: Detector) -> None:
    """It says what is compared, that it accuses no one, and what else could explain it."""
    text = " ".join(inspect.getdoc(detector.module.detect).split())
    assert re.search(r"can look the same|could explain|may also", text)
    assert re.search(r"does not say|no verdict|not mean", text)
    assert "Returns:" in text


def keys_in(measures: Any) -> list[str]:
    """The measure keys of a card, however deep its tables."""
    if isinstance(measures, Mapping):
        return [key for table in measures.values() for key in keys_in(table)]
    assert measures  # a kind without a measure would make an indicator that is none
    return list(measures)


@every_detector
def test_every_measure_exists_in_the_law(detector: Detector) -> None:
    known = {measure.key for measure in load_regime().measures()}
    named = keys_in(detector.parameters.measures)
    assert named
    assert set(named) <= known


def test_the_detector_of_list_changes_has_a_weight_a_measure_and_an_alternative_for_all_it_can_see() -> None:
    """A key that is missing would bring the whole cycle down on the day it is first needed."""
    parameters = next(detector for detector in DETECTORS if detector.id == "lists.list_change").parameters
    bindings = {source.card.binding for source in sources().values()} | {"un", "national"}
    seen = {list_change.WEIGHED_AS.get(event, event) for event in list_change.VERBS}
    assert set(parameters.weights) == {f"{kind}_{binding}" for kind in seen for binding in bindings} | {"renumbered"}
    assert set(parameters.measures) == bindings
    assert {frozenset(table) for table in parameters.measures.values()} == {frozenset(LISTED_SCHEMATA)}
    assert set(parameters.alternatives) == seen


def test_what_could_explain_a_number_speaks_of_its_kind_alone() -> None:
    """Of a person's passport a page must not say that ships are sold."""
    parameters = next(detector for detector in DETECTORS if detector.id == "lists.designated_number").parameters
    by_kind = parameters.alternatives_by_kind
    assert set(by_kind) == set(KINDS)
    assert {kind for kind, lines in by_kind.items() if "ship" in " ".join(lines).lower()} == {"imo", "mmsi"}
    assert not any("ship" in line.lower() for lines in parameters.alternatives.values() for line in lines)


def test_every_field_that_the_detector_of_list_changes_looks_at_is_one_that_a_reader_writes() -> None:
    """A misspelt field would never change."""
    parameters = next(detector for detector in DETECTORS if detector.id == "lists.list_change").parameters
    readers = [*(PACKAGE / "lists" / "sources").iterdir(), PACKAGE / "lists" / "model.py"]
    written = "".join(path.read_text("utf-8") for path in readers if path.suffix in {".py", ".toml"})
    assert {field for field in parameters.identity_fields if f'"{field}"' not in written} == set()


@every_detector
def test_examples_show_what_is_found_and_what_is_not(detector: Detector) -> None:
    examples = detector.parameters.examples
    assert {example.found is None for example in examples} == {True, False}
    assert len({example.title for example in examples}) == len(examples)
    assert "SANDBOX" in detector.card.decode("utf-8")


@every_detector
@pytest.mark.parametrize("kept", ["found", "not found"])
def test_a_card_with_examples_of_one_outcome_only_is_refused(detector: Detector, kept: str) -> None:
    head, *examples = re.split(r"(?m)^(?=\[\[example\]\])", detector.card.decode("utf-8"))
    chosen = [example for example in examples if ("\nfound = " in example) == (kept == "found")]
    card = (head + "".join(chosen * 2)).encode()
    with pytest.raises(CardError, match="one example that is found and one that is not"):
        read_card(card, where="x.toml", read=detector.module.read_parameters)


@every_example
def test_an_example_behaves_as_its_card_says(detector: Detector, example: Any) -> None:
    found = detected(detector, example)
    if example.found is None:
        assert found == []
        return
    assert len(found) == len(observations_of(detector, example)) > 0
    assert all(example.found in indicator.facts.values() for indicator in found)


@every_example
def test_an_indicator_names_its_detector_its_measures_and_what_else_could_explain_it(
    detector: Detector, example: Any
) -> None:
    known = {measure.key for measure in load_regime().measures()}
    for indicator in detected(detector, example):
        assert indicator.detector == detector.id
        assert set(indicator.measures) <= known
        assert all(line.strip() for line in indicator.alternatives)
        assert all(reason.text.strip() for reason in indicator.reasons)
        assert indicator.sandbox
        assert "SANDBOX" in indicator.subject.name.upper()
        assert canonical_json(indicator.record())


@every_example
def test_detecting_twice_gives_the_same_and_changes_nothing(detector: Detector, example: Any) -> None:
    observations, parameters = observations_of(detector, example), detector.parameters
    before = copy.deepcopy((observations, parameters))
    first = detector.module.detect(observations, parameters)
    assert detector.module.detect(observations, parameters) == first
    assert (observations, parameters) == before
    assert [indicator.id for indicator in detector.module.detect(iter(observations), parameters)] == [
        indicator.id for indicator in first
    ]


def test_detectors_give_the_same_bytes_in_another_process_with_other_hashes_and_another_zone() -> None:
    program = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('contract', {str(Path(__file__))!r})\n"
        "contract = importlib.util.module_from_spec(spec)\n"
        "sys.modules['contract'] = contract\n"
        "spec.loader.exec_module(contract)\n"
        "print([i.id for d, e in contract.EXAMPLES for i in contract.detected(d, e)])\n"
    )
    here = str([indicator.id for detector, example in EXAMPLES for indicator in detected(detector, example)])
    for seed, zone in (("1", "Asia/Pyongyang"), ("2", "America/New_York")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        ran = subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
        )
        assert ran.stdout.strip() == here


@every_detector
def test_a_detector_imports_neither_clock_nor_chance_nor_network_nor_disk(detector: Detector) -> None:
    tree = ast.parse(inspect.getsource(detector.module))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported & FORBIDDEN_IMPORTS == set()
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert asked & {"now", "utcnow", "today"} == set()
    assert {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & {"open", "eval", "exec"} == set()
