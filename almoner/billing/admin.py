"""Set-up tables of the billing duty: filing and statement terms, charge items, usual charges."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from almoner.billing.models import ChargeItem, FilingTerms, StatementTerms, UsualCharge
from almoner.ground.money import dollars
from almoner.ground.setup import Table


@admin.register(FilingTerms)
class FilingTermsAdmin(Table):
    hints = {
        "payer": _("Empty: for every payer that has no terms of its own."),
        "initial_days": _("From the day of service."),
        "corrected_days": _("From the date of the payer's answer."),
        "appeal_days": _("From the date of the payer's answer."),
    }
    list_display = ("starts", "payer", "initial_days", "corrected_days", "appeal_days")
    list_filter = ("payer",)
    list_select_related = ("payer",)
    ordering = ("-starts", "payer")


@admin.register(StatementTerms)
class StatementTermsAdmin(Table):
    hints = {
        "smallest_cents": _("In dollars. Who owes less is sent no statement."),
        "due_days": _("From the day of the statement."),
        "again_days": _("A new one is not sent sooner."),
    }
    list_display = ("starts", "smallest", "due_days", "again_days")
    ordering = ("-starts",)
    money = ("smallest_cents",)

    @admin.display(description=_("smallest amount"), ordering="smallest_cents")
    def smallest(self, row: StatementTerms) -> str:
        return dollars(row.smallest_cents)


@admin.register(ChargeItem)
class ChargeItemAdmin(Table):
    """To look at: `almoner charges load` changes it, so that old visits keep their fees."""

    list_display = ("code", "description", "fee", "starts", "ends")
    fields = ("code", "description", "fee", "modifiers", "starts", "ends")
    search_fields = ("code", "description")
    ordering = ("code", "-starts")

    @admin.display(description=_("fee"), ordering="fee_cents")
    def fee(self, row: ChargeItem) -> str:
        return dollars(row.fee_cents)

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False


@admin.register(UsualCharge)
class UsualChargeAdmin(Table):
    hints = {
        "visit_type": _("Visits of this kind usually come to this service."),
        "code": _(
            "Of a charge item. Who pays a visit without a plan is given an estimate of all usual"
            " charges of its kind, at the fees of its day."
        ),
        "units": _("How many of it one visit usually takes."),
    }
    list_display = ("visit_type", "code", "units")
    list_filter = ("visit_type",)
    list_select_related = ("visit_type",)
    search_fields = ("code",)
    ordering = ("visit_type__name", "code")
