"""Measures the site's server time over an invented database of 100,000 indicators and 10,000 cases, page by page.

The peer is the bare query of the same process: what the database alone takes to give the rows a page shows. Run with
`make bench`, or `python benchmarks/site.py [INDICATORS CASES]`; `BONGSU_DATABASE` measures PostgreSQL.
"""

from __future__ import annotations

import os
import platform
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

ROUNDS = 15
CLOCK = datetime(2026, 11, 24, 6, tzinfo=UTC)
DETECTORS = ("sea.port_call", "sea.dark_gap", "sea.encounter", "sea.identity", "lists.list_change")
MEASURES = ("2375/11", "2397/5", "2371/8", "2321/12", "1718/8d")
WORDS = ("봉수", "선박", "환적", "석탄", "制裁", "船舶", "coal", "tanker", "transfer", "port", "night", "silence")
ASKED = ("환적", "制裁", "tanker", '"coal port"', "SANDBOX 77", "SANDBOX")


def main() -> None:
    indicators, cases = (int(text) for text in sys.argv[1:3]) if len(sys.argv) > 2 else (100_000, 10_000)
    with tempfile.TemporaryDirectory() as place:
        config = Path(place) / "bongsu.toml"
        config.write_text('[store]\nurl = "store"\n[site]\nfolder = "own"\nmember = "alpha"\n[lists]\n')
        os.environ["BONGSU_CONFIG"] = str(config)
        from bongsu.web import serving

        serving.ready()
        serving.prepare()
        seed(indicators, cases)
        measure(indicators, cases)


