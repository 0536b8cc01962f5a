"""Codes of payers as words, for the pages of this duty."""

from django import template
from django.utils.functional import Promise

from almoner.coverage.queries import wording
from almoner.coverage.rules import CannotTell, Collect

register = template.Library()


@register.filter
def state_tone(state: str) -> str:
    return wording.STATES[state][0]


@register.filter
def state_words(state: str) -> Promise:
    return wording.STATES[state][1]


@register.filter
def rank_words(rank: int) -> Promise | str:
    """Which of a patient's policies pays first, second or third; later ones by their number."""
    return wording.RANKS.get(rank, str(rank))


@register.filter
def why_words(why: str) -> Promise:
    return wording.WHY[why]


@register.filter
def what_next(why: str) -> Promise:
    """What to do when nobody can tell."""
    return wording.NEXT.get(why, wording.LOOK_BELOW)


@register.filter
def benefit_words(code: str) -> Promise | str:
    return wording.KINDS.get(code, code)


@register.filter
def service_words(codes: tuple[str, ...]) -> str:
    """The services of a row, in words where we have them; a long list is cut short."""
    shown = [str(wording.SERVICES.get(code, code)) for code in codes[:4]]
    return ", ".join(shown) + (" …" if len(codes) > len(shown) else "")


@register.filter
def period_words(code: str) -> Promise | str:
    return wording.PERIODS.get(code, code)


@register.filter
def network_words(code: str) -> Promise | str:
    return wording.NETWORKS.get(code, code)


@register.filter
def fixer_words(fixer: str) -> Promise:
    return wording.FIXERS[fixer]


@register.filter
def refusal_words(code: str) -> str:
    """What a payer's refusal means and what to do about it."""
    return " ".join(map(str, wording.REFUSALS[code]))


@register.filter
def percent(points: int | None) -> str:
    """2000 basis points as 20 %."""
    return "" if points is None else f"{points / 100:g} %"


@register.filter
def tells(decision: Collect | CannotTell | None) -> bool:
    """Whether the answer names an amount to collect."""
    return isinstance(decision, Collect)
