"""The patient's part as a letter: issued, sent, closed when nothing of it is owed any more."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import translation

from almoner.access.actions import require
from almoner.access.models import Officer
from almoner.billing import queries
from almoner.billing.models import Statement
from almoner.billing.queries.wording import NO_STATEMENT
from almoner.billing.rules import statements
from almoner.facility import queries as facility
from almoner.ground import dates, events, paper
from almoner.ground.language import language_for
from almoner.ground.money import dollars
from almoner.patients.models import Patient
from almoner.patients.queries import guarantor, mail_lines, ways
from almoner.patients.rules.details import readable
from almoner.relations import actions as relations
from almoner.relations.queries import mailable, reach

_read_at: list[Callable[[], str]] = []


def read_at(way: Callable[[], str]) -> None:
    """Register where whoever pays reads and pays statements.

    It answers an address that lets nobody in by itself, or nothing.
    """
    _read_at.append(way)


class NoStatementDue(Exception):
    """No statement is sent now; the message says why."""


@transaction.atomic
def issue_statement(
    *, officer: Officer | None, patient_id: int, at: datetime, private: bool = False
) -> Statement:
    """Write and send a statement to who answers for this patient.

    ``private``: to the patient alone, of the visits that are kept from whoever pays; those are on
    no other.

    It holds what stands on patients' accounts only. A guarantor is told by e-mail, else by text,
    that it is there (without a word of what it says), and everybody's is there to print.
    Raises NoStatementDue or PermissionDenied.
    """
    if officer:
        require(officer, "billing.statement")
    payer = queries.guarantor_of(patient_id)
    if private:
        payer = Patient.objects.get(pk=patient_id)
    Patient.objects.select_for_update().get(pk=payer.pk)
    day = queries.local_day(at)
    terms = queries.statement_terms(day)
    visits = queries.owed_on(payer.pk, private=private)
    last = queries.last_statement(payer.pk, private=private)
    open_since = last.issued_date if last and last.state == Statement.State.SENT else None
    if reason := statements.refusal(visits, terms, today=day, last_sent=open_since):
        raise NoStatementDue(str(NO_STATEMENT[reason]) % {"day": dates.day(open_since)})
    if last and last.state == Statement.State.SENT:
        _close(last, Statement.State.REPLACED, at=at)
    return _issue(payer, visits, terms, private=private, officer=officer, day=day, at=at)


def _issue(
    payer: Patient,
    visits: list[statements.VisitOwed],
    terms: statements.Terms,
    *,
    private: bool,
    officer: Officer | None,
    day: date,
    at: datetime,
) -> Statement:
    serial = _next_serial()
    unsaid = private and ways(payer.pk) is None
    email = "" if unsaid else mailable(payer.pk, statements.TOLD.purpose)
    row = Statement(
        id=serial,
        number=statements.number(day, serial),
        guarantor=payer,
        private=private,
        issued_at=at,
        issued_by_id=officer.pk if officer else None,
        issued_date=day,
        due_date=day + timedelta(days=terms.due_days),
        language=language_for(payer.language),
        cents=sum(visit.owed for visit in visits),
        lines=_lines(visits),
        way="email" if email else "account" if unsaid else _without_email(payer.pk),
    )
    with translation.override(row.language):
        row.pdf = paper.pdf("billing/statement.typ", data=_letter(row), at=at)
        row.save(force_insert=True)
        if not unsaid:
            _tell(row, by="email" if email else "sms", at=at)
    events.record(
        "billing.statement_sent",
        at=at,
        by=officer,
        about=row,
        patient_id=payer.pk,
        number=row.number,
        cents=row.cents,
        way=row.way,
    )
    return row


def _without_email(patient_id: int) -> str:
    """On paper; for whoever asked to get no letters it is in their account, and at the desk."""
    asked = ways(patient_id)
    return "account" if asked and not asked.address else "print"


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('billing_statement', 'id'))")
        return int(cursor.fetchone()[0])


def _lines(visits: list[statements.VisitOwed]) -> list[dict[str, Any]]:
    """As it is kept; with by how much it is above what was estimated, where that is too much."""
    charged = queries.charged_without_plan([visit.visit_id for visit in visits if visit.visit_id])
    over = queries.over_estimates(charged.items())
    return [_plain(visit, over.get(visit.visit_id or 0)) for visit in visits]


def _plain(visit: statements.VisitOwed, over: queries.Over | None) -> dict[str, Any]:
    day = visit.service_date
    line = asdict(visit) | {"service_date": day.isoformat() if day else ""}
    if over:
        line |= {"over_cents": over.cents, "estimated_on": over.day.isoformat()}
    return line


def _addressed(row: Statement) -> tuple[str, list[str]]:
    """Who gets it and where: of private visits the patient, only as they asked to be reached.

    Who has not said how gets it in their account, or at the desk.
    """
    if row.private:
        patient = row.guarantor
        where = mail_lines(patient.pk) if ways(patient.pk) else []
        return f"{patient.given} {patient.family}".strip(), where
    to = guarantor(row.guarantor_id)
    return to.name, to.address.splitlines()


def _letter(row: Statement) -> dict[str, Any]:
    """What stands on the paper, in the guarantor's language; see ``statement.typ``."""
    clinic = facility.organisation()
    name, where = _addressed(row)
    says = statements.words(row.language)
    return {
        "lang": row.language,
        "title": says["title"].format(number=row.number),
        "from": {
            "name": clinic.name,
            "lines": [*facility.address_of(clinic), readable(clinic.phone)],
        },
        "to": [name, *where],
        "says": says
        | {
            "issued": dates.day_for(row.language, row.issued_date),
            "due": dates.day_for(row.language, row.due_date),
            "pay": says["pay"].format(number=row.number),
        },
        "lines": [
            line
            | {
                "service_date": _day(row.language, line["service_date"]),
                "about": says["seen" if line["clinician"] else "account"].format(**line),
            }
            for line in row.lines
        ],
        "disputes": [
            says["dispute"].format(
                day=_day(row.language, line["service_date"]),
                over=dollars(line["over_cents"]),
                estimated=_day(row.language, line["estimated_on"]),
            )
            for line in row.lines
            if "over_cents" in line
        ],
        "cents": row.cents,
    }


