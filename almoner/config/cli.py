"""The `almoner` command."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from almoner.config import run

ROOT = Path(__file__).resolve().parent.parent.parent


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="almoner", description="The front desk of a clinic.")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", required=True)

    command = commands.add_parser("run", help="start the whole desk; Ctrl-C stops it")
    command.add_argument("--host", default=os.environ.get("ALMONER_HOST", "127.0.0.1"))
    command.add_argument("--port", type=int, default=int(os.environ.get("ALMONER_PORT", "8000")))
    command.add_argument("--no-demo", action="store_true", help="no demo clinic, no simulators")
    command.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    command.set_defaults(act=_run)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 fine, 1 refused with reasons, 2 wrong usage."""
    asked = parser().parse_args(arguments)
    code: int = asked.act(asked)
    return code


def _run(asked: argparse.Namespace) -> int:
    return run.run(
        run.Options(
            var=Path(os.environ.get("ALMONER_VAR") or ROOT / "var"),
            host=asked.host,
            port=asked.port,
            demo=not asked.no_demo,
            with_parent=asked.with_parent,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
