from django.db import models
from django.db.models import Q

from almoner.ground.language import PATIENTS_READ
from almoner.portal.rules import TRIES
from almoner.scheduling.models import Appointment


class VisitLink(models.Model):
    """The address by which a patient reaches one visit without an account.

    ``digest`` is SHA-256 of the token in the address: a copy of this table opens nothing (the texts
    that were sent carry the address). ``language`` is the one the patient was written to in.
    ``tries`` counts the wrong birth dates in a row, ``closed_until`` is when it may be tried again.
    ``turn`` grows when what was sent is to open nothing any more: the next text has another.
    """

    appointment = models.OneToOneField(Appointment, models.CASCADE, related_name="link")
    digest = models.BinaryField(unique=True)
    language = models.TextField()
    made_at = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="visit_link_tries_counted", condition=Q(tries__gte=0, tries__lt=TRIES)
            ),
            models.CheckConstraint(
                name="visit_link_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
        ]


class Reminder(models.Model):
    """That a patient was reminded of a visit at one step before its time, or need not be.

    The row is written in the transaction that queues the message, so that a step is taken once for
    each time that was promised, whatever becomes of the worker. ``hours`` is the step: how long
    before the visit. A visit that is moved has another ``starts_at``, and is reminded of anew.
    """

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="reminders")
    starts_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "starts_at", "hours"], name="reminder_step_once"
            ),
        ]
