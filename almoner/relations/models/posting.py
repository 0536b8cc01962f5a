from django.db import models
from django.db.models import Q

from almoner.patients.models import Patient
from almoner.relations.models.talk import Message
from almoner.relations.rules import Topic


class Thread(models.Model):
    """One matter that a patient, or who acts for them, writes to us about in their account.

    What is said in it are rows of `Received` and `Message` whose address is the thread's
    (``thread:17``), in the conversation with the patient. ``last_at`` is when something was said
    last.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="threads")
    topic = models.TextField()
    subject = models.TextField()
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
