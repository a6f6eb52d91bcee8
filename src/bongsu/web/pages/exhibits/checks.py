"""What the Berkeley Protocol asks of a digital item before it is relied on, answered from what is known of it.

The questions follow chapter VI of the Berkeley Protocol on Digital Open Source Investigations (OHCHR and UC Berkeley,
2022), on preservation: authenticity, availability, identity, persistence, renderability, understandability.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from django.utils.translation import gettext as _

from bongsu.evidence.exhibit import name_of
from bongsu.web.pages.exhibits.preview import Place, UnshownError, Window
from bongsu.web.pages.exhibits.preview.place import Box, Span
from bongsu.web.record.custody import Custody
from bongsu.web.record.exhibits import exhibit_store
from bongsu.web.record.seen import Seen

Answer: TypeAlias = Literal["pass", "fail", "unknown"]
#: How long a look at the bytes holds good.
_LOOKED_WITHIN: Final = timedelta(days=90)
_TONES: Final = {"pass": "good", "fail": "bad", "unknown": "warn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question, its answer and why."""

    name: str
    answer: Answer
    reason: str

    @property
    def tone(self) -> str:
        """The tone it is shown in."""
        return _TONES[self.answer]

    @property
    def word(self) -> str:
        """The answer in a word."""
        return {"pass": _("pass"), "fail": _("fail"), "unknown": _("unknown")}[self.answer]


def checks(
    one: Seen, log: list[Custody], *, chain: bool, view: Window | UnshownError, now: datetime
) -> Iterator[Check]:
    """The six answers, in the protocol's order."""
    yield _authenticity(one, log, chain=chain)
    yield _availability(one)
    yield _identity(one, log)
    yield _persistence(one, now)
    yield _renderability(view)
    yield _understandability(one, view)


def _authenticity(one: Seen, log: list[Custody], *, chain: bool) -> Check:
    name = _("Authenticity")
    if one.row.sound is False:
        return Check(name=name, answer="fail", reason=_("The bytes are not those that were received."))
    if not chain:
        return Check(name=name, answer="fail", reason=_("The custody log does not hold together around this exhibit."))
    if one.row.sound is None:
        return Check(name=name, answer="unknown", reason=_("Nobody has hashed the bytes since they came."))
    if not one.origin or not any(row.event in {"received", "derived"} for row in log):
        return Check(
            name=name, answer="unknown", reason=_("The bytes are those received; where they are from was not told.")
        )
    return Check(name=name, answer="pass", reason=_("The bytes are those received, and the log tells how they came."))


def _availability(one: Seen) -> Check:
    there = exhibit_store().folder.exists(name_of(one.row.digest))
    reason = _("The bytes are in the store.") if there else _("The bytes are gone from the store.")
    return Check(name=_("Availability"), answer="pass" if there else "fail", reason=reason)


def _identity(one: Seen, log: list[Custody]) -> Check:
    name = _("Identity")
    sizes = {row.detail.get("size") for row in log if row.event in {"received", "derived"}} - {None}
    if sizes and sizes != {one.row.size_bytes}:
        return Check(name=name, answer="fail", reason=_("The log tells another size than the bytes have."))
    claimed = one.own[0].claimed_type if one.own else ""
    if claimed and claimed != one.row.media_type:
        reason = _("Named by its SHA-256; its bytes look like %(found)s, and %(claimed)s was claimed.")
        return Check(name=name, answer="unknown", reason=reason % {"found": one.row.media_type, "claimed": claimed})
    return Check(name=name, answer="pass", reason=_("Named by its SHA-256; the log tells its size and kind."))


def _persistence(one: Seen, now: datetime) -> Check:
    name = _("Persistence")
    looked = one.row.verified_at
    if looked is None:
        return Check(name=name, answer="unknown", reason=_("Its bytes were never looked at again."))
    if one.row.sound is False:
        return Check(name=name, answer="fail", reason=_("At the last look the bytes were damaged or gone."))
    if now - looked > _LOOKED_WITHIN:
        return Check(name=name, answer="unknown", reason=_("The last look at its bytes is more than 90 days old."))
    return Check(
        name=name, answer="pass", reason=_("The store deletes nothing, and the bytes were sound at the last look.")
    )


def _renderability(view: Window | UnshownError) -> Check:
    name = _("Renderability")
    if isinstance(view, UnshownError):
        return Check(name=name, answer="fail", reason=why_unshown(view))
    return Check(name=name, answer="pass", reason=_("It can be shown on this page."))


def _understandability(one: Seen, view: Window | UnshownError) -> Check:
    name = _("Understandability")
    if isinstance(view, UnshownError) or one.row.media_type == "application/octet-stream":
        return Check(name=name, answer="unknown", reason=_("Whether it can be understood, a person must say."))
    if not one.title or not one.origin:
        return Check(name=name, answer="unknown", reason=_("It is not told what it is, or where it is from."))
    return Check(
        name=name, answer="pass", reason=_("It is told what it is and where it is from, and its form is a known one.")
    )


def why_unshown(error: UnshownError) -> str:
    """Why something cannot be shown, in words."""
    reasons = {
        "broken": _("The file is broken or not what it seems to be: %(said)s"),
        "bomb": _("It unpacks to far more than it is: it was not unpacked further."),
        "far": _("The place lies too far inside the file to be shown here; download it."),
        "large": _("It is too large to be shown here; download it."),
        "encrypted": _("It is encrypted."),
        "huge": _("The page measures more than a page of a PDF file may."),
        "heavy": _("Drawing this page takes more than one page is given here; download the file."),
        "damaged": _("The bytes are not those that were received, or are gone: %(said)s"),
        "place": _("This place is not written as a locator."),
    }
    return reasons[error.reason] % {"said": error.said}


def place_in_words(place: Place | None, media_type: str) -> str:
    """A box or a span of time in words; empty for a place that is neither."""
    if place is None:
        return ""
    said = [_box_in_words(place.box, media_type)] if place.box is not None else []
    if place.span is not None:
        said.insert(0, _span_in_words(place.span))
    return " ".join(said)


def _box_in_words(box: Box, media_type: str) -> str:
    numbers = {"left": box.left, "top": box.top, "width": box.width, "height": box.height}
    if box.percent:
        words = _(
            "A box: %(left)s %% from the left, %(top)s %% from the top, %(width)s %% wide and %(height)s %% high."
        )
    elif media_type == "application/pdf":
        words = _(
            "A box: %(left)s points from the left, %(top)s from the top, %(width)s wide and %(height)s high"
            " (72 points are one inch)."
        )
    else:
        words = _("A box: %(left)s pixels from the left, %(top)s from the top, %(width)s wide and %(height)s high.")
    return words % numbers


def _span_in_words(span: Span) -> str:
    if not span.ends:
        return _("From second %(begins)s of the recording to its end.") % {"begins": span.begins}
    words = _("From second %(begins)s to second %(ends)s of the recording, the last not in it.")
    return words % {"begins": span.begins or "0", "ends": span.ends}


def event_word(event: str) -> str:
    """What happened to an exhibit, in a word."""
    words = {
        "received": _("received"),
        "failed": _("not received"),
        "derived": _("made from another"),
        "exported": _("copied out"),
        "scrubbed": _("inspected"),
        "revealed": _("revealed"),
    }
    return words.get(event, event)
