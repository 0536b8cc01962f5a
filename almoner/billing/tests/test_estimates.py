"""Good-faith estimates: made by themselves, written, asked for, given; what a bill says of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from almoner.access.models import Officer
from almoner.access.tests import make as access
from almoner.billing import actions, queries, reactions
from almoner.billing.models import ChargeItem, Estimate, EstimateWanted, UsualCharge
from almoner.billing.rules.estimates import How
from almoner.billing.rules.private import Reason
from almoner.billing.tests import make
from almoner.facility.models import VisitType
from almoner.ground import clock
from almoner.ground.models import Event
from almoner.patients.tests import make as patients
from almoner.scheduling import actions as scheduling
from almoner.scheduling.models import Appointment
from almoner.scheduling.rules import CancelReason
from almoner.scheduling.tests import make as schedule

pytestmark = pytest.mark.django_db
BOOKED = datetime(2026, 3, 2, 18, tzinfo=UTC)  # a Monday
VISIT = date(2026, 3, 18)  # twelve business days later
SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clinic(monkeypatch):
    make.organisation()
    make.items()
    monkeypatch.setattr(clock, "now", lambda: BOOKED + SOON)


def usual(*codes, units=1):
    for code in codes or ("ZZ101", "ZZ201"):
        UsualCharge.objects.create(visit_type=make.visit_type(), code=code, units=units)


def booked(patient=None, *, day=VISIT, hour=9):
    """A visit with Dr Ng booked on Monday by the desk's own action."""
    return schedule.appointment(
        patient=patient or patients.patient(), visit_type=make.visit_type(),
        starts_at=schedule.at(hour, day=day), asked_at=BOOKED,
    )  # fmt: skip


def happened(kind, visit):
    """What follows the newest event of a kind about a visit."""
    reactions.see_to_estimate(Event.objects.filter(kind=kind, about_id=visit.pk).latest("id"))


def estimated(patient=None, **facts):
    """A visit that has its estimate, made by itself, and not given yet."""
    if not UsualCharge.objects.exists():
        usual()
    visit = booked(patient, **facts)
    happened("scheduling.booked", visit)
    return Estimate.objects.get(appointment=visit)


def wanted():
    return EstimateWanted.objects.get(closed_at=None)


def test_a_visit_booked_without_a_plan_has_an_estimate_by_itself():
    row = estimated(patients.patient(given="Cy", family="Marsh"))

    assert [(line["code"], line["cents"]) for line in row.lines] == [
        ("ZZ101", 12_000), ("ZZ201", 3_500),
    ]  # fmt: skip
    assert (row.total_cents, row.version, row.made_by_id, row.given_at) == (15_500, 1, None, None)
    assert (row.why, row.due_date) == ("scheduled", date(2026, 3, 5))
    assert (row.organisation, row.tax_id) == ("Blue Harbor Clinic", "391234567")
    assert row.clinician_npi == row.appointment.clinician.npi
    assert row.number.startswith("E-2603-")
    assert bytes(row.pdf).startswith(b"%PDF")
    assert wanted().estimate_id == row.pk


def test_it_is_made_once_however_often_the_event_is_followed():
    row = estimated()
    happened("scheduling.booked", row.appointment)

    assert Estimate.objects.count() == EstimateWanted.objects.count() == 1


def test_who_has_cover_on_the_day_is_owed_none():
    usual()
    cy = patients.patient()
    make.policy(cy)
    happened("scheduling.booked", booked(cy))

    assert not Estimate.objects.exists()
    assert not EstimateWanted.objects.exists()


def test_cover_that_ends_before_the_day_is_none():
    cy = patients.patient()
    make.policy(cy, valid_until=VISIT)

    assert estimated(cy).total_cents == 15_500


def test_a_plan_that_is_not_told_of_the_visit_is_none():
    usual()
    cy = patients.patient()
    make.policy(cy)
    visit = booked(cy)
    actions.keep_private(
        officer=access.officer("eve"), appointment_id=visit.pk, from_guarantor=False,
        from_plan=True, reason=Reason.PAID_IN_FULL, at=BOOKED,
    )  # fmt: skip
    reactions.see_to_estimate(Event.objects.get(kind="billing.kept_private"))

    assert Estimate.objects.get().appointment == visit


def test_without_usual_charges_it_is_to_be_written():
    happened("scheduling.booked", booked())

    assert (wanted().estimate_id, wanted().due_date) == (None, date(2026, 3, 5))
    assert not Estimate.objects.exists()


def test_a_usual_charge_without_a_price_on_the_day_makes_half_an_estimate_which_is_none():
    usual("ZZ101", "ZZ999")
    happened("scheduling.booked", booked())

    assert not Estimate.objects.exists()
    assert wanted().estimate_id is None


