"""What officers ask one another in a note, and who can take which case."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

_NAMED = re.compile(r"(?<![\w@.])@([A-Za-z0-9][\w-]*)")


def named(words: str) -> list[str]:
    """The user names a note calls with @, in small letters, each once, in order.

    The @ of an e-mail address calls nobody.
    """
    return list(dict.fromkeys(name.lower() for name in _NAMED.findall(words)))


WAITS_FOR_A_SKILL = timedelta(minutes=30)
"""How long the desks work before a lead hears that nobody here can take a case."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """Which cases an officer takes: of which desks, with which skills, of which kinds (none: any).

    ``desks`` are of those their roles let them work at.
    """

    desks: frozenset[str]
    skills: frozenset[str]
    kinds: frozenset[str]

    def can(self, *, desk: str, skill: str, kind: str) -> bool:
        """Whether such a case is one of theirs; a case without a skill asks for none."""
        return (
            desk in self.desks
            and (not skill or skill in self.skills)
            and (not self.kinds or kind in self.kinds)
        )


def abilities(
    desks: Collection[str],
    *,
    only: Collection[str] = (),
    skills: Collection[str] = (),
    kinds: Collection[str] = (),
) -> Abilities:
    """What somebody can take whose roles let them work at these desks, of which ``only`` some."""
    at = frozenset(desks) & frozenset(only) if only else frozenset(desks)
    return Abilities(at, frozenset(skills), frozenset(kinds))


_OF_LANGUAGE = {"es": "spanish"}


def skill_for(language: str) -> str:
    """The skill a case asks for whose patient is written to in this language; mostly none."""
    return _OF_LANGUAGE.get(language, "")
