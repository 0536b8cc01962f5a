"""A call of ours, as a person hears it: what is said, which key does what, when it is tried again.

A phone is shared: before whoever listens has said that it is them, nothing is said but who calls,
for whom, and how such calls are ended (47 CFR 64.1200(b); 45 CFR 164.510(b), 164.530(c)). A machine
that answers hears who called and where to call, and nothing more. No clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from almoner.ground.words import gettext_noop
from almoner.relations.rules.deliveries import Report

VOICE = "voice"
NO_MORE = "9"
"""The key that ends calls, wherever it is pressed."""
MOST_READINGS = 5
MOST_MISSES = 3
BIRTH_DATE_DIGITS = 8
LONGEST = timedelta(minutes=15)
"""How long after it was placed a call may still ask what to say."""


class Stage(StrEnum):
    """How far a call has come; "" before anybody has answered."""

    GREETED = "greeted"
    ASKED = "asked"
    READ = "read"
    ENDED = "ended"


class Part(StrEnum):
    """What is said in a call: the message itself, and the reviewed texts around it, by code."""

    MESSAGE = "message"
    GREETING = "call-greeting"
    BIRTH_DATE = "call-birth-date"
    MENU = "call-menu"
    MENU_CONFIRMED = "call-menu-confirmed"
    VOICEMAIL = "call-voicemail"
    CONFIRMED = "call-confirmed"
    CALL_BACK = "call-back"
    NO_MORE = "call-no-more"
    CHANGED = "call-changed"
    CALL_US = "call-us"


class Act(StrEnum):
    """What a key does beside saying something."""

    CONFIRM = "confirm"
    CALL_BACK = "call_back"
    NO_MORE = "no_more"


class Came(StrEnum):
    """What a call came to."""

    CONFIRMED = "confirmed"
    CALL_BACK = "call_back"
    NO_MORE = "no_more"
    HEARD = "heard"
    VOICEMAIL = "voicemail"
    NOT_SAID = "not_said"
    NOT_THEM = "not_them"
    NOT_TRUE = "not_true"
    NOT_HEARD = "not_heard"


@dataclass(frozen=True, slots=True)
class Standing:
    """A call when a key is pressed, and what holds then.

    ``sensitive``: the words say more than when the visit is, so a birth date is asked for.
    ``true``: the visit is still as the words say. ``open``: it can still be confirmed.
    """

    stage: Stage
    misses: int
    readings: int
    sensitive: bool
    born: date | None
    true: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: what is said, what is done first, and where the call stands then.

    ``came`` is what it comes to unless something else follows. ``digits``: how many are asked for.
    """

    stage: Stage
    says: tuple[Part, ...]
    act: Act | None = None
    came: Came | None = None
    misses: int = 0
    readings: int = 0

    @property
    def digits(self) -> int:
        if self.stage is Stage.ENDED:
            return 0
        return BIRTH_DATE_DIGITS if self.stage is Stage.ASKED else 1


def answered(by: str, *, true: bool) -> Step:
    """What is said to whoever or whatever answers, by the carrier's word for it (``AnsweredBy``).

    What may be a person is one. Of a visit that is not so any more nothing is said.
    """
    if by == "fax":
        return _end(Came.NOT_HEARD)
    if by.startswith("machine"):
        return _end(Came.VOICEMAIL, Part.VOICEMAIL) if true else _end(Came.NOT_TRUE)
    if not true:
        return _end(Came.NOT_TRUE, Part.CHANGED)
    return Step(Stage.GREETED, (Part.GREETING,), came=Came.NOT_SAID)


def ends_calls(keys: str) -> bool:
    """Whether these keys say that no more calls are wanted, also where a birth date is asked for.

    No birth date of eight digits begins with 9. A shorter one may, of September, whose zero was
    left out: that is a wrong one, and no wish.
    """
    return keys.startswith(NO_MORE) and (set(keys) == {NO_MORE} or len(keys) == BIRTH_DATE_DIGITS)


def pressed(at: Standing, keys: str) -> Step:
    """What follows on the keys pressed; none is an answer, too."""
    if ends_calls(keys):
        return replace(_end(Came.NO_MORE, Part.NO_MORE), act=Act.NO_MORE)
    if not at.true:
        return _end(Came.NOT_TRUE, Part.CHANGED)
    return _FOLLOWS[at.stage](at, keys)


def _greeted(at: Standing, keys: str) -> Step:
    if keys != "1":
        return _missed(at, (Part.GREETING,), Came.NOT_SAID)
    if not at.sensitive:
        return _reading(at)
    if at.born is None:
        return _end(Came.NOT_SAID, Part.CALL_US)
    return Step(Stage.ASKED, (Part.BIRTH_DATE,), came=Came.NOT_SAID)


def _asked(at: Standing, keys: str) -> Step:
    if at.born and keys == f"{at.born:%m%d%Y}":
        return _reading(at)
    return _missed(at, (Part.BIRTH_DATE,), Came.NOT_THEM)


