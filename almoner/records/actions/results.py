"""Results of laboratories: taken as they come, in versions, and given to whom they are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.ground import events
from almoner.patients.models import Patient
from almoner.records.actions.papers import add_document
from almoner.records.models import Document, Result, ResultValue, ResultVersion
from almoner.records.rules.papers import PaperKind
from almoner.records.rules.results import (
    Flag,
    Incoming,
    Outcome,
    Report,
    Sent,
    Source,
    Verdict,
    digest_of,
    flag_of,
    is_final,
    verdict,
)

FILES = "records.file_results"
TOLD = {
    Verdict.OLDER: "is older than the version that is kept, and was not taken",
    Verdict.BACK: "is not final, and a final version is kept already",
}
OF_ANOTHER = "names another person than the one whose record it stands in; was not taken"
REFUSED = "was refused as nobody's, and names nobody else now; is kept, and stays refused"


@dataclass(frozen=True, slots=True)
class Came:
    """A report of a file, or what refuses it (``faults``); ``remarks`` tell what was left out."""

    place: str
    sent: Incoming | None
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class NotTheirs(Exception):
    """The result cannot be given to this patient, for this reason; nothing was changed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def take_results(*, came: Iterable[Came], at: datetime) -> Report:
    """Keep every report of a file that can be kept, each in a transaction of its own."""
    report = Report()
    for one in came:
        if one.sent is None:
            report.refused.append(Outcome(one.place, one.faults))
            continue
        outcome, refused = take(one.sent, at=at)
        told = Outcome(one.place, (*((refused,) if refused else ()), *one.remarks))
        getattr(report, outcome).append(told)
    return report


@transaction.atomic
def take(sent: Incoming, *, at: datetime) -> tuple[str, str]:
    """Keep one report: under which word of `Report` it goes, and why it was refused.

    Whoever sends the same at the same time waits here, and then finds it.
    """
    Result.objects.bulk_create(
        [Result(source=Source.FHIR, system=sent.system, number=sent.number, made_at=at)],
        ignore_conflicts=True,
    )
    rows = Result.objects.select_for_update(of=("self",)).select_related("patient")
    row = rows.get(system=sent.system, number=sent.number)
    if row.patient and _is_another(sent, row, row.patient):
        return "refused", OF_ANOTHER
    known = [
        Sent(bytes(one.digest), one.issued, one.status, one.final)
        for one in row.versions.order_by("number")
    ]
    mine = Sent(digest_of(sent), sent.issued, sent.status)
    became = verdict(known, mine)
    if became in TOLD:
        return "refused", TOLD[became]
    reopened = False
    if row.refused_at and (became is Verdict.NEW or mine.digest == known[-1].digest):
        reopened = _reopen(row, sent, at=at)
    if became is Verdict.NEW:
        _write(row, sent, mine.digest, final=is_final(known, sent.status), at=at)
    _settle(row, sent, new=became is Verdict.NEW, at=at)
    row.save()
    if became is Verdict.SAME and not reopened:
        return "already", ""
    if row.refused_at:
        return "refused", REFUSED
    return ("kept" if row.patient_id else "waiting"), ""


def _settle(row: Result, sent: Incoming, *, new: bool, at: datetime) -> None:
    """Give it to whom it names, when nobody has decided on it yet; whose it is already is told."""
    if row.patient_id is None and row.refused_at is None and not row.by_hand:
        if patient_id := _patient_of(sent):
            _give(row, patient_id, at=at)
    elif new and row.patient_id:
        _waits(row, at=at)
        _record("result_final" if _is_shown(row) else "result_preliminary", row, at=at)


def _is_another(sent: Incoming, row: Result, owner: Patient) -> bool:
    """Whether a report says otherwise of the person than both the record and the version before.

    What was given by hand may go on naming what it named then: a person has judged that.
    """
    known = {"", owner.mrn, row.said_mrn}
    return sent.mrn not in known or sent.said_born not in {None, owner.birth_date, row.said_born}


def _reopen(row: Result, sent: Incoming, *, at: datetime) -> bool:
    """What now names somebody else than when it was refused waits once more, for a person alone.

    Answers whether it does.
    """
    said = sent.mrn, sent.said_name, sent.said_born
    if said == (row.said_mrn, row.said_name, row.said_born):
        return False
    row.said_mrn, row.said_name, row.said_born = said
    row.refused_at, row.refused_by_id, row.refused_because = None, None, ""
    row.by_hand = True
    _record("result_reopened", row, at=at)
    return True


def _patient_of(sent: Incoming) -> int | None:
    """Whose it is by our record number; nobody's when it gives another birth date than we know."""
    found = Patient.objects.filter(mrn=sent.mrn) if sent.mrn else Patient.objects.none()
    row = found.values_list("pk", "birth_date").first()
    if row is None or (sent.said_born and sent.said_born != row[1]):
        return None
    return int(row[0])


