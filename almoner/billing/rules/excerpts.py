"""What of a partner's file is shown to whom."""

from collections.abc import Sequence

HIDDEN = "•••"

_OF_PEOPLE = {
    "NM1": (3, 4, 5, 9),  # family, given, middle, id
    "REF": (2, 3),
    "DMG": (2,),  # birth date
}
"""Places that say who somebody is; the numbers of claims are not among them."""


def excerpt(elements: Sequence[str], *, whole: bool) -> str:
    """One segment as text; unless ``whole``, without what says who somebody is.

    What an organisation is called (NM102 = 2) stays.
    """
    tag = elements[0]
    hidden = _OF_PEOPLE.get(tag, ())
    if whole or (tag == "NM1" and elements[2:3] == ["2"]):
        hidden = ()
    shown = (HIDDEN if place in hidden and text else text for place, text in enumerate(elements))
    return "*".join(shown) + "~"
