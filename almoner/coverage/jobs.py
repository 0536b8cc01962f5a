"""Background work of the coverage duty."""

from django.conf import settings
from procrastinate.contrib.django import app

from almoner.coverage import actions
from almoner.coverage.rules import HARD_STOP, State
from almoner.edges import clearinghouse
from almoner.ground import clock


@app.task(name="coverage.put_question", queue="eligibility")
def put_question(check_id: int) -> None:
    """Send one question and keep whatever comes back. Never sends it twice."""
    inquiry = actions.begin_sending(check_id=check_id, at=clock.now())
    if inquiry is None:
        return
    try:
        body = clearinghouse.ask_eligibility(inquiry, HARD_STOP.total_seconds())
    except clearinghouse.TimedOut as silence:
        _trouble(check_id, State.SILENT, silence)
    except clearinghouse.ClearinghouseError as refused:
        _trouble(check_id, State.FAILED, refused)
    else:
        actions.settle_answer(check_id=check_id, body=body, at=clock.now())


def _trouble(check_id: int, state: State, error: Exception) -> None:
    actions.settle_trouble(check_id=check_id, state=state, trouble=str(error), at=clock.now())


@app.periodic(cron="* * * * * */15")
@app.task(name="coverage.give_up", queue="eligibility_watch", queueing_lock="coverage.give_up")
def give_up(timestamp: int) -> None:  # noqa: ARG001 (procrastinate tells a periodic task its time)
    """Settle questions whose sender died."""
    actions.give_up(at=clock.now())


@app.periodic(cron="7 * * * *")
@app.task(name="coverage.ask_ahead", queue="eligibility_watch", queueing_lock="coverage.ask_ahead")
def ask_ahead(timestamp: int) -> None:  # noqa: ARG001 (likewise)
    """Ask again about the visits of the next three days, each once."""
    actions.ask_ahead(today=clock.today(settings.TIME_ZONE), at=clock.now())
