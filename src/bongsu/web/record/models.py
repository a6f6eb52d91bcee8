"""The journal, and the rows that follow from it and from the cycles: cases, indicators, exhibits, texts to search.

Every row that someone may not read carries a handling; every question about such rows begins with `readable_by`.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.utils.timezone import now

from bongsu.cases import codec
from bongsu.cases.handling import Handling, Reader, Tlp, may_read
from bongsu.cases.model import Case
from bongsu.kernel.canonical import digest_of

M = TypeVar("M", bound="Handled")


class Entry(models.Model):
    """One entry of the journal, written once; the chain of digests holds the order and every byte."""

    number = models.BigIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=64, db_index=True)  # the actor's user name, to find entries by
    actor = models.JSONField(null=True)
    kind = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=64, db_index=True, default="")  # as the body names it, to find entries by
    body = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class HandlingRow(models.Model):
    """One way of handling, shared by all rows that are handled so: there are few, so that a question names them."""

    digest = models.CharField(max_length=64, unique=True)
    tlp = models.SmallIntegerField()
    record = models.JSONField()

    def __str__(self) -> str:
        return Tlp(self.tlp).label

    @property
    def handling(self) -> Handling:
        """The handling."""
        return Handling.from_record(self.record)

    @classmethod
    def of(cls, handling: Handling) -> Self:
        """The row of a handling, made where there is none yet."""
        record = handling.record()
        row, _ = cls.objects.get_or_create(
            digest=digest_of(record), defaults={"tlp": int(handling.tlp), "record": record}
        )
        return row


def readable_handlings(reader: Reader, on: date | None = None) -> list[int]:
    """The ids of the handlings a person may read on a day, by the one rule of `cases.handling.may_read`."""
    day = on or now().date()
    return [row.pk for row in HandlingRow.objects.all() if may_read(reader, row.handling, day)]


class HandledSet(models.QuerySet[M]):
    """Rows that carry a handling."""

    def readable_by(self, reader: Reader, on: date | None = None) -> Self:
        """Only what a person may read: the first step of every list, count, search, suggestion and export."""
        return self.filter(handling__in=readable_handlings(reader, on))


class Handled(models.Model):
    """A row that carries a handling."""

    handling = models.ForeignKey(HandlingRow, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager] = HandledSet.as_manager()

    class Meta:
        abstract = True


class CaseRow(Handled):
    """A case as its acts have made it so far; `record` is its JSON form."""

    id = models.CharField(primary_key=True, max_length=16)
    kind = models.CharField(max_length=16)
    title = models.TextField()
    is_open = models.BooleanField(db_index=True)
    stage = models.CharField(max_length=24, db_index=True)  # of the finding that is least far, for the board
    acts = models.IntegerField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    last_at = models.DateTimeField(db_index=True)
    sandbox = models.BooleanField(default=False)
    record = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-last_at", "id"]
        indexes: ClassVar = [models.Index(fields=["is_open", "stage", "-last_at"])]

    def whole(self) -> Case:
        """The case, whole."""
        return codec.value_of(Case, self.record)

    def __str__(self) -> str:
        return self.title


class CaseName(models.Model):
    """A name that a subject of a case goes by: its id, or a number that means it alone."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="names", db_index=False)
    name = models.CharField(max_length=200, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "name"], name="named_once")]

    def __str__(self) -> str:
        return self.name


class DismissalRow(models.Model):
    """What a case put aside; `record` is the JSON form of `cases.model.Dismissal`."""

    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="dismissals", db_index=False)
    place = models.IntegerField()  # among those of the case, from 0
    indicator = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=200, db_index=True, default="")  # empty where the act names none
    record = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "place"], name="put_aside_once")]

    def __str__(self) -> str:
        return self.indicator


class PublishedFinding(Handled):
    """What was published of a finding, under the finding's own handling, which is not its case's.

    `record` is the JSON form of `cases.published.PublicFinding`.
    """

    id = models.CharField(primary_key=True, max_length=16)  # the finding's
    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="published_findings")
    title = models.TextField()  # of the version published last, as are the next two
    state = models.CharField(max_length=24)
    published_at = models.DateTimeField()
    stands = models.BooleanField()
    sandbox = models.BooleanField(default=False)
    record = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-published_at", "id"]
        indexes: ClassVar = [models.Index(fields=["-published_at", "id"], name="findings_published")]

    def __str__(self) -> str:
        return self.title


class WholeCycles(models.Manager["CycleRow"]):
    """The cycles that were taken in to their last indicator."""

    def get_queryset(self) -> models.QuerySet[CycleRow]:
        """Only those."""
        return super().get_queryset().filter(whole=True)


class CycleRow(models.Model):
    """A cycle of the watch that was taken in; one that is still being taken in is not among `objects`."""

    id = models.CharField(primary_key=True, max_length=64)
    clock = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(auto_now_add=True)
    summary = models.JSONField(default=dict)
    whole = models.BooleanField(default=True)

    begun: ClassVar[models.Manager] = models.Manager()
    objects: ClassVar[WholeCycles] = WholeCycles()

    class Meta:
        ordering: ClassVar = ["-clock", "-id"]

    def __str__(self) -> str:
        return self.id