def test_the_fee_is_that_of_the_day_of_the_visit():
    ChargeItem.objects.filter(code="ZZ101").update(ends=VISIT)
    ChargeItem.objects.create(
        code="ZZ101", description="Office visit, short", fee_cents=14_000, starts=VISIT
    )

    assert estimated().lines[0]["cents"] == 14_000


def test_a_visit_too_near_is_estimated_where_the_prices_are_known_and_nothing_is_due():
    row = estimated(day=date(2026, 3, 4))

    assert row.due_date is None
    assert not EstimateWanted.objects.exists()


def move(visit, *, hour=9, day=VISIT):
    starts_at = schedule.at(hour, day=day)
    schedule.days(since=day, length=1)
    return scheduling.move(
        officer=officer("moves"), appointment=visit,
        clinician=visit.clinician, location=visit.location, starts_at=starts_at,
        asked_at=BOOKED + SOON,
    )  # fmt: skip


def test_another_day_is_another_version_and_the_first_stays():
    row = estimated()
    later = VISIT + timedelta(1)
    move(row.appointment, day=later)
    happened("scheduling.moved", row.appointment)

    assert list(Estimate.objects.order_by("version").values_list("version", "service_date")) == [
        (1, VISIT),
        (2, later),
    ]
    assert wanted().estimate.version == 2


def test_another_hour_of_the_same_day_is_the_same_estimate():
    row = estimated()
    move(row.appointment, hour=11)
    happened("scheduling.moved", row.appointment)

    assert Estimate.objects.count() == 1


def test_what_a_biller_wrote_holds_on_when_the_visit_moves():
    usual()
    visit = booked()
    actions.write_estimate(
        officer=make.biller(), appointment_id=visit.pk, lines=[("ZZ102", 2)],
        diagnoses=["E119"], at=BOOKED,
    )  # fmt: skip
    move(visit, day=VISIT + timedelta(1))
    happened("scheduling.moved", visit)

    newest = queries.newest_estimate(visit.pk)
    assert (newest.version, newest.total_cents, newest.diagnoses) == (2, 42_000, ["E119"])


@pytest.mark.parametrize("kind", ["scheduling.cancelled", "scheduling.no_show"])
def test_a_visit_that_is_gone_needs_none_any_more(kind):
    row = estimated()
    Appointment.objects.filter(pk=row.appointment_id).update(
        status=kind.partition(".")[2],
        cancelled_at=BOOKED if kind.endswith("cancelled") else None,
    )
    reactions.see_to_estimate(Event(kind=kind, about_id=row.appointment_id, at=BOOKED))

    assert not EstimateWanted.objects.filter(closed_at=None).exists()


def test_cancelling_by_the_desk_ends_it():
    row = estimated()
    scheduling.cancel(
        officer=access.officer("cancels"), appointment=row.appointment,
        reason=next(iter(CancelReason)), note="", at=BOOKED + SOON,
    )  # fmt: skip
    happened("scheduling.cancelled", row.appointment)

    assert not EstimateWanted.objects.filter(closed_at=None).exists()


def test_cover_that_comes_ends_it_and_cover_that_goes_begins_it_again():
    row = estimated()
    policy = make.policy(row.patient)
    changed = Event(kind="coverage.added", patient_id=row.patient_id, at=BOOKED)
    reactions.see_to_estimates(changed)
    assert not EstimateWanted.objects.filter(closed_at=None).exists()

    policy.retired_at = BOOKED
    policy.save()
    reactions.see_to_estimates(changed)
    assert wanted().estimate_id == row.pk
    assert Estimate.objects.count() == 1


def test_who_asks_is_owed_one_by_the_day_of_the_visit_also_with_a_plan():
    usual()
    cy = patients.patient()
    make.policy(cy)
    visit = booked(cy, day=date(2026, 3, 4))

    ask(visit)

    assert (wanted().why, wanted().due_date) == ("asked", date(2026, 3, 4))
    assert wanted().estimate.why == "asked"
    reactions.see_to_estimates(Event(kind="coverage.changed", patient_id=cy.pk, at=BOOKED))
    assert wanted().why == "asked"


def ask(visit, at=BOOKED):
    return actions.ask_for_estimate(officer=officer("asks"), appointment_id=visit.pk, at=at)


def test_asking_never_puts_off_what_was_due_sooner():
    visit = booked(day=date(2026, 3, 5))  # three business days ahead: due tomorrow
    happened("scheduling.booked", visit)

    assert ask(visit).due_date == date(2026, 3, 3)
    assert wanted().why == "asked"


def test_who_has_it_and_asks_again_is_given_it_again():
    row = estimated()
    give(row)

    ask(row.appointment)

    assert wanted().estimate_id == row.pk
    give(row, how=How.EMAIL)
    assert not EstimateWanted.objects.filter(closed_at=None).exists()
    row.refresh_from_db()
    assert row.given_how == "paper"


