"""What a person says of a file given to the store; it stands in the capture, so that the custody log holds it all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self

from bongsu.cases.handling import Handling
from bongsu.evidence import Capture
from bongsu.kernel.canonical import canonical_json, is_digest
from bongsu.kernel.errors import UsageError

#: The source that captures of persons bear; lists and feeds have names of their own.
SOURCE: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as a person gave it.

    Args:
        by: the person's user name.
        member: the member the person was of then; empty in what was given before this was told.
        title: what it is, in a line.
        origin: where it is from, as told.
        handling: how it is to be handled, as chosen.
        obtained: how it was obtained.
        case: the id of the case it is for, or the empty text.
        claimed_type: the media type the browser said.
        claimed_name: the name the file had; never a path here.
        parents: digests of the exhibits it was made from.
        how: how it was made from them, such as `translation`.
        sandbox: whether it is said to be invented.
    """

    by: str
    title: str
    origin: str
    handling: Handling
    member: str = ""
    obtained: str = ""
    case: str = ""
    claimed_type: str = ""
    claimed_name: str = ""
    parents: tuple[str, ...] = ()
    how: str = ""
    sandbox: bool = False

    @property
    def givers(self) -> frozenset[str]:
        """The member it was given for; all that it may have been where that is not told."""
        return frozenset({self.member}) if self.member else self.handling.originators

    def capture(self, at: datetime, tool: str) -> Capture:
        """The capture that tells it to the custody log."""
        said = {
            "by": self.by,
            "member": self.member,
            "title": self.title,
            "origin": self.origin,
            "obtained": self.obtained,
            "claimed-type": self.claimed_type,
            "claimed-name": self.claimed_name,
            "parents": " ".join(self.parents),
            "how": self.how,
            "sandbox": "yes" if self.sandbox else "",
            "handling": canonical_json(self.handling.record()).decode(),
        }
        return Capture(
            source=SOURCE,
            part=self.case,
            url=self.claimed_name,
            retrieved_at=at,
            tool=tool,
            headers=tuple((name, value) for name, value in said.items() if value),
        )

    @classmethod
    def of(cls, capture: Mapping[str, Any]) -> Self:  # Any: JSON of our own making
        """What a capture of a person tells.

        Raises:
            UsageError: its handling is none.
        """
        said = {str(name): str(value) for name, value in capture["headers"]}
        try:
            handling = Handling.from_record(json.loads(said.get("handling", "")))
        except ValueError as error:
            raise UsageError(f"a capture of a person tells no handling: {error}") from None
        return cls(
            by=said.get("by", ""),
            member=said.get("member", ""),
            title=said.get("title", ""),
            origin=said.get("origin", ""),
            handling=handling,
            obtained=said.get("obtained", ""),
            case=str(capture["part"]),
            claimed_type=said.get("claimed-type", ""),
            claimed_name=said.get("claimed-name", ""),
            parents=tuple(each for each in said.get("parents", "").split() if is_digest(each)),
            how=said.get("how", ""),
            sandbox=said.get("sandbox") == "yes",
        )


def given_in(detail: Mapping[str, Any]) -> Given | None:  # Any: as above
    """What a person said of a file, from an entry of the custody log.

    None where no person gave it, or what was said cannot be read: it is then handled as what has a name nobody knows.
    """
    capture = detail.get("capture")
    if not isinstance(capture, dict) or capture.get("source") != SOURCE:
        return None
    try:
        return Given.of(capture)
    except UsageError:
        return None
