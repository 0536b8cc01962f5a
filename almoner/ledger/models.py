from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient


class Journal(models.Model):
    """One thing that happened to money: two or more entries that sum to zero (deferred trigger).

    Append-only: a mistake is corrected by another journal that reverses it. ``source`` and
    ``external_id`` make posting the same thing twice impossible.
    """

    source = models.TextField()
    external_id = models.TextField()
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)
    memo = models.TextField(blank=True, default="")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="journal_once"),
        ]


class Entry(models.Model):
    """Cents put on (positive, debit) or taken off (negative, credit) one account.

    ``account`` is one of `rules.Account`; ``payer_id``, ``visit_id`` (the appointment) and
    ``claim_line_id`` say whose part of it, as bare ids: those rows stand above the ledger.
    """

    journal = models.ForeignKey(Journal, models.PROTECT, related_name="entries")
    account = models.TextField()
    cents = models.BigIntegerField()
    patient = models.ForeignKey(Patient, models.PROTECT, null=True)
    payer_id = models.BigIntegerField(null=True)
    visit_id = models.BigIntegerField(null=True)
    line_id = models.BigIntegerField(null=True)
    drawer_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.CheckConstraint(name="entry_is_not_zero", condition=~Q(cents=0)),
        ]
        indexes = [
            models.Index(fields=["patient", "account"], name="entry_of_patient"),
            models.Index(fields=["account", "payer_id"], name="entry_of_account"),
            models.Index(fields=["visit_id"], name="entry_of_visit"),
        ]
