"""A phone that makes passkeys: browsers make none for a bare number of a host."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser

from tests.browser import Clinic, Desk


@contextmanager
def phone(chromium: Browser, clinic: Clinic) -> Iterator[Desk]:
    """A window with an authenticator of its own, that says yes by itself."""
    opened = Desk(chromium, clinic.address.replace("127.0.0.1", "localhost"))
    session = opened.context.new_cdp_session(opened.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    yield opened
    opened.close()
