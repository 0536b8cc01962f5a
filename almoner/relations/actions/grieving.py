"""A grievance: why it is one, what was done about it, and the letter that must have arrived."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.ground import dates
from almoner.ground.language import language_for
from almoner.patients.queries import kept_confidential, ways
from almoner.patients.rules.details import readable
from almoner.relations import queries, rules
from almoner.relations.actions import telling
from almoner.relations.actions.opening import (
    CaseRefusal,
    CaseRefused,
    attach_all,
    line,
    locked,
    run_by_law,
)
from almoner.relations.actions.wording import choose
from almoner.relations.models import Case, Grievance, Letter, Received
from almoner.relations.rules import Desk, Kind, Question, Verb


@transaction.atomic
def classify(
    *, officer: Officer, case: Case, answers: Mapping[Question, bool], at: datetime
) -> rules.Verdict:
    """Say by the questions whether a complaint is a grievance; the answers and why are kept.

    A grievance is the patient relations desk's, unless privacy has it, and due by the law. It
    stays one: the clock runs since the first of it, and of what was merged into it, came in.

    Raises PermissionDenied; CaseRefused when it is over, or is a grievance already.
    """
    row = locked(case, officer)
    if row.kind == Kind.GRIEVANCE:
        raise CaseRefused(CaseRefusal.LAW)
    verdict = rules.classify(answers)
    if verdict.grievance:
        _becomes_one(row, answers, verdict, officer=officer, at=at)
    elif row.kind != Kind.BILLING:
        row.kind = Kind.COMPLAINT
        row.save(update_fields=["kind"])
    line(row, Verb.CLASSIFIED, by=officer, at=at, words=verdict.because)
    return verdict


def _becomes_one(
    row: Case,
    answers: Mapping[Question, bool],
    verdict: rules.Verdict,
    *,
    officer: Officer,
    at: datetime,
) -> None:
    clinic = facility.organisation()
    received = queries.came_in(queries.group(row.pk))
    day = queries.local_day(received, clinic.time_zone)
    term = rules.term(queries.terms(), state=clinic.state, day=day)
    warn_on = rules.legal_day(received, clinic.time_zone, term.warn_day)
    tell_on = rules.legal_day(received, clinic.time_zone, term.tell_day)
    known = Grievance.objects.create(
        case=row, received_at=received,
        answers={each.value: answers[each] for each in Question},
        because=verdict.because, source=f"{rules.SOURCE} · {term.source}",
        classified_at=at, classified_by_id=officer.pk,
        language=queries.language_of(row.patient_id), warn_on=warn_on, tell_on=tell_on,
        contact=row.owner.name, contact_phone=readable(clinic.phone),
    )  # fmt: skip
    row.kind = Kind.GRIEVANCE
    if row.desk != Desk.PRIVACY:
        row.desk = Desk.RELATIONS
    row.save(update_fields=["kind", "desk"])
    run_by_law(row, known, clinic.time_zone)


@transaction.atomic
def complete(
    *,
    officer: Officer,
    case: Case,
    contact: str,
    contact_phone: str,
    steps: str,
    result: str,
    completed_on: date | None,
    language: str = "",
    at: datetime,
) -> Grievance:
    """Write down what the letter must say, in the patient's language; as much as is known yet.

    ``language`` is what they wrote in, while nobody knows whose it is.
    Raises PermissionDenied; CaseRefused when it is no grievance, is over, or the day is to come.
    """
    row, known = _grievance(case, officer)
    zone = facility.organisation().time_zone
    began, today = (queries.local_day(each, zone) for each in (known.received_at, at))
    if completed_on and not began <= completed_on <= today:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    known.contact, known.contact_phone = contact.strip(), contact_phone.strip()
    known.steps, known.result, known.completed_on = steps.strip(), result.strip(), completed_on
    known.language = (
        queries.language_of(row.patient_id) if row.patient_id else language or known.language
    )
    known.save()
    line(row, Verb.COMPLETED, by=officer, at=at)
    return known


@transaction.atomic
def draft(*, officer: Officer, case: Case, kind: str, at: datetime) -> Letter:
    """Draft a letter of a grievance from what is written down, and measure how hard it reads.

    Raises PermissionDenied; CaseRefused when it is no grievance, is over, or something the letter
    must say is not written down.
    """
    row, known = _grievance(case, officer)
    if kind == rules.ANSWER_LETTER and not (
        known.contact and known.steps and known.result and known.completed_on
    ):
        raise CaseRefused(CaseRefusal.UNWRITTEN)
    return draft_of(row, known, kind, by=officer, at=at)


def draft_of(row: Case, known: Grievance, kind: str, *, by: Officer | None, at: datetime) -> Letter:
    """The letter in the patient's language, where it is reviewed in it.

    While nobody knows whose it is, it names nobody.
    """
    clinic = facility.organisation()
    text = rules.LETTER_KINDS[kind]
    preferred = queries.preferred(row.patient_id)
    if language_for(preferred) != known.language:  # it was another, or is nobody's, when written
        preferred = known.language
    chosen = choose([text], preferred, at=at)
    language = chosen.language
    told = queries.local_day(known.received_at, clinic.time_zone)
    following = rules.legal_day(at, clinic.time_zone, rules.NEXT_LETTER)
    words = telling.worded(
        text,
        chosen,
        {
            "name": (
                queries.name_for_letter(row.patient_id)
                if row.patient_id
                else rules.NO_NAME[language]
            ),
            "number": row.number,
            "clinic": clinic.name,
            "contact": known.contact or clinic.name,
            "phone": readable(known.contact_phone or clinic.phone),
            "received": dates.day_for(language, told),
            "completed": dates.day_for(language, known.completed_on),
            "next": dates.day_for(language, following),
            "steps": known.steps,
            "result": known.result,
        },
        apart="\n\n",
    )
    ease = rules.ease(words.body, language)
    made = Letter.objects.create(
        case=row, kind=kind, language=language, wording=words.wording, subject=words.subject,
        body=words.body,
        grade=Decimal(str(ease.value)), measure=ease.measure, drafted_at=at,
        drafted_by_id=by.pk if by else None,
    )  # fmt: skip
    line(row, Verb.DRAFTED, by=by, at=at)
    return made


@transaction.atomic
def mail_letter(*, officer: Officer, letter: Letter, at: datetime) -> Letter:
    """Send a letter by e-mail: to the address they wrote from, else to the one we know.

    Raises PermissionDenied; CaseRefused when it has left, the case is over, there is no way, or
    that has become another meanwhile.
    """
    access.require(officer, "relations.cases")
    to = _where(letter.case)
    telling.hold(to, at=at)
    row, kept = _letter(letter, officer)
    if _where(row) != to:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    words = telling.Words("", kept.language, kept.subject, kept.body, kept.wording)
    kept.message = telling.send(to, words, key=f"letter-{kept.pk}", at=at, officer=officer)
    kept.way = "email"
    _left(row, kept, officer, at=at)
    attach_all(row, [("message", kept.message.pk)], by=officer, at=at)
    line(row, Verb.SENT, by=officer, at=at)
    return kept


@transaction.atomic
def post_letter(*, officer: Officer, letter: Letter, certified: str, at: datetime) -> Letter:
    """A letter was posted as certified mail under this number of the post's.

    Raises PermissionDenied; CaseRefused without a number, when it has left, the case is over, or
    the patient asked to get no letters.
    """
    row, kept = _letter(letter, officer)
    if not certified.strip():
        raise CaseRefused(CaseRefusal.NO_WORDS)
    asked = ways(row.patient_id) if row.patient_id else None
    if asked and not asked.address:
        raise CaseRefused(CaseRefusal.CONFIDENTIAL)
    kept.way, kept.certified = "post", certified.strip()
    _left(row, kept, officer, at=at)
    line(row, Verb.SENT, by=officer, at=at, words=kept.certified)
    return kept


@transaction.atomic
def prove(*, officer: Officer, letter: Letter, on: date, at: datetime) -> Letter:
    """The post says on which day it delivered a certified letter.

    Raises PermissionDenied; CaseRefused when it was not posted, has arrived, or the day cannot be.
    """
    row, kept = _letter(letter, officer, left=True)
    when = _that_day(on, kept, at)
    if kept.way != "post" or when is None:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    _arrived(row, kept, "certified", when, by=officer, at=at)
    return kept


def _that_day(on: date, kept: Letter, at: datetime) -> datetime | None:
    """The end of the day on which the post delivered it, or now; None for a day that cannot be."""
    zone = facility.organisation().time_zone
    if kept.sent_at is None:
        return None
    if not queries.local_day(kept.sent_at, zone) <= on <= queries.local_day(at, zone):
        return None
    return min(at, rules.end_of(on, zone))


def proven_by_reply(
    received: Received, held: Iterable[Case], *, outgoing_id: int | None, at: datetime
) -> None:
    """Whoever answers the very letter has got it. Its case is among those held, before it."""
    rows = {each.pk: each for each in held}
    letters = Letter.objects.filter(case__in=rows, message__outgoing=outgoing_id)
    waiting = letters.filter(delivered_at=None, sent_at__isnull=False)
    kept = waiting.select_for_update(of=["self"]).first() if outgoing_id else None
    if kept:
        _arrived(rows[kept.case_id], kept, "reply", received.at, by=None, at=at)


def _arrived(
    row: Case, kept: Letter, how: str, when: datetime, *, by: Officer | None, at: datetime
) -> None:
    kept.delivered_at, kept.delivered_how = when, how
    kept.save(update_fields=["delivered_at", "delivered_how"])
    line(row, Verb.DELIVERED, by=by, at=at)


def _left(row: Case, kept: Letter, officer: Officer, *, at: datetime) -> None:
    """A letter is an answer, too; one that it is still open says by when the next is due."""
    row.answered_at = row.answered_at or at
    row.save(update_fields=["answered_at"])
    kept.sent_at, kept.sent_by_id = at, officer.pk
    kept.save()
    run_by_law(row, Grievance.objects.get(case=row), facility.organisation().time_zone)


def _where(row: Case) -> telling.To:
    """Where the letter goes: to the address they wrote from, else where the patient is reached.

    Whoever asked for confidential contact is written to as they asked, wherever they wrote from.
    """
    wrote = [each for kind, each in queries.things_of(queries.group(row.pk)) if kind == "received"]
    mails = Received.objects.filter(pk__in=wrote, channel="email", patient=row.patient)
    last = mails.order_by("-id").first()
    if last and not kept_confidential(row.patient_id, "email", last.sender):
        return telling.To(row.patient_id, "email", last.sender, last)
    if row.patient_id is None:
        raise CaseRefused(CaseRefusal.NO_WAY)
    reach = queries.reach(row.patient_id)
    if not reach.email:
        raise CaseRefused(CaseRefusal.NO_WAY)
    return telling.reached(reach, "email")


def _grievance(case: Case, officer: Officer) -> tuple[Case, Grievance]:
    row = locked(case, officer)
    known = Grievance.objects.select_for_update().filter(case=row).first()
    if known is None:
        raise CaseRefused(CaseRefusal.NOT_NOW)
    return row, known


def _letter(letter: Letter, officer: Officer, *, left: bool = False) -> tuple[Case, Letter]:
    """The letter as it is now, locked, and its case; which has left, or has not.

    Raises CaseRefused.
    """
    row = locked(letter.case, officer)
    kept = Letter.objects.select_for_update().get(pk=letter.pk)
    if bool(kept.sent_at) is not left or kept.delivered_at:
        raise CaseRefused(CaseRefusal.LEFT)
    return row, kept
