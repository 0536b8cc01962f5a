"""The address of a visit's page, and whom a token leads to."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse

from almoner.portal import rules
from almoner.portal.models import VisitLink

_BYTES = 16  # of the token: nobody guesses 2 ** 128


@dataclass(frozen=True, slots=True)
class Found:
    """Where a token leads. Nothing of it may be shown before the birth date is said."""

    id: int
    appointment_id: int
    patient_id: int
    born: date
    language: str
    closed_until: datetime | None


def token_of(appointment_id: int) -> str:
    """The token of a visit's link: the same each time, so that a later text carries it again."""
    told = hmac.new(settings.SECRET_KEY.encode(), f"visit:{appointment_id}".encode(), "sha256")
    return urlsafe_b64encode(told.digest()[:_BYTES]).rstrip(b"=").decode()


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def address_of(appointment_id: int) -> str:
    """The whole address for a text; empty where patients have no way to this server."""
    if not settings.ADDRESS:
        return ""
    return settings.ADDRESS.rstrip("/") + reverse("visit_link", args=[token_of(appointment_id)])


def found(token: str, *, at: datetime) -> Found | None:
    """Where a token leads now; None when it leads nowhere, or no more. One query, as the desk."""
    row = (
        VisitLink.objects.filter(digest=digest_of(token))
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
    if born is None or not rules.works(ends_at=ends_at, at=at):
        return None
    return Found(id_, appointment_id, patient_id, born, language, closed_until)
