"""What a text says that answers an offer of a place."""

from almoner.patients.rules.fold import fold

_YES = frozenset({"1", "y", "yes", "si"})


def is_yes(text: str) -> bool:
    """The whole text is a yes, without case, accents and marks; more than that a person reads."""
    return " ".join(fold(text).split()) in _YES
