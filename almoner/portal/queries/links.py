"""The address of a visit's page, and whom a token leads to."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from almoner.billing import queries as billing
from almoner.portal import rules
from almoner.portal.models import Entrance, Sitting, VisitLink
from almoner.portal.queries import accounts
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.rules import kiosks
from almoner.portal.rules.accounts import ABSOLUTE, EVERYTHING, Kind, Part
from almoner.surveys import queries as surveys

_ACCOUNT = "my-"  # no link begins so: theirs have no dash in the third place but by chance
_SALT = "almoner.portal.account"
_KIOSK = "kiosk-"
_KIOSK_SALT = "almoner.portal.kiosk"
_DESK = "desk-"
_DESK_SALT = "almoner.portal.desk"
AT_A_KIOSK = frozenset({Part.VISITS, Part.FORMS})
"""What is paid is paid at the desk, which is some steps away."""
_BYTES = 16  # of the token: nobody guesses 2 ** 128


@dataclass(frozen=True, slots=True)
class Found:
    """Where a token leads. Nothing of it may be shown before the birth date is said.

    Of an account's token, ``way`` is the browser that is in, which stands for the birth date,
    ``parts`` what may be seen, and ``own`` whether it is the patient's own account. Of a kiosk's,
    and of the desk's, ``sitting`` is whoever was found there by two identifiers.
    """

    id: int
    appointment_id: int
    patient_id: int
    born: date
    language: str
    closed_until: datetime | None
    way: Entrance | None = None
    parts: frozenset[str] = EVERYTHING
    own: bool = True
    sitting: Sitting | None = None


def token_of(appointment_id: int, turn: int = 0) -> str:
    """The token of a visit's link: the same each time, so that a later text carries it again.

    Until it is closed: then the visit has another one, of the next ``turn``.
    """
    named = f"visit:{appointment_id}:{turn}" if turn else f"visit:{appointment_id}"
    told = hmac.new(settings.SECRET_KEY.encode(), named.encode(), "sha256")
    return urlsafe_b64encode(told.digest()[:_BYTES]).rstrip(b"=").decode()


def address_of(appointment_id: int) -> str:
    """The whole address for a text; empty where patients have no way to this server."""
    if not settings.ADDRESS:
        return ""
    turn = VisitLink.objects.filter(appointment_id=appointment_id).values_list("turn", flat=True)
    token = token_of(appointment_id, turn.first() or 0)
    return settings.ADDRESS.rstrip("/") + reverse("visit_link", args=[token])


def account_token(way: Entrance, acting: ActsFor, appointment_id: int) -> str:
    """The token of a visit's page for one browser that is in: good while it is, and may act."""
    return _ACCOUNT + signing.dumps([way.pk, acting.id, appointment_id], salt=_SALT)


def is_of_account(token: str) -> bool:
    return token.startswith(_ACCOUNT)


def kiosk_token(sitting: Sitting) -> str:
    """The token of a visit's page for whoever was found at a kiosk: good until it is wiped."""
    return _KIOSK + signing.dumps(sitting.pk, salt=_KIOSK_SALT)


def is_of_kiosk(token: str) -> bool:
    return token.startswith(_KIOSK)


def desk_token(sitting: Sitting) -> str:
    """The token of a visit's page for an officer who goes through it with the patient."""
    return _DESK + signing.dumps(sitting.pk, salt=_DESK_SALT)


def is_of_desk(token: str) -> bool:
    return token.startswith(_DESK)


def found(token: str, *, at: datetime, late: bool = False) -> Found | None:
    """Where a token leads now; None when it leads nowhere, or no more. As the desk.

    One query; an account's is asked each time whether its browser is in and may still act, a
    kiosk's and the desk's whether it was wiped. ``late``: what was entered before it was, and is
    sent after.
    """
    if is_of_account(token):
        return _of_account(token, at=at)
    if is_of_kiosk(token) or is_of_desk(token):
        return _of_sitting(token, at=at, late=late)
    return _link(at=at, digest=accounts.digest_of(token))


def found_for_survey(token: str, *, at: datetime) -> Found | None:
    """Whom a token may ask how the visit was: the page of the visit is over sooner than that.

    Two queries. An account's token leads to the visit alone.
    """
    if is_of_account(token):
        return None
    link = _link(at=None, digest=accounts.digest_of(token))
    return link if link and surveys.answerable(link.appointment_id, at=at) else None


def _of_account(token: str, *, at: datetime) -> Found | None:
    try:
        said = signing.loads(token.removeprefix(_ACCOUNT), salt=_SALT, max_age=ABSOLUTE)
    except signing.BadSignature:
        return None
    way_id, acting_id, appointment_id = said
    way = accounts.entrance_numbered(way_id, at=at)
    if way is None or way.in_at is None or way.account is None:
        return None
    acting = next(
        (one for one in accounts.acts_for(way.account, at=at) if one.id == acting_id), None
    )
    link = _link(at=None, appointment_id=appointment_id)  # an account reads of visits long ago
    if acting is None or link is None or link.patient_id != acting.patient_id:
        return None
    if acting.kind != Kind.SELF and appointment_id in billing.kept_from_guarantor(link.patient_id):
        return None
    return replace(
        link, way=way, parts=acting.parts, own=acting.kind == Kind.SELF,
        language=way.account.language,
    )  # fmt: skip


def sitting_of(token: str) -> Sitting | None:
    """Whoever was found at a kiosk or at the desk, wiped or not."""
    prefix, salt = (_DESK, _DESK_SALT) if is_of_desk(token) else (_KIOSK, _KIOSK_SALT)
    try:
        number = signing.loads(token.removeprefix(prefix), salt=salt)
    except signing.BadSignature:
        return None
    return Sitting.objects.select_related("kiosk", "appointment").filter(pk=number).first()


def _of_sitting(token: str, *, at: datetime, late: bool) -> Found | None:
    row = sitting_of(token)
    if row is None:
        return None
    over = row.over_at or kiosks.is_over(began_at=row.began_at, seen_at=row.seen_at, at=at)
    if over and not late:
        return None
    link = _link(at=at, appointment_id=row.appointment_id)
    return link and replace(link, sitting=row, parts=AT_A_KIOSK, language=row.language)


def _link(*, at: datetime | None, **which: object) -> Found | None:
    row = (
        VisitLink.objects.filter(**which)
        .values_list(
            "id",
            "appointment_id",
            "appointment__patient_id",
            "appointment__patient__birth_date",
            "language",
            "closed_until",
            "appointment__ends_at",
        )
        .first()
    )
    if row is None:
        return None
    id_, appointment_id, patient_id, born, language, closed_until, ends_at = row
    if born is None or (at is not None and not rules.works(ends_at=ends_at, at=at)):
        return None
    return Found(id_, appointment_id, patient_id, born, language, closed_until)
