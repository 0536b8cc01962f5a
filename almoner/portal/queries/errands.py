"""Where the link of an errand leads: to who waits, or to who may book one kind of visit."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse

from almoner.patients.models import Patient
from almoner.portal.models import Entrance, Errand
from almoner.portal.queries import accounts
from almoner.portal.queries.accounts import ActsFor
from almoner.portal.queries.links import is_of_account
from almoner.portal.rules.accounts import ABSOLUTE, Part

_SALT = "almoner.portal.errand"
_BYTES = 16


@dataclass(frozen=True, slots=True)
class FoundErrand:
    """Whom a token leads to; nothing may be shown before the birth date is said.

    Of an account's token, ``way`` is the browser that is in and ``acting`` for whom: it books any
    kind of visit that patients book, and with ``entry_id`` takes what is kept for them.
    ``id`` is 0 then.
    """

    id: int
    patient_id: int
    born: date
    language: str
    closed_until: datetime | None
    entry_id: int | None
    visit_type_id: int | None
    way: Entrance | None = None
    acting: ActsFor | None = None


def token_for(errand_id: int) -> str:
    """The token of an errand's link: the same each time, so that the next offer carries it too."""
    told = hmac.new(settings.SECRET_KEY.encode(), f"errand:{errand_id}".encode(), "sha256")
    return urlsafe_b64encode(told.digest()[:_BYTES]).rstrip(b"=").decode()


def errand_address(errand_id: int) -> str:
    """The whole address for a text; empty where patients have no way to this server."""
    if not settings.ADDRESS:
        return ""
    where = reverse("errand", args=[token_for(errand_id)])
    return settings.ADDRESS.rstrip("/") + where


def booking_token(way: Entrance, acting: ActsFor, entry_id: int | None = None) -> str:
    """The token by which one browser that is in books visits: good while it is, and may act.

    With ``entry_id`` it leads to their place on the waitlist.
    """
    return "my-" + signing.dumps([way.pk, acting.id, entry_id], salt=_SALT)


def found_errand(token: str, *, at: datetime) -> FoundErrand | None:
    """Where a token leads now; None when nowhere, or no more. As the desk."""
    if is_of_account(token):
        return _of_account(token, at=at)
    row = (
        Errand.objects.select_related("patient")
        .filter(digest=accounts.digest_of(token), expires_at__gt=at)
        .first()
    )
    if row is None or row.patient.birth_date is None:
        return None
    return FoundErrand(
        row.pk, row.patient_id, row.patient.birth_date, row.language, row.closed_until,
        row.entry_id, row.visit_type_id,
    )  # fmt: skip


def _of_account(token: str, *, at: datetime) -> FoundErrand | None:
    try:
        way_id, acting_id, entry_id = signing.loads(
            token.removeprefix("my-"), salt=_SALT, max_age=ABSOLUTE
        )
    except (signing.BadSignature, ValueError):
        return None
    way = accounts.entrance_numbered(way_id, at=at)
    if way is None or way.in_at is None or way.account is None:
        return None
    acting = next(
        (one for one in accounts.acts_for(way.account, at=at) if one.id == acting_id), None
    )
    if acting is None or Part.VISITS not in acting.parts:
        return None
    born = Patient.objects.values_list("birth_date", flat=True).get(pk=acting.patient_id)
    if born is None:
        return None
    return FoundErrand(
        0, acting.patient_id, born, way.account.language, None, entry_id, None, way, acting
    )
