"""One case on its page, and what is done to it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.ledger import queries as ledger
from almoner.patients import queries as patients
from almoner.relations import actions, forms, queries, rules
from almoner.relations.queries import articles as known_articles
from almoner.relations.queries import wording
from almoner.relations.templatetags.cases import thing as words_of_thing
from almoner.relations.views.acting import acted, incomplete, refused_with
from almoner.relations.views.cases import morning_of, on_the_clinics_clock
from almoner.relations.views.offering import Asked
from almoner.relations.views.opening import case_url
from almoner.relations.views.talk import Talk

_BILLS = ("claim", "statement", "payment")
_MONEY = 6  # lines of the account


@door("GET", permission="relations.cases", purpose=Purpose.OPERATIONS)
def case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Everything of one case: what was said, what it is about, what was done, what is wanted."""
    row = queries.case(case_id, reading=request.reading)
    header = patients.header(row.patient_id, reading=request.reading) if row.patient_id else None
    ids = queries.group(row.pk)
    things = queries.things_of(ids)
    behind = queries.behind(things, reading=request.reading)
    known = {each.value for each in behind}
    others = queries.abouts(row.patient_id, reading=request.reading) if row.patient_id else []
    said = queries.said_in(things, reading=request.reading)
    context: dict[str, Any] = {
        "case": row,
        "line": queries.work(row, request.user, at=request.reading.at),
        "patient": header,
        "said": said,
        "behind": behind,
        "shown": queries.shown_with_case(behind, reading=request.reading),
        "others": [each for each in others if each.value not in known],
        "heard": queries.heard(row.patient_id, things) if row.patient_id else [],
        "account": _account(request, row, behind),
        "lines": queries.lines(row, ids),
        "parts": queries.parts_of(row),
        "mergeable": queries.mergeable(row, request.user),
        "colleagues": queries.colleagues(row.desk),
        "desks": wording.DESKS.items(),
        "routines": queries.routines(request.user, kind=row.kind),
        "people": queries.mentionable(row),
        "asked_here": queries.asked_in(row, request.user),
        "reason": f"case:{row.pk}",
        "nobody": queries.without_anybody([row], request.reading.at),
        "waits": wording.WAITS_FOR.items(),
        "splitting": forms.Splitting(choices=_parts(said, behind)),
        "due": forms.Due(),
        "snoozing": forms.Snoozing(),
        "may_send": request.user.may("relations.send"),
        "open": row.state != "closed" and row.merged_into_id is None,
    }
    context |= _offers(request, row)
    return render(request, "relations/case.html", context | _law(request, row))


def _account(request: DeskRequest, row: Any, behind: list[queries.About]) -> dict[str, Any] | None:
    """What the patient owes and what happened to it last, of a case that is about a bill."""
    about_money = row.kind == rules.Kind.BILLING or any(each.kind in _BILLS for each in behind)
    if not (row.patient_id and about_money and request.user.may("ledger.view")):
        return None
    return {
        "balance": ledger.balance_of(row.patient_id),
        "lines": ledger.activity_of(row.patient_id, reading=request.reading, limit=_MONEY),
    }


def _offers(request: DeskRequest, row: Any) -> dict[str, Any]:
    """The articles that may help, by what the case is about, and the language to answer in."""
    language = queries.language_of(row.patient_id)
    offers = known_articles.offered(
        request.user, kind=row.kind, desk=row.desk, words=row.subject, language=language
    )
    return {"offers": offers, "language": language}


def _law(request: DeskRequest, row: Any) -> dict[str, Any]:
    """What stands of a grievance; the questions for what may become one, filed as what it may."""
    known = queries.grievance(row)
    if known is None:
        complains = row.kind in (rules.Kind.COMPLAINT, rules.Kind.BILLING)
        return {"questions": forms.Questions(), "complains": complains}
    letters = queries.letters(row)
    zone = facility.organisation().time_zone
    return {
        "grievance": known,
        "day": queries.days_since(known.received_at, request.reading.at, zone),
        "answers": [(each, known.answers[each.value]) for each in rules.Question],
        "completing": forms.Completing(
            initial={
                "contact": known.contact,
                "contact_phone": known.contact_phone,
                "steps": known.steps,
                "result": known.result,
                "completed_on": known.completed_on,
                "language": known.language,
            }
        ),
        "letters": letters,
        "lacks": queries.lacks(known, [each.row for each in letters]),
        "nobody_known": row.patient_id is None and queries.nobody_to_write_to(row.pk),
        "may_decide": rules.may_do_without_notice(request.user.roles),
        "posted": forms.Posted(),
        "proof": forms.Proof(),
    }


def _parts(said: list[queries.Said], behind: list[queries.About]) -> list[tuple[str, str]]:
    """What of a case can become one of its own."""
    words = [(f"{each.kind}:{each.id}", " ".join(each.words.split())[:80] or "…") for each in said]
    return words + [(each.value, words_of_thing(each)) for each in behind]


