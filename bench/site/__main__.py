"""Run a program of this folder: ``python -m bench.site PROGRAM [argument …]`` prints JSON.

It has a database and Django settings of its own, and its module is imported once those stand.
"""

import json
import os
import sys
from importlib import import_module

import django

from tests import embedded


def main(program: str, *arguments: str) -> None:
    with embedded.copied(f"bench_{program}") as url:
        os.environ["DATABASE_URL"] = url
        os.environ["DJANGO_SETTINGS_MODULE"] = "almoner.config.settings"
        django.setup()
        print(json.dumps(import_module(f"bench.site.{program}").main(*arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
