"""Set-up tables of the coverage duty: payers and their plans."""

from django.contrib import admin

from almoner.coverage.models import Payer, Plan


class PlanInline(admin.TabularInline):  # type: ignore[type-arg]  # generic to mypy only
    model = Plan
    extra = 1


@admin.register(Payer)
class PayerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # likewise
    list_display = ("name", "payer_id", "kind", "answers_eligibility")
    list_filter = ("kind",)
    search_fields = ("name", "payer_id")
    inlines = (PlanInline,)
