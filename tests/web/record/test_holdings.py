"""Random histories of exhibits that members give, derive, tighten and loosen: who may have what is what the rule says.

The rule of docs/explanation/cases.md is written down here a second time, over plain values; the site is asked in every
way in which an exhibit, or that there is one, comes out of it.
"""

from __future__ import annotations

import io
import shutil
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bongsu.cases.finding import Mark
from bongsu.cases.handling import Handling, Reader, Tlp, covers, may_read, strictest
from bongsu.cases.model import Case, made_id
from bongsu.cases.words import CaseKind, Role, Standard
from bongsu.cycle.version import TOOL
from bongsu.evidence import Capture, ExhibitStore, Folder
from bongsu.kernel.canonical import digest as digest_of_bytes
from bongsu.web import questions, watched
from bongsu.web.accounts.models import Member, Person, RequestCount, Token
from bongsu.web.exchange.parts import parts_for
from bongsu.web.record import rows
from bongsu.web.record.collected import unknown_handling
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import CycleRow, HandlingRow, IndicatorExhibit, IndicatorRow
from bongsu.web.record.seen import seen

sys.path[:0] = [str(Path(__file__).parents[1] / "pages"), str(Path(__file__).parents[1])]
from test_exhibits import PNG, read
from written_pdf import pdf, words

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 24, 6, tzinfo=UTC)
MEMBERS = ("alpha", "beta", "gamma")
CONTENTS = (PNG, PNG + b"SANDBOX", pdf(words("SANDBOX page")))
DIGESTS = tuple(map(digest_of_bytes, CONTENTS))
OPEN = Handling(tlp=Tlp.CLEAR, originators=frozenset({"alpha"}))
UNTOLD = unknown_handling("alpha")
#: A list that an authority publishes, and positions.
WORDS = {"un_sc": OPEN, "nmea": UNTOLD}
SIGN = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))


@dataclass(frozen=True)
class Chosen:
    """A handling as a form has it."""

    tlp: Tlp
    to: frozenset[str]
    named: frozenset[str]
    expires_on: date | None

    def form(self, by: Person) -> dict[str, Any]:
        return {
            "tlp": int(self.tlp),
            "releasable_to": sorted(self.to - {by.member_id}),
            "named": " ".join(sorted(self.named)) if self.tlp is Tlp.RED else "",
            "expires_on": self.expires_on or "",
        }

    def handling(self, by: Person) -> Handling:
        return Handling(
            tlp=self.tlp,
            originators=frozenset({by.member_id}),
            releasable_to=(self.to - {by.member_id}) or None,
            named=self.named | {by.username} if self.tlp is Tlp.RED else frozenset(),
            expires_on=self.expires_on,
        )


@dataclass(frozen=True)
class Gives:
    member: str
    number: int
    chosen: Chosen
    parents: frozenset[int]


@dataclass(frozen=True)
class Changes:
    member: str
    role: Role
    number: int
    chosen: Chosen


@dataclass(frozen=True)
class Unpacks:
    number: int
    parent: int


@dataclass(frozen=True)
class Collects:
    number: int
    source: str


Step = Gives | Changes | Unpacks | Collects


@dataclass
class Given:
    member: str
    handling: Handling
    parents: frozenset[int]


@dataclass
class Known:
    """An exhibit: its handling, how it came each time, and what every person gave.

    It came from a person of a member, from a source with the source's word, or unpacked from another exhibit.
    """

    handling: Handling
    came: list[str | Handling | int] = field(default_factory=list)
    givings: list[Given] = field(default_factory=list)

    @property
    def unpacked(self) -> set[int]:
        return {each for each in self.came if isinstance(each, int)}


