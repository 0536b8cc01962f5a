"""As whom a form may be signed."""

from datetime import date

from almoner.patients.rules.details import age

CAPACITIES = ("self", "parent", "guardian", "representative")
ADULT = 18
"""Years. States differ (19 in Alabama and Nebraska), and let minors agree to some care themselves:
which, the desk judges, with them before it."""


def may_sign_as(birth_date: date | None, *, on: date, at_the_desk: bool) -> tuple[str, ...]:
    """The capacities in the order they are offered, the likeliest first.

    A minor alone with a link or a kiosk signs nothing: somebody signs for them, or the desk sees
    that they may.
    """
    if birth_date is None or age(birth_date, on=on) >= ADULT:
        return CAPACITIES
    others = CAPACITIES[1:]
    return (*others, "self") if at_the_desk else others
