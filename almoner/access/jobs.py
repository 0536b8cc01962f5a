"""Background work of the access duty."""

from procrastinate.contrib.django import app

from almoner.access import actions
from almoner.access.sessions import SessionStore
from almoner.ground import clock


@app.periodic(cron="17 4 * * *")
@app.task(name="access.forget_sessions", queue="sealing", pass_context=False)
def forget_sessions(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells its time)
    """Delete sessions whose time is over; they are refused without it too."""
    SessionStore.clear_expired()


@app.periodic(cron="* * * * * */5")
@app.task(name="access.seal", queue="sealing", queueing_lock="access.seal", pass_context=False)
def seal(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells a periodic task its time)
    """Seal what was looked at in the last seconds."""
    actions.seal(at=clock.now())
