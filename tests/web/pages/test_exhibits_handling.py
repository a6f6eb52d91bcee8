"""Who may have an exhibit once it is handled otherwise, was made from another, or was given by several members."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bongsu.cases.handling import Handling, Tlp
from bongsu.cases.model import Case
from bongsu.cases.words import FindingState, Role
from bongsu.cycle.version import TOOL
from bongsu.evidence import Anchor, Capture, ExhibitStore, Folder
from bongsu.kernel.citation import Citation
from bongsu.web.accounts.models import Person, Token
from bongsu.web.exchange.export import export_case
from bongsu.web.record import rows, work
from bongsu.web.record.exhibits import take_in_exhibits
from bongsu.web.record.models import (
    CustodyRow,
    CycleRow,
    Entry,
    ExhibitRow,
    HandlingRow,
    IndicatorExhibit,
    IndicatorRow,
    PublishedFinding,
    SearchText,
    Submission,
)
from bongsu.web.record.rebuilding import rebuilt

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
from at_once import first_to_the_lock
from exhibits_floor import case_citing
from test_exhibits import PNG, give, read
from written_pdf import pdf, words

pytestmark = pytest.mark.django_db
Persons = Callable[..., Person]
Browsers = Callable[..., Client]
STRICT_TLP = Tlp.AMBER_STRICT
GREEN, AMBER, STRICT, RED = (int(tlp) for tlp in (Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED))


def asked(person: Person, digest: str, *, part: str = "") -> Any:
    """What the API answers about an exhibit."""
    soon = timezone.now() + timedelta(days=1)
    scopes = ["read", "export"]
    _, secret = Token.issue(person, label="SANDBOX", scopes=scopes, expires_at=soon)
    return Client().get(f"/api/v1/exhibits/{digest}{part}", headers={"Authorization": f"Bearer {secret}"})


def statuses(person: Person, browser: Client, digest: str) -> set[int]:
    """What a person is answered who would have the bytes of an exhibit, in every way there is."""
    answers = [browser.get(f"/exhibits/{digest}/{part}") for part in ("", "bytes", "handling/")]
    answers += [asked(person, digest), asked(person, digest, part="/content")]
    for answer in answers:
        read(answer)
    return {answer.status_code for answer in answers}


def change(browser: Client, digest: str, tlp: int, **told: object) -> int:
    form = {"tlp": tlp, "reason": "A source is at risk (SANDBOX).", **told}
    return browser.post(f"/exhibits/{digest}/handling/", form).status_code


def test_a_tightening_binds_the_persons_of_the_member_that_gave_it(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    giver, other = person(number=1), person(number=2, clearance=Tlp.AMBER)
    digest = give(signed_in(of=giver), b"SANDBOX names of sources\n", tlp=AMBER)
    assert statuses(other, signed_in(of=other), digest) == {200}
    coordinator = person(Role.COORDINATOR, clearance=Tlp.RED)
    assert change(signed_in(of=coordinator), digest, RED) == 302
    for each in (giver, other):
        assert statuses(each, signed_in(of=each), digest) == {404}
    assert asked(coordinator, digest).json()["marking"] == "TLP:RED"


def test_giving_the_same_bytes_again_undoes_no_tightening(store: Folder, person: Persons, signed_in: Browsers) -> None:
    analyst = person(clearance=Tlp.AMBER)
    digest = give(signed_in(of=analyst), b"SANDBOX names\n", tlp=AMBER)
    change(signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED)), digest, RED)
    give(signed_in(of=analyst), b"SANDBOX names\n", tlp=int(Tlp.CLEAR))
    assert statuses(analyst, signed_in(of=analyst), digest) == {404}


def test_what_is_made_from_red_is_red_for_the_giver_s_own_member_too(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    red, amber = person(number=1, clearance=Tlp.RED), person(number=2, clearance=Tlp.AMBER)
    parent = give(signed_in(of=red), b"SANDBOX interview\n", tlp=RED)
    child = give(signed_in(of=red), b"SANDBOX translated\n", tlp=GREEN, parents=parent, how="translation")
    assert statuses(amber, signed_in(of=amber), child) == {404}
    assert Submission.objects.get(exhibit_id=child).handling.tlp == Tlp.RED
    assert asked(red, child).json()["marking"] == "TLP:RED"


def test_what_is_made_from_another_member_s_is_bound_by_what_that_one_said(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    told = {"tlp": AMBER, "releasable_to": ["alpha"], "expires_on": "2099-01-01"}
    parent = give(signed_in(of=person(member="beta")), b"SANDBOX of beta\n", **told)
    analyst, low = person(number=1), person(Role.READER, clearance=Tlp.CLEAR)
    child = give(signed_in(of=analyst), b"SANDBOX in English\n", tlp=int(Tlp.CLEAR), parents=parent, how="translation")
    assert statuses(low, signed_in(of=low), child) == {404}
    held = ExhibitRow.objects.get(digest=child).handling.handling
    assert (held.originators, str(held.expires_on)) == ({"alpha", "beta"}, "2099-01-01")
    # given again without saying so, it is what it was
    give(signed_in(of=analyst), b"SANDBOX in English\n", tlp=int(Tlp.CLEAR))
    assert statuses(low, signed_in(of=low), child) == {404}


def test_a_member_reads_what_it_gave_itself_though_another_made_it_of_its_work_in_confidence(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    beta = person(member="beta")
    parent = give(signed_in(of=beta), b"SANDBOX of beta\n", tlp=GREEN)
    alpha = person(clearance=Tlp.RED)
    child = give(signed_in(of=alpha), b"SANDBOX extract\n", tlp=RED, parents=parent, how="crop")
    assert asked(beta, child).status_code == 404
    give(signed_in(of=beta), b"SANDBOX extract\n", title="Of beta", tlp=GREEN)
    assert asked(beta, child).json()["title"] == "Of beta"


def test_what_was_made_of_it_follows_a_tightening_at_any_depth(
    cycle: CycleRow, store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst, stranger = person(clearance=Tlp.RED), person(member="beta", clearance=Tlp.AMBER)
    browser = signed_in(of=analyst)
    parent = give(browser, b"SANDBOX letter\n", tlp=AMBER)
    child = give(browser, b"SANDBOX in English\n", tlp=AMBER, parents=parent, how="translation")
    crop = give(browser, b"SANDBOX part of it\n", tlp=AMBER, parents=child, how="crop")
    kept = ExhibitStore(store, tool=TOOL)
    unpacked = kept.derive(b"SANDBOX unpacked\n", crop, "gzip", timezone.now().replace(microsecond=0)).digest
    take_in_exhibits(store, "alpha")
    sign = IndicatorRow.objects.order_by("id")[0]
    IndicatorExhibit.objects.create(indicator=sign, exhibit=unpacked)
    below = (child, crop, unpacked)
    for digest in below:
        assert asked(stranger, digest).status_code == 200
    coordinator = person(Role.COORDINATOR, clearance=Tlp.RED)
    assert change(signed_in(of=coordinator), parent, RED) == 302
    for digest in below:
        assert statuses(stranger, signed_in(of=stranger), digest) == {404}
        assert statuses(analyst, signed_in(of=analyst), digest) == {404}
        assert not SearchText.objects.readable_by(stranger.reader).filter(key=digest).exists()
        told = Entry.objects.get(kind="exhibit.handling", subject=digest, by=coordinator.username)
        assert told.body["handling"]["tlp"] == ExhibitRow.objects.get(digest=digest).handling.record["tlp"]
    assert not IndicatorRow.objects.readable_by(stranger.reader).filter(id=sign.id).exists()
    # a loosening is decided of each by itself
    assert change(signed_in(of=coordinator), parent, GREEN) == 302
    assert asked(stranger, parent).status_code == 200
    assert asked(stranger, child).status_code == 404


def test_what_a_coordinator_loosened_stays_so_until_what_it_was_made_from_is_stricter_again(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    browser = signed_in(of=person())
    parent = give(browser, b"SANDBOX letter\n", tlp=STRICT)
    child = give(browser, b"SANDBOX without the names\n", tlp=STRICT, parents=parent, how="crop")
    coordinator = signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED))
    stranger = person(member="beta")
    assert change(coordinator, child, GREEN) == 302
    give(browser, b"SANDBOX letter\n", tlp=GREEN)  # says nothing that is stricter
    assert asked(stranger, child).status_code == 200
    assert change(coordinator, parent, STRICT, expires_on="2030-01-01") == 302
    assert asked(stranger, child).status_code == 404


def test_no_other_member_s_word_closes_what_one_member_gave(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    alpha, beta = person(), person(member="beta", clearance=Tlp.RED)
    digest = give(signed_in(of=alpha), b"SANDBOX open\n", tlp=GREEN)
    secret = give(signed_in(of=beta), b"SANDBOX of beta\n", tlp=AMBER)
    give(signed_in(of=beta), b"SANDBOX open\n", tlp=RED, parents=secret, how="conversion")
    change(signed_in(of=person(Role.COORDINATOR, member="beta", clearance=Tlp.RED)), secret, RED)
    assert asked(alpha, digest).json()["marking"] == "TLP:GREEN"


def test_of_two_who_change_the_handling_at_once_the_second_sees_what_the_first_did(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst, coordinator = person(clearance=Tlp.RED), person(Role.COORDINATOR, clearance=Tlp.RED)
    mine, other = signed_in(of=analyst), signed_in(of=coordinator)
    digest = give(mine, b"SANDBOX at once\n", tlp=AMBER)
    with first_to_the_lock(lambda: change(other, digest, RED)) as done:
        answer = change(mine, digest, STRICT)
    assert done == [302]
    assert answer == 404
    held = ExhibitRow.objects.get(digest=digest).handling.handling
    assert (held.tlp, held.named) == (Tlp.RED, {coordinator.username})
    told = [entry.by for entry in Entry.objects.filter(kind="exhibit.handling", subject=digest)]
    assert told == [coordinator.username]
    # where the person may still read it, the change is refused in words
    third = give(mine, b"SANDBOX at once, again\n", tlp=AMBER)
    with first_to_the_lock(lambda: change(other, third, STRICT, expires_on="2030-01-01")):
        assert change(mine, third, STRICT) == 422
    assert str(ExhibitRow.objects.get(digest=third).handling.handling.expires_on) == "2030-01-01"


def test_nothing_goes_out_once_the_journal_says_that_it_is_closed(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    asks, coordinator = person(clearance=Tlp.AMBER), signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED))
    browser = signed_in(of=asks)
    ways = [lambda digest, part=part: browser.get(f"/exhibits/{digest}/{part}") for part in ("", "bytes")]
    ways += [lambda digest, part=part: asked(asks, digest, part=part) for part in ("", "/content")]
    for number, way in enumerate(ways):
        digest = give(browser, b"SANDBOX way %d\n" % number, tlp=AMBER)
        with first_to_the_lock(lambda digest=digest: change(coordinator, digest, RED)) as done:
            assert way(digest).status_code == 404
        assert done == [302]
        last = Entry.objects.filter(kind__in=["exhibit.viewed", "exhibit.exported", "exhibit.handling"]).last()
        assert (last.kind, last.subject) == ("exhibit.handling", digest)


def test_looking_at_pictures_is_written_down_once_a_minute(store: Folder, person: Persons, signed_in: Browsers) -> None:
    giver = signed_in(of=person())
    image = give(giver, PNG, "a.png", tlp=STRICT)
    paper = give(giver, pdf(words("SANDBOX page"), words("SANDBOX second page")), "a.pdf", tlp=STRICT)
    public = give(giver, PNG + b"SANDBOX", "b.png", tlp=int(Tlp.CLEAR))
    looker = person(number=2)
    browser = signed_in(of=looker)
    for address in (
        f"/exhibits/{image}/image",
        f"/exhibits/{image}/image",
        f"/exhibits/{paper}/pages/1/large.png",
        f"/exhibits/{paper}/pages/2/screen.png",
        f"/exhibits/{paper}/pages/9/screen.png",
        f"/exhibits/{public}/image",
    ):
        read(browser.get(address))
    told = Entry.objects.filter(kind="exhibit.viewed", by=looker.username)
    assert [(each.subject, each.body.get("form"), each.body.get("page"), each.body["marking"]) for each in told] == [
        (image, "image", None, "TLP:AMBER+STRICT"),
        (paper, None, "1", "TLP:AMBER+STRICT"),
    ]


def test_another_member_s_word_on_the_same_bytes_does_not_show_through_one_s_own(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    alpha, beta = person(), person(member="beta")
    parent = give(signed_in(of=alpha), b"SANDBOX original\n", tlp=int(Tlp.CLEAR), title="SANDBOX original")
    told = {"parents": parent, "how": "translation", "sandbox": "on", "tlp": STRICT}
    child = give(signed_in(of=alpha), b"SANDBOX same bytes\n", **told)
    give(signed_in(of=beta), b"SANDBOX same bytes\n", title="Of beta", tlp=GREEN)
    theirs = signed_in(of=beta)
    page = theirs.get(f"/exhibits/{child}/").content.decode()
    assert "Of beta" in page
    assert parent not in page
    assert "Everything here is invented" not in page
    assert child not in theirs.get(f"/exhibits/{parent}/").content.decode()
    assert asked(beta, child).json()["sandbox"] is False
    assert child in signed_in(of=alpha).get(f"/exhibits/{parent}/").content.decode()
    # what beta itself says of it, beta reads
    give(signed_in(of=beta), b"SANDBOX same bytes\n", tlp=GREEN, parents=parent, how="crop")
    assert parent in theirs.get(f"/exhibits/{child}/").content.decode()


def test_what_one_member_made_it_from_in_confidence_is_not_told_where_another_s_word_opens_it(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    alpha, beta = person(), person(member="beta")
    public = give(signed_in(of=alpha), b"SANDBOX original\n", tlp=int(Tlp.CLEAR))
    child = give(signed_in(of=alpha), b"SANDBOX open to all\n", tlp=GREEN)
    give(signed_in(of=beta), b"SANDBOX open to all\n", tlp=STRICT, parents=public, how="conversion")
    for address, other in ((child, public), (public, child)):
        assert other not in signed_in(of=alpha).get(f"/exhibits/{address}/").content.decode()


def test_bytes_given_before_members_were_told_are_whose_they_were(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    alpha, beta = person(), person(member="beta", clearance=Tlp.AMBER)
    digest = give(signed_in(of=alpha), b"SANDBOX long ago\n", tlp=STRICT)
    give(signed_in(of=beta), b"SANDBOX long ago\n", title="Of beta", tlp=AMBER)
    for submission in Submission.objects.filter(exhibit_id=digest):
        detail = submission.custody.detail
        headers = [each for each in detail["capture"]["headers"] if each[0] != "member"]
        submission.custody.detail = {**detail, "capture": {**detail["capture"], "headers": headers}}
        submission.custody.save()
    assert asked(beta, digest).json()["title"] == "Of beta"
    strict = Handling(tlp=Tlp.RED, originators=frozenset({"alpha"}))
    ExhibitRow.objects.filter(digest=digest).update(handling=HandlingRow.of(strict))
    assert asked(alpha, digest).status_code == 404
    assert asked(beta, digest).status_code == 200


def test_what_a_site_kept_before_it_followed_is_followed_when_its_rows_are_made_anew(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    browser, coordinator = signed_in(of=person()), signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED))
    parent = give(browser, b"SANDBOX letter\n", tlp=AMBER)
    child = give(browser, b"SANDBOX in English\n", tlp=AMBER, parents=parent, how="translation")
    crop = give(browser, b"SANDBOX part of it\n", tlp=AMBER, parents=child, how="crop")
    redacted = give(browser, b"SANDBOX without names\n", tlp=AMBER, parents=child, how="crop")
    change(coordinator, parent, STRICT)
    change(coordinator, redacted, GREEN)  # decided since: it stays
    assert rebuilt(keep=False).differences == ()
    amber = HandlingRow.of(Handling(tlp=Tlp.AMBER, originators=frozenset({"alpha"})))
    for model, key in ((ExhibitRow, "digest__in"), (Submission, "exhibit__in")):
        model.objects.filter(**{key: [child, crop]}).update(handling=amber)
    SearchText.objects.filter(key__in=[child, crop]).update(handling=amber)
    differs = {(each.table, each.key) for each in rebuilt(keep=True).differences}
    for each in (child, crop):
        assert {("exhibit", each), ("search", f"exhibit {each}")} <= differs
    assert {table for table, _ in differs} == {"exhibit", "search", "giving"}
    held = {row.digest: row.handling.tlp for row in ExhibitRow.objects.filter(digest__in=[child, crop, redacted])}
    assert held == {child: STRICT, crop: STRICT, redacted: GREEN}
    assert rebuilt(keep=False).differences == ()


def collected(store: Folder, content: bytes, source: str) -> str:
    """What a source of the watch gave, taken in; its digest."""
    digest = received(store, content, source)
    take_in_exhibits(store, "alpha")
    return digest


def received(store: Folder, content: bytes, source: str) -> str:
    """What a source of the watch gave, in the store alone."""
    url = "https://lists.example/SANDBOX-list.xml"
    capture = Capture(
        source=source, part="list", url=url, retrieved_at=timezone.now().replace(microsecond=0), tool=TOOL
    )
    return ExhibitStore(store, tool=TOOL).receive(io.BytesIO(content), capture).digest


@pytest.mark.parametrize("member", ["alpha", "beta"])
def test_a_public_list_is_public_though_a_person_filed_it_in_confidence_before(
    store: Folder, person: Persons, signed_in: Browsers, member: str
) -> None:
    giver = person(member=member, number=7, clearance=Tlp.RED)
    content = b"SANDBOX list of today\n"
    digest = give(signed_in(of=giver), content, "secret name.xml", title="SANDBOX what our source says", tlp=RED)
    low = person(Role.READER, clearance=Tlp.CLEAR)
    assert asked(low, digest).status_code == 404
    assert collected(store, content, "un_sc") == digest
    assert asked(low, digest).json()["marking"] == "TLP:CLEAR"
    page = signed_in(of=low).get(f"/exhibits/{digest}/").content.decode()
    assert "SANDBOX-list.xml" in page
    assert not any(told in page for told in ("what our source says", "secret name", giver.username))
    assert SearchText.objects.get(kind="exhibit", key=digest).title.startswith("un_sc")
    own = signed_in(of=giver).get(f"/exhibits/{digest}/").content.decode()
    assert "what our source says" in own  # whoever may read the giving still does
    told = Entry.objects.get(kind="exhibit.handling", subject=digest)
    assert told.body["source"] == "un_sc · list · SANDBOX-list.xml"


def test_what_a_site_kept_before_sources_decided_is_taken_over_when_its_rows_are_made_anew(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    content = b"SANDBOX list of today\n"
    digest = give(signed_in(of=person(member="beta", clearance=Tlp.RED)), content, title="SANDBOX of beta", tlp=RED)
    received(store, content, "un_sc")
    last = CustodyRow.objects.order_by("-seq")[0]
    for entry in ExhibitStore(store, tool=TOOL).custody.since(Anchor(last.seq, last.digest)):
        CustodyRow.objects.create(
            seq=entry.seq, digest=entry.digest, previous=entry.previous, at=entry.at, event=entry.event,
            exhibit=digest, detail=dict(entry.detail),
        )  # fmt: skip
    low = person(Role.READER, clearance=Tlp.CLEAR)
    assert asked(low, digest).status_code == 404
    differs = {(each.table, each.key) for each in rebuilt(keep=True).differences}
    assert differs == {("exhibit", digest), ("search", f"exhibit {digest}")}
    assert asked(low, digest).json()["title"] == "un_sc · list · SANDBOX-list.xml"
    assert rebuilt(keep=False).differences == ()


def test_what_a_person_says_of_bytes_that_a_source_gave_closes_them_for_nobody(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    content = b"SANDBOX list of today\n"
    digest = collected(store, content, "un_sc")
    assert give(signed_in(of=person(clearance=Tlp.RED)), content, tlp=RED) == digest
    assert asked(person(Role.READER, clearance=Tlp.CLEAR), digest).json()["marking"] == "TLP:CLEAR"


def test_the_watch_has_positions_of_its_own_that_another_member_gave_in_confidence_before(
    store: Folder, person: Persons, signed_in: Browsers, cycle: CycleRow
) -> None:
    content = b"!AIVDM SANDBOX\n"
    digest = give(signed_in(of=person(member="beta", clearance=Tlp.RED)), content, title="SANDBOX of beta", tlp=RED)
    sign = IndicatorRow.objects.order_by("id")[0]
    IndicatorExhibit.objects.filter(indicator=sign).delete()
    IndicatorExhibit.objects.create(indicator=sign, exhibit=digest)
    collected(store, content, "nmea")
    alpha, beta = person(Role.READER, clearance=STRICT_TLP), person(Role.READER, member="beta", clearance=Tlp.RED)
    assert IndicatorRow.objects.readable_by(alpha.reader).filter(id=sign.id).exists()
    assert not IndicatorRow.objects.readable_by(beta.reader).filter(id=sign.id).exists()
    page = signed_in(of=alpha).get(f"/exhibits/{digest}/").content.decode()
    assert "nmea · list" in page
    assert "of beta" not in page
    assert asked(beta, digest).status_code == 404


def test_a_bag_holds_nothing_that_was_closed_before_the_journal_told_of_it(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst = person(clearance=Tlp.AMBER)
    digest = give(signed_in(of=analyst), b"SANDBOX secret bytes\n", tlp=AMBER)
    case = case_citing(analyst, [Citation(exhibit=digest, locator="line=1")], with_indicator=False, tlp=Tlp.AMBER)
    coordinator = signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED))
    with first_to_the_lock(lambda: change(coordinator, digest, RED)) as done:
        bag = b"".join(export_case(analyst, case.id, "bag").blocks)
    assert done == [302]
    assert b"secret bytes" not in bag
    told = Entry.objects.get(kind="case.exported")
    assert told.body["exhibits"] == []


def test_a_member_cites_in_its_case_what_it_has_of_its_own_and_nobody_else_does(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = give(signed_in(of=person(clearance=Tlp.RED)), b"SANDBOX both have it\n", tlp=RED)
    beta, other = person(member="beta", clearance=Tlp.RED), person(Role.ANALYST, number=2, clearance=Tlp.RED)
    give(signed_in(of=beta), b"SANDBOX both have it\n", tlp=AMBER)
    citation = Citation(exhibit=digest, locator="line=1")
    case = case_citing(beta, [citation], with_indicator=False, tlp=Tlp.AMBER)
    assert not any(
        each.code.startswith("exhibit") for each in work.outstanding_of(case, case.findings[0].id, beta.reader)
    )
    with pytest.raises(work.RefusedError) as refused:  # who has not: the answer of what is not there
        case_citing(other, [citation], with_indicator=False, tlp=Tlp.AMBER)
    assert [each.code for each in refused.value.missing] == ["exhibit_unknown"]


def test_nobody_takes_what_is_a_member_s_own_from_its_coordinator_for_good(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst, coordinator = person(clearance=Tlp.RED), person(Role.COORDINATOR, clearance=Tlp.RED)
    digest = give(signed_in(of=analyst), b"SANDBOX interview\n", title="SANDBOX who told us", tlp=RED)
    browser = signed_in(of=coordinator)
    assert asked(coordinator, digest).status_code == 404  # what it holds is for whom it names
    assert f"/exhibits/{digest}/handling/" in browser.get("/exhibits/").content.decode()
    page = browser.get(f"/exhibits/{digest}/handling/").content.decode()
    assert digest in page
    assert "who told us" not in page
    for other in (
        person(Role.COORDINATOR, clearance=Tlp.AMBER_STRICT, number=2),
        person(Role.COORDINATOR, clearance=Tlp.RED, member="beta"),
        person(number=3, clearance=Tlp.RED),
    ):
        assert signed_in(of=other).get(f"/exhibits/{digest}/handling/").status_code == 404
        assert digest not in signed_in(of=other).get("/exhibits/").content.decode()
    assert change(browser, digest, RED, named=analyst.username) == 302
    assert asked(coordinator, digest).status_code == 200
    assert Entry.objects.filter(kind="exhibit.handling", subject=digest).get().by == coordinator.username


def test_what_a_source_collected_a_coordinator_alone_makes_stricter(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    digest = collected(store, b"!AIVDM SANDBOX\n", "nmea")
    assert change(signed_in(of=person(clearance=Tlp.RED)), digest, RED) == 422
    assert asked(person(Role.READER), digest).status_code == 200
    assert change(signed_in(of=person(Role.COORDINATOR, clearance=Tlp.RED)), digest, RED) == 302


def test_what_a_published_finding_cites_is_not_closed_to_its_readers_while_it_stands(
    store: Folder, person: Persons, signed_in: Browsers
) -> None:
    analyst, coordinator = person(clearance=Tlp.RED), person(Role.COORDINATOR, clearance=Tlp.RED)
    parent = give(signed_in(of=analyst), b"SANDBOX bill, whole\n", tlp=GREEN)
    digest = give(signed_in(of=analyst), b"SANDBOX bill\n", tlp=GREEN, parents=parent, how="crop")
    case = case_citing(analyst, [Citation(exhibit=digest, locator="line=1")], with_indicator=False, tlp=Tlp.AMBER)
    published_as_it_is(case)
    reader = person(Role.READER, clearance=Tlp.AMBER)
    for each in (analyst, coordinator):
        assert change(signed_in(of=each), digest, RED) == 422
    give(signed_in(of=analyst), b"SANDBOX bill\n", tlp=RED)  # nor by giving it once more
    assert change(signed_in(of=coordinator), parent, RED) == 302  # nor by what it was made from
    assert asked(reader, digest).status_code == 200
    assert change(signed_in(of=analyst), digest, AMBER) == 302  # the finding is AMBER itself
    PublishedFinding.objects.update(stands=False)
    assert change(signed_in(of=coordinator), digest, RED) == 302


def published_as_it_is(case: Case) -> None:
    """A finding of a case that stands published; how that comes is for the tests of casework."""
    finding = case.findings[0]
    version = replace(finding.current, state=FindingState.PUBLISHED)
    rows.keep_case(replace(case, findings=(replace(finding, versions=(version,)),)))
    PublishedFinding.objects.get_or_create(
        id=finding.id,
        defaults={
            "case_id": case.id, "title": "SANDBOX", "state": "published", "published_at": timezone.now(),
            "stands": True, "record": {}, "handling": HandlingRow.of(finding.handling),
        },
    )  # fmt: skip
