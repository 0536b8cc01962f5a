"""What each server process serves."""

import os

from django.core.wsgi import get_wsgi_application

from almoner.config.bridge import Bridge

THREADS = int(os.environ.get("ALMONER_THREADS", "4"))
"""Pages at once in one process; each thread keeps one database connection."""

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
bridge = Bridge(get_wsgi_application(), threads=THREADS)
