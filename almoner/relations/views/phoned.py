"""What the carrier asks and tells us of calls of ours; it signs each word, and nobody else's count.

403: not signed by the carrier. 400: signed, and nothing that we know; 404: of no call of ours. 410:
of one that is over, or not the one that we placed; the carrier then ends it. That no more calls
are wanted is heard also just after the end.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from almoner.edges import sms
from almoner.ground import clock
from almoner.ground.models import Outgoing
from almoner.relations import actions, exchange, queries

_XML = "text/xml"


@csrf_exempt
@require_POST
def call_answered(request: HttpRequest, outgoing_id: int) -> HttpResponse:
    """Somebody answers: what is said to them first."""

    def says(item: Outgoing, carrier_id: str) -> HttpResponse:
        by = request.POST.get("AnsweredBy", "")
        saying = actions.answer_call(outgoing=item, carrier_id=carrier_id, by=by, at=clock.now())
        return HttpResponse(exchange.spoken(saying, item.pk), content_type=_XML)

    return _of_call(request, outgoing_id, says)


@csrf_exempt
@require_POST
def call_pressed(request: HttpRequest, outgoing_id: int, turn: int) -> HttpResponse:
    """Keys were pressed, or none for some seconds: what is said then."""

    def says(item: Outgoing, carrier_id: str) -> HttpResponse:
        keys = request.POST.get("Digits", "")
        saying = actions.press(
            outgoing=item, carrier_id=carrier_id, turn=turn, keys=keys, at=clock.now()
        )
        return HttpResponse(exchange.spoken(saying, item.pk), content_type=_XML)

    return _of_call(request, outgoing_id, says, rest=f"{turn}/")


@csrf_exempt
@require_POST
def call_report(request: HttpRequest, outgoing_id: int) -> HttpResponse:
    """How far a call has come."""

    def keeps(item: Outgoing, carrier_id: str) -> HttpResponse:
        status = exchange.read_status(request.POST.dict())
        if not status:
            return HttpResponse(status=400)
        actions.record_call(outgoing=item, carrier_id=carrier_id, status=status, at=clock.now())
        return HttpResponse("<Response/>", content_type=_XML)

    return _of_call(request, outgoing_id, keeps, rest="report/")


def _of_call(
    request: HttpRequest,
    outgoing_id: int,
    do: Callable[[Outgoing, str], HttpResponse],
    *,
    rest: str = "",
) -> HttpResponse:
    given = request.headers.get(sms.SIGNATURE, "")
    fields = dict(request.POST.lists())
    if not exchange.genuine_call(fields, given, about=outgoing_id, rest=rest):
        return HttpResponse(status=403)
    carrier_id = exchange.read_call(request.POST.dict())
    if not carrier_id:
        return HttpResponse(status=400)
    item = queries.placed_as(outgoing_id)
    if item is None:
        return HttpResponse(status=404)
    try:
        return do(item, carrier_id)
    except actions.NotOurCall:
        return HttpResponse(status=410)
