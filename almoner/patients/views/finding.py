"""The desk's first page: the search box, and what waits today."""

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import SIGNED_IN, Purpose
from almoner.ground import shell
from almoner.ground.typed import page_number
from almoner.patients import queries
from almoner.patients.rules.details import listed_name

SALT = "patients.found"
HOURS = 3600


@door("GET", permission=SIGNED_IN, purpose=Purpose.OPERATIONS)
def home(request: DeskRequest) -> HttpResponse:
    """The search box first, for who may search; then each duty's panel of today."""
    if not request.user.may("patients.find"):
        return _elsewhere(request)
    panels = queries.today_panels(request.reading)
    return render(request, "patients/home.html", {"panels": panels, "found": queries.Found()})


def _elsewhere(request: DeskRequest) -> HttpResponse:
    """The first page of somebody who searches no patients: setting up, for an administrator."""
    ways = [way for way in shell.ways(request) if way.url != reverse("home")]
    return redirect(ways[0].url) if ways else render(request, "access/nowhere.html")


@door("POST", permission="patients.find", purpose=Purpose.OPERATIONS)
def find(request: DeskRequest) -> HttpResponse:
    """What fits the box. A POST, so that names stay out of addresses and of the server's log.

    Enter opens the only patient found; while typing the list alone is sent.
    """
    typed = request.POST.get("q", "")
    found = queries.find(typed, reading=request.reading, page=page_number(request.POST.get("page")))
    ticket = seal(request, found)
    fragment = bool(request.headers.get("HX-Request"))
    if not fragment and len(found.lines) == 1 and found.page == 1:
        return redirect(f"{reverse('patient', args=[found.lines[0].id])}?found={ticket}")
    template = "patients/_found.html" if fragment else "patients/home.html"
    context = {"found": found, "typed": typed, "ticket": ticket, "settled": not fragment}
    return render(request, template, context)


def seal(request: DeskRequest, found: queries.Found) -> str:
    """A ticket that carries which identifiers the search held to the record opened from it.

    Signed, for this officer and these patients, for an hour: what confirmed a person is evidence,
    and an address typed by hand must not be able to claim it.
    """
    if not found.held:
        return ""
    ids = [line.id for line in found.lines if line.fits]
    return signing.dumps([request.user.pk, list(found.held), ids], salt=SALT)


def held(request: DeskRequest, patient_id: int) -> tuple[str, ...]:
    """The identifiers the ticket in the address proves; none for a missing or foreign ticket."""
    ticket = request.GET.get("found", "") or request.POST.get("found", "")
    try:
        officer_id, names, ids = signing.loads(ticket, salt=SALT, max_age=HOURS)
    except signing.BadSignature:
        return ()
    mine = officer_id == request.user.pk and patient_id in ids
    return tuple(names) if mine else ()


def _told(line: queries.FoundLine) -> str:
    facts = [f"{line.birth_date:%m/%d/%Y}"] if line.birth_date else []
    facts.append(line.mrn)
    if line.same_as:
        facts.append(_("same person as %(mrn)s") % {"mrn": line.same_as})
    return " · ".join(facts)


def hits(request: DeskRequest, typed: str) -> list[shell.Hit]:
    """What Ctrl-K offers of patients: the first lines of the same search."""
    found = queries.find(typed, reading=request.reading, size=shell.HITS_EACH)
    ticket = seal(request, found)
    return [
        shell.Hit(
            listed_name(
                family=line.family, given=line.given, middle=line.middle, suffix=line.suffix
            ),
            f"{reverse('patient', args=[line.id])}?found={ticket}",
            _told(line),
            "person",
        )
        for line in found.lines
    ]
