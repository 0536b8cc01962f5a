"""What the page of a form shows, at the desk and to the patient, in the patient's language."""

from collections.abc import Mapping
from typing import Any

from almoner.records import rules
from almoner.records.queries.sheets import Sheet, consent_of, lines

CAPACITIES = ("self", "parent", "guardian", "representative")


def kept_answers(sheet: Sheet) -> dict[str, Any]:
    """For the page's script: which items are asked now, and what is kept of each answer."""
    definition = sheet.version.definition
    return {
        "shown": sorted(rules.enabled(definition, sheet.answers)),
        "kept": {
            link_id: "\n".join(sheet.answers.get(link_id, ())) for link_id in definition.questions
        },
    }


def shown(
    sheet: Sheet, language: str, *, wrong: Mapping[str, str], posted: Mapping[str, Any]
) -> dict[str, Any]:
    """What ``records/_sheet.html`` shows. ``wrong`` has a code for each question that is open.

    What is wrong about the signature itself is named ``sign:name`` and so on. One query.
    """
    words = rules.WORDS[language]
    asked = sheet.version.definition.questions
    consented = consent_of(sheet.patient_id)
    return {
        "sheet": sheet,
        "stale": False,
        "title": sheet.version.definition.title.said(language),
        "lines": lines(sheet, language, wrong=wrong),
        "language": language,
        "sheet_words": words,
        "wrong": [
            (_anchor(name), asked[name].words.said(language) if name in asked else "", words[code])
            for name, code in wrong.items()
        ],
        "wrong_at": {name.partition(":")[2]: words[code] for name, code in wrong.items()},
        "capacities": [
            (code, words[code], code == posted.get("capacity", "self")) for code in CAPACITIES
        ],
        "typed_name": posted.get("name", ""),
        "consented": consented is not None and consented.text == rules.ESIGN,
        "consent_text": rules.CONSENTS[rules.ESIGN][language],
    }


def _anchor(name: str) -> str:
    """Where the page shows it; what is about the signature is no question of the form."""
    return name.replace(":", "-") if ":" in name else f"q-{name}"
