"""The door for pages: WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
application = get_wsgi_application()
