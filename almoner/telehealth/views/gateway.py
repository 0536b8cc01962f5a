"""What the page of a call of many asks of the gateway, by way of us."""

from collections.abc import Callable, Mapping
from typing import Any

from almoner.ground import clock
from almoner.telehealth import actions
from almoner.telehealth.actions import gathering
from almoner.telehealth.seat import SeatRequest, seat
from almoner.telehealth.views.call import answered

Said = dict[str, Any]


def _send(request: SeatRequest, session: str, said: Said) -> Said:
    return gathering.send(
        participant=request.place, session=session, offer=said.get("sdp"), at=clock.now()
    )


def _get(request: SeatRequest, session: str, said: Said) -> Said:
    return gathering.get(
        participant=request.place,
        session=session,
        to=said.get("to"),
        feed=said.get("feed"),
        at=clock.now(),
    )


def _answer(request: SeatRequest, session: str, said: Said) -> None:
    gathering.answer(
        participant=request.place, session=session, passage_id=said.get("id"), sdp=said.get("sdp")
    )


def _trickle(request: SeatRequest, session: str, said: Said) -> None:
    gathering.trickle(
        participant=request.place,
        session=session,
        passage_id=said.get("id"),
        bodies=_list(said, "candidates"),
    )


def _stay(request: SeatRequest, session: str, said: Said) -> Said:
    return gathering.stay(
        participant=request.place, session=session, ids=_list(said, "ids"), at=clock.now()
    )


def _list(said: Said, name: str) -> list[Any]:
    found = said.get(name)
    if not isinstance(found, list):
        raise actions.Unsound
    return found


_DOES: Mapping[str, Callable[[SeatRequest, str, Said], Said | None]] = {
    "send": _send,
    "get": _get,
    "answer": _answer,
    "trickle": _trickle,
    "stay": _stay,
}


def _gateway(request: SeatRequest, said: Said) -> Said | None:
    act = _DOES.get(str(said.get("do", "")))
    if act is None:
        raise actions.Unsound
    return act(request, str(said.get("session", "")), said)


call_gateway = seat("POST")(answered(_gateway))
