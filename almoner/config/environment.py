"""What the environment's own variables may hold. Knows no Django: settings are not readable yet."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Check = Callable[[str], object]


OF_THE_SERVER = frozenset({"ALMONER_PORT", "ALMONER_THREADS"})


class Unreadable(Exception):
    """A variable holds what it cannot mean; the message is for the operator."""


def faults(given: Mapping[str, str]) -> dict[str, str]:
    """By name, every variable that holds what it cannot mean; an empty one is as if unset."""
    return dict(_faults(given))


def _faults(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, (check, meant) in _CHECKS.items():
        if said := given.get(name):
            try:
                check(said)
            except (ValueError, ZoneInfoNotFoundError, OSError):
                shown = "what it holds" if name in _SECRET else f"“{said}”"
                yield name, f"{name}: {shown} is not {meant}"


def require(given: Mapping[str, str], *, serving: bool) -> None:
    """Raises Unreadable; what only the server reads matters only where one is started."""
    found = faults(given)
    if wrong := [said for name, said in found.items() if serving or name not in OF_THE_SERVER]:
        raise Unreadable("; ".join(wrong) + ".")


def _port(text: str) -> None:
    if not 0 < int(text) < 65_536:  # noqa: PLR2004 (16 bits)
        raise ValueError(text)


def _some(text: str) -> None:
    if int(text) < 1:
        raise ValueError(text)


def _seconds(text: str) -> None:
    if not 0 < float(text) < float("inf"):
        raise ValueError(text)


def _level(text: str) -> None:
    if text not in logging.getLevelNamesMapping():
        raise ValueError(text)


def _postgresql(text: str) -> None:
    parts = urlsplit(text)
    _ = parts.port
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError(text)


def _x12_id(text: str) -> None:
    """An id that fits ISA06, GS02 and NM109 alike."""
    if not re.fullmatch(r"[A-Z0-9]{2,15}", text):
        raise ValueError(text)


def _web(text: str) -> None:
    parts = urlsplit(text)
    _ = parts.port
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(text)


_SHORTEST_DAY = 4  # hours, or two zones of one state have none in common
_DAY_ENDS = 24


def _day(text: str) -> None:
    """The first and the last hour of a day in which texts leave."""
    first, last = (int(hour) for hour in text.split("-"))
    if not (first >= 0 and last - first >= _SHORTEST_DAY and last <= _DAY_ENDS):
        raise ValueError(text)


def _steps(text: str) -> None:
    for each in text.split(","):
        if not 1 <= int(each) <= 24 * 14:
            raise ValueError(text)


def _waits(text: str) -> None:
    for each in text.split(","):
        if not 1 <= int(each) <= 24 * 60:
            raise ValueError(text)


def _limits(text: str) -> None:
    for each in text.split():
        if not re.fullmatch(r"(care|billing|marketing|survey)=[1-9][0-9]?/[1-9][0-9]?", each):
            raise ValueError(text)


def _mail(text: str) -> None:
    parts = urlsplit(text)
    _ = parts.port
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(text)


def _turn(text: str) -> None:
    for each in text.split(","):
        if not re.fullmatch(r"turns?:[^\s?,]+(\?transport=(udp|tcp))?", each):
            raise ValueError(text)


_CHECKS: dict[str, tuple[Check, str]] = {
    "ALMONER_PORT": (_port, "a port, 1 to 65535"),
    "ALMONER_THREADS": (_some, "a number of threads, 1 or more"),
    "ALMONER_CARD_ANSWER_SECONDS": (_seconds, "a number of seconds"),
    "ALMONER_LOG_LEVEL": (_level, "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
    "ALMONER_TIME_ZONE": (ZoneInfo, "a time zone, like America/Chicago"),
    "DATABASE_URL": (_postgresql, "an address like postgresql://role@host/name"),
    "ALMONER_ADDRESS": (_web, "an address like https://host"),
    "ALMONER_CLEARINGHOUSE_URL": (_web, "an address like https://host"),
    "ALMONER_CLEARINGHOUSE_ID": (_x12_id, "2 to 15 capital letters and digits"),
    "ALMONER_CLEARINGHOUSE_SENDER": (_x12_id, "2 to 15 capital letters and digits"),
    "ALMONER_CARD_PROCESSOR_URL": (_web, "an address like https://host"),
    "ALMONER_CARD_WEBHOOK_URL": (_web, "an address like https://host"),
    "ALMONER_SMS_URL": (_web, "an address like https://host"),
    "ALMONER_SMS_WEBHOOK_URL": (_web, "an address like https://host"),
    "ALMONER_VOICE_URL": (_web, "an address like https://host"),
    "ALMONER_VOICE_WEBHOOK_URL": (_web, "an address like https://host"),
    "ALMONER_CALL_AGAIN": (_waits, "minutes between tries of a call, like 45,180"),
    "ALMONER_TEXT_HOURS": (_day, "two hours of a day, like 8-20, four or more apart"),
    "ALMONER_REMIND_HOURS": (_steps, "hours before a visit, like 72,24"),
    "ALMONER_OFFER_MINUTES": (_some, "a number of minutes, 1 or more"),
    "ALMONER_CHECK_IN_DAYS": (_some, "a number of days, 1 or more"),
    "ALMONER_TEXT_LIMITS": (_limits, "purposes with texts a day and a week, like care=1/3"),
    "ALMONER_EMAIL_WEBHOOK_URL": (_web, "an address like https://host"),
    "ALMONER_TURN_URL": (_turn, "addresses like turn:host:3478?transport=udp, apart by commas"),
    "ALMONER_JANUS_URL": (_web, "an address like http://host:8088/janus"),
    "ALMONER_EMAIL_URL": (_mail, "an address like smtps://user:password@host:465"),
}
_SECRET = frozenset({"DATABASE_URL", "ALMONER_EMAIL_URL"})
