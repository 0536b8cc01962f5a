import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector


def one(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


@pytest.fixture
def queue(transactional_db):
    """An empty queue; procrastinate's own tables are not among those a test leaves clean."""
    one("WITH gone AS (DELETE FROM procrastinate_jobs) SELECT 1")
    yield
    one("WITH gone AS (DELETE FROM procrastinate_jobs) SELECT 1")
    one("WITH gone AS (DELETE FROM procrastinate_workers) SELECT 1")


@pytest.mark.parametrize(("silent_for", "state"), [("5 minutes", "todo"), ("1 second", "doing")])
def test_the_job_of_a_worker_that_died_is_taken_back_and_of_a_living_one_is_not(
    queue, silent_for, state
):
    (worker,) = one(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)"
        " RETURNING id",
        silent_for,
    )
    job = app.configure_task("ground.deliver", queue="outbox").defer(item_id=0)
    one(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s RETURNING id",
        worker,
        job,
    )

    app.configure_task("ground.retry_stalled", queue="ground", queueing_lock=None).defer(
        timestamp=0
    )
    with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
        working.run_worker(queues=["ground"], wait=False, install_signal_handlers=False)

    assert one("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job) == (state,)
