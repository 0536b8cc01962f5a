"""The job worker: everything that happens behind an officer's back, and what the clock starts."""

import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django

from almoner.config.supervise import leave_after_parent

PATIENCE = 7.0  # seconds for jobs to end when asked to stop
CONCURRENCY = 12
"""Jobs at once; each is a thread with a database connection of its own.

Most of them wait for a partner: a payer may take a minute to answer, and neither a card nor a text
may wait behind it.
"""


def main() -> int:
    leave_after_parent(PATIENCE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    logging.getLogger("procrastinate").setLevel(logging.WARNING)

    async def work() -> None:
        # As many threads as jobs: the loop's own are cores + 4, and jobs beyond would wait unseen.
        threads = ThreadPoolExecutor(CONCURRENCY, thread_name_prefix="jobs")
        asyncio.get_running_loop().set_default_executor(threads)
        with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
            async with working.open_async():
                await working.run_worker_async(
                    name=f"worker-{os.getpid()}",
                    concurrency=CONCURRENCY,
                    shutdown_graceful_timeout=5.0,
                    delete_jobs="successful",
                )

    asyncio.run(work())
    return 0


if __name__ == "__main__":
    sys.exit(main())
