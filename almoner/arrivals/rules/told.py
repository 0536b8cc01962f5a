"""What a form need not ask of the registration: said or signed for its visit, or kept already.

A form and check-in name the same things by their own words: an emergency contact is a ``contact``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from almoner.arrivals.rules import ahead
from almoner.arrivals.rules.ahead import Outcome, Thing, Value, Verdict
from almoner.patients.rules.details import Details
from almoner.records.rules import Told

THINGS: Mapping[str, Thing] = {
    "phone": Thing.PHONE,
    "email": Thing.EMAIL,
    "language": Thing.LANGUAGE,
    "address": Thing.ADDRESS,
    "contact": Thing.EMERGENCY,
}
"""By the subject of a form."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of a check-in ahead: ``was`` is the whole value that was kept as it was given."""

    thing: Thing
    verdict: Verdict
    outcome: Outcome
    was: Value
    words: Value


def known(
    details: Details, said: Iterable[Said], read: Callable[[Thing, Value], str]
) -> dict[str, Told]:
    """By the subject of a form; ``read`` is what of a value may be read. The last answer counts.

    What the record does not keep and nobody has said is not known. Nor was a thing said when the
    desk did not take the change, or changed it after the patient had said that it was right.
    """
    last = {one.thing: one for one in said}
    found = {}
    for subject, thing in THINGS.items():
        kept = ahead.kept(details, thing)
        value = _said(last.get(thing), kept)
        if value is not None or any(kept.values()):
            whole = kept if value is None else value
            found[subject] = Told(_parts(thing, whole), read(thing, whole), value is not None)
    return found


def signed(
    written: Iterable[tuple[str, Mapping[str, str]]],
    found: Mapping[str, Told],
    read: Callable[[Thing, Value], str],
) -> dict[str, Told]:
    """By subject, what a form of the same visit was signed with, and no desk has decided upon.

    What was said in the check-in counts more: there it can be said otherwise. The last form counts.
    """
    open_ = {
        subject: parts
        for subject, parts in written
        if subject in THINGS and not (subject in found and found[subject].said)
    }
    return {
        subject: Told(parts, read(THINGS[subject], _value(THINGS[subject], parts)), said=True)
        for subject, parts in open_.items()
    }


def _value(thing: Thing, parts: Mapping[str, str]) -> dict[str, str]:
    """As check-in takes it: the other way round of `_parts`."""
    match thing:
        case Thing.PHONE:
            return {"number": parts["value"]}
        case Thing.EMAIL:
            return {"address": parts["value"]}
        case Thing.LANGUAGE:
            return {"language": parts["value"]}
        case Thing.ADDRESS:
            return {"line_2": "", **parts}
        case _:
            return {"relation": "", "phone": "", **parts}


def _said(said: Said | None, kept: Value) -> Value | None:
    """None when nothing that still counts was said; empty when there is to be none."""
    if said is None or said.outcome == Outcome.REFUSED:
        return None
    if said.verdict == Verdict.RIGHT:
        return kept if dict(said.was) == dict(kept) else None
    return said.words if said.verdict == Verdict.CHANGED else {}


def _parts(thing: Thing, value: Value) -> dict[str, str]:
    """As the questions of a form take it."""
    if not value:
        return {}
    match thing:
        case Thing.PHONE:
            return {"value": value["number"]}
        case Thing.EMAIL:
            return {"value": value["address"]}
        case Thing.LANGUAGE:
            return {"value": value["language"].partition("-")[0]}
        case Thing.ADDRESS:
            street = ", ".join(filter(None, (value["line"], value.get("line_2", ""))))
            return {"line": street} | {part: value[part] for part in ("city", "state", "zip_code")}
        case _:
            return {part: value[part] for part in ("name", "relation", "phone")}
