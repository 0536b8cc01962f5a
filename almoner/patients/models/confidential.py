from django.db import models
from django.db.models import F, Q

from almoner.patients.models.people import Patient


class ConfidentialContact(models.Model):
    """That a patient is reached in no other way than these (45 CFR 164.522(b)).

    A way that is empty may not be used; without any, the account is the only one, which always
    may. There is no column for why: nobody has to say, and nobody may ask. ``address`` is written
    as on an envelope. It holds from ``since`` until it is ended; whoever asks anew ends the one
    before. ``taken_by_id`` is empty when the patient said so in their account.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="confidential_contacts")
    phone = models.CharField(max_length=16, blank=True, default="")
    may_text = models.BooleanField(default=False)
    email = models.TextField(blank=True, default="")
    address = models.TextField(blank=True, default="")
    since = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"],
                name="confidential_contact_one_open",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="confidential_contact_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
            ),
            models.CheckConstraint(
                name="confidential_contact_phone_is_e164",
                condition=Q(phone="", may_text=False) | Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
            ),
            models.CheckConstraint(
                name="confidential_contact_email_is_one",
                condition=Q(email="") | Q(email__regex=r"^[^@[:space:]]+@[^@[:space:]]+$"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["phone"], name="confidential_by_phone", condition=Q(ended_at__isnull=True)
            ),
        ]


class ProvenAddress(models.Model):
    """A number or e-mail address (in small letters) that was shown to be theirs, and when last.

    A code went there and came back: ``read back`` to an officer, or typed on a ``page`` of ours.
    It outlives the phone's row in the record: who has it again has not to show it again.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="proven_addresses")
    channel = models.TextField()
    address = models.TextField()
    how = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "channel", "address"], name="proven_address_once"
            ),
            models.CheckConstraint(
                name="proven_address_channel_known", condition=Q(channel__in=["sms", "email"])
            ),
            models.CheckConstraint(
                name="proven_address_somehow", condition=Q(how__in=["read back", "page"])
            ),
        ]


class ReachedPhone(models.Model):
    """A number a patient may be called and texted at now: a view, the one answer for all duties.

    Of whoever asked for confidential contact it is the one they named, or none.
    """

    patient = models.ForeignKey(Patient, models.DO_NOTHING, related_name="reached_phones")
    rank = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=16)
    may_text = models.BooleanField()

    class Meta:
        managed = False
        db_table = "patients_reachedphone"


class ReachedEmail(models.Model):
    """An address a patient may be written to at now; see `ReachedPhone`."""

    patient = models.ForeignKey(Patient, models.DO_NOTHING, related_name="reached_emails")
    rank = models.PositiveSmallIntegerField()
    address = models.TextField()

    class Meta:
        managed = False
        db_table = "patients_reachedemail"


class ReachedAddress(models.Model):
    """Where a patient gets mail now, as on an envelope, in ``lines``; see `ReachedPhone`."""

    patient = models.ForeignKey(Patient, models.DO_NOTHING, related_name="reached_addresses")
    rank = models.PositiveSmallIntegerField()
    lines = models.TextField()

    class Meta:
        managed = False
        db_table = "patients_reachedaddress"
