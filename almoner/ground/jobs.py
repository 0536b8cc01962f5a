"""Background work: the tasks every duty's jobs stand on."""

from math import ceil

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from almoner.ground import clock, events, outbox
from almoner.ground.models import Event


@app.task(name="ground.react", queue="reactions", retry=5)
def react(event_id: int, reaction: str) -> None:
    """Let one follower react to one event."""
    event = Event.objects.get(pk=event_id)
    events.reaction_named(event.kind, reaction)(event)


@app.task(name="ground.deliver", queue="outbox", retry=RetryStrategy(max_attempts=5, wait=2))
def deliver(item_id: int) -> None:
    """Try once to deliver one item of the outbox; ask for another try when nobody was there.

    A job that fails before it has taken the item is run again: the item would wait for ever. One
    that fails after finds it ``sending``, and settles it as unknown instead of sending it twice.
    """
    wait = outbox.try_delivery(item_id, at=clock.now())
    if wait is not None:
        later = {"seconds": ceil(wait.total_seconds())}
        app.configure_task("ground.deliver", queue="outbox", schedule_in=later).defer(
            item_id=item_id
        )


@app.periodic(cron="* * * * *")
@app.task(
    name="ground.retry_stalled",
    queue="ground",
    queueing_lock="ground.retry_stalled",
    pass_context=True,
)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 (its time)
    """Take back the jobs of workers that died.

    A killed worker's job would stand as being done for ever, and its lock keep every later job of
    its kind waiting. Every job is safe to run twice.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
