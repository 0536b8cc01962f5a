"""Pure decisions of the patients' own pages. No database, no clock."""

from almoner.ground.tongues import TONGUES, tongue
from almoner.portal.rules.kiosk_words import AT_KIOSK, AT_THE_DESK
from almoner.portal.rules.links import (
    AFTER,
    CHANGE_UNTIL,
    CLOSED_FOR,
    ENTRY_LASTS,
    TRIES,
    Entry,
    Try,
    birth_date,
    is_closed,
    may_change,
    may_confirm,
    tried,
    works,
)
from almoner.portal.rules.masks import veiled
from almoner.portal.rules.reminders import needed, window
from almoner.portal.rules.words import (
    DEFAULT,
    LANGUAGES,
    WORDS,
    date_boxes,
    date_text,
    said,
    weekdays,
)
from almoner.relations.rules.days import full_day as day_text
from almoner.relations.rules.days import time_text

__all__ = [
    "AFTER",
    "AT_KIOSK",
    "AT_THE_DESK",
    "CHANGE_UNTIL",
    "CLOSED_FOR",
    "DEFAULT",
    "ENTRY_LASTS",
    "LANGUAGES",
    "TONGUES",
    "TRIES",
    "WORDS",
    "Entry",
    "Try",
    "birth_date",
    "date_boxes",
    "date_text",
    "day_text",
    "is_closed",
    "may_change",
    "may_confirm",
    "needed",
    "said",
    "time_text",
    "tongue",
    "tried",
    "veiled",
    "weekdays",
    "window",
    "works",
]
