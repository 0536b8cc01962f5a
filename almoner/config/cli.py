"""The `almoner` command."""

import sys


def main() -> int:
    """Run one command; 0 fine, 1 refused with reasons, 2 wrong usage."""
    sys.stderr.write("usage: almoner COMMAND\n")
    return 2
