"""Parts of a record that a patient lets somebody outside read, by a code, for a while."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from almoner.patients.models import Patient
from almoner.portal.models.accounts import Account
from almoner.portal.rules.sharing import TRIES, Shared

_KINDS = [(kind.value, kind.value) for kind in Shared]


class Share(models.Model):
    """A code by which somebody outside reads some kinds of a patient's record until it ends.

    ``digest`` is SHA-256 of the code: what stands here opens nothing. It asks for the birth date
    too, and five wrong ones end it. ``made_by`` is whose account made it, as it was called then;
    when that account may not see the patient any more, the code opens nothing either.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="shares")
    account = models.ForeignKey(Account, models.PROTECT, related_name="shares")
    made_by = models.TextField()
    digest = models.BinaryField(unique=True)
    kinds = ArrayField(models.TextField(choices=_KINDS))
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portal_share_ends", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(name="portal_share_of_something", condition=~Q(kinds=[])),
            models.CheckConstraint(
                name="portal_share_tries_counted", condition=Q(tries__gte=0, tries__lte=TRIES)
            ),
        ]
        indexes = [models.Index(fields=["patient", "-id"], name="portal_share_of_patient")]


class Guest(models.Model):
    """Somebody outside who said a share's code, the birth date, and who they are (``who``).

    ``digest`` is SHA-256 of their cookie. They are out when they leave,
    are idle, or the share ends.
    """

    share = models.ForeignKey(Share, models.CASCADE, related_name="guests")
    who = models.TextField()
    digest = models.BinaryField(unique=True)
    in_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="portal_guest_says_who", condition=Q(who__regex=r"[^[:space:]]")
            ),
        ]
