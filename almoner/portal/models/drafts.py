from django.db import models

from almoner.patients.models import Patient
from almoner.portal.models.accounts import Account


class Draft(models.Model):
    """What somebody has typed to us and not sent yet, so that no reload or late sign-in loses it.

    One for each matter of a patient and account: ``thread_id`` is empty for a new one, to which
    ``topic``, ``subject`` and ``about``, like ``appointment:4``, belong. ``key`` is what makes it
    one message when it is sent.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="drafts")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    thread_id = models.BigIntegerField(null=True)
    topic = models.TextField(blank=True, default="")
    subject = models.TextField(blank=True, default="")
    about = models.TextField(blank=True, default="")
    words = models.TextField(blank=True, default="")
    key = models.TextField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "patient", "thread_id"],
                name="portal_draft_once",
                nulls_distinct=False,
            ),
        ]
