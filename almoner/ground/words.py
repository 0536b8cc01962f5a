"""Sentences written where nobody reads them: by a rule, or into a row.

They are written in English, the language of the catalogues' keys, and said in the reader's
language by `in_words` where they are shown. A detail (a number, a partner's own words) stands
behind a colon, so that the sentence before it is still one that can be looked up.
"""

from collections.abc import Mapping
from typing import Any


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the translators, whose tools know this name; it stays as it is.

    Django's own does the same; this one may be used by rules and codecs, which know no framework.
    """
    return sentence


class Said(str):
    """A sentence with facts in it: English as it stands, and what `in_words` says it from again.

    ``pattern`` is marked by `gettext_noop` and names its ``facts`` as ``%(name)s``.
    """

    __slots__ = ("facts", "pattern")

    pattern: str
    facts: dict[str, object]

    def __new__(cls, pattern: str, facts: dict[str, object]) -> "Said":
        whole = super().__new__(cls, pattern % facts)
        whole.pattern, whole.facts = pattern, facts
        return whole

    def __reduce__(self) -> tuple[type["Said"], tuple[str, dict[str, object]]]:
        return Said, (self.pattern, self.facts)


def saying(pattern: str, **facts: object) -> str:
    """The sentence with these facts. Made where something is wrong, never on the way there."""
    return Said(pattern, facts)


def apart(sentence: str) -> dict[str, Any]:
    """What a row keeps beside the English, so that `in_words` can say it: pattern and facts."""
    if not isinstance(sentence, Said):
        return {}
    facts = {name: str(value) for name, value in sentence.facts.items()}
    return {"says": sentence.pattern, "facts": facts}


def together(sentence: str, kept: Mapping[str, Any]) -> str:
    """The sentence again from what `apart` kept of it; as it stands when nothing was kept."""
    return Said(kept["says"], dict(kept["facts"])) if "says" in kept else sentence
