from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from almoner.patients.models import Patient


class StatementTerms(models.Model):
    """When a statement goes out, in force from a day on.

    Below ``smallest_cents`` none is sent; ``due_days`` and ``again_days`` count from the day of the
    statement.
    """

    starts = models.DateField(_("in force from"), unique=True)
    smallest_cents = models.PositiveIntegerField(_("smallest amount"))
    due_days = models.PositiveSmallIntegerField(_("to be paid within (days)"))
    again_days = models.PositiveSmallIntegerField(_("next statement after (days)"))

    class Meta:
        verbose_name = _("statement terms")
        verbose_name_plural = _("statement terms")

    def __str__(self) -> str:
        return gettext("statements from %s on") % self.starts


class Statement(models.Model):
    """What one guarantor was told is owed, on one day, line by line, as it was sent.

    ``lines`` is what was printed, each with whose it is. It closes when nothing of it is
    owed any more, when a newer one takes its place, or when what it asked for is asked otherwise
    (``over``). ``private``: it is of visits kept from
    whoever pays, to the patient alone (``guarantor`` is then the patient), and in no other.
    """

    class State(models.TextChoices):
        SENT = "sent"
        PAID = "paid"
        REPLACED = "replaced"
        OVER = "over"

    number = models.CharField(max_length=20, unique=True)
    guarantor = models.ForeignKey(Patient, models.PROTECT, related_name="statements")
    private = models.BooleanField(default=False, db_default=False)
    issued_at = models.DateTimeField()
    issued_by_id = models.BigIntegerField(null=True)
    issued_date = models.DateField()
    due_date = models.DateField()
    language = models.CharField(max_length=12)
    cents = models.PositiveIntegerField()
    lines = models.JSONField()
    pdf = models.BinaryField()
    way = models.TextField()
    state = models.TextField(choices=State.choices, default=State.SENT)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guarantor", "private"],
                name="statement_one_open",
                condition=Q(state="sent"),
            ),
            models.CheckConstraint(name="statement_owes_something", condition=Q(cents__gt=0)),
        ]
        indexes = [models.Index(fields=["-issued_at", "-id"], name="statement_latest")]
