"""Background work of the patients duty."""

from datetime import timedelta

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.patients import actions

LOOKED_BACK = timedelta(hours=26)  # a day, and what a late run leaves out


@app.periodic(cron="40 3 * * *")
@app.task(name="patients.pair_again", queue="patients", queueing_lock="patients.pair_again")
def pair_again(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells a periodic task its time)
    """Compare whom the last day brought, once more and in quiet."""
    actions.pair_registered_since(clock.now() - LOOKED_BACK)
