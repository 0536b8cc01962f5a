"""Django's own command line, for migrations and the like; officers use `almoner`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    execute_from_command_line(sys.argv)
