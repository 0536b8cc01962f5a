"""Letters of a conversation: printed, posted, brought back, and what came by post."""

from functools import partial
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.patients import queries as patients
from almoner.patients.views.record import carry
from almoner.relations import actions, forms, queries
from almoner.relations.actions import by_post, came_by_post
from almoner.relations.queries import by_post as letters
from almoner.relations.rules.by_post import Stage
from almoner.relations.rules.files import WHY
from almoner.relations.views.told import REFUSALS


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS)
def paper_pdf(request: DeskRequest, message_id: int) -> HttpResponse:
    """A letter as it is printed and posted."""
    try:
        body = letters.printed(message_id, reading=request.reading)
    except letters.NoSuchPaper as error:
        raise Http404 from error
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="letter-{message_id}.pdf"'},
    )


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def letter_moved(request: DeskRequest, message_id: int) -> HttpResponse:
    """A letter was posted, has arrived, came back, or is not posted after all."""
    message = queries.message(message_id, reading=request.reading)
    form = forms.Moved(request.POST)
    if not form.is_valid():
        return shell.refused(str(next(iter(form.errors.values()))[0]))
    act = _act(form.cleaned_data)
    if act is None:
        return shell.refused(_("Say on which day."))
    try:
        act(officer=request.user, message=message, at=request.reading.at)
    except actions.MessageRefused as refused:
        return shell.refused(REFUSALS[refused.reason])
    return shell.afresh(request, _("Kept."))


def _act(said: dict[str, Any]) -> partial[Any] | None:
    """What is done to the letter; None without the day it needs."""
    if said["act"] == Stage.WITHDRAWN:
        return partial(by_post.take_letter_back)
    if said["on"] is None:
        return None
    if said["act"] == Stage.RETURNED:
        return partial(by_post.letter_came_back, on=said["on"], why=said["why"])
    known = {Stage.POSTED: by_post.post_letter, Stage.DELIVERED: by_post.letter_arrived}
    act = known.get(said["act"])
    return partial(act, on=said["on"]) if act else None


@door("GET", "POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def letter_came(request: DeskRequest, patient_id: int) -> HttpResponse:
    """Keep what a patient, or somebody for them, sent us by post."""
    header = patients.header(patient_id, reading=request.reading)
    at = request.reading.at
    first = {"on": f"{letters.today(at):%m/%d/%Y}", "sender": header.name, "key": uuid4().hex}
    form = forms.LetterCame(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            came_by_post.letter_came(
                officer=request.user, patient_id=header.id, came=form.came(), at=at
            )
        except actions.MessageRefused as refused:
            form.add_error("on", str(REFUSALS[refused.reason]))
        except came_by_post.NotKept as error:
            form.add_error("file", _(WHY[error.why.value]))
        else:
            shell.say(request, _("The letter is kept. It waits to be answered, or seen to."))
            there = reverse("conversation_with", args=[header.id])
            return redirect(f"{there}{carry(request)}")
    context = {"patient": header, "form": form}
    return render(
        request, "relations/letter_came.html", context, status=422 if form.errors else 200
    )
