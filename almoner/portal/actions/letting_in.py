"""What somebody who came by a link does. Who they are was said by their birth date."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from almoner.ground import events
from almoner.portal import rules
from almoner.portal.models import VisitLink
from almoner.portal.queries import Found, address_of, digest_of, token_of
from almoner.portal.rules import Entry, Try
from almoner.scheduling.models import Appointment


@transaction.atomic
def link_for(appointment_id: int, language: str, at: datetime) -> str:
    """The address of a visit's page for a text, which opens from now on; empty without a way.

    Nobody is led to a visit whose patient's birth date is not known: there is nothing to ask.
    """
    address = address_of(appointment_id)
    known = Appointment.objects.filter(pk=appointment_id, patient__birth_date__isnull=False)
    if not address or not known.exists():
        return ""
    open_visit(appointment_id, language, at)
    return address


def survey_link_for(appointment_id: int, language: str, at: datetime) -> str:
    """The address at which a patient answers how a visit was; empty without a way."""
    visit = link_for(appointment_id, language, at)
    return f"{visit}survey/" if visit else ""


def open_visit(appointment_id: int, language: str, at: datetime) -> tuple[VisitLink, str]:
    """The link of a visit and its token, made when it is first asked for."""
    link, made = VisitLink.objects.get_or_create(
        appointment_id=appointment_id,
        defaults={
            "digest": digest_of(token_of(appointment_id)), "language": language, "made_at": at,
        },
    )  # fmt: skip
    token = token_of(appointment_id, link.turn)
    digest = digest_of(token)
    if not made and bytes(link.digest) != digest:  # the secret key is another one since
        link.digest = digest
        link.save(update_fields=["digest"])
    return link, token


@transaction.atomic
def close_links(*, at: datetime, **of_visit: Any) -> int:
    """What was sent of visits that are not over opens nothing any more; how many there were.

    It may lie on a phone that others read. The next text carries another address.
    """
    rows = VisitLink.objects.filter(appointment__ends_at__gt=at, **of_visit)
    closed = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in closed:
        row.turn += 1
        row.digest = digest_of(token_of(row.appointment_id, row.turn))
        row.save(update_fields=["turn", "digest"])
    return len(closed)


@transaction.atomic
def let_in(*, link: Found, said: date, at: datetime) -> Try:
    """Try a birth date. Every try is counted, and what came of it is an event."""
    row = VisitLink.objects.select_for_update().get(pk=link.id)
    outcome = rules.tried(
        said=said, born=link.born, tries=row.tries, closed_until=row.closed_until, at=at
    )
    if rules.is_closed(row.closed_until, at=at):
        return outcome
    row.tries, row.closed_until = outcome.tries, outcome.closed_until
    row.save(update_fields=["tries", "closed_until"])
    events.record(
        f"portal.{_KINDS[outcome.entry]}",
        at=at,
        by=None,
        about=row,
        patient_id=link.patient_id,
        by_patient=True,
    )
    return outcome


_KINDS = {Entry.IN: "let_in", Entry.WRONG: "not_let_in", Entry.CLOSED: "closed"}
