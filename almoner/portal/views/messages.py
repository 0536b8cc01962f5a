"""Messages of an account: the matters, one of them, a new one, and what is typed meanwhile."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from almoner.ground import clock
from almoner.ground.typed import page_number, row_id
from almoner.portal import actions, queries, rules
from almoner.portal.gate import AccountRequest, inside, room
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.rules.accounts import Kind, Part
from almoner.relations import actions as relations
from almoner.relations import queries as talking
from almoner.relations.rules import Topic, about_named, thread_at

_SUBJECT = 120
"""Characters that the box of what it is about takes."""
_TEXTS = ("topic", "subject", "words", "about")
_KEY = 32
"""Hexadecimal digits of what makes a message one."""


@room("GET", part=Part.MESSAGES)
def my_messages(request: AccountRequest) -> HttpResponse:
    number = page_number(request.GET.get("page"))
    lines, more = queries.threads(
        request.acting.patient_id, request.account.pk,
        language=request.language, at=clock.now(), page=number,
    )  # fmt: skip
    draft = queries.newest_draft(request.account.pk, request.acting.patient_id)
    facts = {
        "threads": lines,
        "newer": number - 1,
        "older": number + 1 if more else 0,
        "draft": _where(draft.thread_id) if draft else "",
    }
    return inside(request, "portal/messages.html", facts)


@room("GET", part=Part.MESSAGES)
def my_letters(request: AccountRequest) -> HttpResponse:
    """What was said by post."""
    number = page_number(request.GET.get("page"))
    lines, more = queries.letters(request.acting.patient_id, language=request.language, page=number)
    facts = {"letters": lines, "newer": number - 1, "older": number + 1 if more else 0}
    return inside(request, "portal/letters.html", facts)


@room("GET", part=Part.MESSAGES)
def my_letter(request: AccountRequest, message_id: int) -> HttpResponse:
    """A letter of ours as it was printed."""
    body = queries.letter(message_id, request.acting.patient_id)
    headers = {"Content-Disposition": f'inline; filename="letter-{message_id}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _keep(request: AccountRequest, account_id: int, acting: ActsFor) -> None:
    typed = _typed(request, row_id(request.POST.get("thread", "")))
    actions.keep_draft(
        account_id=account_id, patient_id=acting.patient_id, typed=typed, at=clock.now()
    )


@room("GET", "POST", part=Part.MESSAGES, keeps=_keep)
def my_new_message(request: AccountRequest) -> HttpResponse:
    """Write to us about a new matter."""
    if request.method != "POST":
        return _new(request, "")
    typed = _typed(request, None)
    if typed.topic not in set(Topic):
        return _new(request, "no_topic", status=422)
    about = about_named(typed.about)
    if about and not queries.text_about(about, request.acting, language=request.language):
        return _new(request, "others", status=422)  # it is kept from them by now
    try:
        with queries.as_the_desk():
            row = relations.open_thread(
                writer=_writer(request), topic=Topic(typed.topic), subject=typed.subject,
                words=typed.words, key=typed.key, at=clock.now(), about=about,
            )  # fmt: skip
            _drop(request, None)
    except relations.MessageRefused as refused:
        return _new(request, refused.reason, status=422)
    return redirect(f"{_where(thread_at(row.sender))}?sent=1")


def _new(request: AccountRequest, trouble: str, *, status: int = 200) -> HttpResponse:
    with queries.as_the_desk():
        by = talking.answered_by(clock.now())
    zone, words = queries.clinic_zone(), rules.WORDS[request.language]
    facts = _form(request, None, trouble)
    facts |= {
        "abouts": queries.may_be_about(
            request.acting, facts["typed"].about, language=request.language
        ),
        "topics": [
            (topic.value, words[f"topic_{topic}"],
             queries.when(by[topic], "topic_by", request.language, zone))
            for topic in Topic
        ],
    }  # fmt: skip
    return inside(request, "portal/message_new.html", facts, status=status)


@room("GET", "POST", part=Part.MESSAGES, keeps=_keep)
def my_thread(request: AccountRequest, thread_id: int) -> HttpResponse:
    """One matter, what was said in it, and a place to write more. Whoever sees it has read it."""
    if request.method != "POST":
        return _thread(request, thread_id, "")
    queries.own_thread(thread_id, request.acting.patient_id)
    typed = _typed(request, thread_id)
    try:
        with queries.as_the_desk():
            relations.post(
                writer=_writer(request), thread_id=thread_id, words=typed.words, key=typed.key,
                at=clock.now(),
            )  # fmt: skip
            _drop(request, thread_id)
    except relations.MessageRefused as refused:
        return _thread(request, thread_id, refused.reason, status=422)
    return redirect(f"{_where(thread_id)}?sent=1")


def _thread(
    request: AccountRequest, thread_id: int, trouble: str, *, status: int = 200
) -> HttpResponse:
    found = queries.matter(
        thread_id, request.acting.patient_id, request.account.pk,
        language=request.language, at=clock.now(), page=page_number(request.GET.get("page")),
    )  # fmt: skip
    facts = _form(request, thread_id, trouble) | {
        "matter": found,
        "about": queries.text_about(found.about, request.acting, language=request.language),
        "sent": "sent" in request.GET,
    }
    if request.method == "GET":
        with queries.as_the_desk():
            relations.note_opened(writer=_writer(request), thread_id=thread_id, at=clock.now())
    return inside(request, "portal/message.html", facts, status=status)


@room("POST", part=Part.MESSAGES, keeps=_keep)
def my_draft(request: AccountRequest) -> HttpResponse:
    """Keep what is being typed; the script of the form asks it."""
    with queries.as_the_desk():
        _keep(request, request.account.pk, request.acting)
    return HttpResponse(status=204)


def _form(request: AccountRequest, thread_id: int | None, trouble: str) -> dict[str, Any]:
    """What stands in the form: what was just typed, else what was kept, else nothing."""
    if request.method == "POST":
        typed = _typed(request, thread_id)
    else:
        kept = queries.draft(request.account.pk, request.acting.patient_id, thread_id)
        typed = actions.Typed(
            thread_id, kept.topic if kept else "", kept.subject if kept else "",
            kept.words if kept else "", kept.key if kept else uuid4().hex,
            kept.about if kept else "",
        )  # fmt: skip
        if named := request.GET.get("about", ""):
            typed = _about(request, typed, named)
        if about := row_id(request.GET.get("result")):
            typed = _about_result(request, typed, about)
    own = request.acting.kind == Kind.SELF
    return {
        "typed": typed,
        "whose": f"{request.account.pk} {request.acting.id}",
        "trouble": rules.said(request.language, trouble) if trouble else "",
        "for_another": ""
        if own
        else rules.said(request.language, "message_for", name=request.acting.name),
    }


def _about_result(request: AccountRequest, typed: actions.Typed, about: int) -> actions.Typed:
    """Who comes from a result need not say what they write about; what they began goes before.

    It is in words only where whoever acts for the patient sees the result too.
    """
    if typed.subject or Part.RESULTS not in request.acting.parts:
        return typed
    subject = queries.result_about(about, request.acting.patient_id, language=request.language)
    return replace(typed, topic=Topic.RECORDS.value, subject=subject[:_SUBJECT])


def _about(request: AccountRequest, typed: actions.Typed, named: str) -> actions.Typed:
    """Who comes from a visit or bill need not say what they write about, as from a result."""
    asked = queries.asked_about(named, request.acting, language=request.language)
    if typed.subject or typed.about:
        return typed
    subject = queries.subject_about(asked)[:_SUBJECT]
    return replace(typed, topic=asked.topic.value, subject=subject, about=asked.value)


def _typed(request: AccountRequest, thread_id: int | None) -> actions.Typed:
    said = request.POST
    key = said.get("key", "")
    known = len(key) == _KEY and key.isascii() and key.isalnum()
    texts = {name: said.get(name, "").replace("\0", "") for name in _TEXTS}
    return actions.Typed(thread_id=thread_id, key=key if known else uuid4().hex, **texts)


def _drop(request: AccountRequest, thread_id: int | None) -> None:
    actions.drop_draft(
        account_id=request.account.pk, patient_id=request.acting.patient_id, thread_id=thread_id
    )


def _where(thread_id: int | None) -> str:
    if thread_id is None:
        return reverse("my_new_message")
    return reverse("my_thread", kwargs={"thread_id": thread_id})


def _writer(request: AccountRequest) -> relations.Writer:
    account = request.account
    return relations.Writer(request.acting.patient_id, account.pk, account.name)
