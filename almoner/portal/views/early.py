"""Checking in ahead of a visit: one page, each answer kept at once, nothing asked twice."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.arrivals import actions as arrivals
from almoner.arrivals.rules import ahead
from almoner.arrivals.rules.ahead import DETAILS, OWN_WORDS, Thing, Unreadable, Verdict
from almoner.ground import clock
from almoner.ground.pictures import LARGEST_UPLOAD, NotAPicture
from almoner.portal import queries, rules
from almoner.portal.gate import PatientRequest, Took, gate, page
from almoner.portal.queries import Asked, Early
from almoner.portal.rules.accounts import Part
from almoner.portal.views.forms import forms_of

SIDES = ("front", "back")
_MARKS = {
    "line": "address-line1", "line_2": "address-line2", "city": "address-level2",
    "state": "address-level1", "zip_code": "postal-code", "number": "tel", "address": "email",
    "name_used": "given-name",
}  # fmt: skip
"""What a browser may fill in by itself: nobody types an address twice in a life."""
_KEYBOARDS = {"number": "tel", "phone": "tel", "address": "email", "zip_code": "numeric"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an answer was not kept: of which thing, the word for it, and in which field."""

    key: str
    text: str
    field: str = ""


@gate("GET", part=Part.FORMS, at_kiosk=True)
def visit_check_in(request: PatientRequest) -> HttpResponse:
    """All that is asked ahead of the visit, and what was answered."""
    return _page(request)


@gate("GET", "POST", part=Part.FORMS, at_kiosk=True)
def visit_say(request: PatientRequest) -> HttpResponse:
    """Keep one answer, or that all details are right; then on to what is still open."""
    if request.method != "POST":
        return redirect("visit_check_in", request.token)
    asked = _asked(request)
    if request.POST.get("do") == "all":
        return _kept(request, asked, asked.open_details, Verdict.RIGHT)
    one = _one(asked, request.POST.get("key", ""))
    if one.thing is Thing.DEVICES:  # tested is said by the page of the test itself
        return _kept(request, asked, [one], Verdict.TOLD, {"text": "skipped"})
    verdict = _verdict(one, request.POST.get("verdict", ""))
    words: ahead.Value = {}
    if verdict in (Verdict.CHANGED, Verdict.TOLD):
        try:
            words = ahead.read(one.thing, request.POST.dict(), languages=rules.TONGUES)
        except Unreadable as unread:
            said = "missing" if unread.why == "missing" else f"bad_{unread.why}"
            return _refused(request, Trouble(one.key, said, unread.field))
        if one.thing in OWN_WORDS and not words["text"]:
            return _refused(request, Trouble(one.key, "missing", "text"))
    return _kept(request, asked, [one], verdict, words)


@gate("GET", "POST", part=Part.FORMS, at_kiosk=True)
def visit_card(request: PatientRequest) -> HttpResponse:
    """Take photographs of a card, front and back, for the desk to look at."""
    if request.method != "POST":
        return redirect("visit_check_in", request.token)
    one = _one(_asked(request), request.POST.get("key", ""))
    if one.thing not in ahead.COVERAGE:
        raise Http404
    uploads = {
        # One sign more than may be is read of a larger one, so that it is refused.
        side: upload.read(LARGEST_UPLOAD + 1)
        for side in SIDES
        for upload in request.FILES.getlist(side)[:1]
    }
    if not uploads:
        return _refused(request, Trouble(one.key, "card_none", "card"))
    try:
        with queries.as_the_desk():
            arrivals.take_cards(
                appointment_id=request.link.appointment_id,
                policy_id=one.policy_id,
                uploads=uploads,
                days=settings.CHECK_IN_DAYS,
                at=clock.now(),
            )
    except NotAPicture:
        return _refused(request, Trouble(one.key, "card_unreadable", "card"))
    except arrivals.NotOpen:
        return redirect("visit_page", request.token)
    return redirect(f"{reverse('visit_check_in', args=[request.token])}#{one.key}")


