"""What the past visits cost and who paid: charges, claims, remittances, patients' payments.

Everything goes through the product's own actions and files: claims are written as 837P, the demo's
payer decides them, its 835 is posted. Only the wires between are short. Safe to run again after an
interruption: visits with charges and files posted before are passed over.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q

from almoner.access.models import Officer
from almoner.arrivals.models import Encounter
from almoner.billing import actions, exchange, jobs
from almoner.billing.models import ChargeSlip, Claim
from almoner.demo import estimates
from almoner.demo.payer.house import House
from almoner.demo.setup import OPENED, ZONE
from almoner.facility.models import Location
from almoner.ground.models import Outgoing
from almoner.ledger import actions as ledger
from almoner.ledger import queries as balances
from almoner.ledger.models import Deposit, Drawer, Entry, Incoming, Payment
from almoner.ledger.rules import Account, Because

CHARGES = [
    ("ZZ101", "Office visit, short", 12_000),
    ("ZZ102", "Office visit, ordinary", 18_500),
    ("ZZ103", "Office visit, long", 26_000),
    ("ZZ110", "New patient visit", 24_000),
    ("ZZ120", "Annual physical", 21_000),
    ("ZZ130", "Well child visit", 17_500),
    ("ZZ140", "Therapy session", 15_000),
    ("ZZ150", "Cardiology consultation", 32_000),
    ("ZZ201", "Blood sugar test", 1_800),
    ("ZZ202", "Blood count", 2_400),
    ("ZZ203", "Urine test", 1_500),
    ("ZZ204", "Strep test", 2_200),
    ("ZZ210", "Vaccination, one dose", 3_500),
    ("ZZ220", "ECG with reading", 6_500),
    ("ZZ230", "Echocardiogram", 48_000),
    ("ZZ901", "Form filled for the patient", 2_500),
]
"""The demo's charge master. The codes are invented: no code set has any like them."""

VISITS = {
    "new-patient": "ZZ110", "physical": "ZZ120", "well-child": "ZZ130", "therapy": "ZZ140",
    "cardiology-new": "ZZ150", "vaccine": "ZZ210", "urgent": "ZZ101",
}  # fmt: skip
DIAGNOSES = {
    "Pediatrics": ("J069", "Z00129", "H6690"),
    "Cardiology": ("I10", "I4891", "R079"),
    "Behavioral health": ("F411", "F329", "F4322"),
    "": ("I10", "E119", "J069", "M5450", "K219", "Z0000"),
}
EXTRAS = ("ZZ201", "ZZ202", "ZZ203", "ZZ204")
FRESH = timedelta(days=4)
"""Visits this near are not charged yet: somebody has to have something to do."""


LATE_ONES, BANK_FEE = 9, 150
"""One of so many payments of a payer is not at the bank yet; what a transfer costs, in cents."""
SOON = timedelta(hours=1)
OVERNIGHT = timedelta(hours=12)


