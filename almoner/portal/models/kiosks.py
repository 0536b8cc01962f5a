from django.db import models
from django.db.models import Q

from almoner.facility.models import Location
from almoner.ground.language import PATIENTS_READ
from almoner.portal.rules.kiosks import WRONG_MOST
from almoner.relations.models import Case
from almoner.scheduling.models import Appointment


class Kiosk(models.Model):
    """A device at a location at which patients check in by themselves.

    ``code_digest`` is SHA-256 of the code that makes a device this kiosk, once; ``digest`` of the
    secret in that device's cookie: what stands here opens nothing. ``wait_en`` and ``wait_es`` say
    where to wait. ``unsent`` is what the device last said it keeps. ``wrong`` counts pairs that
    fitted nobody since ``wrong_since``.
    """

    name = models.TextField()
    location = models.ForeignKey(Location, models.PROTECT, related_name="+")
    wait_en = models.TextField(blank=True, default="")
    wait_es = models.TextField(blank=True, default="")
    code_digest = models.BinaryField(null=True, unique=True)
    code_until = models.DateTimeField(null=True)
    digest = models.BinaryField(null=True, unique=True)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    unsent = models.PositiveIntegerField(default=0)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "name"],
                name="kiosk_named_once",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="kiosk_code_ends",
                condition=Q(code_digest__isnull=True, code_until__isnull=True)
                | Q(code_digest__isnull=False, code_until__isnull=False),
            ),
            models.CheckConstraint(
                name="kiosk_has_a_device_since",
                condition=Q(digest__isnull=True) | Q(enrolled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="kiosk_ended_opens_nothing",
                condition=Q(ended_at__isnull=True)
                | Q(digest__isnull=True, code_digest__isnull=True),
            ),
            models.CheckConstraint(
                name="kiosk_tries_limited", condition=Q(wrong__gte=0, wrong__lte=WRONG_MOST)
            ),
        ]


class Sitting(models.Model):
    """That somebody was found at a kiosk and may answer there, until it is wiped (``over_at``).

    Or that an officer goes through it with them at the desk, who made sure of who they are
    (``officer_id``): in that officer's browser alone.
    """

    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="sittings", null=True)
    officer_id = models.BigIntegerField(null=True)
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="+")
    language = models.TextField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kiosk"], name="kiosk_sitting_of_one", condition=Q(over_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["officer_id"],
                name="desk_sitting_of_one",
                condition=Q(over_at__isnull=True),
            ),
            models.CheckConstraint(
                name="sitting_at_a_kiosk_or_the_desk",
                condition=Q(kiosk__isnull=True, officer_id__isnull=False)
                | Q(kiosk__isnull=False, officer_id__isnull=True),
            ),
            models.CheckConstraint(
                name="kiosk_sitting_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
        ]


class KioskEntry(models.Model):
    """That one thing entered at a kiosk was taken, once, however often the device sent it.

    ``key`` is the device's own. ``late``: sent after whoever entered it had gone. What could not be
    taken is a ``case`` of the front desk, which holds the words.
    """

    key = models.UUIDField()
    kiosk = models.ForeignKey(Kiosk, models.PROTECT, related_name="entries")
    appointment = models.ForeignKey(Appointment, models.SET_NULL, null=True, related_name="+")
    what = models.TextField()
    entered_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    late = models.BooleanField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="kiosk_entry_once")]
        indexes = [models.Index(fields=["kiosk", "-taken_at"], name="kiosk_entries")]
