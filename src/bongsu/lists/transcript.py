"""The transcript of one copy: a reader writes down what it reads, and what it sets aside, in the order of the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from bongsu.kernel.canonical import digest_of
from bongsu.lists.cards import SourceCard
from bongsu.lists.cleaning import Cleaned, clean, language_of, squeezed
from bongsu.lists.model import OTHER_NAMES, Part, Reading, SetAside, Statement, tally

LONGEST_EXCERPT: Final = 200


class Transcript:
    """Statements and set-asides of one copy, in the order they are written down."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.set_aside: list[SetAside] = []

    def entry(self, part: Part, *, listing: str, schema: str, locator: str) -> Entry:
        """A page for one listed entity; nothing of it stands in the transcript until it is `kept`."""
        return Entry(self, part, listing=listing, schema=schema, locator=locator)

    def reading(self, card: SourceCard, *, in_file: int, printed_on: date | None = None) -> Reading:
        """What was made of the copy.

        Args:
            card: the list's.
            in_file: entries the file holds, counted before any was read.
            printed_on: the day the list prints of itself; None where it prints none.
        """
        return Reading(
            source=card.id,
            printed_on=printed_on,
            statements=tuple(self.statements),
            set_aside=tuple(self.set_aside),
            tally=tally(
                in_file=in_file,
                aliases=sum(statement.prop in OTHER_NAMES for statement in self.statements),
                statements=self.statements,
                set_aside=self.set_aside,
                is_dprk=card.is_dprk,
            ),
        )

    def aside(
        self, part: Part, locator: str, reason: str, *, field: str | None = None, value: str = "", whole: bool = False
    ) -> None:
        """Write down that something was not taken, and why."""
        self.set_aside.append(
            SetAside(
                part=part.name,
                exhibit=part.exhibit,
                locator=locator,
                field=field,
                value=" ".join(value.split())[:LONGEST_EXCERPT],
                reason=reason,
                whole_entry=whole,
            )
        )


class Entry:
    """The page of one listed entity and its sub-entities."""

    def __init__(self, transcript: Transcript, part: Part, *, listing: str, schema: str, locator: str) -> None:
        self.listing = listing
        self.schema = schema
        self.locator = locator
        self.part = part
        self._transcript = transcript

    def on(self, part: Part) -> Entry:
        """The same page, continued from another part of the copy."""
        return Entry(self._transcript, part, listing=self.listing, schema=self.schema, locator=self.locator)

    def say(
        self,
        prop: str,
        printed: str | None,
        *,
        at: str | None = None,
        cleaned: Cleaned | None = None,
        lang: str | None = None,
    ) -> None:
        """A statement about the listed entity itself; an empty or absent value says nothing and is not written.

        Args:
            prop: FollowTheMoney property.
            printed: as the list prints it.
            at: locator, where it differs from the entry's.
            cleaned: what was made of it, where the property's own rule does not apply.
            lang: language, where the list tells it; else the script may.
        """
        self._write(self.listing, self.schema, prop, printed, at=at, cleaned=cleaned, lang=lang)

    def sub_entity(
        self,
        kind: str,
        schema: str,
        values: Mapping[str, str | None],
        *,
        at: str | None = None,
        cleaned: Mapping[str, Cleaned] | None = None,
    ) -> str | None:
        """Statements about a sub-entity (an address, a passport) whose id is a hash of what they say.

        Args:
            kind: a word of the id, such as `address`.
            schema: FollowTheMoney schema.
            values: printed values by property; empty ones are left out.
            at: locator, where it differs from the entry's.
            cleaned: what was made of a value, by property, where the property's own rule does not apply.

        Returns:
            The sub-entity's id, or None where no value says anything.
        """
        said = {prop: printed for prop, printed in values.items() if printed is not None and printed.strip()}
        if not said:
            return None
        content = {prop: squeezed(printed) for prop, printed in said.items()}
        entity = f"{self.listing}/{kind}/{digest_of(content)[:12]}"
        for prop, printed in said.items():
            self._write(entity, schema, prop, printed, at=at, cleaned=(cleaned or {}).get(prop))
        return entity

    def say_of(
        self, entity: str, schema: str, prop: str, printed: str | None, *, at: str | None = None, cleaned: Cleaned
    ) -> None:
        """A statement about a sub-entity that the list itself names, such as one of several designations.

        Args:
            entity: the sub-entity's id, which begins with the listing's.
            schema: its FollowTheMoney schema.
            prop: FollowTheMoney property; it may be said more than once.
            printed: as the list prints it.
            at: locator, where it differs from the entry's.
            cleaned: what was made of it.
        """
        self._write(entity, schema, prop, printed, at=at, cleaned=cleaned)

    def link(self, entity: str | None, schema: str, prop: str, *, at: str | None = None) -> None:
        """The property that ties a sub-entity to the listed entity, such as a passport's `holder`."""
        if entity is not None:
            self._write(entity, schema, prop, self.listing, at=at, cleaned=Cleaned.of(self.listing))

    def sanction(
        self, prop: str, printed: str | None, *, at: str | None = None, cleaned: Cleaned | None = None
    ) -> None:
        """A statement about the designation itself: programme, list reference, dates, provisions."""
        self._write(f"{self.listing}/sanction", "Sanction", prop, printed, at=at, cleaned=cleaned)

    def aside(self, reason: str, *, field: str | None = None, value: str = "", at: str | None = None) -> None:
        """Set a field of this entry aside; the entry itself stays."""
        self._transcript.aside(self.part, at or self.locator, reason, field=field, value=value)

    def _write(
        self,
        entity: str,
        schema: str,
        prop: str,
        printed: str | None,
        *,
        at: str | None,
        cleaned: Cleaned | None = None,
        lang: str | None = None,
    ) -> None:
        if printed is None or not printed.strip():
            return
        made = clean(prop, printed) if cleaned is None else cleaned
        self._transcript.statements.append(
            Statement(
                listing=self.listing,
                entity=entity,
                schema=schema,
                prop=prop,
                value=printed,
                cleaned=made.value,
                rejected=made.rejected,
                lang=lang or language_of(printed),
                exhibit=self.part.exhibit,
                locator=at or self.locator,
            )
        )
