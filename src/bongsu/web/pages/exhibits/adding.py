"""Files that persons give, bags of other installations, and the changes of how an exhibit is handled."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from bongsu.cases.handling import Handling, covers
from bongsu.cases.words import Role
from bongsu.cycle.version import TOOL
from bongsu.evidence.bag import BagError, read_bag
from bongsu.kernel.canonical import JsonValue
from bongsu.web.accounts.middleware import person_of
from bongsu.web.accounts.models import Person
from bongsu.web.asked import whole_number
from bongsu.web.exchange.bags import take_bag
from bongsu.web.pages.exhibits.forms import AddForm, BagForm, ChangeForm, printed
from bongsu.web.pages.exhibits.views import CASEWORKERS, may_handle, seen_or_404
from bongsu.web.record import journal, work
from bongsu.web.record.changes import HANDLING_CHANGED, handle
from bongsu.web.record.exhibits import exhibit_store, take_in_exhibits, verify_exhibits
from bongsu.web.record.holdings import source_says
from bongsu.web.record.models import CaseRow
from bongsu.web.record.published_on import closes_published
from bongsu.web.record.seen import Seen, kept_from, seen
from bongsu.web.record.submissions import Given

#: What a form holds beside its file.
_FORM_BYTES: Final = 2**20
_LEFT_FREE_BYTES: Final = 256 * 2**20
View = Callable[[HttpRequest], HttpResponse]


def _for_uploads(view: View) -> View:
    """A view that takes a file: too large a request is refused before it is read, and files never lie in memory."""
    guarded = csrf_protect(view)

    @csrf_exempt  # what is inside is guarded, once the request is known to be small enough to be read
    @wraps(view)
    def measured(request: HttpRequest) -> HttpResponse:
        if person_of(request).role_held not in CASEWORKERS:
            raise PermissionDenied
        problem = too_large(told_size(request))
        if problem:
            return render(request, "exhibits/refused.html", {"problem": problem}, status=413)
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return guarded(request)

    return measured


def told_size(request: HttpRequest) -> int:
    """How large a request says it is, in bytes; larger than anything where it says what is no length."""
    size = whole_number(request.META.get("CONTENT_LENGTH") or "0")
    return sys.maxsize if size is None else size


def too_large(size: int, *, whole: bool = True) -> str:
    """Why a file is not taken; empty where it is.

    Args:
        size: of the request, or of its file alone.
        whole: whether it is the request's, which holds a form beside the file and is not on the disk yet.
    """
    most = settings.SITE.most_upload_bytes
    if size > most + (_FORM_BYTES if whole else 0):
        return _("This file is larger than %(most)s, the most that is taken here.") % {"most": filesizeformat(most)}
    here = exhibit_store().folder.local_path("exhibits")
    if whole and size and here is not None and shutil.disk_usage(_there(Path(here))).free < 2 * size + _LEFT_FREE_BYTES:
        return _("There is no room on the disk for this file. Tell an administrator.")
    return ""


def _there(path: Path) -> Path:
    return path if path.exists() else path.parent


@_for_uploads
def add(request: HttpRequest) -> HttpResponse:
    """Give a file to the store."""
    person = person_of(request)
    if request.method != "POST":
        return _form(request, AddForm(person, cases_for(person)))
    form = AddForm(person, cases_for(person), request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    problem = too_large(form.given.size or 0, whole=False)
    if problem:
        return render(request, "exhibits/refused.html", {"problem": problem}, status=413)
    digest = receive(person, form.given, given_by(person, form))
    messages.success(request, _("Received, kept and hashed."), extra_tags="good")
    return HttpResponseRedirect(reverse("exhibits:exhibit", args=[digest]))


def receive(person: Person, file: UploadedFile, given: Given) -> str:
    """Keep a file that a person gave, take it in and look at its bytes; its digest."""
    store = exhibit_store()
    file.seek(0)
    kept = store.receive(file, given.capture(work.moment(), TOOL))  # type: ignore[arg-type]  # it reads as a binary file does
    take_in_exhibits(store.folder, settings.SITE.member)
    verify_exhibits([kept.digest])
    with journal.writing():
        body: dict[str, JsonValue] = {"case": given.case, "marking": given.handling.tlp.label, "size": kept.size}
        journal.append("exhibit.added", by=person.username, subject=kept.digest, body=body)
    return kept.digest


def given_by(person: Person, form: AddForm) -> Given:
    """What a person said of a file in a form that is valid."""
    told = form.cleaned_data
    return Given(
        by=person.username,
        member=person.member_id,
        title=told["title"],
        origin=told["origin"],
        handling=form.handling(),
        obtained=told["obtained"],
        case=told["case"],
        claimed_type=(form.given.content_type or "")[:100],
        claimed_name=printed(form.given.name or "")[:255],
        parents=told["parents"],
        how=told["how"],
        sandbox=told["sandbox"],
    )


def _form(request: HttpRequest, form: AddForm, status: int = 200) -> HttpResponse:
    shown = {"form": form, "most": filesizeformat(settings.SITE.most_upload_bytes)}
    return render(request, "exhibits/add.html", shown, status=status)


def cases_for(person: Person) -> list[tuple[str, str]]:
    """The open cases that a person may give a file for: id and title."""
    return list(CaseRow.objects.readable_by(person.reader).filter(is_open=True).values_list("id", "title")[:500])


@_for_uploads
def add_bag(request: HttpRequest) -> HttpResponse:
    """Take the exhibits of another installation's bag; all of it is verified before any of it is kept."""
    person = person_of(request)
    form = BagForm(person, cases_for(person), request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "exhibits/bag.html", {"form": form}, status=422 if request.method == "POST" else 200)
    file = form.cleaned_data["file"]
    try:
        with read_bag(file, most_bytes=settings.SITE.most_upload_bytes) as bag:
            problem = too_large(bag.size_bytes)
            if problem:
                return render(request, "exhibits/refused.html", {"problem": problem}, status=413)
            taken = take_bag(bag, person, form.handling(), form.cleaned_data["case"])
    except BagError as error:
        _note_bag(person, file, error)
        form.add_error("file", error.what)
        return render(request, "exhibits/bag.html", {"form": form}, status=422)
    messages.success(
        request, _("%(count)s exhibits were verified and kept.") % {"count": len(taken)}, extra_tags="good"
    )
    return HttpResponseRedirect(reverse("exhibits:home"))


