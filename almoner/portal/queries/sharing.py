"""What is shared with somebody outside, who that is, and what they see of it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from almoner.coverage.models import Policy
from almoner.facility import queries as facility
from almoner.ground.locks import hold
from almoner.portal import rules
from almoner.portal.models import Guest, Share
from almoner.portal.queries.accounts import acts_for, digest_of
from almoner.portal.rules import accounts, sharing
from almoner.portal.rules.sharing import Opens, Shared

_MOST = 20


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody outside who is in by a code: who they say they are, and what they may read now."""

    id: int
    share_id: int
    who: str
    patient_id: int
    name: str
    kinds: frozenset[str]
    until: datetime


def visitor(token: str, *, at: datetime) -> Visitor | None:
    """Whom a guest's cookie stands for; None once they are out. As the desk.

    Asked each time: of what was shared they read what whoever shared it may still see.
    """
    row = (
        Guest.objects.select_related("share__patient", "share__account")
        .filter(digest=digest_of(token), left_at=None)
        .first()
    )
    if row is None or sharing.is_idle(row.seen_at, at=at):
        return None
    share = row.share
    if share.ended_at or at >= share.expires_at or share.tries >= sharing.TRIES:
        return None
    kinds = _still_shared(share, at=at)
    if not kinds:
        return None
    name = f"{share.patient.given} {share.patient.family}".strip()
    return Visitor(row.pk, share.pk, row.who, share.patient_id, name, kinds, share.expires_at)


def _still_shared(share: Share, *, at: datetime) -> frozenset[str]:
    if share.account.ended_at:
        return frozenset()
    acting = next(
        (one for one in acts_for(share.account, at=at) if one.patient_id == share.patient_id), None
    )
    may = sharing.may_share(acting.parts) if acting else ()
    return frozenset(kind.value for kind in may) & frozenset(share.kinds)


def share_by(code: str, said: date, *, at: datetime) -> tuple[Opens, Share | None]:
    """What a code and a birth date come to; the share is held, so that tries are counted."""
    row = (
        Share.objects.select_for_update(of=("self",))
        .select_related("patient", "account")
        .filter(digest=digest_of(accounts.normal(code)))
        .first()
    )
    if row is None:
        return Opens.UNKNOWN, None
    over = row.ended_at is not None or not _still_shared(row, at=at)
    outcome = sharing.opens(
        ended=over, expires_at=row.expires_at, tries=row.tries,
        fits=row.patient.birth_date == said, at=at,
    )  # fmt: skip
    return outcome, row


def open_shares(patient_id: int, *, at: datetime) -> QuerySet[Share]:
    """Codes of a patient that are good now."""
    return Share.objects.filter(
        patient_id=patient_id, ended_at=None, expires_at__gt=at, tries__lt=sharing.TRIES
    )


def lock_shares(patient_id: int) -> None:
    """Hold a patient's codes until the transaction ends: they are counted."""
    hold("shares", patient_id)


def own_share(share_id: int, patient_id: int) -> None:
    """Raises Http404 when it is not of whom one acts for, or is over already."""
    if not Share.objects.filter(pk=share_id, patient_id=patient_id, ended_at=None).exists():
        raise Http404


def ends_text(at: datetime, word: str, language: str, **facts: str) -> str:
    """A sentence that names a day and a time, on the clinic's clock."""
    local = at.astimezone(ZoneInfo(facility.organisation().time_zone))
    return rules.said(
        language, word, day=rules.day_text(local.date(), language),
        time=rules.time_text(local.time(), language), **facts,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A code that is good now, in words: what and until when, whose it is, who has used it."""

    id: int
    text: str
    by: str
    used: str


def shares(patient_id: int, *, language: str, at: datetime) -> list[ShareLine]:
    """The codes that are good now, the newest first. As the desk; three queries."""
    guests = Prefetch("guests", Guest.objects.order_by("pk"))
    rows = open_shares(patient_id, at=at).prefetch_related(guests).order_by("-pk")[:_MOST]
    words = rules.WORDS[language]
    lines = []
    for row in rows:
        who = ", ".join(dict.fromkeys(guest.who for guest in row.guests.all()))
        lines.append(
            ShareLine(
                row.pk,
                ends_text(
                    row.expires_at, "share_until", language, kinds=kinds_text(row.kinds, language)
                ),
                rules.said(language, "share_by", name=row.made_by),
                rules.said(language, "share_used", who=who) if who else words["share_unused"],
            )
        )  # fmt: skip
    return lines


def kinds_text(kinds: list[str], language: str) -> str:
    there = set(kinds)
    return ", ".join(
        rules.WORDS[language][f"shared_{kind.value}"] for kind in Shared if kind in there
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """A policy as it is shared: the payer, and the member's number there."""

    payer: str
    member: str


def covers(patient_id: int, *, on: date, language: str) -> list[Cover]:
    """The policies that hold on a day, in their order. One query."""
    rows = Policy.objects.filter(patient_id=patient_id, retired_at=None).order_by("rank", "id")
    fields = ("plan__payer__name", "member_id", "valid_from", "valid_until")
    return [
        Cover(payer, rules.said(language, "shared_member", id=member))
        for payer, member, since, until in rows.values_list(*fields)
        if (since is None or since <= on) and (until is None or on <= until)
    ]
