"""What the sealed paper of a signed form says: every text as it was shown, and who signed it."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from almoner.facility import queries as facility
from almoner.ground import dates
from almoner.patients.models import Patient
from almoner.patients.rules.details import legal_name, readable
from almoner.records import rules
from almoner.records.models import Signature
from almoner.records.queries import Version
from almoner.records.rules import CONSENTS, WORDS, Item, Kind


def paper_data(
    row: Signature, version: Version, answers: rules.Answers, *, language: str
) -> dict[str, Any]:
    """What ``records/signed.typ`` prints."""
    clinic, words = facility.organisation(), WORDS[language]
    person = Patient.objects.get(pk=row.patient_id)
    born = dates.day_for(language, person.birth_date) or "-"
    name = legal_name(
        family=person.family, given=person.given, middle=person.middle, suffix=person.suffix
    )
    drawing = bytes(row.drawing) if row.drawing else b""
    return {
        "title": version.definition.title.said(language),
        "from": {
            "name": clinic.name,
            "lines": [*facility.address_of(clinic), readable(clinic.phone)],
        },
        "lang": language,
        "person": [[words["patient"], f"{name} · {person.mrn}"], [words["born"], born]],
        "blocks": list(_blocks(version.definition.items, answers, version, language, 0)),
        "score": _score(version, answers, language),
        "signature": words["signature"],
        "signed": _signed(row, version, words),
        "name": row.name,
        "drawn": words["drawn"],
        "drawing": list(drawing),
        "agreed": words["agreed"],
        "consent": CONSENTS[row.consent.text][language],
    }


def _signed(row: Signature, version: Version, words: Any) -> list[list[str]]:
    moment = row.at.astimezone(ZoneInfo(row.zone))
    return [
        [words["signed_by"], row.name],
        [words["capacity"], words[row.capacity]],
        [words["signed_at"], f"{moment:%Y-%m-%d %H:%M:%S} {moment:%Z} ({row.zone})"],
        [words["from_address"], row.address or "-"],
        [words["by_way"], words[row.session]],
        [words["text_version"], f"{version.code} {version.number} · {version.sha256.hex()}"],
    ]


def _blocks(
    items: tuple[Item, ...], answers: rules.Answers, version: Version, language: str, level: int
) -> Iterator[dict[str, Any]]:
    asked, words = rules.enabled(version.definition, answers), WORDS[language]
    for item in items:
        if item.link_id not in asked:
            continue
        said = [_said(item, value, language) for value in answers.get(item.link_id, ())]
        if item.kind in rules.ASKING and not said:
            said = [words["not_answered"]]
        kind = item.kind if item.kind in {Kind.GROUP, Kind.DISPLAY} else "question"
        yield {
            "kind": str(kind),
            "level": level,
            "text": item.words.said(language),
            "values": said,
        }
        yield from _blocks(item.items, answers, version, language, level + 1)


def _said(item: Item, value: str, language: str) -> str:
    """An answer as one reads it."""
    if item.kind == Kind.BOOLEAN:
        return WORDS[language]["yes" if value == "true" else "no"]
    if item.kind == Kind.CHOICE:
        return next(each.words.said(language) for each in item.options if each.code == value)
    if item.kind == Kind.DATE:
        return dates.day_for(language, date.fromisoformat(value))
    return value


def _score(version: Version, answers: rules.Answers, language: str) -> list[list[str]]:
    score, words = rules.score(version.definition, answers), WORDS[language]
    if score is None:
        return []
    return [[words["points"], str(score.total)], [words["means"], score.band.said(language)]]
