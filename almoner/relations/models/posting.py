from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient
from almoner.relations.models.talk import Message
from almoner.relations.rules import ABOUT, Topic


class Thread(models.Model):
    """One matter that a patient, or who acts for them, writes to us about in their account.

    What is said in it are rows of `Received` and `Message` whose address is the thread's
    (``thread:17``), in the conversation with the patient. ``about_kind`` and ``about_id`` say which
    visit or bill of the patient's (trigger) it is about, if any. ``last_at`` is when something was
    said last.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="threads")
    topic = models.TextField()
    subject = models.TextField()
    about_kind = models.TextField(blank=True, default="")
    about_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="thread_topic_known", condition=Q(topic__in=[each.value for each in Topic])
            ),
            models.CheckConstraint(
                name="thread_has_a_subject", condition=Q(subject__regex=r"[^[:space:]]")
            ),
            models.CheckConstraint(
                name="thread_about_a_kind_and_a_number",
                condition=Q(about_kind="", about_id=None)
                | Q(about_kind__in=ABOUT, about_id__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-last_at", "-id"], name="thread_of_patient"),
        ]


class Opened(models.Model):
    """That somebody read a message of ours in the account, when first; each account by itself.

    ``account_id`` is the account's; ``name`` is whose it is, as it was then.
    """

    message = models.ForeignKey(Message, models.PROTECT, related_name="opened")
    account_id = models.BigIntegerField()
    name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account_id"], name="opened_once"),
        ]
