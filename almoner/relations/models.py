from django.db import models
from django.db.models import Q

from almoner.ground.models import Event, Outgoing
from almoner.patients.models import Patient


class Message(models.Model):
    """Something said to a patient: to which address, in which language, in exactly which words.

    ``outgoing`` tells whether and when it left. ``template`` is empty for words an officer typed.
    ``event`` is the last change it told of. One that did not arrive is work until somebody has
    seen to it; ``handled_why`` says how.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="messages")
    channel = models.TextField()
    address = models.TextField()
    language = models.CharField(max_length=12)
    template = models.TextField(blank=True, default="")
    subject = models.TextField(blank=True, default="")
    body = models.TextField()
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)
    outgoing = models.OneToOneField(Outgoing, models.PROTECT, null=True)
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    handled_by_id = models.BigIntegerField(null=True)
    handled_why = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_channel_known", condition=Q(channel__in=["sms", "email"])
            ),
            models.CheckConstraint(
                name="message_handled_for_a_reason",
                condition=Q(handled_at=None, handled_by_id=None, handled_why="")
                | (Q(handled_at__isnull=False, handled_by_id__isnull=False) & ~Q(handled_why="")),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-written_at"], name="message_of_patient"),
        ]
