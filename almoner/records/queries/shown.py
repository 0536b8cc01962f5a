"""What the page of a form shows, at the desk and to the patient, in the patient's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from almoner.patients.models import Patient
from almoner.records import rules
from almoner.records.queries.sheets import Sheet, consent_of, lines
from almoner.records.rules.rows import groups, place, rows
from almoner.records.rules.signers import may_sign_as


def kept_answers(sheet: Sheet) -> dict[str, Any]:
    """For the page's script: which items are asked now, and what is kept of each answer.

    ``rows``: of each group that repeats, the rows that stand.
    """
    definition = sheet.version.definition
    return {
        "shown": sorted(rules.enabled(definition, sheet.whole)),
        "kept": {
            name: "\n".join(sheet.answers.get(name, ()))
            for name in rules.asked_in_rows(definition, sheet.answers)
        },
        "rows": {
            link_id: rows(item, sheet.answers) for link_id, item in groups(definition).items()
        },
    }


def shown(
    sheet: Sheet, language: str, *, wrong: Mapping[str, str], posted: Mapping[str, Any],
    capacities: Sequence[str], change_at: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """What ``records/_sheet.html`` shows. ``wrong`` has a code for each question that is open.

    What is wrong about the signature itself is named ``sign:name`` and so on. ``capacities`` are
    those of `may_sign`; ``change_at`` as of `lines`. One query.
    """
    words = rules.WORDS[language]
    definition = sheet.version.definition
    asked = rules.asked_in_rows(definition, sheet.answers)
    consented = consent_of(sheet.patient_id)
    return {
        "sheet": sheet,
        "stale": False,
        "title": definition.title.said(language),
        "in_rows": bool(groups(definition)),
        "lines": lines(sheet, language, wrong=wrong, change_at=change_at),
        "told": sheet.mark,
        "to_confirm": _to_confirm(sheet),
        "right": bool(posted.get("right")),
        "to_confirm_first": next(iter(wrong), "") == "sign:right",
        "language": language,
        "sheet_words": words,
        "wrong": [
            (_anchor(name), _asks(sheet, asked.get(name), name, language), words[code])
            for name, code in wrong.items()
        ],
        "wrong_at": {name.partition(":")[2]: words[code] for name, code in wrong.items()},
        "capacities": [(code, words[code], code == posted.get("capacity")) for code in capacities],
        "typed_name": posted.get("name", ""),
        "consented": consented is not None and consented.text == rules.ESIGN,
        "consent_text": rules.CONSENTS[rules.ESIGN][language],
    }


def may_sign(patient_id: int, *, at_the_desk: bool, at: datetime) -> tuple[str, ...]:
    """As whom somebody may sign for this patient, the likeliest first. One query."""
    born = Patient.objects.values_list("birth_date", flat=True).get(pk=patient_id)
    return may_sign_as(born, on=timezone.localtime(at).date(), at_the_desk=at_the_desk)


def _to_confirm(sheet: Sheet) -> bool:
    """Whether something stands here only because the record has it."""
    stand = rules.stands(sheet.version.definition, sheet.answers, sheet.known)
    return any(not sheet.known[subject].said for subject in stand)


def _asks(sheet: Sheet, item: rules.Item | None, name: str, language: str) -> str:
    """The question, and which row of its group is meant; empty for the signature."""
    if item is None:
        return ""
    number = place(sheet.version.definition, sheet.answers, name)
    text = item.words.said(language)
    return f"{text} ({number})" if number else text


def _anchor(name: str) -> str:
    """Where the page shows it; what is about the signature is no question of the form."""
    return name.replace(":", "-") if ":" in name else f"q-{name}"