def _note_bag(person: Person, file: UploadedFile, error: BagError) -> None:
    """Write down a bag that was refused; of what is in it only our own words, for it may hold anything."""
    body: dict[str, JsonValue] = {"reason": error.what.replace("\0", " "), "size": file.size}
    with journal.writing():
        journal.append("bag.refused", by=person.username, body=body)


def handling(request: HttpRequest, digest: str) -> HttpResponse:
    """Handle an exhibit otherwise: stricter by whoever works for its originator, looser by its coordinator.

    A coordinator who may not read it is shown its digest and its handling alone.
    """
    person = person_of(request)
    one = kept_from(digest, person)
    blind = one is not None
    if one is None:
        one = seen_or_404(request, digest)
        if not may_handle(one, person):
            raise PermissionDenied
    form = ChangeForm(person, request.POST or None, initial=_initial(one.handling))
    if request.method == "POST" and form.is_valid():
        refused = _handled(person, digest, form)
        if not refused:
            messages.success(request, _("It is handled so from now on."), extra_tags="good")
            return HttpResponseRedirect(reverse("exhibits:exhibit", args=[digest]))
        form.add_error(None, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "exhibits/handling.html", {"form": form, "one": one, "blind": blind}, status=status)


def _handled(person: Person, digest: str, form: ChangeForm) -> str:
    """Handle an exhibit as chosen, if it may be, as it stands in that moment: another may have changed it since.

    Returns:
        Why it was not; empty where it was.

    Raises:
        Http404: the person may not read it any more.
        PermissionDenied: the person may not decide it any more.
    """
    chosen = form.handling()
    with journal.writing():
        one = kept_from(digest, person)
        if one is None:
            one = seen(digest, person.reader)
            if one is None:
                raise Http404
            if not may_handle(one, person):
                raise PermissionDenied
        refused = _why_not(person, one, chosen)
        if refused:
            return refused
        body = {"handling": chosen.record(), "before": one.handling.record(), "reason": form.cleaned_data["reason"]}
        journal.append(HANDLING_CHANGED, by=person.username, subject=digest, body=body)
        handle(one.row, chosen, by=person.username)
    return ""


def _why_not(person: Person, one: Seen, chosen: Handling) -> str:
    """Why an exhibit is not handled so by a person who may change its handling; empty where it is."""
    if person.role_held is not Role.COORDINATOR:
        if not covers(chosen, one.handling):
            return _("Only a coordinator of the member that gave it may handle it more loosely.")
        if source_says(one.row.digest) is not None:
            return _("What a source gave, only a coordinator of the member that runs the watch handles otherwise.")
    if closes_published(one.row.digest, one.handling, chosen):
        return _("A published finding rests on it: it stays open to those who may read the finding.")
    return ""


def _initial(held: Handling) -> dict[str, object]:
    return {
        "tlp": int(held.tlp),
        "releasable_to": sorted(held.releasable_to or ()),
        "named": ", ".join(sorted(held.named)),
        "purpose": "; ".join(sorted(held.purposes)),
        "expires_on": held.expires_on,
    }
