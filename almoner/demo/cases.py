"""What the demo clinic's patients want of it: cases in each state, one grievance on its sixth day.

All of it is said and done by the desk's own actions, at the times it says.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet

from almoner.access.models import Officer
from almoner.ground.models import Event
from almoner.patients.models import Email, Patient
from almoner.relations import actions, queries, rules
from almoner.relations.models import Case, DeskLead, OfficerSkills, Received
from almoner.relations.rules import Desk, Kind, Question, WaitsFor

LEADS = {Desk.FRONT: "mara", Desk.BILLING: "ben", Desk.RECORDS: "bea", Desk.RELATIONS: "mara",
         Desk.PRIVACY: "paul"}  # fmt: skip
SKILLS = {"bea": ["spanish"], "ben": ["coding"]}
FEWEST = 6  # patients, for the cases below
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RUDE = dict.fromkeys(Question, False) | {Question.WRITTEN: True}


class Told(NamedTuple):
    """An e-mail as somebody wrote it, so many days ago."""

    days: float
    subject: str
    words: str


GRIEVANCE = Told(
    6, "How I was treated",
    "I waited an hour and nobody told me why. When I asked, I was told to sit down and be quiet. "
    "I want to know what you will do about it.",
)  # fmt: skip
SETTLED = Told(
    24, "The wrong record",
    "Your letter had another person's visit in it. Please tell me how that could happen.",
)  # fmt: skip
BILL = Told(
    2, "My statement is wrong",
    "You bill me for two visits on one day. I was there once. Please correct it.",
)  # fmt: skip
SPANISH = Told(
    0.2, "Mi próxima cita",
    "¿Tengo que venir en ayunas a la próxima cita? Gracias.",
)  # fmt: skip
PRIVATE = Told(
    1, "Who looked at my record",
    "My neighbor works at your clinic and knows why I was there. Who looked at my record?",
)  # fmt: skip
STRANGE = Told(0.4, "Refund", "When do I get my money back? I was there in September.")
STRANGER = "harbor.view@people.example"


def build(*, now: datetime) -> None:
    """Open them; nothing where there are some already, or nobody to want something."""
    people = _people()
    if Case.objects.exists() or len(people) < FEWEST:
        return
    staff = {each.username: each for each in Officer.objects.all()}
    for desk, username in LEADS.items():
        DeskLead.objects.create(desk=desk, officer=staff[username])
    for username, skills in SKILLS.items():
        OfficerSkills.objects.create(officer=staff[username], skills=skills)
    _grievance(people[0], staff, now)
    _settled_grievance(people[1], staff, now)
    _bill(_billed_twice(people) or people[2], staff, now)
    _privacy(people[3], staff, now)
    _of_nobody(staff, now)
    _small_things(people[4:], staff, now)


def _people() -> list[Patient]:
    """Grown patients with an e-mail address and a visit, the first of the seed's."""
    visited = Event.objects.filter(patient_id=OuterRef("pk"), about_kind="appointment")
    rows = _writers().filter(Exists(visited), guarantor=None, language__startswith="en")
    spanish = _writers().filter(language__startswith="es")
    return [*rows.order_by("id")[20:26], *spanish.order_by("id")[:1]]


def _billed_twice(others: list[Patient]) -> Patient | None:
    """Somebody else who was billed for more than one visit, so that it can be asked which."""
    claims = Event.objects.filter(patient_id=OuterRef("pk"), about_kind="claim")
    twice = claims.values("patient_id").annotate(n=Count("about_id", distinct=True))
    rows = _writers().filter(Exists(twice.filter(n__gt=1)), guarantor=None)
    return (
        rows.filter(language__startswith="en").exclude(pk__in=[each.pk for each in others]).first()
    )


def _writers() -> QuerySet[Patient]:
    mails = Email.objects.filter(patient=OuterRef("pk"))
    return Patient.objects.filter(Exists(mails), deceased=False).order_by("id")


def _wrote(who: Patient, told: Told, ana: Officer, now: datetime) -> Received:
    at = now - told.days * DAY
    address = who.emails.order_by("rank").values_list("address", flat=True)[0]
    row = _came(address, told, at)
    return actions.recognise(officer=ana, received=row, patient_id=who.pk, at=at + HOUR / 6)


def _came(address: str, told: Told, at: datetime) -> Received:
    row = actions.receive_mail(
        sender=address.lower(), message_id=f"<demo-{told.subject}@people.example>",
        subject=told.subject, body=told.words, files=(), by_machine=False, answers=None, at=at,
    )  # fmt: skip
    if row is None:
        raise LookupError(told.subject)  # it came before
    return row


def _of(
    wrote: Received,
    kind: Kind,
    by: Officer,
    at: datetime,
    *,
    desk: Desk | None = None,
    skill: str = "",
) -> Case:
    things = (("received", wrote.pk), *_about(wrote))
    new = actions.New(kind=kind, subject=wrote.subject, desk=desk, skill=skill, things=things)
    return actions.open_case(officer=by, new=new, at=at)


