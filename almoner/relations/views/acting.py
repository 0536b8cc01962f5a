"""How a change of a case is answered: the page again as it is now, or in a word why not."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.door import DeskRequest
from almoner.ground import shell
from almoner.relations.actions import CaseRefusal, CaseRefused

REFUSALS: dict[CaseRefusal, Promise] = {
    CaseRefusal.CLOSED: _("That case is closed, or is part of another. Look again."),
    CaseRefusal.NOT_YOURS: _("That case is another desk's."),
    CaseRefusal.NOT_THEIRS: _(
        "That is about another patient, or nobody has said yet whose the case is."
    ),
    CaseRefusal.NO_WORDS: _("Say it in a few words."),
    CaseRefusal.NO_OWNER: _("Nobody of that name works at this desk."),
    CaseRefusal.NOT_NOW: _("That cannot be done with the case as it stands. Look again."),
    CaseRefusal.NOT_ASKED: _("Somebody named with an @ may not see this. Nobody was asked."),
    CaseRefusal.NOT_ONE: _(
        "Those cannot be one case. A grievance goes into a grievance only, and both must be one"
        " person's."
    ),
    CaseRefusal.LAW: _(
        "The law does not let it. A grievance needs its contact person, steps, result and day, and"
        " its letter must have arrived."
    ),
    CaseRefusal.UNWRITTEN: _(
        "The letter says the contact person, the steps, the result and the day. Write and keep them"
        " first."
    ),
    CaseRefusal.NO_WAY: _("There is no e-mail address to send it to. Post it as certified mail."),
    CaseRefusal.CONFIDENTIAL: _("The patient asked to get no letters: send it as they asked."),
    CaseRefusal.NOT_DECIDED: _("A manager or the privacy officer decides that."),
    CaseRefusal.KNOWN: _(
        "It is known whose it is, or where they are written to: they must have their answer, and"
        " two weeks to answer it."
    ),
    CaseRefusal.TOO_MANY: _("There are as many as can be shown. Remove one first."),
    CaseRefusal.NAME_TAKEN: _("Another list is called that already. Choose another name."),
    CaseRefusal.LEFT: _("That letter has left already, or has not left yet. Look again."),
}


def acted(
    request: DeskRequest, act: Callable[..., object], told: str, **facts: Any
) -> HttpResponse:
    """Do it, and show the page as it is now; refused, the page stays, with a word why."""
    try:
        act(officer=request.user, at=request.reading.at, **facts)
    except CaseRefused as refused:
        return refused_with(refused)
    return shell.afresh(request, told)


def refused_with(refused: CaseRefused) -> HttpResponse:
    return shell.refused(REFUSALS[refused.reason])


def incomplete() -> HttpResponse:
    """What was typed cannot be read; it stays where it was typed."""
    told = _("Something is missing, or cannot be read. Look at each field.")
    return shell.refused(told)
