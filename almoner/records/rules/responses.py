"""What was answered as FHIR R4 writes it: a QuestionnaireResponse, rows as they stand."""

from collections.abc import Sequence
from typing import Any

from almoner.records.rules.answers import enabled
from almoner.records.rules.questionnaires import ASKING, Definition, Item, Kind
from almoner.records.rules.rows import Answers, key, repeated, rows

Body = dict[str, Any]


def response(definition: Definition, answers: Answers, *, language: str, **facts: Any) -> Body:
    """What was asked and answered; ``facts`` say of which form, by whom, and when.

    What was not asked is left out, and so is a question without an answer. A row is there for each
    that stands, also where nothing was answered in it.
    """
    asked = enabled(definition, answers)
    body: Body = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    told = _items(definition.items, "", asked, answers, language)
    return body | facts | {"language": language} | ({"item": told} if told else {})


def _items(
    items: Sequence[Item], row: str, asked: frozenset[str], answers: Answers, language: str
) -> list[Body]:
    found: list[Body] = []
    for item in items:
        if key(item.link_id, row) not in asked:
            continue
        head: Body = {"linkId": item.link_id, "text": item.words.said(language)}
        if item.kind == Kind.GROUP:
            for one in rows(item, answers) if repeated(item) else (row,):
                inner = _items(item.items, one, asked, answers, language)
                if inner or repeated(item):
                    found.append(head | ({"item": inner} if inner else {}))
        elif item.kind in ASKING and (values := answers.get(key(item.link_id, row))):
            found.append(head | {"answer": [_answer(item, value, language) for value in values]})
    return found


def _answer(item: Item, value: str, language: str) -> Body:
    if item.kind == Kind.CHOICE:
        words = next(each.words for each in item.options if each.code == value)
        return {"valueCoding": {"code": value, "display": words.said(language)}}
    if item.kind == Kind.BOOLEAN:
        return {"valueBoolean": value == "true"}
    if item.kind == Kind.INTEGER:
        return {"valueInteger": int(value)}
    return {"valueDate" if item.kind == Kind.DATE else "valueString": value}
