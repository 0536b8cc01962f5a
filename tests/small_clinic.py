"""The clinic of the day's story: ``build`` fills a database that holds only tables.

The set-up is the demo's, with a dozen people instead of thousands, and open from seven to nine in
the evening on every day of the year: the story happens now, whenever now is.
"""

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from almoner.access.models import Officer
from almoner.arrivals.actions import CheckIn, arrive, check_in, move
from almoner.arrivals.rules import Identifier, Item, Settled, State
from almoner.billing import actions as billing
from almoner.billing.models import FilingTerms
from almoner.coverage import actions as coverage
from almoner.coverage.models import Payer, Plan
from almoner.demo import setup
from almoner.demo.payer.plans import PLANS
from almoner.demo.people import homes
from almoner.facility.models import (
    Clinician,
    Holiday,
    Location,
    Organisation,
    Room,
    VisitType,
    WeeklyHours,
)
from almoner.ground import clock
from almoner.patients.actions import register, register_many
from almoner.patients.models import Patient
from almoner.patients.rules.details import Address, Details, Phone
from almoner.records.queries import due_of
from almoner.scheduling.actions import book, rebuild
from almoner.scheduling.queries import openings
from almoner.scheduling.queries.openings import Search

ZONES = (
    "America/Chicago", "Pacific/Honolulu", "Asia/Tokyo", "Asia/Dubai", "Europe/London",
)  # fmt: skip
OPENS, CLOSES = time(7), time(21)
MASTER = (
    ("ZZ101", "Office visit, short", 12_000),
    ("ZZ102", "Office visit, long", 21_000),
    ("ZZ103", "New patient visit", 24_000),
    ("ZZ201", "Blood sugar test", 3_500),
)
"""A charge master of invented codes, fees in cents."""


def zone() -> str:
    """Where it is an ordinary working hour now, on the same date as in UTC."""
    now = clock.now()
    local = {name: now.astimezone(ZoneInfo(name)) for name in ZONES}
    return next(name for name, at in local.items() if 8 <= at.hour < 16 and at.date() == now.date())


def environment() -> dict[str, str]:
    """What the desk's processes are told, so that the clinic lies there."""
    return {"ALMONER_TIME_ZONE": zone()}


def build() -> None:
    place = settings.TIME_ZONE
    today = clock.today(place)
    setup.build(today=today)
    Organisation.objects.update(time_zone=place)
    Location.objects.update(time_zone=place)
    Holiday.objects.all().delete()
    WeeklyHours.objects.all().delete()
    WeeklyHours.objects.bulk_create(_hours(today))
    rebuild(since=today, until=today + timedelta(days=90))
    _partners(today)
    _others(_people(today))


def _hours(today: date) -> Iterator[WeeklyHours]:
    places = list(Location.objects.order_by("id"))
    for number, clinician in enumerate(Clinician.objects.order_by("id")):
        for weekday in range(1, 8):
            yield WeeklyHours(
                clinician=clinician,
                location=places[number % 4 % 3],  # Dr Ng, whom Linh signs in as, at Lakeside
                weekday=weekday,
                starts=OPENS,
                ends=CLOSES,
                valid_from=today,
            )


def _partners(today: date) -> None:
    for each in PLANS:
        payer = Payer.objects.create(
            name=each.payer,
            payer_id=each.payer_id,
            kind=each.kind,
            claim_filing=each.filing,
            initial_filing_days=each.filing_days,
            answers_eligibility=each.answers_eligibility,
        )
        Plan.objects.create(payer=payer, name=each.plan, network=each.network)
    FilingTerms.objects.create(
        starts=date(2020, 1, 1), initial_days=180, corrected_days=120, appeal_days=90
    )
    billing.load_diagnoses(folder=billing.packaged_diagnoses(), at=clock.now())
    items = [billing.Item(*row) for row in MASTER]
    billing.load_charge_master(
        officer=None, items=items, starts=today.replace(month=1, day=1), at=clock.now()
    )


def _others(patients: list[int]) -> None:
    """Who else is expected, waits or is in a room at Lakeside, when the story begins."""
    mara = Officer.objects.get(username="mara")
    lakeside, at = Location.objects.earliest("id"), clock.now()
    follow_up = VisitType.objects.get(code="follow-up")
    later = Search(
        visit_type_id=follow_up.pk,
        location_ids=frozenset({lakeside.pk}),
        specialty=setup.FAMILY,
        earliest=at.astimezone(ZoneInfo(settings.TIME_ZONE)).date(),
    )
    visits = []
    for patient in Patient.objects.filter(pk__in=patients[:5]).order_by("id"):
        opening = openings.find(later, at=at + timedelta(hours=2), limit=1)[0]
        visits.append(
            book(
                officer=mara,
                patient=patient,
                visit_type=follow_up,
                clinician=Clinician.objects.get(pk=opening.clinician_id),
                location=lakeside,
                starts_at=opening.starts_at,
                asked_at=at,
            )
        )
    arrive(officer=mara, appointment_id=visits[0].pk, at=at)
    for number, visit in enumerate(visits[1:3]):
        due = due_of(visit.patient_id, visit_type_id=follow_up.pk, on=visit.local_day)
        said = CheckIn(
            [Identifier.NAME, Identifier.BIRTH_DATE],
            [Settled(i) for i in Item],
            [form.form_id for form in due],
        )
        encounter = check_in(
            officer=mara, appointment_id=visit.pk, clear=tuple(Item), check_in=said, at=at
        )
        if number:
            room = Room.objects.filter(location=lakeside).latest("id")
            move(officer=mara, encounter_id=encounter.pk, to=State.ROOMED, room_id=room.pk, at=at)


def _people(today: date) -> list[int]:
    members = [home.members[0] for home in homes(30, seed=7, today=today)]
    others = register_many(people=members, at=clock.now() - timedelta(days=90))
    mara = Officer.objects.get(username="mara")
    before = clock.now() - timedelta(days=30)
    lucia = register(
        officer=mara,
        details=Details(
            family="Ferreira",
            given="Lucia",
            birth_date=date(1985, 3, 4),
            sex="female",
            language="es",
            phones=(Phone("+16085550142"),),
            addresses=(Address("18 Spruce St", "", "Madison", "WI", "53703"),),
        ),
        at=before,
    )
    coverage.add_policy(
        officer=mara,
        patient=lucia,
        details=coverage.Details(
            plan=Plan.objects.get(payer__payer_id="BLUEH"),
            member_id="BHH2204418L0",  # its last line will be denied
            group_number="4410",
            valid_from=today.replace(month=1, day=1),
        ),
        at=before,
    )
    return others
