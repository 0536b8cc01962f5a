"""A call of five and more: what its pages send and get through the gateway, asked of it by us.

What the gateway answers is waited for while a page asks, and no row is locked in the meantime; the
row that follows is refused by a trigger when the call ended while it was waited for.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from almoner.edges import janus
from almoner.ground.constraints import violated
from almoner.telehealth import rules
from almoner.telehealth.actions.calling import TooMuch
from almoner.telehealth.actions.rooms import NotNow, Unsound, wake
from almoner.telehealth.models import Participant, Passage, VideoVisit
from almoner.telehealth.rules import KINDS, State


class NoGateway(Exception):
    """None is configured, it does not answer, or it refuses us. Nothing was kept."""


class Gone(Exception):
    """The other one does not send any more, or the gateway has forgotten the connection."""


def gateway() -> janus.Gateway | None:
    """The gateway as it is configured; None when there is none, and four are the most."""
    if not settings.JANUS_URL or not settings.JANUS_SECRET:
        return None
    return janus.Gateway(settings.JANUS_URL, settings.JANUS_SECRET, settings.JANUS_ADMIN_KEY)


def _gateway() -> janus.Gateway:
    found = gateway()
    if found is None:
        raise NoGateway
    return found


@contextmanager
def _asked() -> Iterator[None]:
    """What the gateway says against it, as this duty says it."""
    try:
        yield
    except (janus.Lost, janus.NoFeed) as gone:
        raise Gone from gone
    except (janus.NotReached, janus.Refused) as silent:
        raise NoGateway from silent


@contextmanager
def _told() -> Iterator[None]:
    """The same of what no page waits for: nobody's connection is gone when the gateway lost ours.

    It does so when it is started anew between two things that are told it.
    """
    try:
        with _asked():
            yield
    except Gone as lost:
        raise NoGateway from lost


def _room(at: janus.Gateway, visit_id: int) -> janus.Room:
    names = rules.names(at.secret, visit_id)
    return janus.Room(names.number, names.secret, names.pin)


def open_room(visit_id: int) -> None:
    """Make a visit's room at the gateway, unless it is there. Raises NoGateway."""
    at = _gateway()
    with _told():
        janus.open_room(at, _room(at, visit_id), most=rules.MOST_GATHERED)


def _may(participant: Participant, session: str) -> None:
    """The same gate as for signals, and only once the call goes through the gateway."""
    if not session or participant.session != session:
        raise Unsound
    if not participant.visit.passes or participant.visit.gathered_at is None:
        raise NotNow


def _has_room_for_one(participant: Participant) -> None:
    if Passage.objects.filter(near=participant).count() >= rules.MOST_PASSAGES:
        raise TooMuch


def _sound(sdp: object) -> str:
    if not isinstance(sdp, str) or not sdp or "\0" in sdp or len(sdp) > KINDS["description"]:
        raise Unsound
    return rules.without_local(sdp)


def send(*, participant: Participant, session: str, offer: object, at: datetime) -> dict[str, Any]:
    """What a page sends goes to the gateway: its number here, and the gateway's answer.

    In place of what the same person sent before, and of all that an older page of theirs had. A
    room that the gateway has forgotten is made again. Raises Unsound, NotNow, TooMuch or NoGateway.
    """
    sdp = _sound(offer)
    _may(participant, session)
    _has_room_for_one(participant)
    there = _gateway()
    room = _room(there, participant.visit_id)
    token = rules.token(there.secret, participant.visit_id, participant.pk, session)
    with _asked():
        try:
            sent = janus.send(there, room, token=token, offer=sdp)
        except janus.NoRoom:
            janus.open_room(there, room, most=rules.MOST_GATHERED)
            sent = janus.send(there, room, token=token, offer=sdp)
    mine = Passage.objects.filter(near=participant)
    _end(there, list(mine.filter(Q(far=None) | ~Q(near_session=session))))
    row = Passage(near=participant, near_session=session, far=None, feed=sent.feed)
    _keep(there, row, sent.line, at=at)
    return {"id": row.pk, "sdp": sent.answer}


def get(
    *, participant: Participant, session: str, to: object, feed: object, at: datetime
) -> dict[str, Any]:
    """A page gets what another sends: the number of that, and what the gateway offers.

    In place of what it got of the same one before.
    Raises Unsound, NotNow, TooMuch, NoGateway, or Gone when that is not sent any more.
    """
    if type(to) is not int or type(feed) is not int:
        raise Unsound
    _may(participant, session)
    _has_room_for_one(participant)
    sends = Passage.objects.filter(
        pk=feed, visit=participant.visit_id, far=None, near_id=to,
        near_session=F("near__session"), near__removed_at=None,
    ).first()  # fmt: skip
    if sends is None or to == participant.pk:
        raise Gone
    there = _gateway()
    with _asked():
        line, offer = janus.get(there, _room(there, participant.visit_id), feed=sends.feed)
    _end(there, list(Passage.objects.filter(near=participant, far_id=to)))
    row = Passage(near=participant, near_session=session, far_id=to, feed=sends.feed)
    _keep(there, row, line, at=at)
    return {"id": row.pk, "sdp": offer}


