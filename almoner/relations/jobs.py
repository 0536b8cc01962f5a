"""What the clock does to cases, and to messages in accounts."""

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.relations import actions, exchange
from almoner.relations.actions import by_post


@app.periodic(cron="* * * * *")
@app.task(name="relations.escalate", queueing_lock="relations.escalate", pass_context=False)
def escalate(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: warn of what is due soon, tell leads of what is overdue, draft what is due."""
    now = clock.now()
    try:
        actions.escalate(at=now)
        actions.tell_of_stranded(at=now)
    finally:  # what fails of the desks' clock must not stop the law's
        actions.keep_grievances(at=now)


@app.periodic(cron="* * * * *")
@app.task(name="relations.keep_posted", queueing_lock="relations.keep_posted", pass_context=False)
def keep_posted(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: make a case of what was said in an account and nobody answered, or read.

    And tell of texts, e-mails and letters that nobody answered, or posted, in time.
    """
    now = clock.now()
    try:
        actions.keep_posted(at=now)
    finally:
        try:
            actions.tell_of_late(at=now)
        finally:
            by_post.tell_of_late_letters(at=now)


@app.periodic(cron="* * * * *")
@app.task(name="relations.look_at", queueing_lock="relations.look_at", pass_context=False)
def look_at(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: fetch and look at the files of messages that could not be when they came."""
    actions.look_at_files(fetch=exchange.fetched, at=clock.now())