def seed(indicators: int, cases: int) -> None:
    """An invented database; all of it says so."""
    from bongsu.cases.case_acts import AcceptIndicators, AddNote, DismissIndicator, OpenCase
    from bongsu.cases.finding_acts import StartFinding
    from bongsu.cases.handling import Handling, Tlp
    from bongsu.cases.model import CaseSubject, Dismissal, made_id
    from bongsu.cases.words import CaseKind, Role, Standard
    from bongsu.web.accounts.models import Member, Person
    from bongsu.web.record import rows, work
    from bongsu.web.record.cycles import keep_indicators
    from bongsu.web.record.decisions import keep_decisions
    from bongsu.web.record.models import CaseRow, CycleRow, Decision

    chance = random.Random(7)  # an invented world, not a secret
    member = Member.objects.create(id="alpha", name="Member Alpha (SANDBOX)")
    person = Person.objects.make("analyst", member=member, role=Role.COORDINATOR, clearance=Tlp.RED)
    cycle = CycleRow.objects.create(id="20261124T060000Z-00000000", clock=CLOCK)
    handling = Handling(tlp=Tlp.GREEN, originators=frozenset({"alpha"}))
    keep_indicators([indicator(number, chance) for number in range(indicators)], cycle, handling)
    opening = OpenCase(
        salt=secrets.token_urlsafe(24),
        case_kind=CaseKind.INQUIRY,
        title="SANDBOX case",
        summary="Invented throughout.",
        standard=Standard.REASONABLE_GROUNDS,
        handling=replace(handling, tlp=Tlp.AMBER),
    )
    case = work.do(person, None, opening)
    case = work.do(person, case.id, StartFinding(title="SANDBOX finding"))
    case = work.do(person, case.id, AddNote(text="SANDBOX note"))
    one = CaseRow.objects.get(id=case.id)
    closed = replace(handling, tlp=Tlp.AMBER_STRICT, originators=frozenset({"beta"}))
    decided = iter(chance.sample(range(indicators), 3 * indicators // 10))
    for number in range(cases - 1):
        title, about = f"SANDBOX {number}: {' '.join(chance.sample(WORDS, 4))}", f"sandbox:{number % 9973}"
        copy = replace(
            case,
            id=made_id(["SANDBOX", number]),
            title=title,
            last_at=CLOCK + timedelta(seconds=number),
            subjects=(CaseSubject(id=about, schema="Vessel", name=f"SANDBOX SHIP {number % 9973}"),),
            dismissed=(Dismissal(indicator="f" * 16, mark=case.opened, reason="SANDBOX reason", subject=about),),
        )
        row = rows.keep_case(copy if number % 10 else replace(copy, handling=closed))
        taken, put_aside = [f"{each:016x}" for each in islice(decided, 3)], next(decided, None)
        keep_decisions(row, AcceptIndicators(indicators=tuple(taken)), number)
        if put_aside is not None and number % 3 == 0:
            dismissal = DismissIndicator(indicator=f"{put_aside:016x}", subject=None, reason="SANDBOX reason")
            keep_decisions(row, dismissal, number)
    print(f"{CaseRow.objects.count()} cases, like {one.id}; {Decision.objects.count()} decisions")


def indicator(number: int, chance: random.Random) -> dict[str, object]:
    """The JSON form of an invented indicator."""
    begins = CLOCK - timedelta(minutes=chance.randrange(500_000))
    return {
        "id": f"{number:016x}",
        "detector": chance.choice(DETECTORS),
        "title": f"SANDBOX SHIP {number} {' '.join(chance.sample(WORDS, 3))}",
        "measures": sorted(chance.sample(MEASURES, 2)),
        "subject": {"id": f"sandbox:{number % 9973}", "schema": "Vessel", "name": f"SANDBOX SHIP {number % 9973}"},
        "when": {"from": begins.strftime("%Y-%m-%dT%H:%M:%SZ"), "to": begins.strftime("%Y-%m-%dT%H:%M:%SZ")},
        "place": {"latitude_deg": 30 + chance.random() * 10, "longitude_deg": 120 + chance.random() * 10, "name": None},
        "quantity": None,
        "score": round(chance.random(), 3),
        "reasons": [{"text": "SANDBOX reason", "weight": 0.5}],
        "alternatives": ["SANDBOX alternative"],
        "citations": ["sha256:" + "0" * 64 + f"#row={number + 1}"],
        "facts": {},
        "sandbox": True,
    }


def measure(indicators: int, cases: int) -> None:
    """The server time of each first page, and of a search, beside the bare query of its rows."""
    from django.test import Client

    from bongsu.web.accounts.models import Person
    from bongsu.web.record.models import CaseRow, IndicatorRow, SearchText

    person = Person.objects.get(username="analyst")
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    case, sign = CaseRow.objects.first(), IndicatorRow.objects.first()
    cores = len(os.sched_getaffinity(0))
    print(f"machine: {platform.machine()}, Python {platform.python_version()}, {cores} cores, {ROUNDS} rounds")
    print(f"{indicators:,} indicators, {cases:,} cases; milliseconds of server time")
    print(f"{'page':<52}{'median':>9}{'slowest':>9}{'query':>9}{'page/query':>12}")
    shown: list[tuple[str, Callable[[], object] | None]] = [
        ("/", lambda: list(IndicatorRow.objects.readable_by(person.reader)[:50])),
        ("/indicators/", lambda: list(IndicatorRow.objects.readable_by(person.reader)[:50])),
        ("/indicators/?desk=sea&measure=2397/5", lambda: list(IndicatorRow.objects.readable_by(person.reader)[:50])),
        *(
            (f"/indicators/?{asked}", lambda: list(IndicatorRow.objects.readable_by(person.reader)[:50]))
            for asked in (
                "state=new",
                "state=accepted",
                "state=dismissed",
                "state=dismissed&measure=2397/5&since=2027-01-01",
            )
        ),
        (f"/indicators/{sign.id}/", lambda: IndicatorRow.objects.readable_by(person.reader).get(id=sign.id)),
        ("/cases/", lambda: list(CaseRow.objects.readable_by(person.reader)[:50])),
        ("/cases/suggested/", lambda: list(IndicatorRow.objects.readable_by(person.reader)[:3000])),
        (f"/cases/{case.id}/", lambda: CaseRow.objects.readable_by(person.reader).get(id=case.id)),
        ("/exhibits/", None),
        ("/law/", None),
        ("/sources/", None),
        *((f"/search/?q={text}", lambda: list(SearchText.objects.readable_by(person.reader)[:50])) for text in ASKED),
    ]
    for address, bare in shown:
        page = timed(lambda address=address: browser.get(address))
        told = f"{statistics.median(page):>9.1f}{max(page):>9.1f}"
        if bare is not None:
            query = statistics.median(timed(bare))
            told += f"{query:>9.1f}{statistics.median(page) / query:>12.1f}"
        print(f"{address:<52}{told}")


def timed(doing: Callable[[], object]) -> list[float]:
    """Milliseconds of each round; the first, which warms up, is left out."""
    taken = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        answer = doing()
        taken.append((time.perf_counter() - begun) * 1000)
        status = getattr(answer, "status_code", 200)
        if status != 200:
            raise SystemExit(f"answered {status}")
    return taken[1:]


if __name__ == "__main__":
    main()
