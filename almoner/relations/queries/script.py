"""The script of a call as an officer reads it: the signed words, for one kind of caller."""

from dataclasses import dataclass

from almoner.relations.models import ScriptLine
from almoner.relations.rules import script as rules

MOST = 12
"""Lines of one script that are shown: nobody asks more on the phone."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to ask or to tell, and the words for it; ``asked``: it was ticked."""

    asks: str
    does: str
    en: str
    es: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What a kind of caller is asked, in order, and what they may be told after it, if ``may``.

    ``of`` names who was made sure of, where several share the number: of them alone it may be said.
    """

    kind: str
    steps: tuple[Step, ...]
    told: tuple[Step, ...]
    may: rules.MayTell
    of: tuple[str, ...] = ()


def script(kind: str, *, asked: list[str], sure: bool, of: tuple[str, ...] = ()) -> Script:
    """The script for one kind of caller. One query."""
    rows = ScriptLine.objects.filter(caller=kind, signed__isnull=False).order_by("place", "id")
    lines = [
        Step(
            row.asks, row.said("ask_en"), row.said("say_en"), row.said("say_es"), row.asks in asked
        )
        for row in rows[:MOST]
    ]
    return Script(
        kind=kind,
        steps=tuple(each for each in lines if each.asks != rules.TOLD),
        told=tuple(each for each in lines if each.asks == rules.TOLD),
        may=rules.may_tell(kind, sure=sure),
        of=of,
    )
