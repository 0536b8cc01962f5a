"""Who is asking: the browser, its account, and for whom it may act now."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.patients.models import Patient
from almoner.portal.models import Account, Acting, Entrance, Invitation
from almoner.portal.queries.laws import Laws, laws
from almoner.portal.rules import accounts
from almoner.portal.rules.accounts import Invited


def local_day(at: datetime) -> date:
    """The clinic's own day: rights to act end with it."""
    return at.astimezone(ZoneInfo(facility.organisation().time_zone)).date()


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@dataclass(frozen=True, slots=True)
class ActsFor:
    """Somebody an account acts for now, and what it may see of them."""

    id: int
    patient_id: int
    name: str
    kind: str
    parts: frozenset[str]


def entrance(token: str, *, at: datetime) -> Entrance | None:
    """The browser this cookie stands for; None when it has to get in again. One query."""
    return _open(at=at, digest=digest_of(token))


def entrance_numbered(number: int, *, at: datetime) -> Entrance | None:
    """The same by the number that a token of ours carries."""
    return _open(at=at, pk=number)


def _open(*, at: datetime, **which: object) -> Entrance | None:
    row = Entrance.objects.select_related("account", "invitation").filter(**which).first()
    if row is None or (row.account and row.account.ended_at):
        return None
    over = accounts.is_over(in_at=row.in_at, made_at=row.made_at, seen_at=row.seen_at, at=at)
    return None if over else row


def entrance_over(token: str) -> Entrance | None:
    """A browser that was in and has to get in again: whose words it brings, and no more."""
    rows = Entrance.objects.select_related("account")
    return rows.filter(digest=digest_of(token), in_at__isnull=False, account__ended_at=None).first()


def seen(way: Entrance, *, at: datetime) -> None:
    """Move the idle clock on, once a minute: nothing else waits for it."""
    if way.seen_at < at - timedelta(minutes=1):
        Entrance.objects.filter(pk=way.pk).update(seen_at=at)


def acts_for(account: Account, *, at: datetime) -> list[ActsFor]:
    """Whom an account may act for now, itself first. Two queries; at most four more of children."""
    on = local_day(at)
    rows = list(
        Acting.objects.filter(account=account, ended_at__isnull=True)
        .select_related("patient")
        .order_by("pk")
    )
    law = laws([one.patient_id for one in rows if one.kind in accounts.OF_A_MINOR], on=on)
    found = []
    for row in sorted(rows, key=lambda one: one.kind != accounts.Kind.SELF):
        if not accounts.is_open(until=row.until, since=row.since, ended_at=row.ended_at, on=on):
            continue
        parts = seen_parts(row, row.patient, law, on=on)
        if parts:
            name = row.patient.name_used or row.patient.given or row.patient.family
            found.append(ActsFor(row.pk, row.patient.pk, name, row.kind, parts))
    return found


def seen_parts(row: Acting, patient: Patient, law: Laws, *, on: date) -> frozenset[str]:
    """The parts a right to act shows on a day; ``law`` knows every minor among the patients."""
    if row.kind not in accounts.OF_A_MINOR:
        return accounts.may_see(row.kind, row.parts, born=None, state="", terms=(), on=on)
    born, of_child = patient.birth_date, law.of(patient.pk)
    return accounts.may_see(row.kind, row.parts, born=born, on=on, **of_child)


def invited(code: str, said: date, *, at: datetime) -> tuple[Invited, Invitation | None]:
    """What a code and a birth date come to; the invitation is held, so that tries are counted."""
    row = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(digest=digest_of(accounts.normal(code)))
        .first()
    )
    if row is None:
        return Invited.UNKNOWN, None
    outcome = accounts.invited(
        used=row.used_at is not None,
        withdrawn=row.withdrawn_at is not None,
        expires_at=row.expires_at,
        tries=row.tries,
        fits=row.patient.birth_date == said,
        at=at,
    )
    return outcome, row


def account_of_patient(patient_id: int) -> Account | None:
    """The patient's own account, if there is one."""
    row = (
        Acting.objects.filter(patient_id=patient_id, kind=accounts.Kind.SELF, ended_at__isnull=True)
        .select_related("account")
        .first()
    )
    return row.account if row else None


@dataclass(frozen=True, slots=True)
class Proxy:
    """One line of who may act for a patient, for the desk."""

    id: int
    name: str
    kind: str
    parts: tuple[str, ...]
    since: date
    until: date | None
    proof: str
    made_by: str
    ended_at: datetime | None
    ended_because: str
    sees: frozenset[str]
    passkeys: int
    has_password: bool
    last_in: datetime | None


def who_signs_in(patient_id: int, *, at: datetime) -> tuple[list[str], bool]:
    """Who acts for a patient, by name, and whether a code waits to be used. Two queries."""
    names = Acting.objects.filter(patient_id=patient_id, ended_at__isnull=True)
    return list(names.order_by("pk").values_list("account__name", flat=True)), waiting(
        patient_id, at=at
    ).exists()


def waiting(patient_id: int, *, at: datetime) -> QuerySet[Invitation]:
    """Codes that still open something."""
    return Invitation.objects.filter(
        patient_id=patient_id, used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at,
        tries__lt=accounts.TRIES,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Access:
    """How a patient and those who act for them reach the record from outside, for the desk."""

    proxies: list[Proxy]
    invitations: list[Invitation]


MOST = 50


def access_of(patient: Patient, *, at: datetime) -> Access:
    """Accounts that act or acted for a patient, and codes that wait. Five queries."""
    on = local_day(at)
    rows = list(
        Acting.objects.filter(patient=patient)
        .select_related("account")
        .prefetch_related("account__passkeys", "account__entrances")
        .order_by("-pk")[:MOST]
    )
    law = laws([patient.pk] if any(one.kind in accounts.OF_A_MINOR for one in rows) else [], on=on)
    names = dict(
        Officer.objects.filter(pk__in={one.made_by_id for one in rows}).values_list("pk", "name")
    )
    proxies = []
    for row in rows:
        holds = accounts.is_open(until=row.until, since=row.since, ended_at=row.ended_at, on=on)
        sees = seen_parts(row, patient, law, on=on)
        entered = [one.in_at for one in row.account.entrances.all() if one.in_at]
        proxies.append(
            Proxy(
                row.pk, row.account.name, row.kind, tuple(row.parts), row.since, row.until,
                row.proof, names.get(row.made_by_id, ""), row.ended_at, row.ended_because,
                sees if holds else frozenset(), len(row.account.passkeys.all()),
                bool(row.account.password), max(entered, default=None),
            )
        )  # fmt: skip
    return Access(proxies, list(waiting(patient.pk, at=at).order_by("-pk")[:MOST]))