def _keep(there: janus.Gateway, row: Passage, line: janus.Line, *, at: datetime) -> None:
    row.visit_id, row.session, row.handle, row.at = row.near.visit_id, line.session, line.handle, at
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refused:
        with suppress(janus.NotReached, janus.Refused):
            janus.close(there, [line])
        if violated(refused, "passage_opens_when_admitted"):
            raise NotNow from refused
        if violated(refused, "passage_sends_once"):  # the same page asked twice at once
            raise Gone from refused
        raise


def answer(*, participant: Participant, session: str, passage_id: object, sdp: object) -> None:
    """What a page answered to what the gateway offered. Raises as `get` does."""
    said = _sound(sdp)
    _may(participant, session)
    line = _line(_mine(participant, session, passage_id, far__isnull=False))
    with _asked():
        janus.answer(_gateway(), line, said)


def trickle(
    *, participant: Participant, session: str, passage_id: object, bodies: Sequence[object]
) -> None:
    """At which addresses a page may be reached. Raises as `get` does."""
    if len(bodies) > rules.MOST_AT_ONCE or (told := rules.candidates(bodies)) is None:
        raise Unsound
    _may(participant, session)
    line = _line(_mine(participant, session, passage_id))
    if told:
        with _asked():
            janus.trickle(_gateway(), line, told)


def stay(
    *, participant: Participant, session: str, ids: Sequence[object], at: datetime
) -> dict[str, Any]:
    """A page is connected by these: those of them that the gateway has forgotten.

    The others are told of what it sends when it is named first. What it does not name is over and
    is ended, unless it was made so lately that the page may not know of it yet. Raises Unsound,
    NotNow or NoGateway.
    """
    _may(participant, session)
    if not all(type(one) is int for one in ids):
        raise Unsound
    there = _gateway()
    mine = list(Passage.objects.filter(near=participant).order_by("id"))
    named = [one for one in mine if one.pk in ids and one.near_session == session]
    with _asked():
        lost = janus.stay(there, [_line(one) for one in named])
    gone = [one.pk for one in named if _line(one) in lost]
    others = [one for one in mine if one not in named]
    _end(
        there, [one for one in others if one.near_session != session or at - one.at > rules.SETTLES]
    )
    Passage.objects.filter(pk__in=gone).delete()
    is_new = Passage.objects.filter(pk__in=[one.pk for one in named], up=False).update(up=True)
    if gone or is_new:
        wake(participant.visit_id)
    return {"lost": [one for one in ids if one in gone or one not in {one.pk for one in named}]}


def _mine(participant: Participant, session: str, passage_id: object, **more: Any) -> Passage:
    if type(passage_id) is not int:
        raise Unsound
    rows = Passage.objects.filter(pk=passage_id, near=participant, near_session=session, **more)
    row = rows.first()
    if row is None:
        raise Gone
    return row


def _line(row: Passage) -> janus.Line:
    return janus.Line(row.session, row.handle)


def _end(there: janus.Gateway, ended: Sequence[Passage]) -> None:
    """End connections at the gateway and forget them. One that cannot be told so ends by itself."""
    with suppress(janus.NotReached, janus.Refused):
        janus.close(there, [_line(one) for one in ended])
    Passage.objects.filter(pk__in=[one.pk for one in ended]).delete()


OVER = (
    ~Q(visit__state=State.ADMITTED)
    | Q(visit__by_phone_at__isnull=False)
    | Q(near__removed_at__isnull=False)
    | ~Q(near__session=F("near_session"))
    | Q(far__removed_at__isnull=False)
)
"""Of which connections it is known that they may be no more."""


def cut_off(*, visit_id: int) -> None:
    """End what of a call may pass no more: somebody's connections, or all of them with the room.

    Safe to do twice. Raises NoGateway when the gateway cannot be told, and then nothing is
    forgotten: it is tried again.
    """
    visit = VideoVisit.objects.get(pk=visit_id)
    over = list(Passage.objects.filter(OVER, visit=visit_id))
    if not over and (visit.passes or visit.gathered_at is None):
        return
    if there := gateway():
        with _told():
            if visit.passes:
                _forbid(there, visit_id, over)
            else:
                janus.close_room(there, _room(there, visit_id))
            janus.close(there, [_line(one) for one in over])
    Passage.objects.filter(pk__in=[one.pk for one in over]).delete()
    wake(visit_id)


def _forbid(there: janus.Gateway, visit_id: int, over: list[Passage]) -> None:
    for one in over:
        if one.far_id is None:
            token = rules.token(there.secret, visit_id, one.near_id, one.near_session)
            janus.forbid(there, _room(there, visit_id), token)


def cut_off_all() -> None:
    """`cut_off` for every call that has something to cut: what nobody did when it was time."""
    visits = Passage.objects.filter(OVER).values_list("visit_id", flat=True).distinct()
    for visit_id in visits.order_by("visit_id"):
        with suppress(NoGateway):
            cut_off(visit_id=visit_id)
