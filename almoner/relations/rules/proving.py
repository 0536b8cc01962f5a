"""Whether a number or address is whose it is said to be: a code goes there and is read back."""

import re
from datetime import datetime, timedelta

from almoner.ground.words import gettext_noop
from almoner.relations.rules.texts import TextKind

DIGITS = 6
LASTS = timedelta(minutes=15)
DAY = timedelta(days=1)
TRIES = 5
"""Wrong codes, after which another one is sent: of 999,999 so many are nothing."""
MOST = 3
"""Codes a day to one address of one patient."""

TO_READ_BACK = TextKind(
    code="address-code",
    name=gettext_noop("A code that is read back, so that we know whose phone or e-mail it is"),
    channels=("sms", "email"),
    fields=("clinic", "phone", "code"),
    needed=("code", "phone"),
    samples={"code": {"en": "402 913", "es": "402 913"}},
    shipped={
        "en": (
            "Your code for {clinic}",
            "{clinic}: read this code to the person you are talking to: {code}. If you are talking"
            " to nobody of ours, call {phone}.",
        ),
        "es": (
            "Su código para {clinic}",
            "{clinic}: lea este código a la persona con quien habla: {code}. Si no habla con nadie"
            " de la clínica, llame al {phone}.",
        ),
    },
)

_CODES = {
    TO_READ_BACK.code: re.compile(r"\b\d{3} \d{3}\b"),
    "account-digits": re.compile(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b"),
}
HIDDEN = "•••"


def as_read(number: int) -> str:
    """A code as it is read aloud: ``042 913``."""
    digits = f"{number:0{DIGITS}}"
    return f"{digits[:3]} {digits[3:]}"


def as_typed(typed: str) -> str:
    """The digits of what somebody typed."""
    return "".join(letter for letter in typed if letter in "0123456789")


def may_try(*, sent_at: datetime, tries: int, at: datetime) -> bool:
    """Whether a code may still be read back."""
    return tries < TRIES and sent_at <= at < sent_at + LASTS


def without_code(template: str, body: str) -> str:
    """A text as others than its reader see it: a code is for whoever holds the phone."""
    code = _CODES.get(template)
    return code.sub(HIDDEN, body) if code else body
