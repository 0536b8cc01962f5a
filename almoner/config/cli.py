"""The `almoner` command: 0 fine, 1 refused with reasons on stdout, 2 wrong usage."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from almoner.config import commands, database, doctor, environment, run, users, x12
from almoner.config.embedded import DatabaseUnavailable

ROOT = Path(__file__).resolve().parent.parent.parent
ROLES = ("officer", "biller", "clinician", "manager", "privacy", "administrator")

Act = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    asked = parser().parse_args(arguments)
    act: Act = asked.act
    try:
        return act(asked)
    except BrokenPipeError:  # whoever read has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (DatabaseUnavailable, environment.Unreadable) as error:
        print(f"almoner: {error}")
        return 1
    except OSError as error:
        if error.filename is not None and str(error.filename) == str(getattr(asked, "file", "")):
            # The caller named what cannot be opened; nothing was read, let alone refused.
            print(f"almoner: {error.filename}: {error.strerror}", file=sys.stderr)
            return 2
        print(f"almoner: {error.filename or asked.command}: {error.strerror}")
        return 1


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="almoner", description="The front desk of a clinic.")
    words = whole.add_subparsers(metavar="COMMAND", dest="command", required=True)
    _run(words.add_parser("run", help="start the whole desk; Ctrl-C stops it"))
    one = words.add_parser("migrate", help="bring the tables to this version")
    one.set_defaults(act=_with_django(commands.migrate))
    one = words.add_parser("demo", help="build the demo clinic in an empty database")
    one.add_argument("--patients", type=int, help="build a large clinic of so many, for measuring")
    one.add_argument("--appointments", type=int, default=0)
    one.set_defaults(act=_with_django(commands.demo))
    one = words.add_parser("doctor", help="look whether everything is well")
    one.set_defaults(act=_doctor)
    _patients(words.add_parser("patients", help="take over patients").add_subparsers(required=True))
    _results(words)
    _x12(words.add_parser("x12", help="read or check an X12 file").add_subparsers(required=True))
    _era(words)
    _loads(words)
    _log(words.add_parser("log", help="the sealed access log").add_subparsers(required=True))
    _users(words.add_parser("users", help="who may sign in").add_subparsers(required=True))
    return whole


def _run(one: argparse.ArgumentParser) -> None:
    one.add_argument("--host", default=os.environ.get("ALMONER_HOST", "127.0.0.1"))
    one.add_argument("--port", type=int, default=os.environ.get("ALMONER_PORT") or "8000")
    one.add_argument("--no-demo", action="store_true", help="no demo clinic, no simulators")
    one.add_argument("--with-parent", action="store_true", help=argparse.SUPPRESS)
    one.set_defaults(act=_start)


def _x12(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = {"read": (x12.read, "what it says"), "check": (x12.check, "does it follow its guide")}
    for word, (act, meaning) in acts.items():
        one = words.add_parser(word, help=meaning)
        one.add_argument("file", type=Path, metavar="FILE")
        one.add_argument("--json", action="store_true", help="for programs")
        one.set_defaults(act=lambda asked, act=act: act(asked.file, as_json=asked.json))


def _patients(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = words.add_parser("import", help="from FHIR R4: a Patient, a Bundle, or NDJSON")
    one.add_argument("file", type=Path, metavar="FILE")
    one.set_defaults(act=_with_django(commands.import_patients))
    one = words.add_parser("duplicates", help="look through all records for likely duplicates")
    one.set_defaults(act=_with_django(commands.find_duplicates))


def _results(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    results = words.add_parser("results", help="what laboratories found")
    one = results.add_subparsers(required=True).add_parser(
        "import", help="from FHIR R4: DiagnosticReport with its Observations; Bundle or NDJSON"
    )
    one.add_argument("file", type=Path, metavar="FILE")
    one.set_defaults(act=_with_django(commands.import_results))


def _era(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    era = words.add_parser("era", help="remittances").add_subparsers(required=True)
    one = era.add_parser("post", help="post an 835, once only however often it is given")
    one.add_argument("file", type=Path, metavar="FILE")
    one.set_defaults(act=_with_django(commands.post_era))


def _log(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = words.add_parser("head", help="its newest seal, to be kept elsewhere")
    one.set_defaults(act=_with_django(commands.log_head))
    one = words.add_parser("verify", help="whether any event was changed or removed")
    one.add_argument("--head", type=_head, metavar='"SIZE ROOT"', help="a head kept elsewhere")
    one.set_defaults(act=_with_django(commands.log_verify))


def _head(text: str) -> tuple[int, bytes]:
    size, _, root = text.partition(" ")
    return int(size), bytes.fromhex(root)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        said = f"{text!r} is no day. Write it as 2026-01-31."
        raise argparse.ArgumentTypeError(said) from error


def _loads(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    charges = words.add_parser("charges", help="what the clinic charges for")
    one = charges.add_subparsers(required=True).add_parser(
        "load", help="put a charge master in force: CSV with code, description, fee, modifiers"
    )
    one.add_argument("file", type=Path, metavar="FILE")
    one.add_argument("--starts", type=_day, required=True, metavar="YYYY-MM-DD")
    one.set_defaults(act=_with_django(commands.load_charges))
    reasons = words.add_parser("reasons", help="the wording of adjustment reasons and remarks")
    one = reasons.add_subparsers(required=True).add_parser(
        "load", help="take over a licensed list: CSV with kind (carc or rarc), code, wording"
    )
    one.add_argument("file", type=Path, metavar="FILE")
    one.set_defaults(act=_with_django(commands.load_reasons))


def _users(words: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = words.add_parser("list", help="who works here, a line each")
    one.add_argument("--all", action="store_true", help="those who have left, too")
    one.set_defaults(act=_with_django(users.list_users))
    one = words.add_parser("add", help="let somebody sign in; the password is asked for")
    one.add_argument("username")
    one.add_argument("--name", required=True, help="as colleagues know them")
    one.add_argument("--role", action="append", required=True, choices=ROLES)
    one.add_argument("--one-time", action="store_true", help="to be changed at the first sign-in")
    _works_as(one)
    one.set_defaults(act=_with_django(users.add_user))
    one = words.add_parser("change", help="change what is named; the rest stays")
    one.add_argument("username")
    one.add_argument("--name", help="as colleagues know them")
    one.add_argument("--role", action="append", choices=ROLES, help="all their roles from now on")
    _works_as(one)
    one.set_defaults(act=_with_django(users.change_user))
    one = words.add_parser("password", help="a one-time password; it is asked for")
    one.add_argument("username")
    one.set_defaults(act=_with_django(users.give_password))
    one = words.add_parser("end", help="somebody leaves; their sessions end")
    one.add_argument("username")
    one.set_defaults(act=_with_django(users.end_user))


def _works_as(one: argparse.ArgumentParser) -> None:
    one.add_argument("--location", metavar="SHORT_NAME", help="where they work; or none")
    one.add_argument("--clinician", metavar="NPI", help="as whom patients are booked; or none")


def _doctor(_: argparse.Namespace) -> int:
    """Not `_with_django`: what that needs is what the doctor looks at."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
    return doctor.examine(_var())


def _start(asked: argparse.Namespace) -> int:
    environment.require(os.environ, serving=True)
    return run.run(
        run.Options(
            var=_var(),
            host=asked.host,
            port=asked.port,
            demo=not asked.no_demo,
            with_parent=asked.with_parent,
        )
    )


def _with_django(act: Act) -> Act:
    """Open the database and load Django around one command."""

    def acting(asked: argparse.Namespace) -> int:
        environment.require(os.environ, serving=False)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "almoner.config.settings")
        if asked.command == "demo":
            os.environ["ALMONER_DEMO"] = "1"
        with database.opened(_var()):
            import django

            django.setup()
            return act(asked)

    return acting


def _var() -> Path:
    return Path(os.environ.get("ALMONER_VAR") or ROOT / "var").absolute()


if __name__ == "__main__":
    sys.exit(main())
