"""Working the call list: what came of each call, in one key."""

from datetime import datetime

from django.db import transaction

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.outreach import queries, rules
from almoner.outreach.actions.refused import OutreachRefused, Refusal
from almoner.outreach.actions.sending import stop
from almoner.outreach.models import Enrolment, Step
from almoner.outreach.rules import Called, Standing, State
from almoner.relations import actions as relations
from almoner.relations.rules import Disposition

_ENDED = {
    Called.LEFT_MESSAGE: Disposition.LEFT_MESSAGE,
    Called.NO_ANSWER: Disposition.NO_ANSWER,
    Called.WRONG_NUMBER: Disposition.WRONG_NUMBER,
    Called.DECLINED: Disposition.SETTLED,
}


@transaction.atomic
def take_call(*, officer: Officer, at: datetime, enrolment_id: int | None = None) -> bool:
    """Take the next of the list to call, or this one; False when nobody is left, or another did.

    Two officers never call one person: whoever one is taking is passed over. Whom this officer had
    before goes back to the list. Raises PermissionDenied.
    """
    access.require(officer, "outreach.call")
    give_back(officer=officer, at=at)
    rows = queries.free(at).select_for_update(of=("self",), skip_locked=True)
    row = (rows.filter(pk=enrolment_id) if enrolment_id else rows).first()
    if row is None:
        return False
    row.taken_by_id, row.taken_at = officer.pk, at
    row.save(update_fields=["taken_by_id", "taken_at"])
    return True


@transaction.atomic
def give_back(*, officer: Officer, at: datetime) -> None:
    """Whom this officer had taken may be called by another. Raises PermissionDenied."""
    access.require(officer, "outreach.call")
    ids = list(queries.taken(officer.pk, at).values_list("pk", flat=True))
    Enrolment.objects.filter(pk__in=ids).update(taken_by_id=None, taken_at=None)


@transaction.atomic
def record_call(
    *,
    officer: Officer,
    enrolment: Enrolment,
    called: Called,
    number: str,
    said: str,
    at: datetime,
) -> Enrolment:
    """Keep how a call of the list ended: in the conversation, and for the campaign.

    Raises PermissionDenied; OutreachRefused when nobody has to call them any more, or another
    officer is calling them.
    """
    access.require(officer, "outreach.call")
    facts = {
        "incoming": False,
        "said": said,
        "disposition": _ENDED[called].value,
        "visit_id": None,
        "number": number,
    }
    # The conversation before the place in the campaign, as everything takes them.
    row = relations.log_call_with(
        officer=officer, patient_id=enrolment.patient_id, call=facts, at=at
    )
    place = Enrolment.objects.select_for_update().select_related("campaign").get(pk=enrolment.pk)
    theirs = place.taken_by_id == officer.pk
    if not theirs or place.state != State.CALLING or place.campaign.state != Standing.RUNNING:
        raise OutreachRefused(Refusal.NOT_CALLED)
    place.tries, place.steps = place.tries + 1, place.steps + 1
    ended = rules.comes_to(called, tries=place.tries)
    place.next_at = None if ended else at + rules.again_after(called)
    place.taken_by_id = place.taken_at = None
    place.save(update_fields=["tries", "steps", "next_at", "taken_by_id", "taken_at"])
    Step.objects.create(enrolment=place, number=place.steps, call=row, address=number or "-", at=at)
    if ended:
        stop(place, ended, at=at)
    return place
