"""What becomes of a question: it is sent once, and settled once."""

from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from almoner.coverage import queries
from almoner.coverage.models import EligibilityCheck
from almoner.coverage.rules import QUIET, State
from almoner.coverage.rules.timing import HARD_STOP, LOST
from almoner.edges.x12.eligibility import read_271
from almoner.edges.x12.syntax import X12SyntaxError
from almoner.ground import events
from almoner.ground.words import gettext_noop

_LOST = gettext_noop("It waited too long to be sent.")
_INTERRUPTED = gettext_noop("The sender was interrupted.")
SLACK = HARD_STOP / 4
"""How long after the hard stop the sender itself has to say so before somebody else does."""


@transaction.atomic
def begin_sending(*, check_id: int, at: datetime) -> bytes | None:
    """The bytes to send now, or None: it has been sent, or settled, or is too old to matter.

    Written down before sending, so that a worker that dies never leads to a second question.
    """
    check = EligibilityCheck.objects.select_for_update().get(pk=check_id)
    if check.state != State.ASKED or check.sent_at is not None:
        return None
    if at - check.asked_at > LOST:
        _settle(check, State.FAILED, at=at, trouble=_LOST)
        return None
    check.sent_at = at
    check.quiet = DateTimeTZRange(check.asked_at, at + QUIET)
    check.save(update_fields=["sent_at", "quiet"])
    return bytes(check.inquiry)


@transaction.atomic
def settle_answer(*, check_id: int, body: bytes, at: datetime) -> EligibilityCheck:
    """Keep the answer's bytes as they came, and say what they are.

    A question already settled (its time was over) stays as it is.
    """
    check = EligibilityCheck.objects.select_for_update().get(pk=check_id)
    if check.state != State.ASKED:
        return check
    try:
        answer = read_271(body)
    except X12SyntaxError as error:
        return _settle(check, State.UNREADABLE, at=at, body=body, trouble=str(error))
    state = State.REJECTED if answer.rejections else State.ANSWERED
    check.inactive = queries.is_inactive(check, answer)
    return _settle(check, state, at=at, body=body)


@transaction.atomic
def settle_trouble(*, check_id: int, state: State, trouble: str, at: datetime) -> EligibilityCheck:
    """No answer: ``state`` is silent (sent, nothing came) or failed (it never got there)."""
    check = EligibilityCheck.objects.select_for_update().get(pk=check_id)
    if check.state != State.ASKED:
        return check
    return _settle(check, state, at=at, trouble=trouble)


@transaction.atomic
def give_up(*, at: datetime) -> int:
    """Settle questions whose sender died: sent and past the hard stop, or never sent.

    Returns how many.
    """
    open_checks = EligibilityCheck.objects.select_for_update(skip_locked=True).filter(
        state=State.ASKED
    )
    sent = list(open_checks.filter(sent_at__lt=at - HARD_STOP - SLACK))
    lost = list(open_checks.filter(sent_at__isnull=True, asked_at__lt=at - LOST))
    for check in sent:
        _settle(check, State.SILENT, at=at, trouble=_INTERRUPTED)
    for check in lost:
        _settle(check, State.FAILED, at=at, trouble=_LOST)
    return len(sent) + len(lost)


def _settle(
    check: EligibilityCheck,
    state: State,
    *,
    at: datetime,
    body: bytes | None = None,
    trouble: str = "",
) -> EligibilityCheck:
    check.state, check.settled_at, check.answer, check.trouble = state, at, body, trouble
    check.save(update_fields=["state", "settled_at", "answer", "trouble", "inactive"])
    policy = check.policy
    events.record(
        f"coverage.{state.value}",
        at=at,
        by=None,
        about=check,
        patient_id=check.patient_id,
        payer=policy.plan.payer.name,
        appointment_id=check.appointment_id,
    )
    return check
