"""Links that lead a patient to one errand, and telling of a place by them."""

from datetime import date, datetime, timedelta

from django.db import transaction

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.facility.models import VisitType
from almoner.ground import events
from almoner.ground.language import language_for
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.portal import queries, rules
from almoner.portal.actions.inviting import NotInvited
from almoner.portal.models import Errand, SelfBooking
from almoner.portal.queries import FoundErrand
from almoner.portal.rules import Entry, Try
from almoner.portal.rules.replies import is_yes
from almoner.relations import actions as relations
from almoner.relations.models import Message
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import PlaceOffer, WaitEntry

BOOKS_FOR = timedelta(days=30)
"""How long the link of a follow-up leads to its openings."""
_AFTER = timedelta(days=2)  # the list's last day: an offer of that day may still be answered


@transaction.atomic
def tell_of_place(*, event: Event, at: datetime) -> list[Message]:
    """Tell who waits of the place that is kept for them, by the ways they may be reached."""
    # Locked: what ends it meanwhile waits, and then finds the message that it takes back.
    locked = PlaceOffer.objects.select_for_update(of=("self",))
    offer = locked.select_related("entry", "patient").get(pk=event.about_id or 0)
    if offer.state != "open":
        return []  # answered at the desk, or taken back, before this ran
    link = ""
    if offer.patient.birth_date:
        language = language_for(offer.patient.language)
        link = queries.errand_address(_of_entry(offer.entry, language, at).pk)
    return relations.tell_of_place(event=event, link=link, zone=offer.time_zone, at=at)


def _of_entry(entry: WaitEntry, language: str, at: datetime) -> Errand:
    row, made = Errand.objects.get_or_create(
        entry=entry,
        defaults={
            "patient_id": entry.patient_id,
            "language": language,
            "made_at": at,
            "expires_at": at + (entry.last_day - at.date()) + _AFTER,
        },
    )
    return _with_digest(row) if made else row


def _with_digest(row: Errand) -> Errand:
    row.digest = queries.digest_of(queries.token_for(row.pk))
    row.save(update_fields=["digest"])
    return row


@transaction.atomic
def link_to_book(
    *, officer: Officer, patient: Patient, visit_type: VisitType, at: datetime
) -> tuple[str, bool]:
    """Send a link by which a patient books one kind of visit: its address, and whether it left.

    It leaves by text or e-mail, where they are reached so; else the address is for paper.

    Raises PermissionDenied, or NotInvited when patients do not book it, or nobody can ask for the
    birth date.
    """
    require(officer, "portal.invite")
    if patient.birth_date is None:
        raise NotInvited("no_birth_date")
    if patient.deceased:
        raise NotInvited("deceased")
    if not SelfBooking.objects.filter(visit_type=visit_type, signed__isnull=False).exists():
        raise NotInvited("not_bookable")
    made = _with_digest(
        Errand.objects.create(
            patient=patient,
            visit_type=visit_type,
            language=language_for(patient.language),
            made_at=at,
            made_by_id=officer.pk,
            expires_at=at + BOOKS_FOR,
        )
    )
    address = queries.errand_address(made.pk)
    event = events.record(
        "portal.errand_made", at=at, by=officer, about=made, patient_id=patient.pk,
        visit_type=visit_type.name,
    )  # fmt: skip
    told = relations.tell_to_book(event=event, link=address, at=at) if address else []
    return address, bool(told)


def close_links_to_book(*, patient_id: int) -> int:
    """What was sent to book by opens nothing any more: it may lie on a phone that others read."""
    rows = Errand.objects.filter(patient_id=patient_id, entry=None, digest__isnull=False)
    return rows.update(digest=None)


@transaction.atomic
def try_errand(*, errand: FoundErrand, said: date, at: datetime) -> Try:
    """Try a birth date. Every try is counted, and what came of it is an event."""
    row = Errand.objects.select_for_update().get(pk=errand.id)
    outcome = rules.tried(
        said=said, born=errand.born, tries=row.tries, closed_until=row.closed_until, at=at
    )
    if rules.is_closed(row.closed_until, at=at):
        return outcome
    row.tries, row.closed_until = outcome.tries, outcome.closed_until
    row.save(update_fields=["tries", "closed_until"])
    kind = {Entry.IN: "let_in", Entry.WRONG: "not_let_in", Entry.CLOSED: "closed"}[outcome.entry]
    events.record(
        f"portal.errand_{kind}",
        at=at,
        by=None,
        about=row,
        patient_id=errand.patient_id,
        by_patient=True,
    )
    return outcome


def answer_by_text(*, sender: str, body: str, at: datetime) -> bool:
    """Take the place that was offered to this number when the text is a plain yes.

    Of two offers to one number nobody knows which is meant: a person reads it. Whether it was
    taken.
    """
    offers = queries.offer_answered(sender, at=at) if is_yes(body) else []
    if len(offers) != 1:
        return False
    try:
        scheduling.accept(offer_id=offers[0], at=at)
    except (scheduling.OfferOver, scheduling.BookingRefused):
        return False
    return True
