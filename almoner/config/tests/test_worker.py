"""What the worker's jobs ask for."""

import asyncio

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry

from almoner.config import worker


class Changed(Exception):
    """Somebody's mind."""


@pytest.fixture
def asks():
    """A job that asks for another in a transaction which is then rolled back."""

    @app.task(name="test.asks", queue="test")
    def asks():
        try:
            with transaction.atomic():
                app.configure_task("ground.deliver", queue="outbox").defer(item_id=1)
                raise Changed
        finally:
            connection.close()  # a thread's own

    yield asks
    del app.tasks["test.asks"]


@pytest.mark.django_db(transaction=True)
def test_what_a_job_asks_for_falls_with_the_rows_it_was_asked_for_with(asks):
    # Django empties only tables it manages: jobs that other tests asked for may still stand here.
    asked = asks.defer()

    async def work():
        own = worker.own_app()
        own.periodic_registry = PeriodicRegistry()  # what the clock starts is not tried here
        async with own.open_async():
            await own.run_worker_async(queues=["test"], wait=False, install_signal_handlers=False)

    asyncio.run(work())

    of_these = ProcrastinateJob.objects.filter(id__gte=asked)
    assert list(of_these.values_list("task_name", "status")) == [("test.asks", "failed")]
