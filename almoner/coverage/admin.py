"""Set-up tables of the coverage duty: payers and their plans."""

from django.contrib import admin

from almoner.coverage.models import Payer, Plan
from almoner.ground.setup import Rows, Table


class PlanInline(Rows):
    model = Plan


@admin.register(Payer)
class PayerAdmin(Table):
    list_display = ("name", "payer_id", "kind", "answers_eligibility")
    list_filter = ("kind",)
    search_fields = ("name", "payer_id")
    inlines = (PlanInline,)
