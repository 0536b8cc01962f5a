"""The page served four ways; granian loads one of these names."""

import os

import a2wsgi
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from almoner.config.bridge import Bridge

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.site.settings"
THREADS = int(os.environ.get("ALMONER_THREADS", "3"))

wsgi = get_wsgi_application()
bridge = Bridge(wsgi, threads=THREADS)
asgi = get_asgi_application()
middleware = a2wsgi.WSGIMiddleware(wsgi, workers=THREADS)
