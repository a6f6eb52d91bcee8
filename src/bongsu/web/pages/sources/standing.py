"""How each source stands after a cycle: its card, and what the cycle says of it to whoever may read its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from bongsu.cases.handling import Reader
from bongsu.web.pages.sources.desks import Card, cards
from bongsu.web.record.handlings import readable_exhibits
from bongsu.web.record.models import CycleRow

#: The states of a source, in words, and their tones. `refused` and `not reached` need a person's look.
STATES: Final[Mapping[str, tuple[Any, str]]] = {  # Any: words to translate
    "new copy": (_("a new copy came"), "good"),
    "unchanged": (_("unchanged since the last copy"), "good"),
    "read": (_("read"), "good"),
    "not reached": (_("not reached"), "warn"),
    "refused": (_("a copy came and was refused"), "bad"),
    "damaged": (_("a file of it is missing or changed"), "bad"),
    "no copy": (_("there never was a copy"), "warn"),
    "": (_("not watched here"), ""),
}
TROUBLED: Final = frozenset({"not reached", "refused", "damaged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source, and how it stands.

    Args:
        card: the desk's.
        state: a key of `STATES`; empty where the cycle did not look at it.
        last: the day of the last good copy, or of the last record; None where there is none.
        age_days: from that day to the cycle.
        records, set_aside: how many were read of that copy, and set aside.
        problems: what did not come, or was refused, in the watch's words.
        warnings: what a person should look at.
        new_copies: the days of the copies that came with the cycle.
        exhibits: part and digest of what the copy consists of, as far as the reader may read it.
        sandbox: whether it is invented.
        withheld: whether the reader may not read all that this would tell of: then it tells its state alone.
    """

    card: Card
    state: str = ""
    last: str | None = None
    age_days: int | None = None
    records: int | None = None
    set_aside: int | None = None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    new_copies: tuple[str, ...] = ()
    exhibits: tuple[Mapping[str, str], ...] = ()
    sandbox: bool = False
    withheld: bool = False

    @property
    def words(self) -> Any:  # Any: words to translate
        """The state in words; one that a later desk has and nobody translated stands as it is."""
        return STATES[self.state][0] if self.state in STATES else self.state

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return STATES[self.state][1] if self.state in STATES else "warn"

    @property
    def is_troubled(self) -> bool:
        """Whether it needs a person's look."""
        return self.state in TROUBLED or bool(self.warnings)

    @property
    def expected(self) -> str:
        """How many records the card expects."""
        if self.card.least is None or self.card.most is None:
            return ""
        return f"{self.card.least:,} – {self.card.most:,}"


def sources(cycle: CycleRow | None, reader: Reader) -> list[Source]:
    """Every source of every desk, and those that only a cycle knows (the sandbox's), by desk and id.

    Args:
        cycle: the newest cycle; None where none was taken in: then nothing is said of how they stand.
        reader: who asks: of files that are closed to this person a source tells nothing but its state.
    """
    known = {} if cycle is None else {(row["desk"], row["id"]): row for row in cycle.summary.get("sources", ())}
    every = {**{key: _own_card(row) for key, row in known.items() if "title" in row}, **cards()}
    readable = readable_exhibits((digest for row in known.values() for digest in _files(row)), reader)
    closed = {key for key, row in known.items() if not readable.issuperset(_files(row))}
    # A list's copy is told of by itself; another desk reads the files of all its sources together.
    withheld = closed | {key for key in known if key[0] != "lists" and any(key[0] == desk for desk, _ in closed)}
    found = (_source(every[key], known.get(key)) for key in sorted(every))
    return [_withheld(each, readable) if (each.card.desk, each.card.id) in withheld else each for each in found]


def source_of(cycle: CycleRow | None, desk: str, source: str, reader: Reader) -> Source | None:
    """One source for a reader, or None."""
    return next((each for each in sources(cycle, reader) if (each.card.desk, each.card.id) == (desk, source)), None)


def _files(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(each["sha256"] for each in row["exhibits"])


def _withheld(source: Source, readable: frozenset[str]) -> Source:
    """A source as it stands for someone who may not read all of its files; those that may be read are named."""
    exhibits = tuple(each for each in source.exhibits if each["sha256"] in readable)
    return Source(card=source.card, state=source.state, exhibits=exhibits, sandbox=source.sandbox, withheld=True)


def _own_card(row: Mapping[str, Any]) -> Card:
    """The card of a source that only the cycle knows."""
    return Card(
        **{key: row[key] for key in ("desk", "id", "title", "publisher", "homepage", "licence")},
        addresses=(),
        least=None,
        most=None,
        most_set_aside_share=None,
    )


def _source(card: Card, row: Mapping[str, Any] | None) -> Source:
    if row is None:
        return Source(card=card)
    return Source(
        card=card,
        state=row["state"],
        last=row["last"],
        age_days=row["age_days"],
        records=row["records"],
        set_aside=row["set_aside"],
        problems=tuple(row["problems"]),
        warnings=tuple(row["warnings"]),
        new_copies=tuple(row["new_copies"]),
        exhibits=tuple(row["exhibits"]),
        sandbox=row["sandbox"],
    )