@dataclass
class Rule:
    """Whose word binds whom, said once more."""

    known: dict[int, Known] = field(default_factory=dict)

    def words(self, number: int, below: frozenset[int]) -> list[Handling | None]:
        """What sources said of it, each time it came."""
        return [
            self.says(each, below | {number}) if isinstance(each, int) else _of_source(each)
            for each in (self.known[number].came if number not in below else ())
        ]

    def says(self, number: int, below: frozenset[int] = frozenset()) -> Handling | None:
        """The word of a source that decides."""
        words = self.words(number, below)
        if not words or words[0] is not None:
            return words[0] if words else None
        some = [word for word in words if word is not None]
        public = [word for word in some if word.tlp <= Tlp.GREEN]
        decides = public or (some if self.gave_first(number) == "alpha" else [])
        return decides[0] if decides else None

    def gave_first(self, number: int) -> str:
        match self.known[number].came[0]:
            case str(member):
                return member
            case int(parent):
                return self.gave_first(parent)
        return "alpha"

    def first(self, number: int) -> str:
        return "alpha" if self.says(number) else self.gave_first(number)

    def collected(self, number: int) -> Handling | None:
        """The watch's own copy of what another gave first."""
        words = [word for word in self.words(number, frozenset()) if word is not None]
        return _said(words) if words and self.first(number) != "alpha" else None

    def own(self, number: int, member: str) -> Handling | None:
        if number not in self.known or self.first(number) == member:
            return None
        collected = self.collected(number) if member == "alpha" else None
        said = [each.handling for each in self.known[number].givings if each.member == member]
        return collected or (_said(said) if said else None)

    def binding(self, number: int, member: str) -> Handling:
        return self.own(number, member) or self.known[number].handling

    def watched(self, number: int) -> Handling:
        """How the watch handles what it makes of it."""
        return self.collected(number) or self.known[number].handling

    def may(self, reader: Reader, number: int) -> bool:
        own = self.own(number, reader.member)
        return self.listed(reader, number) or (own is not None and may_read(reader, own, _today()))

    def may_hear(self, reader: Reader, number: int) -> bool:
        """Whether a source tells the reader of it."""
        collected = self.collected(number) if number in self.known and reader.member == "alpha" else None
        return self.listed(reader, number) or (collected is not None and may_read(reader, collected, _today()))

    def listed(self, reader: Reader, number: int) -> bool:
        return number in self.known and may_read(reader, self.known[number].handling, _today())

    def may_change(self, person: Person, number: int) -> bool:
        return self.listed(person.reader, number) and self.known[number].handling.is_sole(person.member_id)

    def may_free(self, person: Person, number: int) -> bool:
        """Whether a coordinator may change what is the member's and names others, unread."""
        own = number in self.known and self.known[number].handling.is_sole(person.member_id)
        return own and person.role_held is Role.COORDINATOR and not self.may(person.reader, number)

    def gives(self, person: Person, step: Gives) -> None:
        parts = [self.binding(parent, step.member) for parent in step.parents]
        handling = step.chosen.handling(person)
        handling = strictest([handling, *(part for part in parts if not covers(handling, part))])
        one = self.known.get(step.number)
        if one is None:
            one = self.known[step.number] = Known(handling, [step.member])
            one.givings.append(Given(step.member, handling, step.parents))
            return
        before = self.binding(step.number, step.member)
        if step.member == self.first(step.number) and not self.says(step.number):
            self._tighten(step.number, handling)
        one.came.append(step.member)
        one.givings.append(Given(step.member, handling, step.parents))
        if step.member != self.first(step.number) and not covers(before, self.binding(step.number, step.member)):
            self._spread(step.number, step.member)

    def changes(self, person: Person, step: Changes) -> None:
        one, chosen = self.known[step.number], step.chosen.handling(person)
        stricter = not covers(one.handling, chosen)
        if step.role is Role.COORDINATOR or (covers(chosen, one.handling) and not self.says(step.number)):
            one.handling = chosen
            if stricter:
                self._spread(step.number, None)

    def unpacks(self, step: Unpacks) -> None:
        parent, one = self.known[step.parent], self.known.get(step.number)
        if one is None:
            self.known[step.number] = Known(parent.handling, [step.parent])
        elif step.parent not in one.unpacked:
            self._comes(step.number, step.parent, parent.handling)
            if self.first(step.parent) == self.first(step.number):
                self._tighten(step.number, parent.handling)

    def collects(self, step: Collects) -> None:
        word = WORDS[step.source]
        if step.number in self.known:
            self._comes(step.number, word, word)
        else:
            self.known[step.number] = Known(word, [word])

    def _comes(self, number: int, how: Handling | int, word: Handling) -> None:
        """It comes once more: from here on a source may decide, of it and of what programs made of it."""
        before = {each: self.says(each) for each in self.known}
        self.known[number].came.append(how)
        self._decides(number, word, before)

    def _decides(self, number: int, word: Handling, before: dict[int, Handling | None]) -> None:
        if before[number] or not self.says(number):
            return
        one = self.known[number]
        before[number], stricter, one.handling = word, not covers(one.handling, word), word
        if stricter:
            self._spread(number, None)
        for child in sorted(self.known, key=DIGESTS.__getitem__):
            if number in self.known[child].unpacked and child != number:
                self._decides(child, one.handling, before)

    def _tighten(self, number: int, part: Handling) -> bool:
        one = self.known[number]
        if covers(one.handling, part) or not part.originators <= one.handling.originators:
            return False
        one.handling = strictest((one.handling, part))
        self._spread(number, None)
        return True

    def _spread(self, parent: int, member: str | None) -> None:
        """Everything made of it by whom it is stricter for, follows: all that its own handling binds, or one member."""
        for number, one in self.known.items():
            if number == parent:
                continue
            for each in one.givings:
                whose = self.own(parent, each.member) is None if member is None else each.member == member
                if parent not in each.parents or not whose:
                    continue
                part = self.binding(parent, each.member)
                if not covers(each.handling, part):
                    each.handling = strictest((each.handling, part))
                    if each.member != self.first(number):
                        self._spread(number, each.member)
                if each.member == self.first(number) and not self.says(number):
                    self._tighten(number, part)
            if member is None and parent in one.unpacked and self.first(parent) == self.first(number):
                self._tighten(number, self.known[parent].handling)


