from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from almoner.ground.language import PATIENTS_READ

_OPEN = ["draft", "review"]


class TextVersion(models.Model):
    """One wording of a text that is sent by itself, in one language, by its number.

    A draft is written, sent for review, and approved or sent back with a ``note``. ``authors`` are
    all who wrote in it: none of them reviews it (check), and its words change in a draft only. One
    that is approved is never changed again (trigger): messages name it. ``shipped`` came with the
    house, approved. ``translates`` is the English it says; ``renews``: the English says something
    else than before, so that older translations of it hold no more. ``edition`` counts the savings.
    """

    text = models.TextField()
    language = models.TextField()
    number = models.PositiveIntegerField()
    subject = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    state = models.TextField(default="draft")
    shipped = models.BooleanField(default=False)
    translates = models.ForeignKey("self", models.PROTECT, null=True, related_name="translations")
    renews = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    authors = ArrayField(models.BigIntegerField(), default=list)
    sent_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_id = models.BigIntegerField(null=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "language", "number"], name="text_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["text", "language"], name="text_open_once", condition=Q(state__in=_OPEN)
            ),
            models.CheckConstraint(
                name="text_version_state_known", condition=Q(state__in=[*_OPEN, "approved"])
            ),
            models.CheckConstraint(
                name="text_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
            models.CheckConstraint(
                name="text_translates_english",
                condition=Q(language="en", translates=None)
                | ~Q(language="en") & Q(translates__isnull=False, renews=False),
            ),
            models.CheckConstraint(
                name="text_approved_by_somebody",
                condition=~Q(state="approved")
                | Q(reviewed_at__isnull=False, body__regex=r"[^[:space:]]")
                & (
                    Q(shipped=True, reviewed_by_id=None, authors=[])
                    | Q(shipped=False, reviewed_by_id__isnull=False, authors__len__gt=0)
                ),
            ),
        ]