def _read(at: Standing, keys: str) -> Step:
    if keys == "1" and at.open:
        return replace(_end(Came.CONFIRMED, Part.CONFIRMED), act=Act.CONFIRM)
    if keys == "2" and at.readings < MOST_READINGS:
        return _reading(at)
    if keys == "3":
        return replace(_end(Came.CALL_BACK, Part.CALL_BACK), act=Act.CALL_BACK)
    return replace(_missed(at, (_menu(at),), Came.HEARD), readings=at.readings)


_FOLLOWS = {Stage.GREETED: _greeted, Stage.ASKED: _asked, Stage.READ: _read}


def instead(act: Act) -> Step:
    """What follows when what a key asks for could not be done."""
    if act is Act.CONFIRM:
        return _end(Came.NOT_TRUE, Part.CHANGED)
    return _end(Came.HEARD, Part.CALL_US)


def _reading(at: Standing) -> Step:
    says = (Part.MESSAGE, _menu(at))
    return Step(Stage.READ, says, came=Came.HEARD, readings=at.readings + 1)


def _menu(at: Standing) -> Part:
    return Part.MENU if at.open else Part.MENU_CONFIRMED


def _missed(at: Standing, says: tuple[Part, ...], came: Came) -> Step:
    misses = at.misses + 1
    if misses >= MOST_MISSES:
        return _end(came, Part.CALL_US)
    return Step(at.stage, says, came=came, misses=misses)


def _end(came: Came, *says: Part) -> Step:
    return Step(Stage.ENDED, says, came=came)


SAID_TO_ANYBODY = frozenset({"clinic", "phone", "day", "time"})
"""Facts that whoever says to be them may hear; for more, they say their birth date."""


def is_sensitive(named: frozenset[str]) -> bool:
    """Whether words that name these facts say more than that there is an appointment, and when."""
    return not named <= SAID_TO_ANYBODY


# --- What the carrier reports of a call: Twilio's words for CallStatus.

CALL_REPORTS: Mapping[str, Report] = {
    "queued": Report.QUEUED,
    "initiated": Report.QUEUED,
    "ringing": Report.SENT,
    "in-progress": Report.SENT,
    "answered": Report.SENT,
    "completed": Report.DELIVERED,
    "busy": Report.UNDELIVERED,
    "no-answer": Report.UNDELIVERED,
    "failed": Report.FAILED,
    "canceled": Report.FAILED,
}
NOT_HEARD = "not-heard"
"""What we call a call that was answered, and in which our words could not be said."""
BUSY, NOBODY = gettext_noop("The line was busy"), gettext_noop("Nobody answered")
_CALL_TROUBLES = {
    "busy": BUSY,
    "no-answer": NOBODY,
    "canceled": gettext_noop("The call was broken off"),
    NOT_HEARD: gettext_noop("It was answered, and nothing could be said"),
}
TRIED_AGAIN = frozenset({"busy", "no-answer"})


def call_trouble(status: str) -> str:
    """Why a call did not reach anybody."""
    return _CALL_TROUBLES.get(status, gettext_noop("The carrier could not place the call"))


def again_at(
    tries: int, *, plan: Sequence[int], at: datetime, over: datetime | None
) -> datetime | None:
    """When a call that nobody took is tried again; None after the last, or when it is too late.

    ``plan`` are the minutes after each try; ``over`` is when what the call tells of begins.
    """
    if tries > len(plan):
        return None
    when = at + timedelta(minutes=plan[tries - 1])
    return when if over is None or when < over else None


# --- Whether somebody may be called.


@dataclass(frozen=True, slots=True)
class Word:
    """What was said last of calls to a number, and when."""

    given: bool
    at: datetime


LANDLINE = frozenset({21614, 30006})
"""The carrier's numbers for: texts cannot reach this one, it may be a landline."""


def may_be_called(
    word: Word | None, *, stopped_at: datetime | None, landline: bool, care: bool
) -> bool:
    """Whether a number may be called by a machine.

    What was said last counts, and STOP to a text ends calls, too, until they are agreed to again:
    START gives back texts alone.
    Without a word, only what is care goes to a number that the carrier calls a landline
    (47 CFR 64.1200(a)(3)(v)): nobody's mobile rings who has not agreed.
    """
    if stopped_at and (word is None or word.at <= stopped_at):
        return False
    if word:
        return word.given
    return landline and care


def remind_by(
    *, asked_for_calls: bool, may_text: bool, has_email: bool, may_call: bool
) -> tuple[str, ...]:
    """How a patient is reminded: by a call when they asked for it, or when nothing else is left."""
    if asked_for_calls and may_call:
        return (VOICE,)
    if may_text:
        return ("sms",)
    if has_email:
        return ("email",)
    return (VOICE,) if may_call else ()


# --- Saying numbers aloud.


def phone_aloud(phone: str) -> str:
    """``6 0 8, 5 5 5, 0 1 0 0``: digit by digit, with the pauses of how it is written."""
    groups = "".join(each if each.isdigit() else " " for each in phone).split()
    return ", ".join(" ".join(group) for group in groups)


_PACE = 2.5  # words a second, as machines read


def seconds_aloud(words: str) -> int:
    """About how long words take to say."""
    return round(len(words.split()) / _PACE)
