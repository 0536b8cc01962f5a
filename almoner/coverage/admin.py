"""Set-up tables of the coverage duty: payers and their plans."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from almoner.coverage.models import Payer, Plan
from almoner.ground.setup import Rows, Table


class PlanInline(Rows):
    model = Plan
    hints = {
        "name": _("As the card calls it."),
        "network": _("Whether this clinic belongs to it: it decides which co-pay holds."),
    }


@admin.register(Payer)
class PayerAdmin(Table):
    hints = {
        "name": _("As cards and the desk call it."),
        "payer_id": _("The clearinghouse's number for it, on every question and claim."),
        "claim_filing": _(
            "X12's two characters: CI commercial, HM an HMO, MB Medicare part B, MC Medicaid."
        ),
        "initial_filing_days": _(
            "From the day of service. Filing terms, where there are some, go before."
        ),
        "answers_eligibility": _("Without it nothing is asked, and the desk is told to call."),
        "phone": _("Where the desk calls when no answer comes."),
    }
    list_display = ("name", "payer_id", "kind", "answers_eligibility")
    list_filter = ("kind",)
    search_fields = ("name", "payer_id")
    inlines = (PlanInline,)
