"""What the clock starts for visits by video."""

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.telehealth import actions


@app.periodic(cron="* * * * *")
@app.task(name="telehealth.sweep", queueing_lock="telehealth.sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Delete old signals; have a room wait again whose clinician was lost."""
    actions.sweep(at=clock.now())
