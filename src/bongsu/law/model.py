"""Resolutions and measures as values: what is prohibited or required, of whom, from when to when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from bongsu.kernel.canonical import plain_number
from bongsu.kernel.errors import UsageError

TOPICS: Final = frozenset(
    {
        "arms",
        "wmd",
        "luxury",
        "coal",
        "iron",
        "metals",
        "minerals",
        "seafood",
        "food",
        "textiles",
        "machinery",
        "electrical",
        "vehicles",
        "vessels",
        "aircraft",
        "wood",
        "stone",
        "statues",
        "petroleum",
        "aviation-fuel",
        "finance",
        "assets",
        "travel",
        "designation",
        "shipping",
        "insurance",
        "inspection",
        "disposal",
        "interdiction",
        "aviation",
        "labour",
        "diplomacy",
        "education",
        "science",
        "joint-ventures",
        "reporting",
        "committee",
        "panel",
        "humanitarian",
        "programme",
        "fishing",
        "catch-all",
    }
)


def topic_named(text: str) -> str:
    """The topic that a text means: of any case, its words apart by blanks, lines or hyphens.

    Raises:
        UsageError: no topic is called so.
    """
    found = "-".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if found not in TOPICS:
        raise UsageError(f"no topic is called {text!r}", remedy=f"there are: {', '.join(sorted(TOPICS))}")
    return found


KINDS: Final = frozenset({"prohibition", "cap", "duty", "authorisation", "call", "exemption", "institution"})
DIRECTIONS: Final = frozenset({"to", "from", "both"})
BASES: Final = frozenset({"named in the paragraph", "Committee guidance", "commonly applied", "our reading"})
HS_REVISIONS: Final = frozenset({"HS 2002", "HS 2007", "HS 2012", "HS 2017", "HS 2022"})
EFFECTS: Final = frozenset({"replaced", "tightened", "widened", "clarified", "loosened", "ended"})
RESOLUTION_KINDS: Final = frozenset({"sanctions", "mandate", "general", "draft"})
MEASURE_KEY: Final = re.compile(r"\d{4}/\d{1,2}(?:[a-z]\d{0,2})?(?:-[a-z0-9]+)*")
HS_PREFIX: Final = re.compile(r"\d{2}|\d{4}|\d{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether a value was compared with a public text: the text's id, or why it could not be.

    Exactly one of the two is set.
    """

    text_id: str | None
    unverified: str | None

    @property
    def is_verified(self) -> bool:
        """Whether a public text was read for it."""
        return self.text_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """A public text that was read to check a card."""

    id: str
    title: str
    publisher: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """How the Council voted; names are given where someone did not vote in favour."""

    in_favour: int
    against: int
    abstaining: int
    against_states: tuple[str, ...]
    abstaining_states: tuple[str, ...]
    reference: str
    check: Check

    def __str__(self) -> str:
        return f"{self.in_favour}-{self.against}-{self.abstaining}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """The Panel of Experts' mandate as one resolution grants it, to its last day."""

    paragraph: str
    until: date
    reference: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The value above which goods are named by the text; what lies below it is not thereby free."""

    over: Decimal
    unit: str
    reference: str
    check: Check

    def __str__(self) -> str:
        """Such as `valued over 500 USD`."""
        return f"valued over {_grouped(self.over)} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """Goods a measure is about, by prefixes of the Harmonized System edition meant.

    Args:
        hs: prefixes of 2, 4 or 6 digits; empty where no code can be said.
        basis: who says that these codes are meant.
        part_only: only a part of what the codes cover is meant.
        except_hs: prefixes carved out.
        threshold: the value above which they are meant, where the text gives one.
    """

    what: str
    hs: tuple[str, ...]
    hs_revision: str
    basis: str
    part_only: bool
    except_hs: tuple[str, ...]
    threshold: Threshold | None
    reference: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that may be supplied in a period."""

    amount: Decimal
    unit: str
    period: str
    binds_from: date
    binds_until: date | None
    whichever_is_lower: bool
    reference: str
    check: Check

    def __str__(self) -> str:
        """Such as `500,000 barrels per calendar year`, `4,000,000 barrels in every 12 months from 22 December`."""
        amount = _grouped(self.amount)
        unit = f"{self.unit}s" if self.unit.islower() and self.amount != 1 else self.unit
        lower = ", whichever is lower" if self.whichever_is_lower else ""
        return f"{amount} {unit} {self._when()}{lower}"

    def _when(self) -> str:
        if self.period == "calendar year":
            return f"per {self.period}"
        if self.period.startswith("12 months"):
            return f"in every {self.period}"
        return f"from {self.period}" if " to " in self.period else self.period

    def in_force(self, on: date) -> bool:
        """Whether the cap binds on a day."""
        return self.binds_from <= on and (self.binds_until is None or on <= self.binds_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindDown:
    """What existing contracts may still do, and the last day they may.

    Args:
        hs: the goods it is given for, as HS prefixes; empty where it is given for all the measure's goods.
    """

    what: str
    until: date
    hs: tuple[str, ...]
    reference: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold before the measure lets anything through: within a cap, or under an exemption.

    Args:
        hs: the goods it is set for, as HS prefixes; empty where it is set for all the measure's goods.
    """

    what: str
    hs: tuple[str, ...]
    reference: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """What is exempt, and who says so case by case.

    Args:
        hs: the goods it is given for, as HS prefixes; empty where it is given for all the measure's goods.
        holds_from: the first day it can be given, or None: from the measure's own first day.
        holds_until: the last day, or None: to the measure's own last day.
    """

    what: str
    granted_by: str
    hs: tuple[str, ...]
    holds_from: date | None
    holds_until: date | None
    reference: str
    check: Check

    def in_force(self, on: date) -> bool:
        """Whether it can be given on a day on which the measure binds."""
        return (self.holds_from is None or self.holds_from <= on) and (
            self.holds_until is None or on <= self.holds_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a later measure did to this one."""

    by: str
    effect: str
    on: date
    reference: str
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One prohibition or duty, keyed by resolution and paragraph: `2375/11`, `1718/8a2`.

    Args:
        direction: as seen from the DPRK: `to` it, `from` it, `both`; None where nothing moves.
        binds_from: the first day it binds.
        binds_until: the last day, or None while it stands.
        whatever_the_goods: whether it bears on every consignment of its direction: on the cargo as such, on who sends
            or receives it, on how it is handed over, or on the money for it.
        goods_of: the key of the measure it goes with, whose goods are its goods too.
    """

    key: str
    resolution: str
    paragraph: str
    title: str
    topics: tuple[str, ...]
    kind: str
    says: str
    binds: tuple[str, ...]
    direction: str | None
    binds_from: date
    binds_until: date | None
    binds_from_note: str | None
    whatever_the_goods: bool
    goods_of: str | None
    goods: tuple[Goods, ...]
    caps: tuple[Cap, ...]
    wind_downs: tuple[WindDown, ...]
    conditions: tuple[Condition, ...]
    exemptions: tuple[Exemption, ...]
    changes: tuple[Change, ...]
    check: Check

    def in_force(self, on: date) -> bool:
        """Whether the measure binds on a day; a wind-down does not change that."""
        return self.binds_from <= on and (self.binds_until is None or on <= self.binds_until)

    def checks(self) -> tuple[Check, ...]:
        """The check of the measure and of every value in it."""
        parts: tuple[Goods | Threshold | Cap | WindDown | Condition | Exemption | Change, ...]
        thresholds = (goods.threshold for goods in self.goods if goods.threshold is not None)
        parts = (
            *self.goods,
            *thresholds,
            *self.caps,
            *self.wind_downs,
            *self.conditions,
            *self.exemptions,
            *self.changes,
        )
        return (self.check, *(part.check for part in parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """One resolution of the Security Council on the DPRK or on all its sanctions, or a draft that failed."""

    number: int | None
    document: str
    adopted: date
    kind: str
    trigger: str | None
    charter: str | None
    summary: str
    url: str
    vote: Vote
    mandate: Mandate | None
    measures: tuple[Measure, ...]
    texts: tuple[PublicText, ...]
    check: Check

    @property
    def name(self) -> str:
        """`2397` for a resolution, the document's symbol for a draft."""
        return self.document if self.number is None else str(self.number)

    def checks(self) -> tuple[Check, ...]:
        """The check of the resolution and of every value in it."""
        own = (self.check, self.vote.check, *(() if self.mandate is None else (self.mandate.check,)))
        return own + tuple(check for measure in self.measures for check in measure.checks())


def _grouped(amount: Decimal) -> str:
    return f"{amount:,}" if amount == amount.to_integral() else plain_number(amount)
