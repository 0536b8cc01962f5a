"""What is typed on the page of a visit by video. Validates, never saves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from almoner.ground.typed import row_id
from almoner.telehealth import rules
from almoner.telehealth.queries import wording
from almoner.telehealth.rules import Item

_REFUSED = {
    "state": _("There is no such state. Write its name, or two letters like WI."),
    "address": _("Write the street, the number and the town."),
    "callback": _("Write the whole number, with the area code."),
}


def number(typed: str) -> int:
    """The id that was sent; one of no row when it is none."""
    return row_id(typed) or 0


class Where(forms.Form):
    """Where the patient says they are, and the number that reaches them."""

    state = forms.CharField(label=_("State"), required=False, max_length=40)
    address = forms.CharField(
        label=_("Address for help"), required=False, max_length=rules.LONGEST_ADDRESS
    )
    callback = forms.CharField(label=_("Number to call back"), required=False, max_length=30)

    def refuse(self, field: str) -> None:
        self.add_error(field, _REFUSED[field])


class Gate(forms.Form):
    """A reason for each item that is not met."""

    def __init__(self, *arguments: Any, still_open: Iterable[Item] = (), **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        for item in still_open:
            label = _("%(item)s: why without?") % {"item": wording.ITEMS[item]}
            self.fields[item.value] = forms.CharField(
                label=label, required=False, max_length=rules.LONGEST_REASON
            )

    def reasons(self) -> dict[Item, str]:
        if not self.is_valid():
            return {}
        return {Item(name): said for name, said in self.cleaned_data.items()}

    def ask(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.value in self.fields:
                self.add_error(item.value, _("Settle this, or say why it goes without."))
            else:
                self.add_error(None, _("Something changed meanwhile. Look at the gate again."))
