"""What each server process serves. Django is ready when this is loaded: see `application`."""

import gc
import os

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from almoner.config.bridge import Bridge
from almoner.config.calls import Calls
from almoner.config.live import Live
from almoner.config.permits import permit
from almoner.config.supervise import leave_after_parent

# Each process of the server ends with the one that started them all.
leave_after_parent(seconds=1.0)

THREADS = int(os.environ.get("ALMONER_THREADS", "3"))
"""Pages at once in one process; each thread keeps one database connection."""

bridge = Bridge(
    WSGIHandler(),
    threads=THREADS,
    streams={
        "live": Live(settings.DATABASE_URL, permit),
        "signals": Calls(settings.DATABASE_URL),
    },
    proxied=settings.SESSION_COOKIE_SECURE,
)

# What is loaded now stays for good: looking through it again and again for garbage costs a tenth of
# every request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