def build(*, seed: int, now: datetime) -> None:
    """Charges for every past visit but the newest, and what became of them until now."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    random = Random(seed)
    biller = Officer.objects.get(username="ben")
    _codes(today)
    for week, slips in groupby(_charged(random, biller, today), key=_week):
        _send_and_pay(list(slips), biller=biller, week=week, now=now)
    _patients_pay(seed, today)
    _statements(today)
    _drawer(today)
    _deposits(today)
    _bank(today)
    estimates.build(now=now)
    with connection.cursor() as sql:
        sql.execute("DELETE FROM procrastinate_jobs")  # history asks nobody to do anything now


def _codes(today: date) -> None:
    at = _at(today - timedelta(days=OPENED))
    actions.load_diagnoses(folder=actions.packaged_diagnoses(), at=at)
    items = [actions.Item(code, name, fee) for code, name, fee in CHARGES]
    actions.load_charge_master(officer=None, items=items, starts=date(today.year - 1, 1, 1), at=at)


def _at(day: date, hour: int = 17) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))


def _charged(random: Random, biller: Officer, today: date) -> Iterator[ChargeSlip]:
    """Post the charges of each visit that has none, oldest first, on the evening of its day."""
    visits = (
        Encounter.objects.filter(state="left", service_date__lte=today - FRESH)
        .select_related("appointment__visit_type", "clinician")
        .order_by("service_date", "id")
    )
    done = set(ChargeSlip.objects.values_list("encounter_id", flat=True))
    for visit in visits:
        lines, diagnoses = _entered(random, visit)
        if visit.pk in done:
            continue
        at = _at(visit.service_date)
        slip = actions.save_charges(
            officer=biller, encounter=visit, diagnoses=diagnoses, lines=lines, version=0, at=at
        )
        yield actions.post_charges(officer=biller, slip=slip, version=slip.version, at=at)


def _entered(random: Random, visit: Encounter) -> tuple[list[actions.LineEntered], list[str]]:
    usual = DIAGNOSES.get(visit.clinician.specialty, DIAGNOSES[""])
    diagnoses = random.sample(usual, random.choice((1, 1, 2)))
    code = VISITS.get(visit.appointment.visit_type.code, "ZZ102")
    lines = [actions.LineEntered(code, tuple(range(1, len(diagnoses) + 1)))]
    if random.random() < 0.35:
        lines.append(actions.LineEntered(random.choice(EXTRAS), (1,)))
    return lines, diagnoses


def _week(slip: ChargeSlip) -> date:
    """The Friday of its week: claims go out once a week."""
    return slip.service_date + timedelta(days=(4 - slip.service_date.weekday()) % 7)


def _send_and_pay(
    slips: Sequence[ChargeSlip], *, biller: Officer, week: date, now: datetime
) -> None:
    """Send a week's claims on its Friday; the payers' files come back until the Monday after.

    What no payer could have answered yet stays ready to be sent, so that at every hour of the week
    there is something; what a first payer left goes to the second with the next week's. A house for
    each week numbers from its own day.
    """
    answered_at = min(_at(week + timedelta(days=3)), now - SOON)
    if answered_at - _at(week) < OVERNIGHT:
        return
    ids = Claim.objects.filter(
        Q(slip__in=[slip.pk for slip in slips]) | Q(rank__gt=1, created_at__lt=_at(week))
    ).values_list("id", flat=True)
    try:
        sending = exchange.send_claims(officer=biller, claim_ids=list(ids), at=_at(week))
    except actions.NothingToSend:
        return
    if sending.submission is None:
        return
    content = actions.content_of(sending.submission.pk)
    Outgoing.objects.filter(about_kind="submission", about_id=sending.submission.pk).update(
        state=Outgoing.State.SENT, settled_at=_at(week)
    )
    actions.mark_sent(submission_id=sending.submission.pk, receipt=f"R{week:%y%m%d}", at=_at(week))
    house = House(settle_after=0, now=lambda: answered_at)
    house.take_claims(content, f"{week:%y%m%d}")
    for file in house.mailbox(0):
        jobs.take_in(file.body, name=file.name, at=answered_at)


def _patients_pay(seed: int, today: date) -> None:
    """Most patients have paid their part by check; who has not, does not in a second run either."""
    officer = Officer.objects.get(username="ana")
    owing = (
        Entry.objects.filter(account=Account.PATIENT_AR)
        .values_list("patient_id", flat=True)
        .order_by("patient_id")
        .distinct()
    )
    for patient_id, balance in balances.balances_of(list(owing)).items():
        random = Random(f"{seed}-{patient_id}")
        if balance.due > 0 and random.random() < 0.65:
            taking = ledger.Taking(
                key=f"demo-{patient_id}",
                patient_id=patient_id,
                visit_id=None,
                cents=balance.due,
                location=officer.location or Location.objects.all()[0],
            )
            number = str(random.randint(1000, 9999))
            at = _at(today - timedelta(days=random.randint(1, 3)), 11)
            ledger.take_check(officer=officer, taking=taking, number=number, at=at)


def _statements(today: date) -> None:
    """Who has not paid has got a letter, yesterday evening."""
    actions.issue_due(at=_at(today - timedelta(days=1)))
    waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING)
    waiting.update(state=Outgoing.State.SENT, settled_at=_at(today - timedelta(days=1)))


def _drawer(today: date) -> None:
    """One shift of yesterday: opened, counted to the cent, closed by the manager."""
    ana, mara = (Officer.objects.get(username=name) for name in ("ana", "mara"))
    yesterday = today - timedelta(days=1)
    if ana.location is None or Drawer.objects.filter(officer=ana).exists():
        return
    drawer = ledger.open_drawer(
        officer=ana, location=ana.location, till="Front", float_cents=10_000, at=_at(yesterday, 8)
    )
    pieces = {2_000: 3, 1_000: 3, 500: 1, 100: 5}
    ledger.count_drawer(officer=ana, drawer_id=drawer.pk, pieces=pieces, at=_at(yesterday, 16))
    ledger.close_drawer(officer=mara, drawer_id=drawer.pk, note="", at=_at(yesterday))


def _deposits(today: date) -> None:
    """Checks of three days ago are at the bank, those of the day before yesterday are prepared."""
    mara = Officer.objects.get(username="mara")
    if Deposit.objects.exists():
        return
    for days in (3, 2):
        day = today - timedelta(days=days)
        checks = Payment.objects.filter(method="check", asked_at=_at(day, 11)).order_by("pk")
        if not checks:
            continue
        deposit = ledger.prepare_deposit(
            officer=mara,
            location=checks[0].location,
            drawer_ids=[],
            check_ids=[check.pk for check in checks],
            at=_at(day, 18),
        )
        if days == 3:
            ledger.bring_deposit(
                officer=mara, deposit_id=deposit.pk, bank_reference="", at=_at(day, 19)
            )


def _bank(today: date) -> None:
    """Payers' payments of the past are at the bank; some came late, and wait to be asked after."""
    mara = Officer.objects.get(username="mara")
    rows = Incoming.objects.filter(expected_on__lte=today - FRESH).order_by("expected_on", "pk")
    for place, row in enumerate(rows):
        if row.state != Incoming.State.EXPECTED or place % LATE_ONES == LATE_ONES - 1:
            continue
        fee = BANK_FEE if place % LATE_ONES == 1 and row.cents > BANK_FEE else 0
        ledger.see_at_bank(
            officer=mara,
            incoming_id=row.pk,
            cents=row.cents - fee,
            day=row.expected_on,
            because=Because.FEE if fee else None,
            note="",
            at=_at(row.expected_on + timedelta(days=1), 10),
        )
