"""Background work: the mailbox, the outbox's claims, postings that were interrupted."""

from datetime import datetime

from procrastinate.contrib.django import app

from almoner.billing import actions, queries
from almoner.edges import clearinghouse
from almoner.ground import clock, outbox
from almoner.ground.models import Outgoing

_SERVER_TROUBLE = 500
_EACH_MINUTE = 60
_OFTEN = 5  # seconds; a part of a minute


@outbox.delivers("claims")
def deliver_claims(item: Outgoing) -> str:
    """Hand one file of claims to the clearinghouse under its key; answers the receipt."""
    submission_id = item.payload["submission"]
    content = actions.content_of(submission_id)
    try:
        receipt = clearinghouse.send_claims(content, item.key)
    except clearinghouse.NotReached as error:
        raise outbox.Undelivered(str(error)) from error
    except clearinghouse.TimedOut as error:
        raise outbox.OutcomeUnknown(str(error)) from error
    except clearinghouse.Refused as error:
        if error.status >= _SERVER_TROUBLE:
            raise outbox.OutcomeUnknown(str(error)) from error
        actions.mark_refused(submission_id=submission_id, said=error.said, at=clock.now())
        raise outbox.Refused(str(error)) from error
    actions.mark_sent(submission_id=submission_id, receipt=receipt, at=clock.now())
    return receipt


@app.periodic(cron=f"* * * * * */{_OFTEN}")
@app.task(
    name="billing.look_for_answers",
    queue="billing",
    lock="billing.mailbox",
    queueing_lock="billing.look_for_answers",
)
def look_for_answers(timestamp: int) -> None:
    """Read the mailbox each minute, and often while somebody may wait for a file just sent."""
    if timestamp % _EACH_MINUTE < _OFTEN or queries.just_sent(clock.now()):
        read_mailbox()


def read_mailbox() -> None:
    """Take in what has arrived for us, file by file; a file that was taken in before does nothing.

    Posting of a remittance that was interrupted goes on first.
    """
    actions.resume(at=clock.now())
    try:
        while files := clearinghouse.fetch(actions.mailbox_seen()):
            for file in files:
                take_in(file.body, name=file.name, at=clock.now())
                actions.note_seen(file_id=file.id, at=clock.now())
    except clearinghouse.ClearinghouseError as error:
        actions.note_mailbox_trouble(trouble=str(error), at=clock.now())


def take_in(content: bytes, *, name: str, at: datetime) -> None:
    """Keep one arrived file and act on what it is."""
    received = actions.receive(content=content, name=name, at=at)
    take_in_received(received_id=received.pk, kind=received.kind, at=at)


def take_in_received(*, received_id: int, kind: str, at: datetime) -> None:
    if kind == "835":
        actions.post_received(received_id=received_id, at=at)
    else:
        actions.read_answer(received_id=received_id, at=at)


@app.periodic(cron="0 11 * * *")
@app.task(name="billing.issue_statements", queue="billing", queueing_lock="billing.statements")
def issue_statements(timestamp: int | None = None) -> None:  # noqa: ARG001 (procrastinate gives it)
    """Send every statement that is due, once a day before the desk opens."""
    actions.issue_due(at=clock.now())


@app.task(name="billing.post_received", queue="billing", lock="billing.mailbox")
def post_received(received_id: int) -> None:
    """Post a remittance that a person gave us."""
    actions.post_received(received_id=received_id, at=clock.now())
