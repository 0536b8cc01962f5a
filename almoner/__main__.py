"""`python -m almoner` is the `almoner` command."""

import sys

from almoner.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
