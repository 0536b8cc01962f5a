from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from almoner.facility.models import Clinician, VisitType
from almoner.ground.language import PATIENTS_READ
from almoner.ground.signing import SignedWords
from almoner.patients.models import Patient
from almoner.portal.rules import TRIES
from almoner.scheduling.models import WaitEntry


class Errand(models.Model):
    """The address by which a patient without an account does one thing: waits, or books a visit.

    With ``entry`` it leads to their place on the waitlist and what is offered there, else to the
    openings of ``visit_type``. ``digest``, ``tries`` and ``closed_until`` are as in `VisitLink`.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="errands")
    entry = models.OneToOneField(WaitEntry, models.CASCADE, null=True, related_name="errand")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True)
    digest = models.BinaryField(unique=True, null=True)
    language = models.TextField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="errand_of_one_kind",
                condition=Q(entry__isnull=False, visit_type=None)
                | Q(entry=None, visit_type__isnull=False),
            ),
            models.CheckConstraint(
                name="errand_tries_counted", condition=Q(tries__gte=0, tries__lt=TRIES)
            ),
            models.CheckConstraint(
                name="errand_language_known", condition=Q(language__in=list(PATIENTS_READ))
            ),
            models.CheckConstraint(
                name="errand_ends_later", condition=Q(expires_at__gt=F("made_at"))
            ),
        ]


class SelfBooking(SignedWords):
    """A kind of visit that patients book by themselves, and for whom, when and with whom.

    A kind that has no row, or whose names nobody has signed, is booked by the desk alone. Without
    clinicians, all who do it.
    """

    WORDS = ("name_en", "name_es", "prepare_en", "prepare_es")

    class Whom(models.TextChoices):
        ANYBODY = "anybody", _("anybody")
        ESTABLISHED = "established", _("who was seen here in the last three years")
        NEW = "new", _("who was not")

    visit_type = models.OneToOneField(
        VisitType, models.CASCADE, related_name="self_booking", verbose_name=_("visit type")
    )
    name_en = models.TextField(_("what patients read, in English"))
    name_es = models.TextField(_("what patients read, in Spanish"))
    whom = models.TextField(_("for whom"), choices=Whom, default=Whom.ESTABLISHED)
    age_from = models.PositiveSmallIntegerField(_("from this age"), default=0)
    age_until = models.PositiveSmallIntegerField(_("until this age"), null=True, blank=True)
    notice_hours = models.PositiveSmallIntegerField(_("hours before, at least"), default=4)
    ahead_days = models.PositiveSmallIntegerField(_("days ahead, at most"), default=90)
    most_open = models.PositiveSmallIntegerField(_("such visits booked at once"), default=1)
    clinicians = models.ManyToManyField(Clinician, blank=True, verbose_name=_("clinicians"))
    prepare_en = models.TextField(_("how to prepare, in English"), blank=True, default="")
    prepare_es = models.TextField(_("how to prepare, in Spanish"), blank=True, default="")

    class Meta:
        verbose_name = _("visit that patients book")
        verbose_name_plural = _("visits that patients book")
        constraints = [
            models.CheckConstraint(
                name="self_booking_ages_in_order",
                condition=Q(age_until=None) | Q(age_until__gte=F("age_from")),
                violation_error_message=_("Until this age: not below From this age."),
            ),
            models.CheckConstraint(
                name="self_booking_some",
                condition=Q(most_open__gt=0, ahead_days__gt=0),
                violation_error_message=_("At least one visit at once, and one day ahead."),
            ),
            models.CheckConstraint(
                name="self_booking_prepared_in_each_language",
                condition=Q(prepare_en="", prepare_es="") | (~Q(prepare_en="") & ~Q(prepare_es="")),
                violation_error_message=_("How to prepare: in both languages, or in none."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en
