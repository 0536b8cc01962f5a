"""What the sealed paper of a signed form says: every text as it was shown, and who signed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from almoner.facility import queries as facility
from almoner.ground import dates
from almoner.patients.models import Patient
from almoner.patients.rules.details import legal_name, readable
from almoner.records import rules
from almoner.records.models import Signature
from almoner.records.queries import Version, told_words
from almoner.records.rules import CONSENTS, WORDS, Definition, Item, Kind
from almoner.records.rules.rows import repeated, rows


def paper_data(
    row: Signature,
    version: Version,
    answers: rules.Answers,
    *,
    language: str,
    known: rules.Known | None = None,
) -> dict[str, Any]:
    """What ``records/signed.typ`` prints.

    ``known`` stood on the page unasked: it is printed as it was read there, and no more of it.
    """
    definition, known = version.definition, known or {}
    whole = dict(answers) | rules.carried(definition, answers, known)
    told: dict[str, list[str]] = {}
    for subject, said in rules.stands(definition, answers, known).items():
        told |= {name: [] for name in said}
        told[next(iter(said))] = list(told_words(subject, known[subject], language))
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
        "blocks": list(_Blocks(definition, whole, language, told).of(definition.items)),
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


@dataclass(frozen=True, slots=True)
class _Blocks:
    definition: Definition
    answers: rules.Answers
    language: str
    told: Mapping[str, list[str]]

    def of(
        self, items: tuple[Item, ...], row: str = "", level: int = 0
    ) -> Iterator[dict[str, Any]]:
        asked = rules.enabled(self.definition, self.answers)
        for item in items:
            if rules.key(item.link_id, row) not in asked:
                continue
            if item.link_id in self.told:
                yield from self.known(item.link_id, level)
                continue
            yield self.one(item, row, level)
            if not repeated(item):
                yield from self.of(item.items, row, level + 1)
                continue
            for number, each in enumerate(rows(item, self.answers), 1):
                text = f"{item.words.said(self.language)} · {number}"
                yield {"kind": "group", "level": level + 1, "text": text, "values": []}
                yield from self.of(item.items, each, level + 2)

    def known(self, link_id: str, level: int) -> Iterator[dict[str, Any]]:
        """A subject at its first question; its others stand there too."""
        if words := self.told[link_id]:
            title, *told = words
            yield {"kind": "question", "level": level, "text": title, "values": told}

    def one(self, item: Item, row: str, level: int) -> dict[str, Any]:
        told = self.answers.get(rules.key(item.link_id, row), ())
        said = [_said(item, value, self.language) for value in told if item.kind in rules.ASKING]
        if item.kind in rules.ASKING and not said:
            said = [WORDS[self.language]["not_answered"]]
        kind, text = item.kind, item.words.said(self.language)
        if repeated(item) and not rows(item, self.answers):
            kind, said = Kind.STRING, [WORDS[self.language]["none"]]
        shape = kind if kind in {Kind.GROUP, Kind.DISPLAY} else "question"
        return {"kind": str(shape), "level": level, "text": text, "values": said}


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