@door("GET", "POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def answer_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Write to whoever the case is about, with the canned answers of their language at hand."""
    row = queries.case(case_id, reading=request.reading)
    header = patients.header(row.patient_id, reading=request.reading) if row.patient_id else None
    things = queries.things_of(queries.group(row.pk))
    talk = Talk(request, queries.conversation_of(row, things), row.patient_id)
    if request.method == "POST":
        return talk.written(
            lambda message: actions.record_answer(
                officer=request.user, case=row, message=message, at=request.reading.at
            ),
            then=case_url(row.pk),
        )
    asked = Asked(row.patient_id, [row.kind], row.desk, row.subject, row)
    return talk.page(patient=header, asked=asked, more={"case": row})


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def take_case(request: DeskRequest, case_id: int) -> HttpResponse:
    row = queries.case(case_id, reading=request.reading)
    return acted(request, actions.take, _("It is yours."), case=row)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def assign_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Give the case to a colleague of its desk."""
    row = queries.case(case_id, reading=request.reading)
    owner_id = row_id(request.POST.get("owner"))
    if owner_id is None:
        return incomplete()
    owner = officers.officer(owner_id)
    return acted(request, actions.assign, _("It is theirs."), case=row, owner=owner)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def move_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Send the case to another desk."""
    row = queries.case(case_id, reading=request.reading)
    desk = request.POST.get("desk", "")
    if desk not in wording.DESKS:
        return incomplete()
    told = _("It is that desk's now.")
    return acted(request, actions.move, told, case=row, desk=rules.Desk(desk))


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def note_in_case(request: DeskRequest, case_id: int) -> HttpResponse:
    row = queries.case(case_id, reading=request.reading)
    words = request.POST.get("words", "")[:4000]
    return acted(request, actions.note, _("Kept with the case."), case=row, words=words)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def case_waits(request: DeskRequest, case_id: int) -> HttpResponse:
    """Let the case wait for somebody, or go on with it."""
    row = queries.case(case_id, reading=request.reading)
    reason = request.POST.get("reason", "")
    if reason not in wording.WAITS_FOR:
        return acted(request, actions.resume, _("The case goes on."), case=row)
    facts = {"reason": rules.WaitsFor(reason), "words": request.POST.get("words", "")[:400]}
    return acted(request, actions.wait, _("The case waits."), case=row, **facts)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def snooze_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Leave the case off the lists until a morning."""
    row = queries.case(case_id, reading=request.reading)
    form = forms.Snoozing(request.POST)
    if not form.is_valid():
        return incomplete()
    until = morning_of(form.cleaned_data["day"])
    return acted(request, actions.snooze, _("It is set aside."), case=row, until=until)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def case_due(request: DeskRequest, case_id: int) -> HttpResponse:
    """Say by when the case is to be settled."""
    row = queries.case(case_id, reading=request.reading)
    form = forms.Due(request.POST)
    if not form.is_valid():
        return incomplete()
    said = form.cleaned_data
    due_at = on_the_clinics_clock(said["day"], said["at"])
    told = _("It is due then.")
    return acted(request, actions.set_due, told, case=row, due_at=due_at, words=said["words"])


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def close_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Settle the case; of a grievance only when the law has what it wants."""
    row = queries.case(case_id, reading=request.reading)
    result = request.POST.get("result", "")[:4000]
    return acted(request, actions.close, _("The case is closed."), case=row, result=result)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def reopen_case(request: DeskRequest, case_id: int) -> HttpResponse:
    row = queries.case(case_id, reading=request.reading)
    words = request.POST.get("reason", "")[:400]
    return acted(request, actions.reopen, _("The case is open again."), case=row, words=words)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def merge_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Work on the case as part of another."""
    row = queries.case(case_id, reading=request.reading)
    into_id = row_id(request.POST.get("into"))
    if into_id is None:
        return incomplete()
    into = queries.case(into_id, reading=request.reading)
    try:
        actions.merge(officer=request.user, case=row, into=into, at=request.reading.at)
    except actions.CaseRefused as refused:
        return refused_with(refused)
    told = _("%(part)s is part of %(whole)s now.") % {"part": row.number, "whole": into.number}
    shell.say(request, told)
    return shell.go(request, case_url(into.pk))


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def take_out_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Let a merged case stand for itself again."""
    row = queries.case(case_id, reading=request.reading)
    told = _("%(number)s stands for itself again.") % {"number": row.number}
    return acted(request, actions.take_out, told, case=row)


@door("POST", permission="relations.cases", purpose=Purpose.OPERATIONS)
def split_case(request: DeskRequest, case_id: int) -> HttpResponse:
    """Make a case of its own of some that this one is about."""
    row = queries.case(case_id, reading=request.reading)
    things = queries.things_of(queries.group(row.pk))
    form = forms.Splitting(request.POST, choices=[(f"{kind}:{n}", "") for kind, n in things])
    if not form.is_valid():
        return incomplete()
    said = form.cleaned_data
    new = actions.New(kind=rules.Kind(said["kind"]), subject=said["subject"], things=said["things"])
    try:
        made = actions.split(officer=request.user, case=row, new=new, at=request.reading.at)
    except actions.CaseRefused as refused:
        return refused_with(refused)
    shell.say(request, _("%(number)s is open.") % {"number": made.number})
    return shell.go(request, case_url(made.pk))