def _about(wrote: Received) -> Sequence[tuple[str, int]]:
    """The last visit and the last bill of whoever wrote."""
    rows = Event.objects.filter(
        patient_id=wrote.patient_id, about_kind__in=["appointment", "claim"], at__lt=wrote.at
    )
    newest = rows.order_by("about_kind", "-id").distinct("about_kind")
    return [(each.about_kind, each.about_id or 0) for each in newest]


def _grievance(who: Patient, staff: dict[str, Officer], now: datetime) -> None:
    ana = staff["ana"]
    wrote = _wrote(who, GRIEVANCE, ana, now)
    at = wrote.at + HOUR
    row = _of(wrote, Kind.COMPLAINT, ana, at)
    actions.classify(officer=ana, case=row, answers=RUDE, at=at)
    actions.take(officer=ana, case=row, at=at)
    actions.complete(
        officer=ana, case=row, contact=ana.name, contact_phone="(608) 555-0100",
        steps="We talked with everybody who was at the desk that morning.", result="",
        completed_on=None, at=at + DAY,
    )  # fmt: skip


def _settled_grievance(who: Patient, staff: dict[str, Officer], now: datetime) -> None:
    mara = staff["mara"]
    wrote = _wrote(who, SETTLED, mara, now)
    at = wrote.at + HOUR
    row = _of(wrote, Kind.COMPLAINT, mara, at)
    actions.classify(officer=mara, case=row, answers=RUDE | {Question.RIGHTS: True}, at=at)
    actions.take(officer=mara, case=row, at=at)
    done = at + 3 * DAY
    actions.complete(
        officer=mara, case=row, contact=mara.name, contact_phone="(608) 555-0100",
        steps="We looked at who printed the letter and when.",
        result="Two letters were put into one envelope. We now check each envelope twice.",
        completed_on=queries.local_day(done, "America/Chicago"), at=done,
    )  # fmt: skip
    letter = actions.draft(officer=mara, case=row, kind=rules.ANSWER_LETTER, at=done)
    actions.post_letter(officer=mara, letter=letter, certified="9407 1118 9956 0000 0001", at=done)
    came = done + 3 * DAY
    actions.prove(
        officer=mara, letter=letter, on=queries.local_day(came, "America/Chicago"), at=came
    )
    actions.close(officer=mara, case=row, result="Told by letter", at=came)


def _bill(who: Patient, staff: dict[str, Officer], now: datetime) -> None:
    wrote = _wrote(who, BILL, staff["ana"], now)
    row = _of(wrote, Kind.BILLING, staff["ana"], wrote.at + HOUR)
    actions.take(officer=staff["ben"], case=row, at=wrote.at + 2 * HOUR)


def _privacy(who: Patient, staff: dict[str, Officer], now: datetime) -> None:
    wrote = _wrote(who, PRIVATE, staff["ana"], now)
    _of(wrote, Kind.COMPLAINT, staff["ana"], wrote.at + HOUR, desk=Desk.PRIVACY)


def _of_nobody(staff: dict[str, Officer], now: datetime) -> None:
    row = _came(STRANGER, STRANGE, now - STRANGE.days * DAY)
    new = actions.New(kind=Kind.QUESTION, subject=STRANGE.subject, things=(("received", row.pk),))
    actions.open_case(officer=staff["ana"], new=new, at=row.at + HOUR)
    actions.see_to_text(
        officer=staff["ana"], received=row, why="a case was opened", at=row.at + HOUR
    )


def _small_things(people: list[Patient], staff: dict[str, Officer], now: datetime) -> None:
    """What was asked on the phone and at the desk: waiting, late, set aside and done."""
    ana = staff["ana"]

    def opened(who: Patient, kind: Kind, subject: str, days: float, **facts: str) -> Case:
        new = actions.New(
            kind=kind, subject=subject, patient_id=who.pk, note=facts.get("note", ""),
            skill=facts.get("skill", ""),
        )  # fmt: skip
        return actions.open_case(officer=ana, new=new, at=now - days * DAY)

    late = opened(people[0], Kind.CALL_BACK, "Asked to be called about a result", 4)
    actions.take(officer=ana, case=late, at=now - 4 * DAY)
    actions.note(
        officer=ana, case=late, words="@bea was it you who talked with her before?",
        at=now - 3 * DAY,
    )  # fmt: skip
    records = opened(people[1], Kind.RECORDS, "Copy of the record for a new doctor", 3)
    actions.take(officer=staff["bea"], case=records, at=now - 3 * DAY)
    actions.wait(
        officer=staff["bea"], case=records, reason=WaitsFor.PATIENT, words="the signed form",
        at=now - 2 * DAY,
    )  # fmt: skip
    aside = opened(people[0], Kind.TASK, "Send the parking permit again", 1)
    actions.take(officer=ana, case=aside, at=now - 1 * DAY)
    actions.snooze(
        officer=ana, case=aside, until=min(now + 2 * DAY, aside.due_at), at=now - 1 * DAY
    )
    done = opened(people[1], Kind.REQUEST, "A letter for the employer", 5)
    actions.close(officer=ana, case=done, result="Printed and handed over", at=now - 4 * DAY)
    if people[-1].language.startswith("es"):
        wrote = _wrote(people[-1], SPANISH, ana, now)
        _of(wrote, Kind.QUESTION, ana, wrote.at + HOUR / 2, skill="spanish")
