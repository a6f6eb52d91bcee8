"""What a report is made from: the state of each list, what changed, and what the detectors saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bongsu.kernel.indicator import Indicator
from bongsu.law import Regime
from bongsu.lists.cards import SourceCard
from bongsu.lists.changes import Change
from bongsu.lists.coverage import Coverage
from bongsu.lists.entities import Resolution
from bongsu.lists.model import SetAside, Tally
from bongsu.lists.register import SHORT, Copy
from bongsu.lists.sightings import ScreenedFile
from bongsu.sea.overview import Outlook


@dataclass(frozen=True, slots=True, kw_only=True)
class Designated:
    """One listing under a DPRK programme, as the copy in force has it."""

    listing: str
    reference: str
    schema: str
    name: str
    listed_on: str | None
    programmes: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyInForce:
    """The copy of a list that counts, and what was read of it.

    Args:
        age_days: whole days from its list date to the cycle's clock; how old the list is, not when it was last seen
            (`copy.last_served_at`).
    """

    copy: Copy
    tally: Tally
    set_aside: tuple[SetAside, ...]
    parts_missing: tuple[str, ...]
    age_days: int
    designated: tuple[Designated, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListState:
    """How one list stands after a cycle.

    Args:
        card: the list's card.
        in_force: the copy that counts; None where there never was a good one.
        copies: how many different good copies there have been.
        new_copies: list dates of the good copies that this cycle brought.
        problems: what did not come, in words; refusals are in `refusals`.
        refusals: copies that came and were refused, each with the reason.
    """

    card: SourceCard
    in_force: CopyInForce | None
    copies: int
    new_copies: tuple[date, ...]
    problems: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def status(self) -> str:
        """`refused`, `not reached`, `new copy`, `unchanged` or `no copy`: the worst that happened, then the best."""
        if self.refusals:
            return "refused"
        if self.problems and not self.new_copies:
            return "not reached"
        if self.new_copies:
            return "new copy"
        return "unchanged" if self.in_force else "no copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOfList:
    """The changes from one good copy of a list to the next.

    Args:
        new: whether the later copy came with this cycle.
        loss: what the later copy lacks, where that is so much that a person should look; else None.
    """

    card: SourceCard
    old: Copy
    later: Copy
    changes: tuple[Change, ...]
    new: bool
    loss: str | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether both copies print one date. A list that prints none may well be fetched twice a day."""
        return self.card.prints_date and self.old.list_date == self.later.list_date

    @property
    def two_files(self) -> str:
        """In words, that both copies bear one date, and how many DPRK entries they disagree about."""
        count = sum(self.card.is_dprk(change.all_programmes) for change in self.changes)
        differ = f"{count} DPRK {'entry differs' if count == 1 else 'entries differ'}"
        return (
            f"two different files bear the date {self.later.list_date}, and {differ}: {_seen(self.later)}, is in "
            f"force, {_seen(self.old)}, is not: find out which one the publisher stands by"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionsFile:
    """One exhibit with ship positions that a cycle looked at.

    Args:
        exhibit: its SHA-256.
        source: the source's id.
        received_at: the latest moment that was not the future when it was read: that of its import.
        sandbox: whether it is invented.
        beside: other exhibits that it was read with, such as its mapping: what each is, and its SHA-256.
        damaged: what of it (itself, or the mapping it was read with) is missing or changed, by digest; it was not used
            then.
    """

    exhibit: str
    source: str
    received_at: datetime
    sandbox: bool
    beside: tuple[tuple[str, str], ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleReport:
    """Everything a report says.

    Args:
        cycle: the cycle's id.
        clock: its time.
        previous: the id of the cycle before, or None.
        regime: the law.
        lists: sorted by list.
        steps: by list and date.
        screened: customer files, in the order of the configuration.
        resolution: the listings of the copies in force as entities, and what waits for people.
        coverage: what other authorities carry of the Council's designations; None where there is but one authority.
        sea: what the sea desk says; None where no positions were read.
        positions: the files it read, by exhibit.
        indicators: of all desks, sorted by score, highest first, then subject.
        known_indicators: ids that the cycle before had already.
        version: the release of Bongsu. The code's digest stands in the manifest: other code that finds the same writes
            the same report.
    """

    cycle: str
    clock: datetime
    previous: str | None
    regime: Regime
    lists: Sequence[ListState]
    steps: Sequence[StepOfList]
    screened: Sequence[ScreenedFile]
    resolution: Resolution
    coverage: Coverage | None
    sea: Outlook | None
    positions: Sequence[PositionsFile]
    indicators: Sequence[Indicator]
    known_indicators: frozenset[str]
    version: str

    def warnings(self, list_id: str) -> tuple[str, ...]:
        """What a person should look at before trusting the copies of a list that this cycle brought, in words.

        Whether another file bears the date that the copy in force prints is asked in every cycle, until a later date
        comes.
        """
        steps = [step for step in self.steps if step.card.id == list_id]
        lost = [
            f"the copy of {step.later.list_date} {step.loss}" for step in steps if step.new and step.loss is not None
        ]
        return (*lost, *(step.two_files for step in steps[-1:] if step.is_disputed))


def _seen(copy: Copy) -> str:
    """A copy by its files and the day it last came."""
    files = ", ".join(part.exhibit[:SHORT] for part in copy.parts)
    return f"{files}, last seen {copy.last_came[0].date()}"
