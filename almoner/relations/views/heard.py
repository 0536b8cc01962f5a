"""What comes in: the carrier's calls, and what somebody does about words that wait."""

from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from almoner.access.door import DeskRequest, door
from almoner.access.queries import officers
from almoner.access.rules import Purpose
from almoner.edges import mail, reports, sms
from almoner.edges.reports import Fate
from almoner.ground import clock, shell
from almoner.ground.typed import row_id
from almoner.relations import actions, exchange, queries, rules
from almoner.relations.views.told import REFUSALS


@csrf_exempt
@require_POST
def text_received(request: HttpRequest) -> HttpResponse:
    """The carrier hands us a text; believed only when it signed it.

    200: heard, or heard before; what we answer leaves by the outbox, so nothing is said here.
    400: signed, and nothing that could be kept. 403: not signed by the carrier.
    """
    given = request.headers.get(sms.SIGNATURE, "")
    if not exchange.genuine(dict(request.POST.lists()), given):
        return HttpResponse(status=403)
    text = exchange.read(request.POST.dict())
    if text is None:
        return HttpResponse(status=400)
    actions.receive_text(
        carrier_id=text.carrier_id,
        sender=text.sender,
        body=text.body,
        files=text.files,
        at=clock.now(),
    )
    return HttpResponse("<Response/>", content_type="text/xml")


@csrf_exempt
@require_POST
def text_delivery(request: HttpRequest, outgoing_id: int) -> HttpResponse:
    """The carrier reports how far a text has come; believed only when it signed it.

    200: kept, or known before. 400: signed, and nothing that we know; 404: of no text of ours.
    403: not signed by the carrier.
    """
    given = request.headers.get(sms.SIGNATURE, "")
    if not exchange.genuine(dict(request.POST.lists()), given, about=outgoing_id):
        return HttpResponse(status=403)
    said, item = exchange.read_report(request.POST.dict()), queries.sent_as(outgoing_id)
    if said is None:
        return HttpResponse(status=400)
    if item is None:
        return HttpResponse(status=404)
    actions.record_report(
        outgoing=item,
        carrier_id=said.carrier_id,
        report=said.report,
        code=said.code,
        at=clock.now(),
    )
    return HttpResponse("<Response/>", content_type="text/xml")


