"""What each server process serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from almoner.config.supervise import leave_after_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
pages = get_wsgi_application()

from django.conf import settings  # noqa: E402 (Django is ready only now)

from almoner.config.bridge import Bridge  # noqa: E402 (Django is ready only now)
from almoner.config.calls import Calls  # noqa: E402 (Django is ready only now)
from almoner.config.live import Live  # noqa: E402 (Django is ready only now)
from almoner.config.permits import permit  # noqa: E402 (Django is ready only now)

# Each process of the server ends with the one that started them all.
leave_after_parent(seconds=1.0)

THREADS = int(os.environ.get("ALMONER_THREADS", "3"))
"""Pages at once in one process; each thread keeps one database connection."""

bridge = Bridge(
    pages,
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
