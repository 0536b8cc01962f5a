"""The elements of FHIR that hold what a questionnaire says: extensions, translations, answers."""

from collections.abc import Mapping
from typing import Any

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def translation(element: Any) -> str:
    for extension in extensions(element):
        parts = {str(part.get("url")): part for part in extensions(extension)}
        if extension.get("url") == TRANSLATION and _value(parts, "lang", "valueCode") == "es":
            return _value(parts, "content", "valueString")
    return ""


def _value(parts: Mapping[Any, Mapping[str, Any]], name: str, kind: str) -> str:
    value = parts.get(name, {}).get(kind)
    return value if isinstance(value, str) else ""


def extensions(element: Any) -> list[Mapping[str, Any]]:
    told = element.get("extension") if isinstance(element, Mapping) else None
    return [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []


def extension(element: Any, url: str) -> Mapping[str, Any]:
    return next((each for each in extensions(element) if each.get("url") == url), {})


def answer(raw: Mapping[str, Any]) -> str | None:
    """The answer a condition waits for, as answers are kept; None when it names none."""
    for name, value in raw.items():
        if name == "answerCoding" and isinstance(value, Mapping):
            return str(value.get("code"))
        if name == "answerBoolean" and isinstance(value, bool):
            return "true" if value else "false"
        if name in {"answerInteger", "answerDate", "answerString"}:
            return str(value)
    return None