def _of_source(came: str | Handling) -> Handling | None:
    return came if isinstance(came, Handling) else None


def _said(words: list[Handling]) -> Handling:
    held, *later = words
    for each in later:
        held = strictest((held, each)) if each.originators <= held.originators else held
    return held


def _today() -> date:
    return timezone.now().date()


members = st.sampled_from(MEMBERS)
numbers = st.integers(0, len(CONTENTS) - 1)
chosen = st.builds(
    Chosen,
    tlp=st.sampled_from(Tlp),
    to=st.frozensets(members, max_size=2),
    named=st.frozensets(st.sampled_from([f"analyst1-{member}" for member in MEMBERS]), max_size=1),
    expires_on=st.sampled_from([None, None, date(2020, 1, 1), date(2099, 12, 31)]),
)
gives = st.builds(Gives, members, numbers, chosen, st.frozensets(numbers, max_size=2))
changes = st.builds(Changes, members, st.sampled_from([Role.ANALYST, Role.COORDINATOR]), numbers, chosen)
collects = st.builds(Collects, numbers, st.sampled_from(sorted(WORDS)))
steps = st.lists(st.one_of(gives, gives, changes, changes, st.builds(Unpacks, numbers, numbers), collects), max_size=9)

GREEN, STRICT = (Chosen(tlp, frozenset(), frozenset(), None) for tlp in (Tlp.GREEN, Tlp.AMBER_STRICT))
RED = replace(STRICT, tlp=Tlp.RED)


def given_green(member: str, number: int, *parents: int) -> Gives:
    return Gives(member, number, GREEN, frozenset(parents))