@gate("GET", "POST")
def visit_here(request: PatientRequest) -> HttpResponse:
    """On the way, or in the car park: the desk sees it on its board."""
    if request.method == "POST":
        appointment_id, now = request.link.appointment_id, clock.now()
        found = queries.early(appointment_id, days=settings.CHECK_IN_DAYS, at=now)
        if not found.may_come:
            return redirect("visit_page", request.token)
        # Refused or not: the page of the visit says how it stands.
        with suppress(arrivals.NotExpected, arrivals.AlreadyHere), queries.as_the_desk():
            if request.POST.get("do") == "here":
                arrivals.arrive_own(appointment_id=appointment_id, at=now)
            else:
                arrivals.set_out(appointment_id=appointment_id, at=now)
    return redirect("visit_page", request.token)


def _asked(request: PatientRequest) -> Early:
    return queries.asked(request.link.appointment_id, days=settings.CHECK_IN_DAYS, at=clock.now())


def _one(asked: Early, key: str) -> Asked:
    """The thing that is answered: one of those the page asks. Raises Http404."""
    found = next((one for one in (*asked.wanted, *asked.words) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _verdict(one: Asked, said: str) -> Verdict:
    """What was said, where it can be said of this thing. Raises Http404."""
    if one.thing in OWN_WORDS:
        return Verdict.TOLD
    gone = one.thing in ahead.MAY_GO and bool(one.kept)
    if said not in {Verdict.RIGHT, Verdict.CHANGED} | ({Verdict.GONE} if gone else set()):
        raise Http404
    return Verdict(said)


def _kept(
    request: PatientRequest,
    asked: Early,
    those: list[Asked],
    verdict: Verdict,
    words: ahead.Value | None = None,
) -> HttpResponse:
    """Keep an answer to each; what was shown when it was given is what the page named."""
    one = those[-1] if those else None
    try:
        with queries.as_the_desk():
            for one in those:
                arrivals.say(
                    appointment_id=request.link.appointment_id,
                    thing=one.thing,
                    policy_id=one.policy_id,
                    verdict=verdict,
                    words=words or {},
                    seen=request.POST.get(f"seen-{one.key}", ""),
                    days=settings.CHECK_IN_DAYS,
                    at=clock.now(),
                    heard_by=request.asks,
                )
    except arrivals.ChangedMeanwhile:
        key = one.key if one else ""
        return _refused(request, Trouble(key, "changed_meanwhile"), status=409)
    except arrivals.NotOpen:
        return redirect("visit_page", request.token)
    except ObjectDoesNotExist:  # the policy ended while the page was open
        return redirect("visit_check_in", request.token)
    where = reverse("visit_check_in", args=[request.token])
    return Took(f"{where}#{_next(asked, those)}")


def _next(asked: Early, just: list[Asked]) -> str:
    """Where on the page to go on: the next open thing after this one, else the first open one."""
    everything = [*asked.wanted, *asked.words]
    here = everything.index(just[-1]) if just else 0
    done = {one.key for one in just}
    if just and just[-1].verdict:  # an answer was changed: stay where one was
        return just[-1].key
    for one in [*everything[here:], *asked.wanted[:here]]:
        if not one.verdict and one.key not in done:
            return one.key
    return "done"


def _refused(request: PatientRequest, trouble: Trouble, *, status: int = 422) -> HttpResponse:
    return _page(request, trouble, status=status)


def _page(
    request: PatientRequest, trouble: Trouble | None = None, *, status: int = 200
) -> HttpResponse:
    found = _asked(request)
    if not found.is_open:
        return redirect("visit_page", request.token)
    visit = queries.visit(request.link.appointment_id, language=request.language, at=clock.now())
    forms = forms_of(request)
    word = "early_left_forms" if forms["forms_left"] else "early_left"
    held = len(found.coverage) > 1
    facts: dict[str, Any] = {
        "visit": visit,
        "early": found,
        "left": rules.said(request.language, word, left=found.left, forms=forms["forms_left"]),
        "details": [_shown(request, one, trouble) for one in found.details],
        "coverage": [
            _shown(request, one, trouble) | {"said": _insured(one, held, request.language)}
            for one in found.coverage
        ],
        "own_words": [
            _shown(request, one, trouble) | _by_video(one, visit, request.language)
            for one in found.words
        ],
        "held": held,
        "trouble": trouble,
        "may_ask": queries.may_ask(request.link.patient_id),
        "tongues": sorted(rules.TONGUES.items(), key=lambda each: each[1].casefold()),
    }
    return page(request, "portal/early.html", facts | forms, status=status)


def _by_video(one: Asked, visit: queries.Visit, language: str) -> dict[str, str]:
    """What is asked in their own words, as it is asked of who does not come to the building."""
    return {"title": rules.said(language, f"video_{one.thing}")} if visit.by_video else {}


def _insured(one: Asked, held: bool, language: str) -> str:
    """What was said of an insurance, in the words of the button that said it."""
    if one.thing is Thing.NEW_POLICY and one.verdict == Verdict.RIGHT:
        return rules.said(language, "said_no_other" if held else "said_no_insurance")
    return _said_words(one, language)


def _said_words(one: Asked, language: str) -> str:
    if one.verdict == Verdict.RIGHT and one.thing in DETAILS and not _has(one):
        return rules.said(language, "said_right_none")
    return str(rules.WORDS[language].get(f"said_{one.verdict}", ""))


def _has(one: Asked) -> bool:
    """Whether there is something that can be right; who is called by no other name has one."""
    return bool(one.kept) or one.thing is Thing.NAME_USED


def _shown(request: PatientRequest, one: Asked, trouble: Trouble | None) -> dict[str, Any]:
    """One thing for the template: its words in the patient's language, its boxes."""
    words = rules.WORDS[request.language]
    wrong = trouble if trouble and trouble.key == one.key else None
    return {
        "one": one,
        "title": one.name or words[f"thing_{one.thing}"],
        "kept": _kept_words(one, words),
        "said": _said_words(one, request.language),
        "sides": _sides(one, request.language),
        "has_card": one.thing in ahead.COVERAGE,
        "may_go": one.thing in ahead.MAY_GO and bool(one.kept),
        "boxes": [_box(request, one, name, words, wrong) for name in _fields(one.thing)],
        "wrong": words[wrong.text] if wrong else "",
        "wrong_field": wrong.field if wrong else "",
    }


def _sides(one: Asked, language: str) -> str:
    """That we have a photograph of a card, and of which sides of it."""
    if not one.sides:
        return ""
    named = [rules.WORDS[language][f"card_{side}"] for side in one.sides]
    return rules.said(language, "card_sent", sides=", ".join(named))


def _fields(thing: Thing) -> tuple[str, ...]:
    return ("text",) if thing in OWN_WORDS else ahead.FIELDS[thing]


def _kept_words(one: Asked, words: Any) -> str:
    if one.thing is Thing.INTERPRETER:
        return str(words[f"interpreter_{one.kept}"])
    if one.thing is Thing.POLICY:
        return str(words["policy_number"].format(number=one.kept))
    if one.thing is Thing.PRONOUNS and one.kept:
        return str(words["some_kept"])
    if one.thing is Thing.NAME_USED and not one.kept:
        return str(words["given_kept"])
    return one.kept or (str(words["none_kept"]) if one.thing in DETAILS else "")


def _box(
    request: PatientRequest, one: Asked, name: str, words: Any, wrong: Trouble | None
) -> dict[str, Any]:
    return {
        "name": name,
        "id": f"{one.key}-{name}",
        "label": words[f"field_{name}"],
        "value": request.POST.get(name, "") if wrong else "",
        "fills": _fills(request, one, name),
        "keyboard": _KEYBOARDS.get(name, "text"),
        "wrong": bool(wrong and wrong.field == name),
    }


def _fills(request: PatientRequest, one: Asked, name: str) -> str:
    """What a browser may fill in; nothing of somebody else's, nor of whoever stood here before."""
    if one.thing is Thing.EMERGENCY or request.kiosk or request.asks:
        return "off"
    return _MARKS.get(name, "off")
