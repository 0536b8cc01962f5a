"""What the page of a call hands over: the question for a picture, the picture, a paper."""

from collections.abc import Callable

import orjson
from django.http import HttpResponse, JsonResponse

from almoner.ground import clock
from almoner.ground.pictures import LARGEST_UPLOAD
from almoner.records.actions import NotADocument
from almoner.records.rules.papers import WORDS
from almoner.telehealth import actions
from almoner.telehealth.seat import SeatRequest, seat

MOST_SAID = 200


def _told(act: Callable[[SeatRequest], None]) -> Callable[[SeatRequest], HttpResponse]:
    """A view for the page's script: why not is a sentence it shows, or a word."""

    def view(request: SeatRequest) -> HttpResponse:
        try:
            act(request)
        except actions.NotNow:
            return JsonResponse({"why": "not_now"}, status=409)
        except NotADocument as refused:
            says = WORDS[request.place.language][f"fault_{refused.fault}"]
            return JsonResponse({"why": "refused", "says": says}, status=422)
        except (orjson.JSONDecodeError, actions.Unsound):
            return JsonResponse({"why": "unsound"}, status=400)
        return JsonResponse({})

    view.__name__, view.__module__ = act.__name__.lstrip("_"), act.__module__
    return view


def _content(request: SeatRequest) -> bytes:
    upload = request.FILES.get("file")
    # One byte more than may be is read of a larger one, so that it is refused.
    return upload.read(LARGEST_UPLOAD + 1) if upload else b""


def _asked_id(said: object) -> int:
    if not isinstance(said, str | int) or not str(said).isdecimal():
        raise actions.Unsound
    return min(int(str(said)[:18]), 2**62)


def _ask_for_picture(request: SeatRequest) -> None:
    actions.ask_for_picture(participant=request.place, at=clock.now())


def _answer_for_picture(request: SeatRequest) -> None:
    said = orjson.loads(request.body[:MOST_SAID])
    if not isinstance(said, dict) or not isinstance(said.get("yes"), bool):
        raise actions.Unsound
    actions.answer_for_picture(
        participant=request.place, asked_id=_asked_id(said.get("id")), yes=said["yes"],
        at=clock.now(),
    )  # fmt: skip


def _keep_picture(request: SeatRequest) -> None:
    actions.keep_picture(
        participant=request.place,
        asked_id=_asked_id(request.POST.get("id", "")),
        content=_content(request),
        at=clock.now(),
    )


def _hand_over(request: SeatRequest) -> None:
    actions.hand_over(
        participant=request.place,
        content=_content(request),
        title=request.POST.get("title", ""),
        at=clock.now(),
    )


call_picture_ask = seat("POST")(_told(_ask_for_picture))
call_picture_answer = seat("POST")(_told(_answer_for_picture))
call_picture_keep = seat("POST")(_told(_keep_picture))
call_file = seat("POST")(_told(_hand_over))
