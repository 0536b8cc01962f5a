"""The clinic sets a kiosk up and takes it away; a device becomes one, and speaks up."""

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.facility.models import Location
from almoner.ground import events
from almoner.ground.constraints import violated
from almoner.portal.models import Kiosk, Sitting
from almoner.portal.queries import digest_of
from almoner.portal.rules import accounts, kiosks

MAY = "facility.edit"


class NameTaken(Exception):
    """Another kiosk of this location has that name."""


@transaction.atomic
def new_kiosk(
    *,
    officer: Officer,
    name: str,
    location: Location,
    wait_en: str,
    wait_es: str,
    at: datetime,
) -> tuple[Kiosk, str]:
    """A kiosk, and the code that makes a device it. Raises NameTaken or PermissionDenied."""
    require(officer, MAY)
    try:
        with transaction.atomic():
            row = Kiosk.objects.create(
                name=name, location=location, wait_en=wait_en, wait_es=wait_es,
                made_at=at, made_by_id=officer.pk,
            )  # fmt: skip
    except IntegrityError as error:
        if not violated(error, "kiosk_named_once"):
            raise
        raise NameTaken from error
    _record("kiosk_made", row, officer, at)
    return row, _coded(row, at=at)


@transaction.atomic
def code_for(*, officer: Officer, kiosk_id: int, at: datetime) -> tuple[Kiosk, str]:
    """Another code: for a device that lost its cookie, or is to be replaced.

    The device that is the kiosk now stays it until the code is used.
    Raises Kiosk.DoesNotExist or PermissionDenied.
    """
    require(officer, MAY)
    row = Kiosk.objects.select_for_update().get(pk=kiosk_id, ended_at=None)
    _record("kiosk_coded", row, officer, at)
    return row, _coded(row, at=at)


@transaction.atomic
def end_kiosk(*, officer: Officer, kiosk_id: int, at: datetime) -> Kiosk:
    """The device is no kiosk any more from this moment; whoever is found at it is not any more.

    Raises Kiosk.DoesNotExist or PermissionDenied.
    """
    require(officer, MAY)
    row = Kiosk.objects.select_for_update().get(pk=kiosk_id, ended_at=None)
    row.digest = row.code_digest = row.code_until = None
    row.ended_at, row.ended_by_id = at, officer.pk
    row.save()
    Sitting.objects.filter(kiosk=row, over_at=None).update(over_at=at)
    _record("kiosk_ended", row, officer, at)
    return row


@transaction.atomic
def enrol(*, typed: str, at: datetime) -> tuple[Kiosk, str] | None:
    """Make a device the kiosk of a code, and the secret for its cookie; None when it opens nothing.

    A device that was this kiosk before is none any more.
    """
    digest = digest_of(accounts.normal(typed))
    rows = Kiosk.objects.select_for_update().filter(code_digest=digest, code_until__gt=at)
    row = rows.first()
    if row is None:
        return None
    secret = secrets.token_urlsafe(32)
    row.digest, row.enrolled_at, row.seen_at = digest_of(secret), at, at
    row.code_digest = row.code_until = None
    row.wrong, row.wrong_since, row.unsent = 0, None, 0
    row.save()
    Sitting.objects.filter(kiosk=row, over_at=None).update(over_at=at)
    _record("kiosk_enrolled", row, None, at)
    return row, secret


def speaks_up(*, kiosk: Kiosk, unsent: int, at: datetime) -> None:
    """Note that a kiosk is there, and how much it keeps; once a minute where nothing changed."""
    seen = kiosk.seen_at is not None and at - kiosk.seen_at < kiosks.SEEN_EVERY
    if unsent != kiosk.unsent or not seen:
        Kiosk.objects.filter(pk=kiosk.pk).update(seen_at=at, unsent=unsent)


def _coded(row: Kiosk, *, at: datetime) -> str:
    code = accounts.code_of(secrets.choice)
    row.code_digest = digest_of(accounts.normal(code))
    row.code_until = at + kiosks.CODE_LASTS
    row.save(update_fields=["code_digest", "code_until"])
    return code


def _record(kind: str, row: Kiosk, officer: Officer | None, at: datetime) -> None:
    events.record(
        f"portal.{kind}", at=at, by=officer, about=row, location_id=row.location_id, name=row.name
    )
