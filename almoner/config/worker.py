"""The job worker: everything that happens behind an officer's back, and what the clock starts."""

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import django
from procrastinate import App

from almoner.config.supervise import leave_after_parent

PATIENCE = 7.0  # seconds for jobs to end when asked to stop
CONCURRENCY = 12
"""Jobs at once; each is a thread with a database connection of its own.

Most of them wait for a partner: a payer may take a minute to answer, and neither a card nor a text
may wait behind it.
"""


def own_app() -> App:
    """An app for the worker's loop, with the tasks of Django's.

    To replace the connector of Django's own app, as its manual says, would queue what jobs queue in
    a transaction other than their rows': it may run before the rows are there, and stands when they
    are rolled back.
    """
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    own = App(
        connector=DjangoConnector().get_worker_connector(),
        import_paths=app.import_paths,
        worker_defaults=app.worker_defaults,
    )
    own.tasks, own.periodic_registry = app.tasks, app.periodic_registry
    return own


def main() -> NoReturn:
    leave_after_parent(PATIENCE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    django.setup()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)

    async def work() -> None:
        # As many threads as jobs: the loop's own are cores + 4, and jobs beyond would wait unseen.
        threads = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="jobs")
        asyncio.get_running_loop().set_default_executor(threads)
        working = own_app()
        async with working.open_async():
            await working.run_worker_async(
                name=f"worker-{os.getpid()}",
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=5.0,
                delete_jobs="successful",
            )

    code = 1
    try:
        asyncio.new_event_loop().run_until_complete(work())
        code = 0
    except Exception:
        logging.getLogger(__name__).exception("The worker ends")
    finally:
        # Jobs had their time to end. A thread that still waits for a partner is not waited for: it
        # may take a minute, and until then nobody would do the work. Every job may run twice.
        logging.shutdown()
        os._exit(code)


if __name__ == "__main__":
    main()