def test_nothing_is_asked_or_written_for_a_visit_that_is_over():
    visit = booked()
    for act in (
        lambda at: ask(visit, at),
        lambda at: actions.write_estimate(
            officer=make.biller(), appointment_id=visit.pk, lines=[("ZZ101", 1)], at=at
        ),
    ):
        with pytest.raises(actions.VisitIsOver):
            act(schedule.at(18, day=VISIT))


def test_what_is_written_has_its_price_from_the_charge_master_or_is_refused_by_line():
    visit = booked()
    happened("scheduling.booked", visit)

    with pytest.raises(actions.NotPriced) as refused:
        actions.write_estimate(
            officer=make.biller(), appointment_id=visit.pk,
            lines=[("ZZ101", 1), ("ZZ999", 1)], at=BOOKED,
        )  # fmt: skip
    assert (refused.value.number, refused.value.code) == (2, "ZZ999")
    assert not Estimate.objects.exists()

    made = [
        actions.write_estimate(
            officer=make.biller(), appointment_id=visit.pk, lines=[("ZZ201", 2)], at=BOOKED
        )
        for _twice in range(2)
    ]
    assert made[0].pk == made[1].pk
    assert made[0].total_cents == 7_000
    assert wanted().estimate_id == made[0].pk


def give(row, *, how=How.PAPER, at=BOOKED):
    return actions.give_estimate(officer=officer("gives"), estimate_id=row.pk, how=how, at=at)


def officer(username):
    return Officer.objects.filter(username=username).first() or access.officer(username)


def test_the_desk_gives_it_and_nothing_is_owed_any_more():
    row = estimated()
    give(row)

    row.refresh_from_db()
    assert (row.given_how, row.given_at) == ("paper", BOOKED)
    assert not EstimateWanted.objects.filter(closed_at=None).exists()
    told = Event.objects.get(kind="billing.estimate_given")
    assert (told.patient_id, told.data["how"]) == (row.patient_id, "paper")


def test_an_older_version_that_is_given_leaves_the_newest_owed():
    row = estimated()
    move(row.appointment, day=VISIT + timedelta(1))
    happened("scheduling.moved", row.appointment)
    give(row)

    assert wanted().estimate.version == 2


def test_a_clinician_gives_and_writes_none_and_an_officer_writes_none():
    row = estimated()
    linh = access.officer("linh", roles=("clinician",))
    with pytest.raises(PermissionDenied):
        actions.give_estimate(officer=linh, estimate_id=row.pk, how=How.PAPER, at=BOOKED)
    with pytest.raises(PermissionDenied):
        actions.write_estimate(
            officer=access.officer("front"), appointment_id=row.appointment_id,
            lines=[("ZZ101", 1)], at=BOOKED,
        )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"total_cents": 1},
        {"lines": [{"code": "ZZ101"}]},
        {"pdf": b"%PDF other"},
        {"made_at": BOOKED - SOON},
        {"service_date": VISIT + timedelta(1)},
    ],
)
def test_the_database_changes_nothing_of_an_estimate(change):
    row = estimated()
    with pytest.raises(IntegrityError), transaction.atomic():
        Estimate.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Estimate.objects.filter(pk=row.pk).update(
            given_at=BOOKED, given_how="paper", given_by_id=1, **change
        )


def test_it_takes_back_no_word_of_its_being_given_and_deletes_none():
    row = estimated()
    give(row)
    for change in ({"given_at": BOOKED + SOON}, {"given_at": None, "given_how": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Estimate.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Estimate.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"lines": []}, "estimate_has_lines"),
        ({"total_cents": -1}, "estimate_total_not_below_nothing"),
        ({"version": 0}, "estimate_versions_from_one"),
        ({"version": 1}, "estimate_version_once"),
        ({"given_at": BOOKED}, "estimate_given_somehow"),
        ({"given_at": BOOKED, "given_how": "paper"}, "estimate_given_somehow"),
        ({"given_how": "page"}, "estimate_given_somehow"),
    ],
)
def test_the_database_takes_no_estimate_that_cannot_be_one(given, name):
    row = Estimate.objects.get(pk=estimated().pk)
    row.pk, row.number, row.version = None, "E-2603-999999", 2
    for field, value in given.items():
        setattr(row, field, value)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save(force_insert=True)


def test_the_paper_is_in_the_patients_language():
    row = estimated(patients.patient(language="es"))

    assert row.language == "es"


def test_a_usual_charge_is_once_for_a_kind_of_visit():
    usual("ZZ101")
    with pytest.raises(IntegrityError), transaction.atomic():
        usual("ZZ101")
    assert VisitType.objects.get().usual_charges.count() == 1