class TestHistories(TestCase):
    """Each example in a transaction and a store of its own."""

    def setup_example(self) -> None:
        """Persons of three members, two tokens each, and a case and a cycle that name every exhibit."""
        super().setup_example()
        cache.clear()
        self.persons: dict[tuple[str, Role], Person] = {}
        self.browsers: dict[str, Client] = {}
        self.tokens: dict[str, str] = {}
        for member in MEMBERS:
            made = Member.objects.create(id=member, name=f"Member {member.title()} (SANDBOX)")
            for role, clearance in ((Role.ANALYST, Tlp.RED), (Role.COORDINATOR, Tlp.RED), (Role.READER, Tlp.AMBER)):
                person = Person.objects.make(f"{role.value}1-{member}", member=made, role=role, clearance=clearance)
                self.persons[member, role] = person
                browser = self.browsers[person.username] = Client()
                browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
                soon = timezone.now() + timedelta(days=1)
                _, secret = Token.issue(person, label="SANDBOX", scopes=["read", "export"], expires_at=soon)
                self.tokens[person.username] = f"Bearer {secret}"
        self.case = made_id(["SANDBOX", "holdings"])
        rows.keep_case(_case_naming_all(self.case))
        _signs_citing_each(_cycle_reading_all())

    def teardown_example(self, example: Any) -> None:
        """The store goes with the rows."""
        super().teardown_example(example)
        shutil.rmtree(site.CONFIG.store, ignore_errors=True)

    @settings(max_examples=30)
    @given(steps, st.tuples(members, st.sampled_from([Role.ANALYST, Role.COORDINATOR, Role.READER])))
    @example(
        [given_green("alpha", 0), given_green("alpha", 1, 0), Changes("alpha", Role.COORDINATOR, 0, RED)],
        ("alpha", Role.ANALYST),
    )
    @example(
        [given_green("alpha", 0), given_green("beta", 0), Changes("alpha", Role.COORDINATOR, 0, RED)],
        ("beta", Role.READER),
    )
    @example(
        [Gives("beta", 0, RED, frozenset()), given_green("beta", 1, 0), given_green("gamma", 1)],
        ("beta", Role.COORDINATOR),
    )
    @example(
        [given_green("alpha", 0), Unpacks(1, 0), given_green("beta", 2, 1), Changes("alpha", Role.ANALYST, 0, STRICT)],
        ("gamma", Role.ANALYST),
    )
    @example([Collects(0, "nmea"), Changes("alpha", Role.ANALYST, 0, RED)], ("alpha", Role.READER))
    @example([Gives("beta", 0, RED, frozenset())], ("beta", Role.COORDINATOR))
    @example([Gives("beta", 0, RED, frozenset()), Collects(0, "un_sc")], ("gamma", Role.READER))
    @example([Gives("alpha", 0, RED, frozenset()), Unpacks(1, 0), Collects(0, "nmea")], ("alpha", Role.ANALYST))
    @example([Gives("beta", 0, RED, frozenset()), Unpacks(1, 0), Collects(0, "nmea")], ("alpha", Role.ANALYST))
    @example([Collects(0, "un_sc"), Gives("alpha", 0, RED, frozenset())], ("beta", Role.READER))
    def test_who_may_have_what_is_what_the_rule_says(self, steps: list[Step], asks: tuple[str, Role]) -> None:
        rule = Rule()
        for step in steps:
            self._done(rule, step)
        for person in self.persons.values():
            self._holds(rule, person)
        self._has(rule, self.persons[asks])

    def _done(self, rule: Rule, step: Step) -> None:
        match step:
            case Gives():
                self._given(rule, step)
            case Changes():
                person = self.persons[step.member, step.role]
                form = {**step.chosen.form(person), "reason": "SANDBOX"}
                answer = self.browsers[person.username].post(f"/exhibits/{DIGESTS[step.number]}/handling/", form)
                if rule.may_change(person, step.number) or rule.may_free(person, step.number):
                    rule.changes(person, step)
                    assert answer.status_code in {302, 422}
                else:
                    assert answer.status_code in {403, 404}
            case Unpacks() if step.parent in rule.known and step.number != step.parent:
                store = ExhibitStore(Folder.open(site.CONFIG.store), tool=TOOL)
                store.derive(CONTENTS[step.number], DIGESTS[step.parent], "gzip", AT)
                take_in_exhibits(store.folder, site.SITE.member)
                rule.unpacks(step)
            case Collects():
                store = ExhibitStore(Folder.open(site.CONFIG.store), tool=TOOL)
                url = "https://lists.example/SANDBOX"
                capture = Capture(source=step.source, part="main", url=url, retrieved_at=AT, tool=TOOL)
                store.receive(io.BytesIO(CONTENTS[step.number]), capture)
                take_in_exhibits(store.folder, site.SITE.member)
                rule.collects(step)

    def _given(self, rule: Rule, step: Gives) -> None:
        person = self.persons[step.member, Role.ANALYST]
        form = {"title": "SANDBOX", "origin": "an invented sender", **step.chosen.form(person)}
        form |= {"parents": " ".join(DIGESTS[each] for each in sorted(step.parents)), "sandbox": "on"}
        form["how"] = "conversion" if step.parents else ""
        form["file"] = SimpleUploadedFile("a", CONTENTS[step.number])
        answer = self.browsers[person.username].post("/exhibits/add/", form)
        if all(rule.may(person.reader, parent) for parent in step.parents):
            assert answer.status_code == 302, answer.content
            rule.gives(person, step)
        else:
            assert answer.status_code == 422

    def _has(self, rule: Rule, person: Person) -> None:
        """Whoever may have an exhibit is given it, in every way there is; whoever may not, in none."""
        for number, digest in enumerate(DIGESTS):
            may = rule.may(person.reader, number)
            assert self._statuses(person, number, digest) == {200 if may else 404}
            answer = self.browsers[person.username].get(f"/exhibits/{digest}/handling/").status_code
            changes = person.role_held is not Role.READER and rule.may_change(person, number)
            assert answer == (200 if changes or rule.may_free(person, number) else 403 if may else 404)

    def _holds(self, rule: Rule, person: Person) -> None:
        """Exhibits open to those who may read them, and what names them, names no other."""
        reader = person.reader
        listed = {each for each in range(len(CONTENTS)) if rule.listed(reader, each)}
        for number, digest in enumerate(DIGESTS):
            assert (seen(digest, reader) is not None) == rule.may(reader, number)
        for where, named in self._told(person).items():
            assert named == {DIGESTS[each] for each in listed}, where
        page = self.browsers[person.username].get("/exhibits/").content.decode()
        kept = {each for each in range(len(CONTENTS)) if f"/exhibits/{DIGESTS[each]}/handling/" in page}
        assert kept == {each for each in range(len(CONTENTS)) if rule.may_free(person, each)}
        # What was not taken in yet is the site's own, and for nobody else.
        untold = set(range(len(CONTENTS))) - set(rule.known) if may_read(reader, UNTOLD, _today()) else set()
        sea = next(each for each in watched.watched_sources(reader)["sources"] if each["id"] == "nmea")
        heard = {each for each in range(len(CONTENTS)) if rule.may_hear(reader, each)}
        assert {each["sha256"] for each in sea["exhibits"]} == {DIGESTS[each] for each in heard | untold}
        assert (sea["last"] is None) == (len(heard | untold) < len(DIGESTS))
        inherited = {number: strictest([SIGN, rule.watched(number)]) for number in rule.known}
        signs = {number for number, handling in inherited.items() if may_read(reader, handling, _today())}
        assert {int(row.id) for row in IndicatorRow.objects.readable_by(reader)} == signs | untold

    def _statuses(self, person: Person, number: int, digest: str) -> set[int]:
        """What is answered for the bytes of an exhibit, in every way there is."""
        browser = self.browsers[person.username]
        picture = "image" if CONTENTS[number].startswith(b"\x89PNG") else "pages/1/screen.png"
        answers = [browser.get(f"/exhibits/{digest}/{part}") for part in ("", "bytes", picture)]
        RequestCount.objects.all().delete()
        told = {"Authorization": self.tokens[person.username]}
        answers += [Client().get(f"/api/v1/exhibits/{digest}{part}", headers=told) for part in ("", "/content")]
        bytes_of = [read(answer) for answer in answers]
        statuses = {answer.status_code for answer in answers}
        assert [bytes_of[1], bytes_of[4]] == [CONTENTS[number]] * 2 or statuses == {404}
        return statuses

    def _told(self, person: Person) -> dict[str, set[str]]:
        """Which exhibits are named, by where they are."""
        reader = person.reader
        page = self.browsers[person.username].get("/exhibits/").content.decode()
        found = questions.searched(reader, "SANDBOX")["found"]
        return {
            "list": {each for each in DIGESTS if f'/exhibits/{each}/"' in page},
            "api": {each["sha256"] for each in questions.exhibits(reader)["exhibits"]},
            "search": {each["id"] for each in found if each["kind"] == "exhibit"},
            "export": {each.digest for each in parts_for(self.case, reader, member_name="SANDBOX", at=AT).exhibits},
        }


