from django.db import models
from django.db.models import Q

from almoner.access.models import Officer
from almoner.ledger.rules.incoming import Because, Source


class Incoming(models.Model):
    """Money announced to us and due at the bank: a day's card batch, or one payer's payment.

    ``origin`` is who announced it, once: ``cards:2026-03-02``, ``remittance:17``; ``reference`` is
    what the bank's statement shows (a trace number). ``expected`` until somebody saw it there, or
    gave it up as ``missing``. A difference between ``cents`` and ``seen_cents`` has a reason and
    stands in the journal. Said by mistake, it is expected again; ``tries`` counts how often it was
    said.
    """

    class State(models.TextChoices):
        EXPECTED = "expected"
        ARRIVED = "arrived"
        MISSING = "missing"

    origin = models.TextField(unique=True)
    source = models.TextField(choices=[(each.value, each.value) for each in Source])
    name = models.TextField(blank=True, default="")
    reference = models.TextField(blank=True, default="")
    payer_id = models.BigIntegerField(null=True)
    cents = models.BigIntegerField()
    expected_on = models.DateField()
    told_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.EXPECTED)
    seen_cents = models.BigIntegerField(null=True)
    seen_on = models.DateField(null=True)
    because = models.TextField(
        choices=[(each.value, each.value) for each in Because], blank=True, default=""
    )
    note = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    journal = models.OneToOneField("ledger.Journal", models.PROTECT, null=True, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="incoming_is_of_something", condition=~Q(cents=0)),
            models.CheckConstraint(
                name="incoming_settled_by_somebody",
                condition=Q(
                    state="expected",
                    settled_at__isnull=True,
                    settled_by__isnull=True,
                    journal__isnull=True,
                    seen_cents__isnull=True,
                )
                | (
                    ~Q(state="expected")
                    & Q(
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                        journal__isnull=False,
                        seen_cents__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="incoming_difference_has_a_reason",
                condition=Q(seen_cents__isnull=True, because="")
                | Q(seen_cents=models.F("cents"), because="")
                | (~Q(seen_cents=models.F("cents")) & ~Q(because="")),
            ),
            models.CheckConstraint(
                name="incoming_missing_shows_nothing",
                condition=~Q(state="missing") | Q(seen_cents=0, because="missing"),
            ),
            models.CheckConstraint(
                name="incoming_of_a_payer_names_it",
                condition=Q(source="payer", payer_id__isnull=False)
                | Q(source="cards", payer_id__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["expected_on", "id"], name="incoming_by_day"),
            models.Index(
                fields=["expected_on"], name="incoming_expected", condition=Q(state="expected")
            ),
        ]
