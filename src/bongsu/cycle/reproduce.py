"""Running a finished cycle again from its exhibits, and comparing every byte."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bongsu.cycle.compute import Inputs, compute, real_copies
from bongsu.cycle.library import Library
from bongsu.cycle.manifest import inputs_from, manifest_record
from bongsu.cycle.version import TOOL, card_digests, code_digest, environment
from bongsu.evidence import ExhibitStore, Folder
from bongsu.kernel.canonical import JsonValue, digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One output: the digest the manifest names, the digest of the stored file, and the one computed again."""

    name: str
    named: str
    stored: str | None
    computed: str | None

    @property
    def agrees(self) -> bool:
        """Whether all three are the same."""
        return self.named == self.stored == self.computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """A cycle run again.

    Args:
        cycle: its id.
        outputs: one comparison per output, sorted by name.
        differences: what differs beside the outputs: code, cards, environment, exhibits that were said to be damaged.
        contradictions: what the manifest says beside the outputs that is not so: what this very code would not have
            written, and what was not unpacked from the bytes received.
    """

    cycle: str
    outputs: tuple[Comparison, ...]
    differences: tuple[str, ...]
    contradictions: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the manifest and every output are as computed. Other code that gives the same bytes is no failure."""
        return not self.contradictions and all(output.agrees for output in self.outputs)


def reproduce(manifest: dict[str, Any], folder: Folder, tell: Callable[[str], None] = lambda _: None) -> Reproduction:
    """Compute a cycle's outputs again from the exhibits its manifest names; nothing is taken from the register.

    What the manifest says came packed is unpacked again from the bytes received: the outputs cite what was made of
    them, and only those can be held against a copy of the publisher's.

    Args:
        manifest: what `read_manifest` gave (Any: JSON of our own making).
        folder: the store with the exhibits.
        tell: told what is being done.

    Raises:
        EvidenceError: an exhibit is absent or damaged.
    """
    inputs = inputs_from(manifest)
    store = ExhibitStore(folder, tool=TOOL)
    library = Library(store, None)
    tell("unpacking again what came packed")
    untrue = _not_unpacked(inputs, store)
    real = real_copies(library, inputs.known_copies, inputs.deliveries, inputs.damaged, tell)
    outputs = compute(inputs, real, library, tell)
    named: dict[str, Any] = manifest["outputs"]
    place = f"cycles/{inputs.cycle}"
    comparisons = []
    for name in sorted(named.keys() | outputs.files.keys()):
        stored = f"{place}/{name}"
        computed = outputs.files.get(name)
        comparisons.append(
            Comparison(
                name=name,
                named=str(named.get(name, {}).get("sha256", "not named")),
                stored=digest(folder.read(stored)) if folder.exists(stored) else None,
                computed=None if computed is None else digest(computed),
            )
        )
    written = manifest_record(inputs, outputs)
    return Reproduction(
        cycle=inputs.cycle,
        outputs=tuple(comparisons),
        differences=(*_differences(manifest), *_sound_after_all(inputs, store)),
        contradictions=untrue + (_contradictions(manifest, written) if all(row.agrees for row in comparisons) else ()),
    )


def _not_unpacked(inputs: Inputs, store: ExhibitStore) -> tuple[str, ...]:
    """The exhibits in use that are not what those received unpack to that the manifest says they came from."""
    parts = [part for copy in inputs.known_copies for part in copy.parts]
    parts += [part for delivery in (*inputs.deliveries, *inputs.sandbox) for part in delivery.parts]
    steps = {(part.received, part.exhibit) for part in parts}
    steps |= {(file.received, file.exhibit) for file in inputs.customers}
    found = []
    for received, exhibit in sorted(steps):
        is_used_unpacked = received != exhibit and exhibit not in inputs.damaged
        why = store.not_unpacked_from(received, exhibit) if is_used_unpacked else None
        if why is not None:
            found.append(f"exhibit {exhibit} is not what the manifest says it was unpacked from, {received}: {why}")
    return tuple(found)


def _sound_after_all(inputs: Inputs, store: ExhibitStore) -> list[str]:
    """The exhibits that the manifest names as missing or damaged and that are sound here: restored since, or left out
    though they were sound. The outputs say nothing of what they hold.
    """
    return [
        f"exhibit {exhibit}, which the manifest names as missing or damaged and so does not use, is sound here"
        for exhibit in sorted(inputs.damaged)
        if store.is_sound(exhibit)
    ]


def _contradictions(manifest: dict[str, Any], computed: dict[str, JsonValue]) -> tuple[str, ...]:
    """What a manifest of this very code says wrongly; that of other code cannot be held to what we would write."""
    if manifest["code"] != computed["code"]:
        return ()
    return tuple(
        f"the manifest names other {key} than were computed"
        for key in sorted(computed)
        if key != "environment" and manifest[key] != computed[key]
    )


def _differences(manifest: dict[str, Any]) -> list[str]:
    found = []
    if manifest["code"] != code_digest():
        found.append(f"the code is another: the manifest names {manifest['code'][:12]}, here is {code_digest()[:12]}")
    cards = card_digests()
    changed = sorted(
        name for name in manifest["cards"].keys() | cards if manifest["cards"].get(name) != cards.get(name)
    )
    if changed:
        found.append(f"cards differ: {', '.join(changed)}")
    here = environment()
    for name, version in manifest["environment"].items():
        if here.get(name) != version:
            found.append(f"{name} is {here.get(name)} here, was {version}")
    return found
