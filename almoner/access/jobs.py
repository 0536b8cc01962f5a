"""Background work of the access duty."""

from procrastinate.contrib.django import app

from almoner.access import actions
from almoner.ground import clock


@app.periodic(cron="* * * * * */5")
@app.task(name="access.seal", queue="sealing", queueing_lock="access.seal", pass_context=False)
def seal(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells a periodic task its time)
    """Seal what was looked at in the last seconds."""
    actions.seal(at=clock.now())
