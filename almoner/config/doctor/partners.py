"""The trading partners: whether each is configured or simulated, and answers."""

import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from almoner.config import simulators
from almoner.config.doctor.finding import Finding
from almoner.edges import janus

PARTNERS = {
    "clearinghouse": "CLEARINGHOUSE_URL",
    "card processor": "CARD_PROCESSOR_URL",
    "text messages": "SMS_URL",
    "phone calls": "VOICE_URL",
}
PATIENCE = 5  # seconds
_MANY = "calls of five and more"
_WRONG = dict.fromkeys(janus.OF_THE_KEY, "ALMONER_JANUS_ADMIN_KEY to its video room's admin_key")


def findings(var: Path) -> Iterator[Finding]:
    """A line for each partner: the address of the configuration, else of the demo that runs."""
    from django.conf import settings

    simulated = simulators.running(var)
    for name, setting in PARTNERS.items():
        given = str(getattr(settings, setting))
        yield partner(name, given, simulated.get(f"ALMONER_{setting}", ""))
    if settings.SMS_URL:
        yield hearing(settings.SMS_WEBHOOK_URL, settings.SMS_TOKEN)
    if settings.VOICE_URL:
        yield asking(settings.VOICE_WEBHOOK_URL, settings.VOICE_TOKEN)
    yield mail(settings.EMAIL_URL.geturl(), simulated.get("ALMONER_EMAIL_URL", ""))
    yield gateway(
        janus.Gateway(
            settings.JANUS_URL, settings.JANUS_SECRET, settings.JANUS_ADMIN_KEY, timeout=PATIENCE
        ),
        simulated.get("ALMONER_JANUS_URL", ""),
    )


def partner(name: str, given: str, simulated: str) -> Finding:
    address = given or simulated
    if not address:
        return _none(name)
    try:
        urllib.request.urlopen(address, timeout=PATIENCE).close()  # noqa: S310 (the operator's own setting)
    except urllib.error.HTTPError:
        pass  # it answered
    except (OSError, ValueError) as error:
        return _silent(name, address, getattr(error, "reason", error))
    return _answers(name, address, given)


def hearing(address: str, token: str) -> Finding:
    """Whether a patient's STOP would be heard: whoever texts must be (47 CFR 64.1200(a)(10))."""
    if address and token:
        return Finding("texts that come in", f"heard at {address}")
    advice = (
        "Set ALMONER_SMS_WEBHOOK_URL and ALMONER_SMS_TOKEN, and name the address to the carrier."
    )
    return Finding("texts that come in", "no STOP of a patient is heard", advice)


def asking(address: str, token: str) -> Finding:
    """Whether the carrier could ask what to say in a call; without that none is placed."""
    if address and token:
        return Finding("words of calls", f"asked for at {address}")
    advice = "Set ALMONER_VOICE_WEBHOOK_URL and ALMONER_VOICE_TOKEN."
    return Finding("words of calls", "no call is placed: its words could not be asked for", advice)


def mail(given: str, simulated: str) -> Finding:
    """Whether the mail server takes us in as messages will be sent: TLS and password included."""
    if not (given or simulated):
        return _none("e-mail")
    parts = urlsplit(given or simulated)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port or 25}"  # without the password
    try:
        if given:
            from django.core.mail import get_connection

            server = get_connection(timeout=PATIENCE)
            server.open()
            server.close()
        else:
            smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=PATIENCE).quit()
    except (OSError, smtplib.SMTPException) as error:
        return _silent("e-mail", address, error)
    return _answers("e-mail", address, given)


def gateway(asked: janus.Gateway, of_the_demo: str) -> Finding:
    """Whether a call of five could be held: a room is made at the gateway and ended at once.

    The demo's is only looked for: its secret is known to the desk's own processes.
    """
    if not asked.url and of_the_demo:
        return partner(_MANY, of_the_demo, "")
    if not asked.url:
        return Finding(_MANY, "no gateway (Janus) is configured; four are the most in one call")
    if not asked.secret:
        return Finding(
            _MANY,
            f"{asked.url} has no secret here; four are the most in one call",
            "Set ALMONER_JANUS_SECRET to its api_secret: without one anybody could open rooms.",
        )
    try:
        janus.works(asked)
    except (janus.NotReached, janus.Refused) as error:
        return _makes_none(asked.url, error)
    return Finding(_MANY, f"{asked.url} makes rooms")


def _makes_none(url: str, error: Exception) -> Finding:
    if not isinstance(error, janus.Refused):
        return _silent(_MANY, url, error)
    if isinstance(error, janus.Unauthorised):
        wrong = _WRONG.get(error.code, "ALMONER_JANUS_SECRET to its api_secret")
        return Finding(_MANY, f"{url} refuses us ({error})", f"Set {wrong}.")
    advice = "See that its video room (janus.plugin.videoroom) is there and answers."
    return Finding(_MANY, f"{url} makes no room ({error})", advice)


def _none(name: str) -> Finding:
    return Finding(name, "none is configured; what would go there waits or is refused")


def _silent(name: str, address: str, reason: object) -> Finding:
    return Finding(name, f"{address} does not answer ({reason})", "See that it runs.")


def _answers(name: str, address: str, given: str) -> Finding:
    return Finding(name, f"{address} answers" if given else f"simulated, {address} answers")
