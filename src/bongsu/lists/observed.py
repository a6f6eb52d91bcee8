"""What the list desk's detectors look at: each says which of these it observes."""

from __future__ import annotations

from dataclasses import dataclass

from bongsu.lists.changes import Step
from bongsu.lists.coverage import Gap
from bongsu.lists.sightings import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The observations of a cycle; a detector's `OBSERVES` is the name of one of these.

    Args:
        steps: the changes from copy to copy, by list and date.
        sightings: designated numbers in customer files, by file and row.
        gaps: what each authority does not list of the Council's designations, by authority.
    """

    steps: tuple[Step, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    gaps: tuple[Gap, ...] = ()
