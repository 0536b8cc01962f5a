from django.db import models
from django.db.models import Q

from almoner.ground.models import Outgoing
from almoner.patients.models import Patient


class Message(models.Model):
    """Something said to a patient: to which address, in which language, in exactly which words.

    ``outgoing`` tells whether and when it left. ``template`` is empty for words an officer typed.
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

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_channel_known", condition=Q(channel__in=["sms", "email"])
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-written_at"], name="message_of_patient"),
        ]
