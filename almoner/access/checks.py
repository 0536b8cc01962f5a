"""Django system checks: no route without a door."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "alive",
        "unlock",
        "call_answered",
        "call_pressed",
        "call_report",
        "card_notice",
        "mail_received",
        "no_more_mails",
        "text_delivery",
        "text_received",
    }
)
"""Names of the routes that show no patient data and stay open when nobody is signed in or a
screen is locked. A partner that calls one of them (``card_notice``, ``text_delivery``) signs what
it says."""


def routes(patterns: Sequence[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


def every_route_has_a_door(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 (Django's signature)
    **_: Any,
) -> list[CheckMessage]:
    """access.E001 for each route that declares neither permission nor purpose."""
    return [
        Error(
            f"The route /{where} declares no permission and no purpose.",
            hint="Make the view with access.door.door, or list its name in access.checks.PUBLIC.",
            id="access.E001",
        )
        for where, pattern in routes(get_resolver().url_patterns)
        if not hasattr(pattern.callback, "door")
        # a patient's own page, or a place in a call: see portal.gate, telehealth.seat
        and not hasattr(pattern.callback, "gate")
        and pattern.name not in PUBLIC
        and not where.startswith("setup/")  # Django's admin: set-up tables, its own permission
    ]