def _case_naming_all(case_id: str) -> Case:
    return Case(
        id=case_id,
        kind=CaseKind.INQUIRY,
        title="Case of all",
        summary=" ".join(DIGESTS),
        standard=Standard.REASONABLE_GROUNDS,
        handling=OPEN,
        opened=Mark(by="analyst1-alpha", member="alpha", at=AT),
        acts=1,
        last_at=AT,
    )


def _cycle_reading_all() -> CycleRow:
    nmea = {
        "desk": "sea", "id": "nmea", "state": "read", "problems": [], "warnings": [], "new_copies": [],
        "last": "2026-01-11", "age_days": 1, "records": None, "set_aside": None, "sandbox": True,
        "exhibits": [{"part": "nmea", "sha256": each} for each in DIGESTS],
    }  # fmt: skip
    return CycleRow.objects.create(id="20261124T060000Z-00000000", clock=AT, summary={"sources": [nmea]})


def _signs_citing_each(cycle: CycleRow) -> None:
    """An indicator for each exhibit, by its number, as strict as what nobody took in yet."""
    for number, digest in enumerate(DIGESTS):
        IndicatorRow.objects.create(
            id=str(number), desk="sea", detector="sea.encounter", title=f"SANDBOX sign {number}",
            subject_id="sandbox:1",
            subject_name="SANDBOX ONE", subject_schema="Vessel", score=0.5, sandbox=True, first_cycle=cycle,
            last_cycle=cycle, record={}, handling=HandlingRow.of(UNTOLD),
        )  # fmt: skip
        IndicatorExhibit.objects.create(indicator_id=str(number), exhibit=digest)
