"""What a campaign says, filled in: as it leaves, as it is said, and as a reviewer reads it."""

from dataclasses import dataclass

from almoner.ground.language import PATIENTS_READ
from almoner.outreach import rules
from almoner.outreach.models import Campaign
from almoner.relations.queries import sender
from almoner.relations.rules import Ease, ease, fill


def composed(row: Campaign, channel: str, language: str) -> tuple[str, str]:
    """The subject and the body as they leave."""
    facts = _facts()
    spanish = language == "es"
    body = rules.composed(
        channel,
        language,
        row.spanish if spanish else row.english,
        facts=facts,
        advertises=row.purpose == "marketing",
    )
    return fill(row.subject_spanish if spanish else row.subject_english, facts), body


def to_say(row: Campaign) -> str:
    """What an officer says on the phone."""
    return fill(row.english, _facts())


@dataclass(frozen=True, slots=True)
class Shown:
    """One language of a campaign: as it is said, as it leaves, and how hard it reads."""

    language: str
    said: str
    subject: str
    mail: str
    text: str
    grade: Ease


def shown(row: Campaign) -> list[Shown]:
    """Every language, for who reviews the words."""
    return [_shown(row, language) for language in PATIENTS_READ]


def _shown(row: Campaign, language: str) -> Shown:
    subject, mail = composed(row, "email", language)
    _subject, text = composed(row, "sms", language)
    said = fill(row.spanish if language == "es" else row.english, _facts())
    return Shown(language, said, subject, mail, text, ease(said, language))


def _facts() -> dict[str, str]:
    us = sender(None)
    return {"clinic": us.clinic, "phone": us.phone, "address": us.address}
