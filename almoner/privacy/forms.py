"""What the privacy officer narrows the list by. Every parameter is on an allow-list."""

from django import forms
from django.utils.translation import gettext_lazy as _

DAYS = [("1", _("Today")), ("7", _("7 days")), ("30", _("30 days")), ("365", _("A year"))]
SHOW = [("all", _("All, unexplained first")), ("unexplained", _("Unexplained only")),
        ("explained", _("Explained only"))]  # fmt: skip


class Narrow(forms.Form):
    show = forms.ChoiceField(label=_("Show"), choices=SHOW, required=False)
    days = forms.ChoiceField(label=_("Since"), choices=DAYS, required=False, initial="7")
    officer = forms.CharField(label=_("Officer"), required=False, max_length=120)
    mrn = forms.CharField(label=_("MRN"), required=False, max_length=12)
