"""What the clock does for campaigns."""

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.outreach import actions


@app.periodic(cron="* * * * *")
@app.task(name="outreach.send", queueing_lock="outreach.send", pass_context=False)
def send(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: write to those whose step is due."""
    actions.send_due(at=clock.now())
