"""A desk with a full day and people who wait, for tests."""

from datetime import timedelta

from almoner.access.tests import make as access
from almoner.facility.tests import make as facility
from almoner.ground.models import Event
from almoner.patients.tests.make import patient as a_patient
from almoner.scheduling import actions
from almoner.scheduling.models import PlaceOffer
from almoner.scheduling.rules import CancelReason
from almoner.scheduling.rules.waitlist import Priority
from almoner.scheduling.tests import make

FREES = ("scheduling.cancelled", "scheduling.moved", "scheduling.no_show", "scheduling.undone",
         "scheduling.hours_changed", "scheduling.offer_declined", "scheduling.offer_expired",
         "scheduling.offer_withdrawn", "scheduling.offer_accepted")  # fmt: skip


class Desk:
    """Two clinicians at one place; ``reacts`` does what the reactions do, once for each event."""

    def __init__(self):
        self.ana = access.officer("ana")
        self.harbor = facility.location()
        self.follow_up = facility.visit_type()
        self.ng, self.other = (
            facility.clinician(name, at=self.harbor, does=(self.follow_up,))
            for name in ("Ng", "Okafor")
        )
        make.days()
        self.seen = 0

    def book(self, *, patient=None, clinician=None, starts_at, asked_at=make.SUNDAY):
        return actions.book(
            officer=self.ana, patient=patient or a_patient(), visit_type=self.follow_up,
            clinician=clinician or self.ng, location=self.harbor, starts_at=starts_at,
            asked_at=asked_at,
        )  # fmt: skip

    def full_day(self):
        """Monday is booked from eight on, every twenty minutes."""
        return [self.book(starts_at=make.at(8) + n * timedelta(minutes=20)) for n in range(6)]

    def long_visit(self, *, minutes, starts_at):
        kind = facility.visit_type("Long", minutes=minutes)
        return make.appointment(
            officer=self.ana, visit_type=kind, clinician=self.ng, location=self.harbor,
            starts_at=starts_at, asked_at=make.SUNDAY,
        )  # fmt: skip

    def wanted(self, **facts):
        facts = {
            "patient": facts.pop("patient", None) or a_patient(),
            "visit_type": self.follow_up,
            "last_day": make.MONDAY + timedelta(days=30),
        } | facts
        facts["priority"] = Priority(facts.get("priority", Priority.ROUTINE))
        return actions.Wanted(**facts)

    def waits(self, *, at=make.SUNDAY, **facts):
        return actions.wait(officer=self.ana, wanted=self.wanted(**facts), at=at)

    def cancels(self, visit, *, at=make.SUNDAY):
        actions.cancel(officer=self.ana, appointment=visit, reason=CancelReason.PATIENT, at=at)
        return self.reacts(at=at)

    def reacts(self, *, at=make.SUNDAY):
        """Offers that came of everything that happened since this was last asked."""
        before = set(PlaceOffer.objects.values_list("pk", flat=True))
        for event in Event.objects.filter(pk__gt=self.seen, kind__in=FREES).order_by("id"):
            if freed_id := event.data.get("freed_id"):
                actions.fill(freed_id=freed_id, at=at)
                continue
            for freed_id in actions.note_freed(event=event, at=at):
                actions.fill(freed_id=freed_id, at=at)
        self.seen = Event.objects.latest("id").pk
        return list(PlaceOffer.objects.exclude(pk__in=before).order_by("id"))

    def last(self, kind):
        return Event.objects.filter(kind=kind).latest("id")
