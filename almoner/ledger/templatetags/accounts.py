"""The ledger's codes in the words of the desk."""

from django import template

from almoner.ledger.queries.wording import account_name, kind_name, move_name

register = template.Library()
register.filter("account_name", account_name)
register.filter("kind_name", kind_name)
register.filter("move_name", move_name)
