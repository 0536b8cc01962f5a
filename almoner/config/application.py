"""What the server loads: Django first, then what is served, which cannot be read without it."""

import os
from importlib import import_module

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
django.setup(set_prefix=False)

bridge = import_module("almoner.config.served").bridge