@csrf_exempt
@require_POST
def mail_received(request: HttpRequest) -> HttpResponse:
    """Whoever takes mail for us hands an e-mail on; believed only when signed just now.

    200: kept, or kept before. 400: signed, and nobody could be answered; 413: too large, so that
    its sender is told. 403: not signed.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > mail.LARGEST:
        return HttpResponse(status=413)
    body = request.read(mail.LARGEST)  # not ``body``: files are larger than a form may be
    if not exchange.genuine_mail(body, request.headers.get(mail.SIGNATURE, "")):
        return HttpResponse(status=403)
    if _reported(body):
        return HttpResponse()
    read = mail.read(body)
    if read is None:
        return HttpResponse(status=400)
    actions.receive_mail(
        sender=read.sender,
        message_id=read.message_id,
        subject=read.subject,
        body=read.text,
        files=exchange.attached_to(read),
        by_machine=read.by_machine or exchange.is_ours(read.sender),
        answers=exchange.answered_by(read),
        at=clock.now(),
    )
    return HttpResponse()


def _reported(body: bytes) -> bool:
    """Whether it reports what became of an e-mail of ours; then it was kept.

    A report that names none of ours is an e-mail like others, and read by somebody.
    """
    report = reports.read_report(body)
    item = exchange.reported_on(report) if report else None
    if report is None or item is None:
        return False
    now = clock.now()
    if report.fate == Fate.FAILED:
        actions.record_bounce(outgoing=item, status=report.status, at=now)
    elif report.fate == Fate.COMPLAINED:
        actions.record_complaint(outgoing=item, at=now)
    return True


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def text_is_from(request: DeskRequest, received_id: int, patient_id: int) -> HttpResponse:
    """Somebody knows who wrote it."""
    row = queries.received(received_id, reading=request.reading)
    act = partial(actions.recognise, received=row, patient_id=patient_id)
    there = f"{reverse('conversation_with', args=[patient_id])}?for=received:{row.pk}"
    return _do(request, act, _("Kept with the patient. It is still to be seen to."), there=there)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def received_about(request: DeskRequest, received_id: int) -> HttpResponse:
    """Say which visit or bill it is about, or that it is about none."""
    row = queries.received(received_id, reading=request.reading)
    chosen = rules.about_named(request.POST.get("about", ""))
    act = partial(actions.say_about, received=row, about=chosen)
    return _do(request, act, _("Kept with the message."))


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def text_no_more(request: DeskRequest, received_id: int) -> HttpResponse:
    """The words ask for no more texts, though not in one of the words that act by themselves."""
    row = queries.received(received_id, reading=request.reading)
    act = partial(actions.silence, received=row)
    return _do(request, act, _("No more texts go to that number."))


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def text_seen_to(request: DeskRequest, received_id: int) -> HttpResponse:
    """What the text wanted is done, or nothing need be; the reason is kept."""
    row = queries.received(received_id, reading=request.reading)
    act = partial(actions.see_to_text, received=row, why=request.POST.get("reason", "")[:400])
    return _do(request, act, _("Kept. It is off the list."))


@door("GET", permission="relations.send", purpose=Purpose.OPERATIONS)
def received_file(request: DeskRequest, file_id: int) -> HttpResponse:
    """What came with a message of which nobody knows yet who wrote it, as we made it anew."""
    try:
        media, content = queries.file_content(file_id, reading=request.reading)
    except queries.NoSuchFile as error:
        raise Http404 from error
    way, ending = ("inline", "jpg") if media == "image/jpeg" else ("attachment", "pdf")
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{way}; filename="file-{file_id}.{ending}"',
    }
    return HttpResponse(content, content_type=media, headers=headers)


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def files_to_documents(request: DeskRequest, received_id: int) -> HttpResponse:
    """What stayed with a message, since too many documents waited, goes to them now."""
    row = queries.received(received_id, reading=request.reading)
    act = partial(actions.hand_files_on, received=row)
    return _do(request, act, _("With the patient's documents, to be looked at."))


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def files_of_nobody(request: DeskRequest, received_id: int) -> HttpResponse:
    """What came with a message is nobody's: nothing but the names is kept."""
    row = queries.received(received_id, reading=request.reading)
    act = partial(actions.throw_files_away, received=row)
    return _do(request, act, _("Thrown away. The words of the message are kept."))


@door("POST", permission="relations.send", purpose=Purpose.OPERATIONS)
def messages_belong(request: DeskRequest, conversation_id: int) -> HttpResponse:
    """Take what waits in a conversation, give it to a colleague, or give it back to its desk."""
    talk = queries.conversation_by(conversation_id, reading=request.reading)
    if talk is None:
        raise Http404
    act, owner_id = request.POST.get("act", ""), row_id(request.POST.get("owner"))
    if act == "give" and owner_id:
        give = partial(
            actions.give_messages, conversation_id=talk.pk, owner=officers.officer(owner_id)
        )
        return _do(request, give, _("Given."))
    known = {"take": actions.take_messages, "back": actions.put_messages_back}
    if act not in known:
        raise Http404
    return _do(request, partial(known[act], conversation_id=talk.pk), _("Kept."))


def _do(
    request: DeskRequest, act: Callable[..., object], done: str, *, there: str = ""
) -> HttpResponse:
    try:
        act(officer=request.user, at=request.reading.at)
    except actions.MessageRefused as refused:
        return shell.refused(REFUSALS[refused.reason])
    shell.say(request, done)
    on = {"HX-Redirect": there} if there else {"HX-Refresh": "true"}
    return HttpResponse(status=204, headers=on)
