"""Each night: days for the far end of the horizon, and the bitmaps held against the truth."""

import logging

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.scheduling import actions

log = logging.getLogger(__name__)


@app.periodic(cron="30 3 * * *")
@app.task(name="scheduling.tend_days", queue="nightly", queueing_lock="scheduling.tend_days")
def tend_days(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Lay out the coming days; a bitmap that was wrong is an alarm, then put right."""
    tended = actions.tend(today=clock.now().date())
    if tended.wrong:
        log.error("Day masks differed from hours and holds and were rebuilt: %s", tended.wrong)


@app.periodic(cron="* * * * *")
@app.task(name="scheduling.pass_on", queueing_lock="scheduling.pass_on", pass_context=False)
def pass_on(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: offers that are over, and places of which nobody could be told till now."""
    actions.pass_on(at=clock.now())
