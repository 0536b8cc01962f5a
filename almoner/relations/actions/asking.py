"""Writing to patients what nobody asked us for: to who agreed to that, and to nobody else."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.ground import events
from almoner.ground.words import gettext_noop
from almoner.relations import queries
from almoner.relations.actions import telling
from almoner.relations.actions.consenting import one_at_a_time
from almoner.relations.actions.opening import New, begin
from almoner.relations.models import Case, Consent, Message
from almoner.relations.rules import SURVEY, TextKind

TOLD = gettext_noop("Said so to the desk")
ON_PAGE = gettext_noop("Said so on a page of ours")


@transaction.atomic
def ask(
    *, patient_id: int, visit_id: int, text: TextKind, facts: telling.Facts, step: str, at: datetime
) -> Message | None:
    """Text a patient a survey; None when they have no number that agreed to surveys.

    Whether it may leave is asked again when it does: what was said last counts. It counts towards
    what its number may get in a day and a week.
    """
    reach = queries.reach(patient_id)
    if not reach.may_text or not queries.agreed(reach.phone or "", SURVEY):
        return None
    sent = telling.tell(
        patient_id=patient_id,
        text=text.code,
        facts=facts,
        step=step,
        at=at,
        by=("sms",),
        visit_id=visit_id,
    )
    return sent[0] if sent else None


@transaction.atomic
def agree_to_surveys(*, officer: Officer, patient_id: int, given: bool, at: datetime) -> bool:
    """Write down what a patient told the desk; False without a number that takes texts.

    Raises PermissionDenied.
    """
    access.require(officer, "relations.send")
    return _say(patient_id, given=given, how="told", evidence=TOLD, officer=officer, at=at)


@transaction.atomic
def agree_to_surveys_own(*, patient_id: int, given: bool, at: datetime) -> bool:
    """As `agree_to_surveys`, by the patient on a page of theirs."""
    return _say(patient_id, given=given, how="page", evidence=ON_PAGE, officer=None, at=at)


def _say(
    patient_id: int, *, given: bool, how: str, evidence: str, officer: Officer | None, at: datetime
) -> bool:
    reach = queries.reach(patient_id)
    number = reach.phone
    if not number or not reach.may_text:
        return False
    one_at_a_time(number)
    last = queries.newest(number, SURVEY)
    if last and last.given == given:
        return True
    row = Consent.objects.create(
        channel="sms",
        address=number,
        purpose=SURVEY,
        given=given,
        how=how,
        evidence=evidence,
        at=at,
        by_id=officer.pk if officer else None,
        patient_id=patient_id,
    )
    kind = "relations.agreed_to_surveys" if given else "relations.declined_surveys"
    events.record(
        kind, at=at, by=officer, about=row, patient_id=patient_id, by_patient=officer is None
    )
    return True


@transaction.atomic
def open_by_itself(*, new: New, at: datetime) -> Case:
    """Open a case that nobody at the desk opens: it is its desk's lead's, and due like any other.

    Raises CaseRefused as `open_case` does, and when the desk has no lead.
    """
    return begin(new, by=None, at=at)
