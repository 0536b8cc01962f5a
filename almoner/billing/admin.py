"""Set-up tables of the billing duty: filing terms, statement terms, and what is charged for."""

from django.contrib import admin

from almoner.billing.models import ChargeItem, FilingTerms, StatementTerms
from almoner.ground.setup import Table


@admin.register(FilingTerms)
class FilingTermsAdmin(Table):
    list_display = ("starts", "payer", "initial_days", "corrected_days", "appeal_days")
    list_filter = ("payer",)
    list_select_related = ("payer",)
    ordering = ("-starts", "payer")


@admin.register(StatementTerms)
class StatementTermsAdmin(Table):
    list_display = ("starts", "smallest_cents", "due_days", "again_days")
    ordering = ("-starts",)


@admin.register(ChargeItem)
class ChargeItemAdmin(Table):
    """To look at: `almoner charges load` changes it, so that old visits keep their fees."""

    list_display = ("code", "description", "fee_cents", "starts", "ends")
    search_fields = ("code", "description")
    ordering = ("code", "-starts")

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False
