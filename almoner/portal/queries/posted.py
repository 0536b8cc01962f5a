"""Letters of an account: ours once they were posted, and theirs that came; as the patients' role.

Whoever acts for a patient sees ours, as far as no visit of them is kept; theirs is the patient's.
"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import Http404

from almoner.facility import queries as facility
from almoner.portal import rules
from almoner.relations.models import Paper, Received
from almoner.relations.rules.by_post import LETTER, Stage

LETTERS = 20
_MOST_PAGES = 25


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One letter and its day in words; ``id`` opens it as it is printed, and is 0 of theirs."""

    id: int
    says: str
    day: str
    came_back: bool


def letters(patient_id: int, *, language: str, page: int) -> tuple[list[PostedLine], bool]:
    """One page, from 1, of the letters, the latest first; and whether there are more. 3 queries."""
    page = min(page, _MOST_PAGES)
    most = page * LETTERS + 1
    zone, words = ZoneInfo(facility.organisation().time_zone), rules.WORDS[language]
    ours = Paper.objects.filter(message__patient_id=patient_id).order_by("-posted_on", "-id")
    found: list[tuple[date, int, int, str, bool]] = [
        (on, 1, number, words["letter_ours"], state == Stage.RETURNED)
        for number, on, state in ours.values_list("message_id", "posted_on", "state")[:most]
        if on
    ]
    theirs = Received.objects.filter(patient_id=patient_id, channel=LETTER).order_by("-at", "-id")
    found += [
        (at.astimezone(zone).date(), 0, number, words["letter_theirs"], False)
        for number, at in theirs.values_list("id", "at")[:most]
    ]
    found.sort(reverse=True)
    shown = [
        PostedLine(number if ours else 0, says, rules.day_text(day, language), came_back)
        for day, ours, number, says, came_back in found[(page - 1) * LETTERS : page * LETTERS]
    ]
    return shown, len(found) > page * LETTERS


def letter(message_id: int, patient_id: int) -> bytes:
    """One of ours as it is printed. Raises Http404 when it is not of whom one acts for."""
    rows = Paper.objects.filter(message=message_id, message__patient_id=patient_id)
    pdf = rows.values_list("pdf", flat=True).first()
    if pdf is None:
        raise Http404
    return bytes(pdf)