def _day(language: str, text: str) -> str:
    return dates.day_for(language, date.fromisoformat(text)) if text else ""


def _tell(row: Statement, *, by: str, at: datetime) -> None:
    """Say that it is there and where it is read; a text, without an e-mail, says nothing else.

    By text only where there is an address to lead to: what is printed is on its way anyway.
    """
    link = next(filter(None, (way() for way in _read_at)), "")
    if by == "sms" and not (link and reach(row.guarantor_id).may_text):
        return
    text = statements.TOLD_ONLINE if link else statements.TOLD
    relations.tell(
        patient_id=row.guarantor_id,
        text=text.code,
        facts=lambda _language: {"link": link, "number": row.number},
        step=f"statement-{row.number}",
        by=(by,),
        at=at,
    )


@transaction.atomic
def close_if_paid(*, patient_id: int, at: datetime) -> list[Statement]:
    """Close the open statements about this patient of which nothing is owed any more."""
    payer = queries.guarantor_of(patient_id)
    found = [_paid(payer.pk, private=False, at=at), _paid(patient_id, private=True, at=at)]
    return [row for row in found if row]


def _paid(guarantor_id: int, *, private: bool, at: datetime) -> Statement | None:
    row = _settled(guarantor_id, private=private)
    if row is None:
        return None
    _close(row, Statement.State.PAID, at=at)
    events.record(
        "billing.statement_paid",
        at=at,
        by=None,
        about=row,
        patient_id=guarantor_id,
        number=row.number,
        cents=row.cents,
    )
    return row


def wait_for_issuing(*, patient_id: int) -> None:
    """A statement about this patient that is just being issued is there, or comes after us."""
    payer = queries.guarantor_of(patient_id)
    rows = Patient.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    list(rows.filter(pk__in={payer.pk, patient_id}).values_list("pk"))


def close_if_moved(*, patient_id: int, at: datetime) -> None:
    """What is owed about this patient is asked on another kind of statement from now on.

    Part of the caller's own action, after `close_if_paid`: an open one on which nothing is owed
    any more is over. Nobody is told why, nor of another: it may be kept from them.
    """
    payer = queries.guarantor_of(patient_id)
    for guarantor_id, private in ((payer.pk, False), (patient_id, True)):
        if row := _settled(guarantor_id, private=private):
            _close(row, Statement.State.OVER, at=at)
            events.record(
                "billing.statement_over",
                at=at,
                by=None,
                about=row,
                patient_id=guarantor_id,
                number=row.number,
            )


def _settled(guarantor_id: int, *, private: bool) -> Statement | None:
    """The open statement of this kind when nothing of it is owed any more; it is locked."""
    row = (
        Statement.objects.select_for_update()
        .filter(guarantor_id=guarantor_id, private=private, state=Statement.State.SENT)
        .defer("pdf")
        .first()
    )
    if row and sum(visit.owed for visit in queries.owed_on(guarantor_id, private=private)) > 0:
        return None
    return row


def _close(row: Statement, state: Statement.State, *, at: datetime) -> None:
    row.state, row.closed_at = state, at
    row.save(update_fields=["state", "closed_at"])


def issue_due(*, at: datetime) -> int:
    """Send every statement that is due; answers how many. Each is a transaction of its own."""
    smallest = queries.statement_terms(queries.local_day(at)).smallest_cents
    after, sent = (0, True), 0
    while owing := queries.owing(smallest_cents=max(smallest, 1), after=after):
        after = owing[-1]
        for guarantor_id, private in owing:
            try:
                issue_statement(officer=None, patient_id=guarantor_id, private=private, at=at)
            except NoStatementDue:
                continue
            sent += 1
    return sent
