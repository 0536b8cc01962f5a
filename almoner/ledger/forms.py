"""What is typed at the desk about money. A card number is asked for nowhere."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.facility import queries as facility
from almoner.ground.forms import TypedDate, TypedMoney, offer
from almoner.ground.money import dollars
from almoner.ledger.queries import Contents, IncomingLine
from almoner.ledger.queries.wording import BECAUSE
from almoner.ledger.rules import PIECES, Because, Method
from almoner.ledger.rules import reasons as allowed_reasons

METHODS = [
    (Method.CASH.value, _("Cash")),
    (Method.CARD.value, _("Card")),
    (Method.CHECK.value, _("Check")),
]
MOVE_NAMES = {
    "drop": _("Bring to the safe"),
    "pay_in": _("Put in from the safe"),
    "pay_out": _("Spend for the clinic"),
}


def _places() -> list[tuple[int, str]]:
    return [(place.id, place.name) for place in facility.places().values()]


class Take(forms.Form):
    """One payment. ``key`` and ``seen`` were made with the page, see `actions.Taking`."""

    amount = TypedMoney(label=_("Amount"), widget=forms.TextInput(attrs={"autofocus": True}))
    method = forms.ChoiceField(label=_("Paid by"), choices=METHODS, widget=forms.RadioSelect)
    tendered = TypedMoney(
        label=_("Cash handed over"), required=False, help_text=_("Empty: exactly the amount")
    )
    check_number = forms.CharField(label=_("Check number"), required=False, max_length=20)
    location = forms.TypedChoiceField(label=_("Location"), choices=_places, coerce=int)
    key = forms.CharField(widget=forms.HiddenInput, max_length=45)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    visit = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    item = forms.RegexField(r"^(statement:\d+)?$", widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("method") == Method.CHECK and not given.get("check_number"):
            self.add_error("check_number", _("Type the number printed on the check."))
        return given


class GiveBack(forms.Form):
    amount = TypedMoney(label=_("Amount to give back"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    key = forms.CharField(widget=forms.HiddenInput, max_length=45)


class Returned(forms.Form):
    """A check the bank returned."""

    fee = TypedMoney(
        label=_("Fee for the patient"),
        required=False,
        help_text=_("Empty: none is charged"),
        widget=forms.TextInput({"autofocus": True}),
    )
    reason = forms.CharField(label=_("What the bank says"), max_length=200)


class Mistaken(forms.Form):
    """A payment nobody gave."""

    reason = forms.CharField(
        label=_("Why it is wrong"), max_length=200, widget=forms.TextInput({"autofocus": True})
    )


class Moved(forms.Form):
    """A payment another patient gave; two identifiers name that patient."""

    mrn = forms.CharField(
        label=_("MRN of the patient it is from"), max_length=20,
        widget=forms.TextInput({"autofocus": True}),
    )  # fmt: skip
    birth_date = TypedDate(label=_("Birth date of that patient"), past=True)
    reason = forms.CharField(label=_("How it happened"), max_length=200)


class Prepare(forms.Form):
    """Which drawers' cash and which checks go to the bank together."""

    location = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    drawers = forms.TypedMultipleChoiceField(coerce=int, required=False)
    checks = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, contents: Contents, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        offer(self, "drawers", [(each.drawer_id, each.drawer_id) for each in contents.drawers])
        offer(self, "checks", [(each.payment_id, each.payment_id) for each in contents.checks])


class Bring(forms.Form):
    reference = forms.CharField(
        label=_("Number on the bank's receipt"), max_length=40, required=False
    )


_BECAUSE = [("", _("Nothing to explain")), *((each.value, BECAUSE[each]) for each in Because)]


class AtBank(forms.Form):
    """What the bank shows of an announced sum, as it was typed from its statement."""

    amount = TypedMoney(
        label=_("Bank shows"), below_zero=True, widget=forms.TextInput({"autofocus": True})
    )
    day = TypedDate(label=_("On"), past=True)
    because = forms.ChoiceField(label=_("Why it is another sum"), choices=_BECAUSE, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    @staticmethod
    def announced(line: IncomingLine, today: date) -> dict[str, Any]:
        """What it says when the bank shows what was announced: the usual case."""
        return {"amount": line.cents, "day": today}


def why_unexplained(announced: int, seen: int) -> str:
    """What is wrong with the reason given for a difference."""
    reasons = [str(BECAUSE[each]) for each in allowed_reasons(announced, seen)]
    if not reasons:
        return gettext("It is what was announced: there is nothing to explain.")
    return gettext("The bank shows %(other)s than announced. Choose one of: %(reasons)s.") % {
        "other": gettext("more") if seen > announced else gettext("less"),
        "reasons": "; ".join(reasons),
    }


class OpenDrawer(forms.Form):
    till = forms.CharField(label=_("Till"), max_length=40, help_text=_("As written on it"))
    float = TypedMoney(label=_("Float, counted"), widget=forms.TextInput(attrs={"autofocus": True}))
    location = forms.TypedChoiceField(label=_("Location"), choices=_places, coerce=int)


class MoveCash(forms.Form):
    move = forms.ChoiceField(
        label=_("What"),
        choices=[(move, MOVE_NAMES[move]) for move in ("drop", "pay_in", "pay_out")],
    )
    amount = TypedMoney(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    key = forms.CharField(widget=forms.HiddenInput, max_length=45)


class Count(forms.Form):
    """How many of each note and coin. What should be there is shown nowhere."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for piece in PIECES:
            self.fields[f"of_{piece}"] = forms.IntegerField(
                label=dollars(piece),
                required=False,
                min_value=0,
                max_value=10_000,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    @property
    def pieces(self) -> dict[int, int]:
        return {piece: self.cleaned_data.get(f"of_{piece}") or 0 for piece in PIECES}


class CloseDrawer(forms.Form):
    note = forms.CharField(
        label=_("Note"), required=False, max_length=200, help_text=_("Why, when it does not agree")
    )
