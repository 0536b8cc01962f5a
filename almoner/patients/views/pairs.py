"""Records that may be one person's: the list of them, and saying which they are."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import actions, queries
from almoner.patients.views.record import back

QUEUE = "likely duplicates"
DIGITS = 4  # of a place in the list


@door("GET", permission="patients.edit", purpose=Purpose.OPERATIONS, queue=QUEUE)
def duplicates(request: DeskRequest) -> HttpResponse:
    """Pairs nobody has settled, the surest first, side by side."""
    waiting = queries.waiting(reading=request.reading, skip=_place(request.GET.get("from", "")))
    return render(request, "patients/duplicates.html", {"waiting": waiting})


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def settle_pair(request: DeskRequest, pair_id: int) -> HttpResponse:
    """Say of the pair on the list which it is, and go on to the next."""
    say = SAYINGS.get(request.POST.get("said", ""))
    if say is None:
        raise Http404
    both = queries.pair(pair_id)
    if both is None:
        shell.say(request, _("Somebody has settled that pair meanwhile."), tone="info")
    else:
        say(request, *both)
    place = _place(request.POST.get("from", ""))
    return redirect(f"{reverse('duplicates')}?from={place}" if place else "duplicates")


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def not_the_same(request: DeskRequest, patient_id: int, other_id: int) -> HttpResponse:
    """Two records that look alike are two people's; never suggested again."""
    return _from_the_record(request, _two_people, patient_id, other_id)


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def same_person(request: DeskRequest, patient_id: int, other_id: int) -> HttpResponse:
    """Two records are one person's: each shows the other from now on."""
    return _from_the_record(request, _one_person, patient_id, other_id)


@door("POST", permission="patients.edit", purpose=Purpose.OPERATIONS)
def undecide(request: DeskRequest, patient_id: int, other_id: int) -> HttpResponse:
    """Take back what was said of two records, from the toast that told of it or the record."""
    answer = _from_the_record(request, _take_back, patient_id, other_id)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return answer


Saying = Callable[[DeskRequest, int, int], None]


def _from_the_record(
    request: DeskRequest, say: Saying, patient_id: int, other_id: int
) -> HttpResponse:
    try:
        say(request, patient_id, other_id)
    except (actions.NoSuchPatient, ValueError) as error:
        raise Http404 from error
    return back(request, patient_id)


def _two_people(request: DeskRequest, one_id: int, other_id: int) -> None:
    actions.not_the_same(
        officer=request.user, one_id=one_id, other_id=other_id, at=request.reading.at
    )
    words = _("Noted: two people. They will not be suggested again.")
    shell.say(request, words, undo=reverse("undecide", args=[one_id, other_id]))


def _one_person(request: DeskRequest, one_id: int, other_id: int) -> None:
    actions.same_person(
        officer=request.user, one_id=one_id, other_id=other_id, at=request.reading.at
    )
    words = _("Noted: one person. Each record shows the other; nothing was merged.")
    shell.say(request, words, undo=reverse("undecide", args=[one_id, other_id]))


def _take_back(request: DeskRequest, one_id: int, other_id: int) -> None:
    actions.take_back(officer=request.user, one_id=one_id, other_id=other_id, at=request.reading.at)
    shell.say(request, _("Taken back. The two are undecided again."))


SAYINGS: dict[str, Saying] = {"same": _one_person, "different": _two_people}
