"""The ledger's codes in the words of the desk."""

from django import template

from almoner.ledger.queries.wording import BECAUSE, account_name, kind_name, move_name
from almoner.ledger.rules import Because

register = template.Library()
register.filter("account_name", account_name)
register.filter("kind_name", kind_name)
register.filter("move_name", move_name)


@register.filter
def bank_reason(because: str) -> str:
    """Why the bank shows another sum than was announced."""
    return str(BECAUSE[Because(because)])
