from django.db import models
from django.db.models import Q

from almoner.billing.rules.private import Reason
from almoner.patients.models import Patient
from almoner.scheduling.models import Appointment


class PrivateVisit(models.Model):
    """That a visit is on no statement to whoever pays (``from_guarantor``), or never claimed.

    ``from_guarantor`` also hides it from everybody who acts for the patient; what is owed for it
    is on a statement of its own to the patient. ``from_plan``: the patient pays, and the database
    takes no claim of it (trigger). It holds until it is ended.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="kept_private")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="private_visits")
    from_guarantor = models.BooleanField()
    from_plan = models.BooleanField()
    reason = models.TextField(choices=[(each.value, each.value) for each in Reason])
    asked_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment"],
                name="private_visit_one_open",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="private_visit_from_somebody",
                condition=Q(from_guarantor=True) | Q(from_plan=True),
            ),
            models.CheckConstraint(
                name="private_visit_reason_known",
                condition=Q(reason__in=[each.value for each in Reason]),
            ),
            models.CheckConstraint(
                name="private_visit_ended_by_somebody",
                condition=Q(ended_at=None, ended_by_id=None)
                | Q(ended_at__isnull=False, ended_by_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient"], name="private_visit_of", condition=Q(ended_at__isnull=True)
            ),
        ]
