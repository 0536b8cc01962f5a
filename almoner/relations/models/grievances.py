from django.db import models
from django.db.models import Q

from almoner.relations.models.cases import Case
from almoner.relations.models.talk import Message
from almoner.relations.models.texts import TextVersion

_WORDS = r"[^[:space:]]"


class Grievance(models.Model):
    """What the law asks of a grievance (42 CFR 482.13(a)(2)), as the case stands.

    ``received_at`` is when the first of what it is about came in; it never moves later (trigger),
    and with it neither do the days on which the owner is warned and the patient is told. The case
    cannot be closed (trigger) before the contact person, the steps taken, the result and the day of
    completion are here, and the letter that says them, in ``language``, has arrived.
    ``answers`` and ``because`` are how it was classified.
    ``no_notice`` is why no letter could be delivered, in place of one, of a grievance of which
    nobody knows whose it is or where to write: decided by a manager or privacy officer (trigger),
    and worth nothing once a patient is known, or an address that still may answer.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="grievance")
    received_at = models.DateTimeField()
    answers = models.JSONField()
    because = models.TextField()
    source = models.TextField()
    classified_at = models.DateTimeField()
    classified_by_id = models.BigIntegerField()
    language = models.CharField(max_length=2)
    warn_on = models.DateField()
    tell_on = models.DateField()
    contact = models.TextField(blank=True, default="")
    contact_phone = models.TextField(blank=True, default="")
    steps = models.TextField(blank=True, default="")
    result = models.TextField(blank=True, default="")
    completed_on = models.DateField(null=True)
    no_notice = models.TextField(blank=True, default="")
    no_notice_at = models.DateTimeField(null=True)
    no_notice_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grievance_without_notice_for_a_reason",
                condition=Q(no_notice="", no_notice_at=None, no_notice_by_id=None)
                | Q(
                    no_notice__regex=_WORDS,
                    no_notice_at__isnull=False,
                    no_notice_by_id__isnull=False,
                ),
            ),
        ]


class Letter(models.Model):
    """A letter about a grievance: its answer, or that it is still open.

    ``grade`` is how hard it reads, by ``measure``. ``way`` is how it left: by e-mail (``message``),
    or by certified mail. ``delivered_how`` says what proves that it arrived: the patient's
    answer to it, or the post's number and day. One that has left is changed no more (trigger).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="letters")
    kind = models.TextField()
    language = models.CharField(max_length=2)
    wording = models.ForeignKey(TextVersion, models.PROTECT, null=True, related_name="letters")
    subject = models.TextField()
    body = models.TextField()
    grade = models.DecimalField(max_digits=5, decimal_places=1)
    measure = models.TextField()
    drafted_at = models.DateTimeField()
    drafted_by_id = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_id = models.BigIntegerField(null=True)
    way = models.TextField(blank=True, default="")
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="letter")
    certified = models.TextField(blank=True, default="")
    delivered_at = models.DateTimeField(null=True)
    delivered_how = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="letter_kind_known", condition=Q(kind__in=["answer", "still_open"])
            ),
            models.CheckConstraint(
                name="letter_measured",
                condition=Q(measure__in=["flesch_kincaid", "fernandez_huerta"]),
            ),
            models.CheckConstraint(
                name="letter_left_somehow",
                condition=Q(sent_at=None, way="", message=None, certified="")
                | Q(sent_at__isnull=False, way="email", message__isnull=False, certified="")
                | Q(sent_at__isnull=False, way="post", message=None, certified__regex=_WORDS),
            ),
            models.CheckConstraint(
                name="letter_arrival_is_proven",
                condition=Q(delivered_at=None, delivered_how="")
                | Q(delivered_at__isnull=False, way="email", delivered_how="reply")
                | Q(delivered_at__isnull=False, way="post", delivered_how="certified"),
            ),
        ]
        indexes = [models.Index(fields=["case", "-id"], name="letter_of_case")]