def _write(row: Result, sent: Incoming, digest: bytes, *, final: bool, at: datetime) -> None:
    """The next version; ``row`` is brought up to it, and saved by whoever called."""
    row.newest += 1
    flag = flag_of(code for value in sent.values if value.final for code, _words in value.flags)
    version = ResultVersion.objects.create(
        result=row, number=row.newest, status=sent.status, final=final, code=sent.code,
        system=sent.code_system, name=sent.name, issued=sent.issued, on=sent.on,
        conclusion=sent.conclusion, performer=sent.performer, flag=flag, digest=digest, came_at=at,
    )  # fmt: skip
    ResultValue.objects.bulk_create(
        ResultValue(
            version=version, place=place, code=each.code, system=each.system, name=each.name,
            value=each.value, number=each.number, unit=each.unit, low=each.low, high=each.high,
            range=each.range, flags=[list(flag) for flag in each.flags], note=each.note,
            final=each.final,
        )
        for place, each in enumerate(sent.values)
    )  # fmt: skip
    if sent.requester or sent.ordered_by:
        row.clinician = facility.clinician_with_npi(sent.requester) if sent.requester else None
        row.ordered_by = sent.ordered_by
    row.said_name, row.said_born = sent.said_name, sent.said_born
    row.said_mrn = sent.mrn
    if final:
        row.shown, row.flag = version, flag


def _is_shown(row: Result) -> bool:
    """Whether the newest version is the one that is shown."""
    return row.shown is not None and row.shown.number == row.newest


def _waits(row: Result, *, at: datetime) -> None:
    """A version that nobody has reviewed asks for it."""
    if row.shown and _is_shown(row):
        row.waits_since = at


def _give(row: Result, patient_id: int, *, at: datetime, officer: Officer | None = None) -> None:
    row.patient_id = patient_id
    if row.shown and not row.shown.reviews.filter(patient_id=patient_id).exists():
        row.waits_since = at
    _record("result_final" if row.shown else "result_preliminary", row, officer, at=at)


@transaction.atomic
def assign_result(
    *, officer: Officer, result_id: int, mrn: str, born: date, at: datetime
) -> Result:
    """Say whose a result is, by two identifiers of the record: its number and the birth date.

    Raises PermissionDenied or NotTheirs: no record has both, the report gives another birth date,
    or somebody else was faster.
    """
    access.require(officer, FILES)
    row = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
    if row.patient_id or row.refused_at:
        raise NotTheirs("settled")
    patient_id = Patient.objects.filter(mrn=mrn, birth_date=born).values_list("pk", flat=True)
    if not patient_id:
        raise NotTheirs("no_record")
    if row.said_born and row.said_born != born:
        raise NotTheirs("another_birth_date")
    _give(row, patient_id[0], officer=officer, at=at)
    row.save()
    return row


@transaction.atomic
def refuse_result(*, officer: Officer, result_id: int, because: str, at: datetime) -> None:
    """It is of nobody here. Raises PermissionDenied, or NotTheirs when it is settled already."""
    access.require(officer, FILES)
    row = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
    if row.patient_id or row.refused_at:
        raise NotTheirs("settled")
    row.refused_at, row.refused_by_id, row.refused_because = at, officer.pk, because.strip()
    row.save()
    _record("result_refused", row, officer, at=at)


@transaction.atomic
def file_result(
    *,
    officer: Officer,
    patient_id: int,
    content: bytes,
    name: str,
    on: date,
    clinician_id: int | None,
    abnormal: bool,
    at: datetime,
) -> Result:
    """Keep a result that came on paper; it is final, and its values stand on the paper alone.

    ``abnormal``: whoever made it marked it so. Raises PermissionDenied or NotADocument.
    """
    access.require(officer, FILES)
    paper = add_document(
        officer=officer, patient_id=patient_id, content=content, title=name, kind=PaperKind.RESULT,
        at=at,
    )  # fmt: skip
    row = Result.objects.create(
        patient_id=patient_id, source=Source.PAPER, system="paper", number=str(paper.pk),
        clinician_id=clinician_id, made_at=at,
    )  # fmt: skip
    row.newest, row.flag = 1, Flag.ABNORMAL if abnormal else Flag.NONE
    row.shown = _on_paper(row, paper, on=on, officer=officer, at=at)
    _waits(row, at=at)
    row.save()
    _record("result_final", row, officer, at=at)
    return row


def _on_paper(
    row: Result, paper: Document, *, on: date, officer: Officer, at: datetime
) -> ResultVersion:
    return ResultVersion.objects.create(
        result=row, number=1, status="final", final=True, name=paper.title, issued=at, on=on,
        flag=row.flag, digest=bytes(paper.sha256), document=paper, came_at=at,
        filed_by_id=officer.pk,
    )  # fmt: skip


@transaction.atomic
def take_result_away(*, officer: Officer, result_id: int, because: str, at: datetime) -> None:
    """It is not this patient's: it is nobody's again, and waits to be given to whom it is.

    Raises PermissionDenied, or NotTheirs: a paper is of whom it was filed for, and is not taken.
    """
    access.require(officer, FILES)
    row = Result.objects.select_for_update(of=("self",)).get(pk=result_id)
    if row.patient_id is None or row.source == Source.PAPER:
        raise NotTheirs("settled")
    _record("result_taken_away", row, officer, at=at, reason=because.strip())
    row.patient_id, row.waits_since, row.by_hand = None, None, True
    row.save()


def _record(
    kind: str, row: Result, officer: Officer | None = None, *, at: datetime, **facts: Any
) -> None:
    events.record(
        f"records.{kind}",
        at=at,
        by=officer,
        about=row,
        patient_id=row.patient_id,
        version_id=row.shown_id,
        **facts,
    )
