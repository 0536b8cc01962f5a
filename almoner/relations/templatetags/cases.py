"""How cases read: staff's words for their codes."""

from functools import partial
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from almoner.ground.templatetags.desk import badge, in_words
from almoner.relations import rules
from almoner.relations.models import Routine
from almoner.relations.queries import About, Line, Said, wording
from almoner.relations.templatetags.timeline import sentence

register = template.Library()


def _said(words: dict[str, Promise], code: str) -> str:
    return str(words.get(code, code))


WORDS: dict[str, dict[str, Promise]] = {
    "case_kind": wording.KINDS,
    "case_desk": wording.DESKS,
    "case_skill": wording.SKILLS,
    "waited_for": wording.WAITS_FOR,
    "letter_kind": wording.LETTERS,
    "letter_language": wording.LANGUAGES,
    "law_wants": wording.WANTS,
    "proof_of": wording.PROOFS,
    "case_role": wording.ROLES,
}
"""Filters that say a code in words, by their names."""
for _name, _words in WORDS.items():
    register.filter(_name, partial(_said, _words))


@register.filter
def question(code: str) -> str:
    return in_words(rules.QUESTIONS[rules.Question(code)])


@register.simple_tag
def standing(code: str) -> SafeString:
    """How a case's clock stands, as a badge."""
    tone, word = wording.STANDINGS[code]
    return badge(tone, str(word))


@register.filter
def done(line: Line) -> str:
    """What one line of a case says, without its words."""
    said = _said(wording.VERBS, line.verb)
    if line.verb == "moved":
        return f"{said}: {_said(wording.DESKS, line.words)}"
    if line.verb in ("assigned", "overdue", "stranded"):
        return f"{said} {line.words}"
    return f"{said} {line.about}" if line.about and line.verb != "opened" else said


@register.filter
def words_of(line: Line) -> str:
    """The words of a line that stand under it."""
    said = ("moved", "assigned", "overdue", "stranded", "attached")
    return "" if line.verb in said else in_words(line.words)


@register.filter
def acts(routine: Routine) -> str:
    """What a set of acts does to a case, in its order."""
    done = [
        _("takes it") if routine.take else "",
        _("notes") if routine.note.strip() else "",
        _("lets it wait for %(whom)s") % {"whom": _said(wording.WAITS_FOR, routine.waits_for)}
        if routine.waits_for
        else "",
        ngettext("sets it aside %(n)s day", "sets it aside %(n)s days", routine.snooze_days or 0)
        % {"n": routine.snooze_days}
        if routine.snooze_days
        else "",
        _("sends it to: %(desk)s") % {"desk": _said(wording.DESKS, routine.desk)}
        if routine.desk
        else "",
    ]
    return ", ".join(filter(None, done))


@register.filter
def thing(about: About) -> str:
    """A visit or a bill, as the last that happened to it says."""
    return sentence(about.last.kind, about.last.facts)


@register.filter
def of_line(about: dict[tuple[str, int], list[Any]] | None, line: Said) -> list[Any]:
    """The cases that are about one thing that was said."""
    return (about or {}).get((line.kind, line.id), [])


@register.simple_tag
def easy(measure: str, grade: float, is_easy: bool) -> SafeString:
    """How hard a letter reads, as a badge."""
    if measure == "fernandez_huerta":
        said = _("Fernández Huerta %(grade)s") % {"grade": grade}
    else:
        said = _("Grade %(grade)s") % {"grade": grade}
    return badge("good" if is_easy else "warn", said)
