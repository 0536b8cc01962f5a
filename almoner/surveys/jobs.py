"""What the clock does to surveys."""

from procrastinate.contrib.django import app

from almoner.ground import clock
from almoner.surveys import actions


@app.periodic(cron="* * * * *")
@app.task(name="surveys.ask", queueing_lock="surveys.ask", pass_context=False)
def ask(timestamp: int) -> None:  # noqa: ARG001 (procrastinate's signature)
    """Each minute: ask who is to be asked, remind who has not answered."""
    now = clock.now()
    try:
        actions.ask(at=now)
    finally:  # what fails of one must not stop the others
        try:
            actions.remind(at=now)
        finally:
            actions.open_missing(at=now)
