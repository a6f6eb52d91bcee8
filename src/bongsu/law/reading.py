"""The law cards, read strictly into values and held against one another."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from bongsu.kernel.cards import Card, read_card
from bongsu.kernel.errors import CardError
from bongsu.law.model import (
    BASES,
    DIRECTIONS,
    EFFECTS,
    HS_PREFIX,
    HS_REVISIONS,
    KINDS,
    MEASURE_KEY,
    RESOLUTION_KINDS,
    TOPICS,
    Cap,
    Change,
    Check,
    Condition,
    Exemption,
    Goods,
    Mandate,
    Measure,
    PublicText,
    Resolution,
    Threshold,
    Vote,
    WindDown,
)
from bongsu.law.regime import Regime


@cache
def load_regime() -> Regime:
    """The whole regime from the cards inside the package, read once.

    Raises:
        CardError: a card that says what no one knows, or cards that contradict one another.
    """
    folder = files("bongsu.law") / "data" / "resolutions"
    cards = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return regime_from((card.name, card.read_bytes()) for card in cards)


def regime_from(cards: Iterable[tuple[str, bytes]]) -> Regime:
    """The regime from (file name, TOML bytes) pairs.

    Raises:
        CardError: a card that says what no one knows, or cards that contradict one another.
    """
    resolutions = [read_card(text, where=name, read=_resolution) for name, text in cards]
    resolutions.sort(key=lambda resolution: (resolution.adopted, resolution.name))
    _agree(resolutions)
    return Regime(resolutions=tuple(resolutions))


def _resolution(card: Card) -> Resolution:
    kind = card.text("kind", one_of=RESOLUTION_KINDS)
    number = None if kind == "draft" else card.integer("number", least=1)
    texts = card.tables("text", _public_text)
    document = card.text("document")
    resolution = Resolution(
        number=number,
        document=document,
        adopted=card.day("adopted"),
        kind=kind,
        trigger=card.text_or_none("trigger"),
        charter=card.text_or_none("charter"),
        summary=card.text("summary"),
        url=card.text("url"),
        vote=card.table("vote", _vote),
        mandate=card.table_or_none("mandate", _mandate),
        measures=card.tables("measure", lambda table: _measure(table, document)),
        texts=texts,
        check=_check(card),
    )
    known = {text.id for text in texts}
    for check in resolution.checks():
        if check.text_id is not None and check.text_id not in known:
            raise card.error(f"names a text that it does not list: {check.text_id}")
    for measure in resolution.measures:
        if not measure.key.startswith(f"{number}/"):
            raise card.error(f"holds {measure.key}, a key of another resolution")
    return resolution


def _public_text(card: Card) -> PublicText:
    return PublicText(
        id=card.text("id"),
        title=card.text("title"),
        publisher=card.text("publisher"),
        url=card.text("url"),
        read_on=card.day("read_on"),
    )


def _check(card: Card) -> Check:
    if ("checked" in card) == ("unverified" in card):
        raise card.error("says either what it was checked against or why it was not, one of the two")
    return Check(text_id=card.text_or_none("checked"), unverified=card.text_or_none("unverified"))


def _vote(card: Card) -> Vote:
    vote = Vote(
        in_favour=card.integer("for", least=0),
        against=card.integer("against", least=0),
        abstaining=card.integer("abstaining", least=0),
        against_states=card.texts("against_states"),
        abstaining_states=card.texts("abstaining_states"),
        reference=card.text("reference"),
        check=_check(card),
    )
    if vote.in_favour + vote.against + vote.abstaining != 15:  # Charter of the United Nations, Article 23
        raise card.error("does not add up to the Council's 15 members")
    for states, count in ((vote.against_states, vote.against), (vote.abstaining_states, vote.abstaining)):
        if len(states) != count:
            raise card.error("does not name those who voted against or abstained")
    return vote


def _mandate(card: Card) -> Mandate:
    return Mandate(
        paragraph=card.text("paragraph"),
        until=card.day("until"),
        reference=card.text("reference"),
        check=_check(card),
    )


def _measure(card: Card, document: str) -> Measure:
    key = card.text("key")
    if not MEASURE_KEY.fullmatch(key):
        raise card.error(f"{key!r} is not a measure's key such as 2397/5 or 1718/8a2", "key")
    measure = Measure(
        key=key,
        resolution=document,
        paragraph=card.text("paragraph"),
        title=card.text("title"),
        topics=card.texts("topics", at_least=1, one_of=TOPICS),
        kind=card.text("kind", one_of=KINDS),
        says=" ".join(card.text("says").split()),
        binds=card.texts("binds", at_least=1),
        direction=card.text_or_none("direction", one_of=DIRECTIONS),
        binds_from=card.day("binds_from"),
        binds_until=card.day_or_none("binds_until"),
        binds_from_note=card.text_or_none("binds_from_note"),
        whatever_the_goods=card.flag("whatever_the_goods", default=False),
        goods_of=card.text_or_none("goods_of"),
        goods=card.tables("goods", _goods),
        caps=card.tables("cap", _cap),
        wind_downs=card.tables("wind_down", _wind_down),
        conditions=card.tables("condition", _condition),
        exemptions=card.tables("exemption", _exemption),
        changes=card.tables("change", _change),
        check=_check(card),
    )
    if (measure.goods or measure.goods_of) and measure.direction is None:
        raise card.error("has goods but no direction", "direction")
    if measure.whatever_the_goods and measure.direction is None:
        raise card.error("bears whatever the goods, and has no direction", "whatever_the_goods")
    if measure.goods and measure.goods_of:
        raise card.error("has goods of its own and those of another measure", "goods_of")
    if measure.binds_until is not None and measure.binds_until < measure.binds_from:
        raise card.error("ends before it begins", "binds_until")
    return measure


def _goods(card: Card) -> Goods:
    return Goods(
        what=card.text("what"),
        hs=_hs(card, "hs"),
        hs_revision=card.text("hs_revision", one_of=HS_REVISIONS),
        basis=card.text("basis", one_of=BASES),
        part_only=card.flag("part_only"),
        except_hs=_hs(card, "except_hs"),
        threshold=card.table_or_none("threshold", _threshold),
        reference=card.text("reference"),
        check=_check(card),
    )


def _threshold(card: Card) -> Threshold:
    return Threshold(
        over=card.decimal("over"),
        unit=card.text("unit"),
        reference=card.text("reference"),
        check=_check(card),
    )


def _hs(card: Card, key: str) -> tuple[str, ...]:
    prefixes = card.texts(key)
    for prefix in prefixes:
        if not HS_PREFIX.fullmatch(prefix):
            raise card.error(f"{prefix!r} is not an HS chapter, heading or subheading", key)
    return prefixes


def _cap(card: Card) -> Cap:
    return Cap(
        amount=card.decimal("amount"),
        unit=card.text("unit"),
        period=card.text("period"),
        binds_from=card.day("binds_from"),
        binds_until=card.day_or_none("binds_until"),
        whichever_is_lower=card.flag("whichever_is_lower", default=False),
        reference=card.text("reference"),
        check=_check(card),
    )


def _wind_down(card: Card) -> WindDown:
    return WindDown(
        what=card.text("what"),
        until=card.day("until"),
        hs=_hs(card, "hs"),
        reference=card.text("reference"),
        check=_check(card),
    )


def _condition(card: Card) -> Condition:
    return Condition(
        what=" ".join(card.text("what").split()),
        hs=_hs(card, "hs"),
        reference=card.text("reference"),
        check=_check(card),
    )


def _exemption(card: Card) -> Exemption:
    exemption = Exemption(
        what=" ".join(card.text("what").split()),
        granted_by=card.text("granted_by"),
        hs=_hs(card, "hs"),
        holds_from=card.day_or_none("holds_from"),
        holds_until=card.day_or_none("holds_until"),
        reference=card.text("reference"),
        check=_check(card),
    )
    if exemption.holds_until is not None and not exemption.in_force(exemption.holds_until):
        raise card.error("ends before it begins", "holds_until")
    return exemption


def _change(card: Card) -> Change:
    return Change(
        by=card.text("by"),
        effect=card.text("effect", one_of=EFFECTS),
        on=card.day("on"),
        reference=card.text("reference"),
        check=_check(card),
    )


def _agree(resolutions: list[Resolution]) -> None:
    """Keys are unique, and what a card says of another measure names one that exists."""
    measures: dict[str, Measure] = {}
    for resolution in resolutions:
        for measure in resolution.measures:
            if measure.key in measures:
                raise CardError("stands twice", where=measure.key)
            measures[measure.key] = measure
    for measure in measures.values():
        _agree_on_changes(measure, measures)
        _agree_on_goods(measure, measures)
        for exemption in measure.exemptions:
            for day in (exemption.holds_from, exemption.holds_until):
                if day is not None and not measure.in_force(day):
                    raise CardError(f"has an exemption of a day on which it does not bind: {day}", where=measure.key)


def _agree_on_changes(measure: Measure, measures: dict[str, Measure]) -> None:
    for change in measure.changes:
        if change.by not in measures:
            raise CardError(f"is changed by {change.by}, which no card holds", where=measure.key)
        if change.on < measure.binds_from:
            raise CardError(f"is changed by {change.by} before it binds", where=measure.key)
    if any(change.effect in {"replaced", "ended"} for change in measure.changes) and measure.binds_until is None:
        raise CardError("is replaced or ended, but has no last day (binds_until)", where=measure.key)


def _agree_on_goods(measure: Measure, measures: dict[str, Measure]) -> None:
    if measure.goods_of is None:
        return
    other = measures.get(measure.goods_of)
    if other is None or not other.goods:
        raise CardError(f"goes with {measure.goods_of}, which no card holds with goods", where=measure.key)
    if other.direction not in {measure.direction, "both"}:
        raise CardError(f"goes another way than the goods of {measure.goods_of}", where=measure.key)
