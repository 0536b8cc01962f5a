from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL


class Event(models.Model):
    """Something that happened: one row for each change an action made, in the same transaction.

    Append-only (trigger). ``kind`` is ``duty.verb`` in the past tense. ``about_kind`` and
    ``about_id``
    name the row that changed; ``patient_id`` is bare, since this table stands below the patients'.
    ``data`` holds ids and short facts a screen or a reaction needs, never clinical text.
    ``transaction`` orders readers: see `events.since`.
    """

    kind = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    about_kind = models.TextField()
    about_id = models.BigIntegerField(null=True)
    location_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", ()), editable=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["transaction", "id"], name="event_by_transaction"),
            models.Index(
                fields=["patient_id", "-at"],
                name="event_of_patient",
                condition=Q(patient_id__isnull=False),
            ),
            models.Index(fields=["about_kind", "about_id"], name="event_about"),
        ]


class Outgoing(models.Model):
    """Something that leaves: written in the transaction that caused it, delivered by a job.

    ``key`` is the idempotency key, the same on every try and kept for ever. ``unknown`` means the
    partner may or may not have acted: a person or a look-up at the partner decides, never a blind
    retry. ``withdrawn`` was taken back before anybody tried.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        UNKNOWN = "unknown"
        WITHDRAWN = "withdrawn"

    key = models.TextField()
    channel = models.TextField()
    about_kind = models.TextField()
    about_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    partner_reference = models.TextField(default="", blank=True)
    trouble = models.TextField(default="", blank=True)
    notes = ArrayField(models.TextField(), default=list)

    class Meta:
        verbose_name_plural = "outgoing"
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="outgoing_key_once"),
            models.CheckConstraint(
                name="outgoing_state_known",
                condition=Q(
                    state__in=["waiting", "sending", "sent", "failed", "unknown", "withdrawn"]
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "created_at"],
                name="outgoing_unsettled",
                condition=~Q(state="sent"),
            ),
            models.Index(fields=["about_kind", "about_id"], name="outgoing_about"),
        ]
