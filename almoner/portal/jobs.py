"""What the clock starts for patients."""

from django.conf import settings
from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.portal import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.remind", queueing_lock="portal.remind", pass_context=False)
def remind(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Remind of the visits that are due for it."""
    actions.remind(steps=settings.REMIND_HOURS, days=settings.CHECK_IN_DAYS, at=clock.now())


@app.periodic(cron="23 * * * *")
@app.task(name="portal.tell_of_acting", queueing_lock="portal.tell_of_acting", pass_context=False)
def tell_of_acting(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Tell both sides where a right to act is over, or will narrow with a child's age."""
    actions.tell_of_the_calendar(at=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="portal.decide_joins", queueing_lock="portal.decide_joins", pass_context=False)
def decide_joins(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Decide about who asked for an account, where that could not be done at once."""
    actions.decide_joins(at=clock.now())
