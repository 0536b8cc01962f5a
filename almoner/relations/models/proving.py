from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient
from almoner.relations.rules.proving import TRIES


class AddressCode(models.Model):
    """A code that went to a number or address of a patient, who reads it back to an officer.

    ``digest`` is keyed and salted: what was sent is kept nowhere but in the text. One is open at a
    time for each address; ``used_at`` is when it was good, or another took its place.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="address_codes")
    channel = models.TextField()
    address = models.TextField()
    salt = models.BinaryField()
    digest = models.BinaryField()
    sent_at = models.DateTimeField()
    by_id = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="address_code_channel_known", condition=Q(channel__in=["sms", "email"])
            ),
            models.CheckConstraint(
                name="address_code_tries_counted", condition=Q(tries__gte=0, tries__lte=TRIES)
            ),
            models.UniqueConstraint(
                fields=["patient", "channel", "address"],
                name="address_code_one_open",
                condition=Q(used_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-sent_at"], name="address_code_of_patient"),
        ]
