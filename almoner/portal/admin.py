"""Set-up tables of the patients' pages: what parents may see of a child of an age."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from almoner.ground.setup import Table
from almoner.portal.models import MinorTerms


@admin.register(MinorTerms)
class MinorTermsAdmin(Table):
    hints = {
        "state": _("Two letters; empty: where the clinic's state has no terms of its own."),
        "age": _("In years. The terms of the highest age reached count."),
    }
    list_display = ("starts", "state", "age", "parts")
    ordering = ("-starts", "state", "age")