class IndicatorState(models.TextChoices):
    """What people did with an indicator: where it stands for a reader is for `record.states` alone to say."""

    NEW = "new"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class IndicatorRow(Handled):
    """An indicator that a cycle found; `record` is its JSON form, by which its id is the digest."""

    # Without indices of their own: nearly all rows share one handling and a few cycles, and SQLite would take them for
    # selective, read the rows and sort them.
    handling = models.ForeignKey(HandlingRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    id = models.CharField(primary_key=True, max_length=16)
    desk = models.CharField(max_length=32)
    detector = models.CharField(max_length=64)
    title = models.TextField()
    subject_id = models.CharField(max_length=200, db_index=True)
    subject_name = models.TextField()
    subject_schema = models.CharField(max_length=32)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    score = models.FloatField()
    latitude_deg = models.FloatField(null=True)
    longitude_deg = models.FloatField(null=True)
    sandbox = models.BooleanField()
    suggestion = models.CharField(max_length=16, db_index=True, default="")
    first_cycle = models.ForeignKey(CycleRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_cycle = models.ForeignKey(CycleRow, on_delete=models.PROTECT, related_name="indicators", db_index=False)
    record = models.JSONField()

    class Meta:
        ordering: ClassVar = ["-score", "subject_id", "id"]
        # One index in the order of the list that holds all a list is asked by: a filter that few rows pass is answered
        # from it alone, without the rows, which are ten times as large (100,000 of them: 300 MB).
        indexes: ClassVar = [
            models.Index(
                fields=[
                    "-score", "subject_id", "id", "subject_name", "desk", "detector", "handling", "first_cycle",
                    "last_cycle", "begins_at", "ends_at", "latitude_deg", "sandbox",
                ],
                name="indicators_listed",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title


class Decision(Handled):
    """What was decided last on an indicator in a case; handled as the case is, and one for each of the two."""

    # Asked for by its indicator and with it; on its own a handling holds nearly all of them, see `IndicatorRow`.
    handling = models.ForeignKey(HandlingRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    indicator = models.ForeignKey(IndicatorRow, on_delete=models.CASCADE, related_name="decisions", db_index=False)
    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=12, choices=IndicatorState.choices)  # accepted or dismissed
    reason = models.TextField(default="")  # why it was dismissed
    number = models.BigIntegerField()  # of the journal's entry, by which decisions are ordered
    into = models.ForeignKey(CaseRow, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)  # merged

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "case"], name="decided_once")]
        # The handling last: before it, SQLite would enter the index once for each of the handlings that are asked for.
        indexes: ClassVar = [models.Index(fields=["indicator", "into", "state", "handling"], name="decisions_counted")]

    def __str__(self) -> str:
        return self.state


class IndicatorMeasure(models.Model):
    """A measure that bears on an indicator."""

    indicator = models.ForeignKey(IndicatorRow, on_delete=models.CASCADE, related_name="measures")
    measure = models.CharField(max_length=32, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "measure"], name="measure_once")]

    def __str__(self) -> str:
        return self.measure


class IndicatorExhibit(models.Model):
    """An exhibit that an indicator cites, taken in or not yet; the indicator is handled as strictly."""

    indicator = models.ForeignKey(IndicatorRow, on_delete=models.CASCADE, related_name="exhibits", db_index=False)
    exhibit = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["indicator", "exhibit"], name="cited_once")]

    def __str__(self) -> str:
        return self.exhibit


class ExhibitRow(Handled):
    """An exhibit of the store: what is known of it, and how it is to be handled. The bytes are in the store."""

    digest = models.CharField(primary_key=True, max_length=64)
    size_bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    title = models.TextField()
    origin = models.TextField(default="")
    received_at = models.DateTimeField(db_index=True)
    received_by = models.CharField(max_length=64, default="")
    verified_at = models.DateTimeField(null=True)
    sound = models.BooleanField(null=True)
    sandbox = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-received_at", "digest"]

    def __str__(self) -> str:
        return self.title


class CustodyRow(models.Model):
    """An entry of the store's custody log as it was taken in, so that what happened to one exhibit is found at once."""

    seq = models.BigIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    at = models.DateTimeField()
    event = models.CharField(max_length=16)
    exhibit = models.CharField(max_length=64, db_index=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"


class Submission(Handled):
    """One time that a person gave an exhibit, and how that person said it was to be handled."""

    custody = models.OneToOneField(CustodyRow, primary_key=True, on_delete=models.PROTECT, related_name="submission")
    exhibit = models.ForeignKey(ExhibitRow, on_delete=models.PROTECT, related_name="submissions")
    by = models.CharField(max_length=64)
    case = models.CharField(max_length=16, default="")
    title = models.TextField()
    origin = models.TextField()
    obtained = models.TextField(default="")
    claimed_type = models.CharField(max_length=100, default="")
    claimed_name = models.CharField(max_length=255, default="")

    class Meta:
        ordering: ClassVar = ["custody"]

    def __str__(self) -> str:
        return self.title


class Derivation(models.Model):
    """That an exhibit was made from another, and how."""

    child = models.CharField(max_length=64, db_index=True)
    parent = models.CharField(max_length=64, db_index=True)
    how = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["child", "parent"], name="derived_once")]

    def __str__(self) -> str:
        return self.how


class SearchText(Handled):
    """What the search finds: one row for each case, finding, indicator and exhibit, in the same transaction."""

    # Without an index of its own, as the indicators': SQLite would go through all rows of a handling.
    handling = models.ForeignKey(HandlingRow, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=64)
    address = models.CharField(max_length=300)
    title = models.TextField()
    text = models.TextField(default="")  # as it is shown; the two below are what is asked for, see `record.tokens`
    title_words = models.TextField()
    words = models.TextField()  # of the title and the text
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="search_text_once")]

    def __str__(self) -> str:
        return self.title
